//! Which shifts were opened and closed, and cash moved in and out of their drawers.
use crate::facts::days::HandedIn;
use crate::facts::shifts::{CashMoved, ShiftClosed, ShiftOpened};
use crate::journal::Head;
use crate::views::Rows;
use crate::{row, table};

table! {
    /// One shift as it began.
    70, SHIFT, "shift", Once, First, Both, v 1,
    [shift Blob],
    [stream Blob, branch Blob, till Int, number Int, day Int, opened_ms Int, cashier Blob, float Int],
    index "shift_till" on "branch, till, opened_ms"
}

table! {
    /// How it ended; a shift is closed once.
    71, SHIFT_END, "shift_end", Once, First, Both, v 1,
    [shift Blob],
    [stream Blob, seq Int, closed_ms Int, cashier Blob, expected Int, counted Int]
}

table! {
    /// Cash into or out of a drawer.
    73, CASH_MOVE, "cash_move", Once, First, Both, v 1,
    [shift Blob, id Blob],
    [at_ms Int, amount Int, reason Text]
}

pub fn opened(opened: &ShiftOpened, head: &Head, rows: &mut Rows) {
    let at = &opened.at;
    let float = opened.float.minor();
    rows.put(&SHIFT, row![opened.shift, head.stream, at.branch, at.till, opened.number, at.day, at.at_ms, at.by, float]);
}

pub fn closed(closed: &ShiftClosed, head: &Head, rows: &mut Rows) {
    let (expected, counted) = (closed.expected.minor(), closed.counted.minor());
    rows.put(&SHIFT_END, row![closed.shift, head.stream, head.seq, closed.at.at_ms, closed.at.by, expected, counted]);
}

pub fn moved(moved: &CashMoved, head: &Head, rows: &mut Rows) {
    rows.put(&CASH_MOVE, row![moved.shift, head.command, moved.at.at_ms, moved.amount.minor(), moved.reason.as_str()]);
}

/// A move out whose reason says what it was.
pub fn handed_in(handed: &HandedIn, head: &Head, rows: &mut Rows) {
    let reason = format!("缴款 {}", handed.note);
    rows.put(&CASH_MOVE, row![handed.shift, head.command, handed.at.at_ms, -handed.amount.minor(), reason.trim_end()]);
}
