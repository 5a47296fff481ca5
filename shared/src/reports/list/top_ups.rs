//! 充值明细: principal, bonus, tender and clerk of every top-up of the days asked. A top-up is no turnover.
use super::bills::{Slip, slips};
use crate::cells;
use crate::journal::{Fault, Read, Right};
use crate::reports::names::Names;
use crate::reports::report::Form::{Day, Money, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};

pub static TOP_UPS: Report = Report {
    name: "top_ups",
    zh: "充值明细",
    en: "Top-ups",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("时间", "Time", Time),
        column("营业日", "Business day", Day),
        column("门店", "Branch", Text),
        column("小票号", "Receipt no.", Text),
        column("会员", "Member", Text),
        summed("本金", "Principal", Money),
        summed("赠送金", "Bonus", Money),
        column("收款方式", "Paid by", Text),
        column("收银员", "Cashier", Text),
    ],
    query,
};

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let row = |slip: Slip| {
        let branch = names.branch(slip.branch);
        // How much of this top-up of this member is a gift, and how was it paid?
        let sql = "select bonus, tender from top_up where member = ?1 and top_up = ?2";
        let found = slip.member.map(|member| db.row(sql, &[member.into(), slip.id.into()])).transpose()?.flatten();
        let (bonus, code) = found.map_or((0, String::new()), |row| (row.int(0), row.text(1).to_owned()));
        let tender = names.tender(&code, slip.due);
        let cells = cells![
            slip.at_ms,
            slip.day,
            Cell::said(&branch.name, &branch.name_en),
            slip.receipt_no,
            slip.member_name,
            slip.due,
            bonus,
            Cell::said(&tender.name, &tender.name_en),
            slip.cashier
        ];
        Ok(Row::opening(cells, Opens::slip(slip.id)))
    };
    slips(db, asked, crate::sales::receipts::Slip::TopUp)?.into_iter().map(row).collect()
}
