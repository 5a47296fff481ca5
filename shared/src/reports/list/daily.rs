//! 营业日报: what each business day of each branch brought.
use crate::base::BusinessDay;
use crate::cells;
use crate::journal::{Fault, Read, Right};
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Day, Money, Text};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};

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
        for row in db.rows(sql, &[branch.into(), asked.from.0.into(), asked.until.0.into()])? {
            let day = BusinessDay(row.int(0) as u32);
            let mut cells = cells![day, Cell::said(&name.name, &name.name_en)];
            cells.extend((1..12).map(|at| Cell::Number(row.int(at))));
            rows.push((day, Row::opening(cells, Opens::report("bills", branch, day, day))));
        }
    }
    rows.sort_by_key(|(day, _)| std::cmp::Reverse(*day));
    Ok(rows.into_iter().map(|(_, row)| row).take(asked.rows_max).collect())
}
