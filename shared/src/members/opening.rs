//! Opening balances brought from an older system, the files they came with, and what was taken back of them.
use crate::base::{CommandId, MemberId};
use crate::facts::members::OpeningBooked;
use crate::facts::openings::{OpeningReversed, PackageOpened};
use crate::journal::{Fault, Head, Read};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// What a member brought. One that stands at most: its command follows from the member.
    37, OPENING, "opening", Once, First, Hub, v 1, [member Blob, command Blob], [value Int, bonus Int, points Int, at_ms Int]
}

table! {
    /// What came with a file: one row for each opening. Value and bonus in minor units.
    106, OPENING_BATCH, "opening_batch", Once, First, Hub, v 1, [batch Blob, opening Blob],
    [member Blob, value Int, bonus Int, points Int, uses Int, at_ms Int]
}

table! {
    /// Openings that were taken back.
    107, OPENING_REVERSED, "opening_reversed", Least, First, Hub, v 1, [opening Blob], [at_ms Int, member Blob],
    index "opening_reversed_member" on "member"
}

pub fn fold(booked: &OpeningBooked, head: &Head, rows: &mut Rows) {
    let (value, bonus, points, at_ms) = (booked.value, booked.bonus, booked.points, head.stamp.ms());
    rows.put(&OPENING, row![booked.member, head.command, value, bonus, points, at_ms]);
    if let Some(batch) = booked.batch {
        rows.put(&OPENING_BATCH, row![batch, head.command, booked.member, value, bonus, points, 0, at_ms]);
    }
}

pub fn fold_package(opened: &PackageOpened, head: &Head, rows: &mut Rows) {
    let uses: i64 = opened.items.iter().map(|item| item.paid + item.gift).sum();
    if let Some(batch) = opened.batch {
        rows.put(&OPENING_BATCH, row![batch, head.command, opened.member, 0, 0, 0, uses, head.stamp.ms()]);
    }
}

pub fn fold_reversed(reversed: &OpeningReversed, _: &Head, rows: &mut Rows) {
    rows.put(&OPENING_REVERSED, row![reversed.opening, reversed.at_ms, reversed.member]);
}

/// What a member brought: value, bonus, points, and when it was booked; none where nothing of it stands.
///
/// # Errors
/// A fault of the store.
pub fn opening(db: &dyn Read, member: MemberId) -> Result<Option<[i64; 4]>, Fault> {
    // What did this member bring from the older system that was not taken back?
    let sql = "select o.value, o.bonus, o.points, o.at_ms from opening o left join opening_reversed r on r.opening = o.command
               where o.member = ?1 and r.opening is null order by o.at_ms desc limit 1";
    let row = db.row(sql, &[member.into()])?;
    Ok(row.map(|row| [row.int(0), row.int(1), row.int(2), row.int(3)]))
}

/// How often something that a member brought was taken back: what is brought again is another command.
///
/// # Errors
/// A fault of the store.
pub fn times_reversed(db: &dyn Read, member: MemberId) -> Result<i64, Fault> {
    // How often was an opening of this member taken back?
    db.number("select count(*) from opening_reversed where member = ?1", &[member.into()])
}

/// An opening was taken back.
///
/// # Errors
/// A fault of the store.
pub fn is_reversed(db: &dyn Read, opening: CommandId) -> Result<bool, Fault> {
    // Was this opening taken back?
    Ok(db.row("select 1 from opening_reversed where opening = ?1", &[opening.into()])?.is_some())
}

/// One file's openings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub batch: CommandId,
    pub openings: i64,
    /// Minor units.
    pub value: i64,
    pub bonus: i64,
    pub points: i64,
    pub uses: i64,
    pub at_ms: i64,
    /// Openings of it that were taken back.
    pub reversed: i64,
}

/// The files that brought openings, newest first. At most `limit`.
///
/// # Errors
/// A fault of the store.
pub fn batches(db: &dyn Read, limit: u32) -> Result<Vec<Batch>, Fault> {
    // What came with which file, and how much of it was taken back?
    let sql = "select b.batch, count(*), cast(sum(b.value) as bigint), cast(sum(b.bonus) as bigint), cast(sum(b.points) as bigint),
               cast(sum(b.uses) as bigint), max(b.at_ms), count(r.opening)
               from opening_batch b left join opening_reversed r on r.opening = b.opening group by b.batch order by max(b.at_ms) desc, b.batch limit ?1";
    let read = |row: &crate::journal::Row| Batch {
        batch: CommandId(row.raw(0)),
        openings: row.int(1),
        value: row.int(2),
        bonus: row.int(3),
        points: row.int(4),
        uses: row.int(5),
        at_ms: row.int(6),
        reversed: row.int(7),
    };
    Ok(db.rows(sql, &[limit.into()])?.iter().map(read).collect())
}

/// Openings of a file that still stand, in the order of their ids. At most `limit`.
///
/// # Errors
/// A fault of the store.
pub fn standing(db: &dyn Read, batch: CommandId, limit: u32) -> Result<Vec<CommandId>, Fault> {
    // Which openings of this file were not taken back?
    let sql = "select b.opening from opening_batch b left join opening_reversed r on r.opening = b.opening
               where b.batch = ?1 and r.opening is null order by b.opening limit ?2";
    Ok(db.rows(sql, &[batch.into(), limit.into()])?.iter().map(|row| CommandId(row.raw(0))).collect())
}
