//! Opening balances brought from an older system.
use crate::base::MemberId;
use crate::facts::members::OpeningBooked;
use crate::journal::{Fault, Head, Read};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// What a member brought. One at most: its command follows from the member.
    37, OPENING, "opening", Once, First, Hub, v 1, [member Blob, command Blob], [value Int, bonus Int, points Int, at_ms Int]
}

pub fn fold(booked: &OpeningBooked, head: &Head, rows: &mut Rows) {
    rows.put(&OPENING, row![booked.member, head.command, booked.value, booked.bonus, booked.points, head.stamp.ms()]);
}

/// What a member brought: value, bonus, points, and when it was booked.
///
/// # Errors
/// A fault of the store.
pub fn opening(db: &dyn Read, member: MemberId) -> Result<Option<[i64; 4]>, Fault> {
    // What did this member bring from the older system?
    let row = db.row("select value, bonus, points, at_ms from opening where member = ?1", &[member.into()])?;
    Ok(row.map(|row| [row.int(0), row.int(1), row.int(2), row.int(3)]))
}
