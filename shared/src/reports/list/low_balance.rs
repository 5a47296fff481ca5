//! 余额不足: members with stored value, of which less than ¥50 is left, the least first.
use super::members::{Known, each, holds};
use crate::cells;
use crate::journal::{Fault, Read, Right};
use crate::members::visit::last_visit_ms;
use crate::reports::names::Names;
use crate::reports::report::Form::{Money, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column, summed};

/// Minor units below which a balance is low.
pub const LOW_MINOR: i64 = 5_000;

pub static LOW_BALANCE: Report = Report {
    name: "low_balance",
    zh: "余额不足（低于 ¥50）",
    en: "Low balance (below ¥50)",
    any: &[Right::Members],
    personal: true,
    days: false,
    columns: &[
        column("姓名", "Name", Text),
        column("手机", "Phone", Text),
        column("归属门店", "Home branch", Text),
        summed("本金", "Principal", Money),
        summed("赠送金", "Bonus", Money),
        column("最近到店", "Last visit", Time),
    ],
    query,
};

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let mut found: Vec<(i64, i64, Known)> = Vec::new();
    each(db, asked, |member| {
        // Did this member ever top up?
        let topped_up = db.number("select count(*) from top_up where member = ?1", &[member.id.into()])? > 0;
        let [principal, bonus, _] = holds(db, member.id)?;
        if (topped_up || principal + bonus > 0) && principal + bonus < LOW_MINOR {
            found.push((principal, bonus, member));
        }
        Ok(true)
    })?;
    found.sort_by_key(|(principal, bonus, member)| (principal + bonus, member.id));
    found.truncate(asked.rows_max);
    let row = |(principal, bonus, member): (i64, i64, Known)| {
        let home = member.home.map_or(Cell::None, |home| {
            let branch = names.branch(home);
            Cell::said(&branch.name, &branch.name_en)
        });
        let cells = cells![member.name, member.phone, home, principal, bonus, last_visit_ms(db, member.id)?];
        Ok(Row::opening(cells, Opens::member(member.id)))
    };
    found.into_iter().map(row).collect()
}
