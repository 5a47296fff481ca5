//! The last business days of the branch: which ended, and which wait for whom.
use crate::base::{BusinessDay, Money};
use crate::desk::shift::day::shifts;
use crate::desk::shown::Viewer;
use crate::journal::{Fault, Read};
use serde::Serialize;
use utoipa::ToSchema;

/// Days that are shown.
const DAYS: i64 = 7;

/// A shift that keeps a day open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayShift {
    pub till: u16,
    pub cashier: String,
    pub opened_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Day {
    /// yyyymmdd.
    pub day: u32,
    pub shifts: usize,
    /// Shifts not handed over yet (未交班).
    pub open: Vec<DayShift>,
    /// UTC ms; none: the day has not ended.
    #[schema(required)]
    pub closed_ms: Option<i64>,
    /// Over above zero, short below: of the shifts that were closed.
    pub over_short: Money,
}

/// Days with shifts, the newest first.
///
/// # Errors
/// A fault of the store.
pub fn days(db: &dyn Read, viewer: &Viewer, today: BusinessDay) -> Result<Vec<Day>, Fault> {
    let Some(branch) = viewer.branch else { return Ok(Vec::new()) };
    let first = today.plus_days(1 - DAYS);
    // Which of these days had shifts, and when did they end?
    let sql = "select s.day, max(coalesce(e.closed_ms, 0)) from shift s left join day_end e on e.branch = s.branch and e.day = s.day
               where s.branch = ?1 and s.day >= ?2 group by s.day order by s.day desc";
    let mut days = Vec::new();
    for row in db.rows(sql, &[branch.into(), first.0.into()])? {
        let day = row.int(0) as u32;
        let all = shifts(db, branch, day)?;
        let off = all.iter().filter_map(|shift| shift.ended).map(|ended| ended.counted.minor() - ended.expected.minor());
        let open = all.iter().filter(|shift| shift.ended.is_none());
        days.push(Day {
            day,
            shifts: all.len(),
            closed_ms: Some(row.int(1)).filter(|at| *at != 0),
            over_short: Money::from_minor(off.sum()),
            open: open.map(|shift| DayShift { till: shift.till, cashier: shift.cashier.clone(), opened_ms: shift.opened_ms }).collect(),
        });
    }
    Ok(days)
}
