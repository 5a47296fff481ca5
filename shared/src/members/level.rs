//! Levels, and which one a member has: the higher of what a person gave and what purchases reached (R14), else the lowest. Both are head office's.
use crate::base::{DocumentId, MemberId, Money, Rate, StaffId};
use crate::documents::{self, Fields};
use crate::facts::members::{LevelGiven, LevelReached};
use crate::journal::memory::kept;
use crate::journal::{Actor, Fault, Head, Read, Row};
use crate::ledger::person;
use crate::views::Rows;
use crate::{row, table};

table! {
    /// What a level document says.
    33, LEVEL, "level", Projected, Everywhere, Both, v 2, [level Blob],
    [code Text, name Text, name_en Text, rank Int, discount_bp Int, points_factor_bp Int, threshold Int, purchases Int]
}

table! {
    /// The level a person gave last, until when (0: no end), and who it was; a level of zeros is none.
    34, MEMBER_LEVEL, "member_level", Greatest, First, Both, v 3, [member Blob],
    [stamp Int, stream Blob, seq Int, level Blob, ends Int, giver Blob],
    index "member_level_level" on "level"
}

table! {
    /// The level that purchases reached last.
    48, LEVEL_REACHED, "level_reached", Greatest, First, Both, v 2, [member Blob], [stamp Int, stream Blob, seq Int, level Blob],
    index "level_reached_level" on "level"
}

/// The rows of a level document.
pub fn project(document: DocumentId, fields: &Fields, rows: &mut Rows) {
    let level = documents::level::Level::from_fields(fields);
    let (discount, factor) = (level.discount_bp, level.points_factor_bp);
    let (threshold, purchases) = (level.threshold_minor, level.threshold_purchases);
    rows.put(&LEVEL, row![document, level.code, level.name, level.name_en, level.rank, discount, factor, threshold, purchases]);
}

pub fn fold(given: &LevelGiven, head: &Head, rows: &mut Rows) {
    let giver = match head.by {
        Actor::Person(staff) => staff.0.to_vec(),
        _ => Vec::new(),
    };
    rows.put(&MEMBER_LEVEL, row![given.member, head.stamp.0, head.stream, head.seq, given.level, given.ends.unwrap_or(0), giver]);
}

pub fn fold_reached(reached: &LevelReached, head: &Head, rows: &mut Rows) {
    rows.put(&LEVEL_REACHED, row![reached.member, head.stamp.0, head.stream, head.seq, reached.level]);
}

/// A level of membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    pub id: DocumentId,
    pub code: String,
    pub name: String,
    pub name_en: String,
    /// Higher is better.
    pub rank: i64,
    /// What is left of a price.
    pub discount: Rate,
    pub points_factor: Rate,
    /// Spent within the window of the policy to reach it.
    pub threshold: Money,
    /// Purchases within it to reach it; 0: their number reaches nothing.
    pub purchases: i64,
}

/// A level that a person gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    pub level: DocumentId,
    /// Last business day, yyyymmdd; 0: no end.
    pub ends: u32,
    /// None: it came with an import.
    pub by: Option<StaffId>,
}

/// All levels, lowest first.
///
/// # Errors
/// A fault of the store.
pub fn levels(db: &dyn Read) -> Result<Vec<Level>, Fault> {
    // Which levels are there?
    let sql = "select level, code, name, name_en, rank, discount_bp, points_factor_bp, threshold, purchases from level order by rank, code, level";
    Ok(db.rows(sql, &[])?.iter().map(read).collect())
}

/// The level of a member: the highest that was given by hand or reached, by whichever members are this one person, else the lowest. None: the chain
/// has no levels.
///
/// # Errors
/// A fault of the store.
pub fn level(db: &dyn Read, member: MemberId) -> Result<Option<Level>, Fault> {
    let levels = kept(db, [0; 16], || levels(db))?;
    let mut named = Vec::new();
    for one in person::of(db, member)? {
        named.extend(given(db, one)?.map(|given| given.level));
        named.extend(reached(db, one)?);
    }
    let best = levels.iter().filter(|level| named.contains(&level.id)).max_by_key(|level| level.rank);
    Ok(best.or(levels.first()).cloned())
}

/// The level that a person gave and that has not ended, if any.
///
/// # Errors
/// A fault of the store.
pub fn given(db: &dyn Read, member: MemberId) -> Result<Option<Given>, Fault> {
    // Which level was this member given last, until when, by whom?
    let row = db.row("select level, ends, giver from member_level where member = ?1", &[member.into()])?;
    let given =
        row.map(|row| Given { level: DocumentId(row.raw(0)), ends: row.int(1) as u32, by: row.blob(2).try_into().ok().map(StaffId) });
    Ok(given.filter(|given| given.level.0 != [0; 16]))
}

/// The level that purchases reached last, if any.
///
/// # Errors
/// A fault of the store.
pub fn reached(db: &dyn Read, member: MemberId) -> Result<Option<DocumentId>, Fault> {
    // Which level did this member reach last?
    Ok(db.row("select level from level_reached where member = ?1", &[member.into()])?.map(|row| DocumentId(row.raw(0))))
}

/// Members whose level may end by the day alone: they reached one, or have one by hand that ended before it.
///
/// # Errors
/// A fault of the store.
pub fn may_end(db: &dyn Read, day: u32) -> Result<Vec<MemberId>, Fault> {
    // Who reached a level, or was given one until before this day?
    let sql = "select member from level_reached union select member from member_level where ends > 0 and ends < ?1 order by member";
    Ok(db.rows(sql, &[day.into()])?.iter().map(|row| MemberId(row.raw(0))).collect())
}

fn read(row: &Row) -> Level {
    let rate = |bp: i64| Rate::from_bp(u32::try_from(bp).unwrap_or(Rate::WHOLE.bp()));
    Level {
        id: DocumentId(row.raw(0)),
        code: row.text(1).into(),
        name: row.text(2).into(),
        name_en: row.text(3).into(),
        rank: row.int(4),
        discount: rate(row.int(5)),
        points_factor: rate(row.int(6)),
        threshold: Money::from_minor(row.int(7)),
        purchases: row.int(8),
    }
}
