//! Telephone calls: who rang, when, and what is known of the number.
use crate::base::{BranchId, CallId};
use crate::facts::calls::{CallIdentified, CallRang, Hidden};
use crate::journal::Head;
use crate::views::Rows;
use crate::{row, table};

pub mod identify;
pub mod ring;

table! {
    /// One call. `told` 0: as it rang, 1 as the line told later. `hidden` 0: the number is there, 1 private, 2 out of area.
    80, CALL, "call", Greatest, First, Both, v 2,
    [call Blob],
    [told Int, branch Blob, day Int, at_ms Int, number Text, hidden Int, line Text],
    index "call_at" on "branch, at_ms"
}

pub fn rang(rang: &CallRang, _: &Head, rows: &mut Rows) {
    put(rows, rang.call, 0, (rang.branch, rang.day, rang.at_ms), (&rang.number, rang.hidden, &rang.line));
}

pub fn identified(identified: &CallIdentified, _: &Head, rows: &mut Rows) {
    let CallIdentified { call, branch, day, at_ms, number, hidden, line } = identified;
    put(rows, *call, 1, (*branch, *day, *at_ms), (number, *hidden, line));
}

fn put(
    rows: &mut Rows,
    call: CallId,
    told: i64,
    (branch, day, at_ms): (BranchId, u32, i64),
    (number, hidden, line): (&Option<String>, Option<Hidden>, &str),
) {
    let hidden = match hidden {
        None => 0,
        Some(Hidden::Private) => 1,
        Some(Hidden::OutOfArea) => 2,
    };
    rows.put(&CALL, row![call, told, branch, day, at_ms, number.clone().unwrap_or_default(), hidden, line]);
}
