//! 营业日报: what each business day of each branch brought, when it ended, and how many of its shifts are open still.
use crate::base::{BranchId, BusinessDay};
use crate::cells;
use crate::journal::{Fault, Read, Right};
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Day, Money, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};
use std::collections::BTreeMap;

pub static DAILY: Report = Report {
    name: "daily",
    zh: "营业日报",
    en: "Daily takings",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("营业日", "Business day", Day),
        column("门店", "Branch", Text),
        summed("笔数", "Bills", Count),
        summed("营业额", "Turnover", Money),
        summed("实收", "Received", Money),
        summed("充值", "Top-ups", Money),
        summed("赠送金", "Bonus given", Money),
        summed("储值消费 本金", "Principal spent", Money),
        summed("储值消费 赠送金", "Bonus spent", Money),
        summed("优惠", "Discounts", Money),
        summed("抹零", "Rounding off", Money),
        summed("退货笔数", "Returns", Count),
        summed("退款", "Paid back", Money),
        column("日结时间", "Day closed at", Time),
        summed("未交班", "Shifts open", Count),
    ],
    query,
};

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    // What did each of these days bring at this branch?
    let sql =
        "select day, bills, turnover, received, top_ups, bonus_given, principal_spent, bonus_spent, discount, rounding, returns, paid_back
               from takings_day where branch = ?1 and day >= ?2 and day <= ?3 order by day desc";
    let mut rows = Vec::new();
    for branch in asked.branches.iter().copied() {
        let name = names.branch(branch);
        let ends = ends(db, asked, branch)?;
        for row in db.rows(sql, &[branch.into(), asked.from.0.into(), asked.until.0.into()])? {
            let day = BusinessDay(row.int(0) as u32);
            let mut cells = cells![day, Cell::said(&name.name, &name.name_en)];
            cells.extend((1..12).map(|at| Cell::Number(row.int(at))));
            let (closed_ms, open) = ends.get(&day).copied().unwrap_or_default();
            cells.extend([closed_ms, open].map(Cell::Number));
            rows.push((day, Row::opening(cells, Opens::report("bills", branch, day, day))));
        }
    }
    rows.sort_by_key(|(day, _)| std::cmp::Reverse(*day));
    Ok(rows.into_iter().map(|(_, row)| row).take(asked.rows_max).collect())
}

/// When each day ended, UTC ms or 0, and how many of its shifts are open.
fn ends(db: &dyn Read, asked: &Asked, branch: BranchId) -> Result<BTreeMap<BusinessDay, (i64, i64)>, Fault> {
    let days = [branch.into(), asked.from.0.into(), asked.until.0.into()];
    // How many shifts of these days were not closed?
    let open = "select s.day, count(*) from shift s left join shift_end e on e.shift = s.shift
                where s.branch = ?1 and s.day >= ?2 and s.day <= ?3 and e.shift is null group by s.day";
    // When did these days end?
    let ended = "select day, max(closed_ms) from day_end where branch = ?1 and day >= ?2 and day <= ?3 group by day";
    let mut ends: BTreeMap<BusinessDay, (i64, i64)> = BTreeMap::new();
    for row in db.rows(open, &days)? {
        ends.entry(BusinessDay(row.int(0) as u32)).or_default().1 = row.int(1);
    }
    for row in db.rows(ended, &days)? {
        ends.entry(BusinessDay(row.int(0) as u32)).or_default().0 = row.int(1);
    }
    Ok(ends)
}
