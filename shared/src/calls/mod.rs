//! Telephone calls: who rang, when, and what is known of the number.
use crate::facts::calls::{CallRang, Hidden};
use crate::journal::Head;
use crate::views::Rows;
use crate::{row, table};

pub mod ring;

table! {
    /// One call. `hidden` 0: the number is there, 1 private, 2 out of area.
    80, CALL, "call", Once, First, Both, v 1,
    [call Blob],
    [branch Blob, day Int, at_ms Int, number Text, hidden Int, line Text],
    index "call_at" on "branch, at_ms"
}

pub fn rang(rang: &CallRang, _: &Head, rows: &mut Rows) {
    let hidden = rang.hidden.map_or(0, |hidden| match hidden {
        Hidden::Private => 1,
        Hidden::OutOfArea => 2,
    });
    let number = rang.number.clone().unwrap_or_default();
    rows.put(&CALL, row![rang.call, rang.branch, rang.day, rang.at_ms, number, hidden, rang.line.as_str()]);
}
