//! The installs of a branch, and what a branch last told of itself.
use crate::base::{BranchId, StreamId};
use crate::journal::{Fault, Read, Stamp};

/// The newest install of a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Install {
    pub stream: StreamId,
    /// Ed25519 public key of the machine.
    pub device_key: [u8; 32],
    /// Nothing more is taken in from it.
    pub sealed: bool,
    /// Entries held here.
    pub entries: u64,
    /// When it was last heard, UTC ms; 0 never.
    pub heard_ms: i64,
    /// Time of its newest entry, UTC ms; 0 for none.
    pub newest_ms: i64,
}

/// A figure that a branch told of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub body: Vec<u8>,
    pub as_of_ms: i64,
}

/// The install of a branch that sells now, or the last one that did; none before the first enrolment.
///
/// # Errors
/// A fault of the store.
pub fn install(db: &dyn Read, branch: BranchId) -> Result<Option<Install>, Fault> {
    // Which installs has this branch, the open one first, then the newest?
    let sql = "select stream, device_key, sealed, seq, heard_ms, stamp from stream where branch = ?1
               order by case when sealed = 0 then 0 else 1 end, stream desc limit 1";
    Ok(db.row(sql, &[branch.into()])?.map(|row| Install {
        stream: StreamId(row.raw(0)),
        device_key: row.hash(1),
        sealed: row.int(2) != 0,
        entries: row.int(3) as u64,
        heard_ms: row.int(4),
        newest_ms: Stamp(row.int(5)).ms(),
    }))
}

/// Which installs of a branch are ended together: where two boxes are open, the one that was replaced; `for_good` (lost, revoked) every
/// stream of that box, else all but its newest.
///
/// # Errors
/// A fault of the store.
pub fn ending(db: &dyn Read, branch: BranchId, for_good: bool) -> Result<Vec<(StreamId, [u8; 32])>, Fault> {
    // Which streams of this branch are open, the earliest first?
    let rows = db.rows("select stream, device_key from stream where branch = ?1 and sealed = 0 order by stream", &[branch.into()])?;
    let mut open: Vec<(StreamId, [u8; 32])> = rows.iter().map(|row| (StreamId(row.raw(0)), row.hash(1))).collect();
    if let Some((_, oldest)) = open.first().copied().filter(|_| for_good) {
        open.retain(|(_, key)| *key == oldest);
    } else if open.len() > 1 {
        open.pop();
    }
    Ok(open)
}

/// What a branch last told about a topic; none if it never did.
///
/// # Errors
/// A fault of the store.
pub fn told(db: &dyn Read, branch: BranchId, topic: &str) -> Result<Option<Told>, Fault> {
    // What did this branch last tell about this?
    let sql = "select body, as_of from statement where scope = ?1 and topic = ?2 order by as_of desc limit 1";
    let row = db.row(sql, &[branch.bytes().into(), topic.into()])?;
    Ok(row.map(|row| Told { body: row.blob(0).to_vec(), as_of_ms: row.int(1) }))
}

/// Shifts of a branch that are not closed, as far as heard.
///
/// # Errors
/// A fault of the store.
pub fn open_shifts(db: &dyn Read, branch: BranchId) -> Result<i64, Fault> {
    // How many shifts of this branch are open?
    let sql = "select count(*) from shift s left join shift_end e on e.shift = s.shift where s.branch = ?1 and e.shift is null";
    db.number(sql, &[branch.into()])
}

/// What members' value and bonus at a place are below zero, minor units: what a box cost that was declared lost and sold on.
///
/// # Errors
/// A fault of the store.
pub fn missing(db: &dyn Read, place: StreamId) -> Result<i64, Fault> {
    // What is missing at this place of what members had?
    let sql = "select -coalesce(cast(sum(amount) as bigint), 0) from balance
               where place = ?1 and amount < 0 and unit >= ?2 and unit < ?3 and length(holder) = 16";
    db.number(sql, &[place.into(), vec![1_u8].into(), vec![3_u8].into()])
}

/// What lies at a place for members: principal, bonus, and of how many members.
///
/// # Errors
/// A fault of the store.
pub fn lying(db: &dyn Read, place: StreamId) -> Result<(i64, i64, i64), Fault> {
    // What lies at this place in units that begin so, and for how many members?
    let sql = "select coalesce(cast(sum(amount) as bigint), 0) from balance
               where place = ?1 and unit >= ?2 and unit < ?3 and length(holder) = 16";
    let of = |tag: u8| db.number(sql, &[place.into(), vec![tag].into(), vec![tag + 1].into()]);
    // How many members have value there?
    let members = "select count(distinct holder) from balance
                   where place = ?1 and unit >= ?2 and unit < ?3 and length(holder) = 16 and amount > 0";
    Ok((of(1)?, of(2)?, db.number(members, &[place.into(), vec![1_u8].into(), vec![3_u8].into()])?))
}
