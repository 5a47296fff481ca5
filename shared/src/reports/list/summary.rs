//! 汇总: what the days asked brought at each branch, and what each branch owes members as their issuer at their end.
use crate::base::BranchId;
use crate::cells;
use crate::facts::members::HEAD_OFFICE;
use crate::journal::{Fault, Read, Right};
use crate::ledger::liability::{Owed, before};
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Money, Text};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};

pub static SUMMARY: Report = Report {
    name: "summary",
    zh: "汇总",
    en: "Summary by branch",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("门店", "Branch", Text),
        summed("营业天数", "Days traded", Count),
        summed("笔数", "Bills", Count),
        summed("营业额", "Turnover", Money),
        summed("实收", "Received", Money),
        summed("充值", "Top-ups", Money),
        summed("优惠", "Discounts", Money),
        summed("退款", "Paid back", Money),
        summed("期末储值 本金", "Principal owed", Money),
        summed("期末储值 赠送金", "Bonus owed", Money),
        summed("期末积分", "Points owed", Count),
    ],
    query,
};

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let mut rows = Vec::new();
    for branch in asked.branches.iter().copied() {
        // What did these days bring at this branch in all?
        let sql = "select count(*), coalesce(cast(sum(bills) as bigint), 0), coalesce(cast(sum(turnover) as bigint), 0),
                          coalesce(cast(sum(received) as bigint), 0), coalesce(cast(sum(top_ups) as bigint), 0),
                          coalesce(cast(sum(discount) as bigint), 0), coalesce(cast(sum(paid_back) as bigint), 0)
                   from takings_day where branch = ?1 and day >= ?2 and day <= ?3";
        let found = db.row(sql, &[branch.into(), asked.from.0.into(), asked.until.0.into()])?;
        let name = names.branch(branch);
        let mut cells = cells![Cell::said(&name.name, &name.name_en)];
        cells.extend((0..7).map(|at| Cell::Number(found.as_ref().map_or(0, |row| row.int(at)))));
        cells.extend(owed(db, branch, asked)?);
        rows.push(Row::opening(cells, Opens::report("daily", branch, asked.from, asked.until)));
    }
    // What head office gave out itself, such as opening balances, it owes itself.
    let own = owed(db, HEAD_OFFICE, asked)?;
    if own.iter().any(|cell| cell.number() != 0) {
        let mut cells = cells![Cell::said("总部", "Head office")];
        cells.extend((0..7).map(|_| Cell::Number(0)));
        cells.extend(own);
        rows.push(Row::of(cells));
    }
    Ok(rows)
}

fn owed(db: &dyn Read, issuer: BranchId, asked: &Asked) -> Result<Vec<Cell>, Fault> {
    let after = asked.until.next();
    [Owed::Principal, Owed::Bonus, Owed::Points].into_iter().map(|what| Ok(Cell::Number(before(db, issuer, what, after)?))).collect()
}
