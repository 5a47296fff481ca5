//! 积分兑换: gifts taken for points in the days asked, gift by gift, with what they cost the shop; what was taken back with its sign, on its own day.
use super::bills::{Slip, slips};
use crate::catalog;
use crate::cells;
use crate::facts::gifts::{PointsRedeemed, RedeemedGift, RedemptionCancelled};
use crate::journal::{Fault, Read, Right};
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Day, Money, Quantity, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};
use crate::reports::slips::fact;

pub static REDEEMED: Report = Report {
    name: "redeemed",
    zh: "积分兑换",
    en: "Gifts for points",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("时间", "Time", Time),
        column("营业日", "Business day", Day),
        column("门店", "Branch", Text),
        column("小票号", "Receipt no.", Text),
        column("会员", "Member", Text),
        column("礼品", "Gift", Text),
        summed("件数", "Pieces", Quantity),
        summed("积分", "Points", Count),
        summed("加付金额", "Money beside", Money),
        summed("礼品成本", "Cost", Money),
        column("经手", "By", Text),
        column("说明", "Note", Text),
    ],
    query,
};

/// What a slip gave or took back, with its sign.
fn told(db: &dyn Read, slip: &Slip) -> Result<Option<(i64, Vec<RedeemedGift>, Cell)>, Fault> {
    if let Some((redeemed, _)) = fact::<PointsRedeemed>(db, slip.id, slip.stream)? {
        return Ok(Some((1, redeemed.gifts, Cell::None)));
    }
    let Some((cancelled, _)) = fact::<RedemptionCancelled>(db, slip.id, slip.stream)? else { return Ok(None) };
    let (of, reason) = (&cancelled.of_receipt_no, &cancelled.reason);
    let note = Cell::said(&format!("撤销 {of}：{reason}"), &format!("Takes back {of}: {reason}"));
    Ok(Some((-1, cancelled.gifts, note)))
}

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let mut rows = Vec::new();
    for slip in slips(db, asked, crate::sales::receipts::Slip::Paper)? {
        let Some((sign, gifts, note)) = told(db, &slip)? else { continue };
        let branch = names.branch(slip.branch);
        for gift in &gifts {
            let product = catalog::product::product(db, gift.product)?;
            let name =
                product.map_or_else(|| Cell::from(gift.product.0.to_string()), |product| Cell::said(&product.name, &product.name_en));
            let cells = cells![
                slip.at_ms,
                slip.day,
                Cell::said(&branch.name, &branch.name_en),
                slip.receipt_no.as_str(),
                slip.member_name.as_str(),
                name,
                sign * gift.quantity.thousandths(),
                sign * gift.points,
                sign * gift.money.minor(),
                sign * gift.cost.map_or(0, crate::base::Money::minor),
                slip.cashier.as_str(),
                note.clone()
            ];
            rows.push(Row::opening(cells, Opens::slip(slip.id)));
        }
    }
    rows.truncate(asked.rows_max);
    Ok(rows)
}
