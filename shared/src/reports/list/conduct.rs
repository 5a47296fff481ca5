//! 员工异常: what each person did that an owner looks at, summed over the shifts of the days asked: bills given up, lines removed after a tender
//! was keyed, returns, the drawer opened, slips printed again, allowances, cash over and short, and one card used six times in a day.
use crate::base::BranchId;
use crate::cells;
use crate::facts::shifts::Figure;
use crate::journal::{Fault, Read, Right};
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Money, Text};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};
use std::collections::BTreeMap;

/// Purchases of one member at one cashier in one day from which on it is strange.
pub const SAME_CARD_TIMES: i64 = 6;

pub static CONDUCT: Report = Report {
    name: "conduct",
    zh: "员工异常",
    en: "Conduct by person",
    any: &[Right::Exceptions],
    personal: false,
    days: true,
    columns: &[
        column("门店", "Branch", Text),
        column("员工", "Person", Text),
        summed("班次", "Shifts", Count),
        summed("笔数", "Bills", Count),
        summed("整单取消", "Bills voided", Count),
        summed("取消金额", "Voided", Money),
        summed("收款后删行", "Lines removed", Count),
        summed("删行金额", "Removed", Money),
        summed("退货", "Returns", Count),
        summed("退款", "Paid back", Money),
        summed("授权", "Overrides", Count),
        summed("授权让利", "Given by override", Money),
        summed("赠送金额", "Free items", Money),
        summed("开钱箱", "Drawer opened", Count),
        summed("补打", "Reprints", Count),
        summed("长短款", "Over or short", Money),
        summed("同卡一天 6 次", "One card 6 times a day", Count),
    ],
    query,
};

/// Figures of the Z with their place behind branch, person and shifts: count and amount.
const FIGURES: [(Figure, Option<usize>, Option<usize>); 9] = [
    (Figure::Bills, Some(0), None),
    (Figure::Voids, Some(1), Some(2)),
    (Figure::RemovedLines, Some(3), Some(4)),
    (Figure::Returns, Some(5), Some(6)),
    (Figure::Overrides, Some(7), Some(8)),
    (Figure::Free, None, Some(9)),
    (Figure::DrawerOpenings, Some(10), None),
    (Figure::Reprints, Some(11), None),
    (Figure::Float, None, None),
];

#[derive(Default)]
struct Sums {
    shifts: i64,
    figures: [i64; 12],
    over_short: i64,
    same_card: i64,
}

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let mut rows = Vec::new();
    for branch in asked.branches.iter().copied() {
        let name = names.branch(branch);
        for ((code, person), sums) in of_branch(db, branch, asked)? {
            let who = if code.is_empty() { person } else { format!("{code} {person}") };
            let mut cells = cells![Cell::said(&name.name, &name.name_en), who, sums.shifts];
            cells.extend(sums.figures.map(Cell::Number));
            cells.extend(cells![sums.over_short, sums.same_card]);
            rows.push(Row::opening(cells, Opens::report("bills", branch, asked.from, asked.until)));
        }
    }
    rows.truncate(asked.rows_max);
    Ok(rows)
}

/// By staff code and name.
fn of_branch(db: &dyn Read, branch: BranchId, asked: &Asked) -> Result<BTreeMap<(String, String), Sums>, Fault> {
    let mut people: BTreeMap<(String, String), Sums> = BTreeMap::new();
    let days = [branch.into(), asked.from.0.into(), asked.until.0.into()];
    // What did the shifts of these days do at this branch, by person and figure?
    let sql = "select coalesce(p.code, ''), coalesce(p.name, ''), f.figure, cast(sum(f.count) as bigint), cast(sum(f.amount) as bigint)
               from shift s join shift_sum f on f.shift = s.shift left join staff p on p.staff = s.cashier
               where s.branch = ?1 and s.day >= ?2 and s.day <= ?3 group by p.code, p.name, f.figure";
    for row in db.rows(sql, &days)? {
        let sums = people.entry((row.text(0).into(), row.text(1).into())).or_default();
        let known = FIGURES.iter().find(|(figure, ..)| *figure as i64 == row.int(2));
        for (at, number) in known.into_iter().flat_map(|(_, count, amount)| [(count, row.int(3)), (amount, row.int(4))]) {
            if let Some(sum) = at.and_then(|at| sums.figures.get_mut(at)) {
                *sum += number;
            }
        }
    }
    // How many shifts had each person, and how far was the cash off?
    let sql = "select coalesce(p.code, ''), coalesce(p.name, ''), count(*), coalesce(cast(sum(e.counted - e.expected) as bigint), 0)
               from shift s left join shift_end e on e.shift = s.shift left join staff p on p.staff = s.cashier
               where s.branch = ?1 and s.day >= ?2 and s.day <= ?3 group by p.code, p.name";
    for row in db.rows(sql, &days)? {
        let sums = people.entry((row.text(0).into(), row.text(1).into())).or_default();
        (sums.shifts, sums.over_short) = (row.int(2), row.int(3));
    }
    // Which person rang up one member how often in one day?
    let sql = "select coalesce(p.code, ''), coalesce(p.name, ''), count(*)
               from receipt r left join staff p on p.staff = r.cashier
               where r.branch = ?1 and r.day >= ?2 and r.day <= ?3 and r.slip = 1 and r.member <> x''
               group by p.code, p.name, r.member, r.day having count(*) >= ?4";
    let mut values = days.to_vec();
    values.push(SAME_CARD_TIMES.into());
    for row in db.rows(sql, &values)? {
        people.entry((row.text(0).into(), row.text(1).into())).or_default().same_card += 1;
    }
    Ok(people)
}
