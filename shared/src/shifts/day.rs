//! Which business days of a branch ended. Nothing is booked into one: the day that counts is then the next.
use crate::base::{BranchId, BusinessDay};
use crate::facts::days::DayClosed;
use crate::journal::{Fault, Head, Read};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// One day that ended, by whoever ended it.
    74, DAY_END, "day_end", Once, First, Both, v 1,
    [branch Blob, day Int, id Blob],
    [closed_ms Int, staff Blob, shifts Int, expected Int, counted Int]
}

pub fn closed(closed: &DayClosed, head: &Head, rows: &mut Rows) {
    let (at, expected, counted) = (&closed.at, closed.expected.minor(), closed.counted.minor());
    rows.put(&DAY_END, row![at.branch, closed.day, head.command, at.at_ms, at.by, closed.shifts, expected, counted]);
}

/// The business day that counts outside a shift: that of the clock, or the one after the last day that ended.
///
/// # Errors
/// A fault of the store.
pub fn counts_for(db: &dyn Read, branch: BranchId, by_clock: BusinessDay) -> Result<BusinessDay, Fault> {
    Ok(last_closed(db, branch)?.map_or(by_clock, |closed| by_clock.max(closed.next())))
}

/// The last day of a branch that ended.
///
/// # Errors
/// A fault of the store.
pub fn last_closed(db: &dyn Read, branch: BranchId) -> Result<Option<BusinessDay>, Fault> {
    // Which day of this branch ended last?
    let sql = "select day from day_end where branch = ?1 order by day desc limit 1";
    Ok(db.row(sql, &[branch.into()])?.map(|row| BusinessDay(row.int(0) as u32)))
}
