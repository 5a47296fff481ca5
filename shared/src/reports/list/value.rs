//! 储值余额表: what each issuer owed before the days asked, what they added and took by cause, and what it owes after: it ties to the cent,
//! because all three are sums of the same postings (`ledger::liability`).
use crate::base::{BranchId, BusinessDay};
use crate::cells;
use crate::facts::members::HEAD_OFFICE;
use crate::journal::{Fault, Read, Right};
use crate::ledger::liability::{Owed, before, moves};
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Money, Text};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};

pub static VALUE: Report = Report {
    name: "value",
    zh: "储值余额表",
    en: "Stored value owed",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("发卡门店", "Issuer", Text),
        column("科目", "What", Text),
        summed("期初", "Before", Money),
        summed("充值", "Topped up", Money),
        summed("退回", "Given back by returns", Money),
        summed("其他增加", "Other gains", Money),
        summed("消费", "Spent", Money),
        summed("其他减少", "Other losses", Money),
        summed("期末", "After", Money),
        column("期末积分", "Points after", Count),
    ],
    query,
};

/// Kinds of facts with a column of their own.
const SOLD: u16 = <crate::facts::sales::Sold as crate::facts::Fact>::KIND;
const RETURNED: u16 = <crate::facts::sales::Returned as crate::facts::Fact>::KIND;
const TOPPED_UP: u16 = <crate::facts::members::ToppedUp as crate::facts::Fact>::KIND;

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let mut rows = Vec::new();
    let mut issuers: Vec<(BranchId, Cell)> = Vec::new();
    for branch in asked.branches.iter().copied() {
        let name = names.branch(branch);
        issuers.push((branch, Cell::said(&name.name, &name.name_en)));
    }
    issuers.push((HEAD_OFFICE, Cell::said("总部", "Head office")));
    for (issuer, name) in issuers {
        let kinds = [(Owed::Principal, Cell::said("本金", "Principal")), (Owed::Bonus, Cell::said("赠送金", "Bonus"))];
        for (what, said) in kinds {
            let figures = figures(db, issuer, what, asked)?;
            if issuer == HEAD_OFFICE && figures.iter().all(|figure| *figure == 0) {
                continue;
            }
            let points = match what {
                Owed::Principal => Cell::Number(before(db, issuer, Owed::Points, asked.until.next())?),
                _ => Cell::None,
            };
            let mut cells = cells![name.clone(), said];
            cells.extend(figures.into_iter().map(Cell::Number));
            cells.push(points);
            rows.push(Row::opening(cells, Opens::report("top_ups", issuer, asked.from, asked.until)));
        }
    }
    Ok(rows)
}

/// Before, topped up, given back, other gains, spent, other losses, after.
fn figures(db: &dyn Read, issuer: BranchId, what: Owed, asked: &Asked) -> Result<[i64; 7], Fault> {
    let start = before(db, issuer, what, asked.from)?;
    let moves = moves(db, issuer, what, asked.from, asked.until)?;
    let given = |kind: u16| moves.iter().filter(|(of, ..)| *of == kind).map(|(_, given, _)| given).sum::<i64>();
    let spent: i64 = moves.iter().filter(|(of, ..)| *of == SOLD).map(|(.., taken)| taken).sum();
    let (all_given, all_taken): (i64, i64) = (moves.iter().map(|(_, given, _)| given).sum(), moves.iter().map(|(.., taken)| taken).sum());
    let (topped_up, back) = (given(TOPPED_UP), given(RETURNED));
    let others = (all_given - topped_up - back, all_taken - spent);
    // Asked of the books and not reckoned from the other columns: the row shows that it ties.
    let end = before(db, issuer, what, BusinessDay(asked.until.0).next())?;
    Ok([start, topped_up, back, others.0, -spent, -others.1, end])
}
