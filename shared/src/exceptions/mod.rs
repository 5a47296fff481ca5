//! What a person must look at, who does, and since when.
use crate::base::{BranchId, CommandId, MemberId, StaffId, StreamId};
use crate::facts::exceptions::{ExceptionClosed, ExceptionOwned, ExceptionRaised};
use crate::journal::{Fault, Head, Read, Row};
use crate::views::Rows;
use crate::{row, table};

pub mod close;
pub mod own;
pub mod raise;

table! {
    /// What was raised.
    110, EXCEPTION, "exception", Once, First, Hub, v 1, [exception Blob],
    [at_ms Int, what Text, branch Blob, member Blob, stream Blob, seq Int, amount Int, note Text]
}

table! {
    /// How far it is: `rank` 1 owned, 2 closed. A closed one stays closed.
    111, EXCEPTION_STATE, "exception_state", Greatest, First, Hub, v 1, [exception Blob],
    [rank Int, stamp Int, stream Blob, seq Int, owner Blob, at_ms Int, note Text]
}

pub fn fold_raised(raised: &ExceptionRaised, head: &Head, rows: &mut Rows) {
    let bytes = |id: Option<[u8; 16]>| id.map_or(Vec::new(), |id| id.to_vec());
    let values = row![
        head.command,
        raised.at_ms,
        raised.what.as_str(),
        bytes(raised.branch.map(|id| id.0)),
        bytes(raised.member.map(|id| id.0)),
        bytes(raised.stream.map(|id| id.0)),
        raised.seq,
        raised.amount,
        raised.note.as_str(),
    ];
    rows.put(&EXCEPTION, values);
}

pub fn fold_owned(owned: &ExceptionOwned, head: &Head, rows: &mut Rows) {
    rows.put(&EXCEPTION_STATE, row![owned.exception, 1, head.stamp.0, head.stream, head.seq, owned.owner, owned.at_ms, ""]);
}

pub fn fold_closed(closed: &ExceptionClosed, head: &Head, rows: &mut Rows) {
    let note = closed.note.as_str();
    rows.put(&EXCEPTION_STATE, row![closed.exception, 2, head.stamp.0, head.stream, head.seq, closed.owner, closed.at_ms, note]);
}

/// How far an exception is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    Open,
    Owned,
    Closed,
}

/// One exception as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: CommandId,
    pub at_ms: i64,
    pub what: String,
    pub branch: Option<BranchId>,
    pub member: Option<MemberId>,
    pub stream: Option<StreamId>,
    pub seq: u64,
    pub amount: i64,
    pub note: String,
    pub progress: Progress,
    pub owner: Option<StaffId>,
    /// When it was owned or closed, UTC ms; 0 while open.
    pub touched_ms: i64,
    /// What whoever closed it wrote.
    pub found: String,
}

/// Exceptions, the open ones first, then newest first. At most `limit`.
///
/// # Errors
/// A fault of the store.
pub fn list(db: &dyn Read, limit: u32) -> Result<Vec<Listed>, Fault> {
    // What must a person look at, the undone first?
    let sql = "select e.exception, e.at_ms, e.what, e.branch, e.member, e.stream, e.seq, e.amount, e.note,
                      s.rank, s.owner, s.at_ms, s.note
               from exception e left join exception_state s on s.exception = e.exception
               order by case when coalesce(s.rank, 0) = 2 then 1 else 0 end, e.at_ms desc, e.exception limit ?1";
    Ok(db.rows(sql, &[limit.into()])?.iter().map(read).collect())
}

/// One exception.
///
/// # Errors
/// A fault of the store.
pub fn find(db: &dyn Read, id: CommandId) -> Result<Option<Listed>, Fault> {
    // How does this exception stand?
    let sql = "select e.exception, e.at_ms, e.what, e.branch, e.member, e.stream, e.seq, e.amount, e.note,
                      s.rank, s.owner, s.at_ms, s.note
               from exception e left join exception_state s on s.exception = e.exception where e.exception = ?1";
    Ok(db.row(sql, &[id.into()])?.as_ref().map(read))
}

fn read(row: &Row) -> Listed {
    let id = |i: usize| <[u8; 16]>::try_from(row.blob(i)).ok();
    Listed {
        id: CommandId(row.raw(0)),
        at_ms: row.int(1),
        what: row.text(2).into(),
        branch: id(3).map(BranchId),
        member: id(4).map(MemberId),
        stream: id(5).map(StreamId),
        seq: row.int(6) as u64,
        amount: row.int(7),
        note: row.text(8).into(),
        progress: match row.int(9) {
            0 => Progress::Open,
            1 => Progress::Owned,
            _ => Progress::Closed,
        },
        owner: id(10).map(StaffId),
        touched_ms: row.int(11),
        found: row.text(12).into(),
    }
}
