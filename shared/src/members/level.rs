//! Levels, and which one a member has. Whoever was given none has the lowest.
use crate::base::{DocumentId, MemberId, Money, Rate};
use crate::documents::{self, Fields};
use crate::facts::members::LevelGiven;
use crate::journal::memory::kept;
use crate::journal::{Fault, Head, Read, Row};
use crate::ledger::person;
use crate::views::Rows;
use crate::{row, table};

table! {
    /// What a level document says.
    33, LEVEL, "level", Projected, Everywhere, Both, v 1, [level Blob],
    [code Text, name Text, name_en Text, rank Int, discount_bp Int, points_factor_bp Int, threshold Int]
}

table! {
    /// The level given last.
    34, MEMBER_LEVEL, "member_level", Greatest, First, Both, v 1, [member Blob], [stamp Int, stream Blob, seq Int, level Blob]
}

/// The rows of a level document.
pub fn project(document: DocumentId, fields: &Fields, rows: &mut Rows) {
    let level = documents::level::Level::from_fields(fields);
    let (discount, factor) = (level.discount_bp, level.points_factor_bp);
    rows.put(&LEVEL, row![document, level.code, level.name, level.name_en, level.rank, discount, factor, level.threshold_minor]);
}

pub fn fold(given: &LevelGiven, head: &Head, rows: &mut Rows) {
    rows.put(&MEMBER_LEVEL, row![given.member, head.stamp.0, head.stream, head.seq, given.level]);
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
}

/// All levels, lowest first.
///
/// # Errors
/// A fault of the store.
pub fn levels(db: &dyn Read) -> Result<Vec<Level>, Fault> {
    // Which levels are there?
    let sql = "select level, code, name, name_en, rank, discount_bp, points_factor_bp, threshold from level order by rank, code, level";
    Ok(db.rows(sql, &[])?.iter().map(read).collect())
}

/// The level of a member: the one given last, of members who are one person the highest, else the lowest. None: the chain has no levels.
///
/// # Errors
/// A fault of the store.
pub fn level(db: &dyn Read, member: MemberId) -> Result<Option<Level>, Fault> {
    let levels = kept(db, [0; 16], || levels(db))?;
    let mut best = None;
    for one in person::of(db, member)? {
        let given = given(db, one)?;
        let found = levels.iter().find(|level| Some(level.id) == given);
        best = best.into_iter().chain(found).max_by_key(|level: &&Level| level.rank);
    }
    Ok(best.or(levels.first()).cloned())
}

/// The level that was given last, if any.
///
/// # Errors
/// A fault of the store.
pub fn given(db: &dyn Read, member: MemberId) -> Result<Option<DocumentId>, Fault> {
    // Which level was this member given last?
    Ok(db.row("select level from member_level where member = ?1", &[member.into()])?.map(|row| DocumentId(row.raw(0))))
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
    }
}
