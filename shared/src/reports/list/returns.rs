//! 退货明细: what was taken back in the days asked, with the bill that it was of and the reason.
use super::bills::{Slip, paid_by, slips};
use crate::cells;
use crate::journal::{Fault, Read, Right};
use crate::reports::names::Names;
use crate::reports::report::Form::{Day, Money, Quantity, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};
use crate::reports::slips::returned;

pub static RETURNS: Report = Report {
    name: "returns",
    zh: "退货明细",
    en: "Returns",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("时间", "Time", Time),
        column("营业日", "Business day", Day),
        column("门店", "Branch", Text),
        column("小票号", "Receipt no.", Text),
        column("原单号", "Of receipt", Text),
        column("收银员", "Cashier", Text),
        column("会员", "Member", Text),
        summed("件数", "Pieces", Quantity),
        summed("商品金额", "Value", Money),
        summed("退款", "Paid back", Money),
        column("退到", "Paid back to", Text),
        column("原因", "Reason", Text),
    ],
    query,
};

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let row = |slip: Slip| {
        let branch = names.branch(slip.branch);
        let branch = Cell::said(&branch.name, &branch.name_en);
        // The reason stands in the fact alone.
        let fact = returned(db, slip.id, slip.stream)?.map(|(fact, _)| fact);
        let (of, value, reason) = fact.map_or_else(Default::default, |fact| (fact.of_receipt_no, fact.value.minor(), fact.reason));
        let paid = paid_by(db, &names, slip.id)?;
        let cells = cells![
            slip.at_ms,
            slip.day,
            branch,
            slip.receipt_no,
            of,
            slip.cashier,
            slip.member_name,
            slip.pieces,
            value,
            -slip.due,
            paid,
            reason
        ];
        Ok(Row::opening(cells, Opens::slip(slip.id)))
    };
    slips(db, asked, crate::sales::receipts::Slip::Return)?.into_iter().map(row).collect()
}
