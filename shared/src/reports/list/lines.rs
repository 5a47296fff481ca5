//! 消费明细, by line: every line of every sale of the days asked.
use crate::base::{BusinessDay, SaleId};
use crate::cells;
use crate::journal::{Fault, Read, Right};
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Day, Money, Quantity, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};

pub static LINES: Report = Report {
    name: "lines",
    zh: "消费明细（按商品）",
    en: "Sales by line",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("时间", "Time", Time),
        column("营业日", "Business day", Day),
        column("门店", "Branch", Text),
        column("小票号", "Receipt no.", Text),
        column("商品号", "Number", Count),
        column("商品", "Product", Text),
        summed("数量", "Quantity", Quantity),
        column("原价", "List price", Money),
        summed("小计", "Gross", Money),
        summed("优惠", "Discount", Money),
        summed("抹零", "Rounding off", Money),
        summed("金额", "Net", Money),
    ],
    query,
};

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    // Which lines were sold at this branch in these days?
    let sql = "select r.id, r.at_ms, r.day, r.receipt_no, l.product, case when l.name <> '' then l.name
                      else coalesce((select min(p.name) from product p where p.number = l.product), '') end,
                      coalesce((select min(p.name_en) from product p where p.number = l.product), ''), l.quantity, l.list_price, l.gross, l.discount, l.rounding, l.net
               from receipt r join line l on l.sale = r.id
               where r.branch = ?1 and r.day >= ?2 and r.day <= ?3 and r.slip = 1 order by r.at_ms desc, r.id, l.no limit ?4";
    let mut rows = Vec::new();
    for branch in asked.branches.iter().copied() {
        let name = names.branch(branch);
        for row in db.rows(sql, &[branch.into(), asked.from.0.into(), asked.until.0.into(), asked.rows_max.into()])? {
            let product = if row.int(4) == 0 { Cell::None } else { Cell::Number(row.int(4)) };
            let mut cells = cells![
                row.int(1),
                BusinessDay(row.int(2) as u32),
                Cell::said(&name.name, &name.name_en),
                row.text(3),
                product,
                Cell::said(row.text(5), row.text(6)),
            ];
            cells.extend((7..13).map(|at| Cell::Number(row.int(at))));
            rows.push((row.int(1), Row::opening(cells, Opens::slip(SaleId(row.raw(0))))));
        }
    }
    // Stable: the lines of a bill stay in their order.
    rows.sort_by_key(|(at_ms, _)| std::cmp::Reverse(*at_ms));
    Ok(rows.into_iter().map(|(_, row)| row).take(asked.rows_max).collect())
}
