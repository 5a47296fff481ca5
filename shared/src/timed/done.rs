//! What sittings came to, for reports.
use crate::facts::timed::{ByClock, SittingCancelled, SittingStopped};
use crate::journal::Head;
use crate::views::Rows;
use crate::{row, table};

table! {
    /// One sitting that ended; `set_by_hand` where the clock said something else.
    121, SITTING, "sitting", Once, First, Both, v 1, [id Blob],
    [branch Blob, day Int, at_ms Int, started_ms Int, seat Text, product Int, member Blob, staff Blob, minutes Int, free Int, from_package Int,
     amount Int, set_by_hand Int, clock_minutes Int, clock_amount Int, jumped Int, cancelled Int, reason Text],
    index "sitting_day" on "branch, day, at_ms"
}

pub fn fold_stopped(stopped: &SittingStopped, _: &Head, rows: &mut Rows) {
    let at = &stopped.at;
    let clock = stopped.by_clock.unwrap_or(ByClock { minutes: stopped.minutes, amount: stopped.amount });
    rows.put(
        &SITTING,
        row![
            stopped.id,
            at.branch,
            at.day,
            at.at_ms,
            stopped.started_ms,
            stopped.seat.as_str(),
            stopped.product.0,
            stopped.member.map_or(Vec::new(), |member| member.0.to_vec()),
            at.by,
            stopped.minutes,
            stopped.free,
            stopped.from_package,
            stopped.amount.minor(),
            i64::from(stopped.by_clock.is_some()),
            clock.minutes,
            clock.amount.minor(),
            i64::from(stopped.clock_jumped),
            0,
            stopped.reason.as_str()
        ],
    );
}

pub fn fold_cancelled(cancelled: &SittingCancelled, _: &Head, rows: &mut Rows) {
    let at = &cancelled.at;
    rows.put(
        &SITTING,
        row![
            cancelled.id,
            at.branch,
            at.day,
            at.at_ms,
            cancelled.started_ms,
            cancelled.seat.as_str(),
            cancelled.product.0,
            cancelled.member.map_or(Vec::new(), |member| member.0.to_vec()),
            at.by,
            cancelled.minutes,
            0,
            0,
            0,
            0,
            cancelled.minutes,
            0,
            0,
            1,
            cancelled.reason.as_str()
        ],
    );
}
