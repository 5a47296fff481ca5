//! 久未消费: members who were here before and have not been for sixty days, the longest away first.
use super::members::{Known, each, holds};
use crate::cells;
use crate::journal::{Fault, Read, Right};
use crate::members::visit::last_visit_ms;
use crate::reports::names::Names;
use crate::reports::report::Form::{Count, Money, Text, Time};
use crate::reports::report::{Asked, Cell, Opens, Report, Row, column};

/// Days after which a member counts as not seen for long.
pub const ABSENT_DAYS: i64 = 60;
const DAY_MS: i64 = 86_400_000;

pub static ABSENT: Report = Report {
    name: "absent",
    zh: "久未消费（60 天）",
    en: "Not seen for 60 days",
    any: &[Right::Members],
    personal: true,
    days: false,
    columns: &[
        column("姓名", "Name", Text),
        column("手机", "Phone", Text),
        column("归属门店", "Home branch", Text),
        column("最近到店", "Last visit", Time),
        column("天数", "Days away", Count),
        column("储值本金", "Principal", Money),
    ],
    query,
};

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let names = Names::load(db)?;
    let mut found: Vec<(i64, Known)> = Vec::new();
    each(db, asked, |member| {
        let seen_ms = last_visit_ms(db, member.id)?;
        if seen_ms != 0 && asked.now_ms - seen_ms >= ABSENT_DAYS * DAY_MS {
            found.push((seen_ms, member));
        }
        Ok(true)
    })?;
    found.sort_by_key(|(seen_ms, member)| (*seen_ms, member.id));
    found.truncate(asked.rows_max);
    let row = |(seen_ms, member): (i64, Known)| {
        let home = member.home.map_or(Cell::None, |home| {
            let branch = names.branch(home);
            Cell::said(&branch.name, &branch.name_en)
        });
        let [principal, ..] = holds(db, member.id)?;
        let cells = cells![member.name, member.phone, home, seen_ms, (asked.now_ms - seen_ms) / DAY_MS, principal];
        Ok(Row::opening(cells, Opens::member(member.id)))
    };
    found.into_iter().map(row).collect()
}
