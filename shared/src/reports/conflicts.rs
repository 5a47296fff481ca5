//! Fields that two people set at once.
use crate::base::{DocumentId, StaffId, StreamId};
use crate::journal::{Actor, Fault, Read};

/// One value of a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateRow {
    /// 0 is the value that stands everywhere now.
    pub rank: i64,
    pub value: String,
    /// The stream whose change set it.
    pub stream: StreamId,
    pub time_s: i64,
    /// What stood there when it was set.
    pub before: String,
    /// Who set it; none if it was no person.
    pub by: Option<StaffId>,
}

/// One field in conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictRow {
    pub document: DocumentId,
    /// Number of the document's kind.
    pub kind: u16,
    pub key: String,
    pub candidates: Vec<CandidateRow>,
}

/// How many fields are in conflict.
///
/// # Errors
/// A fault of the store.
pub fn count(db: &dyn Read) -> Result<i64, Fault> {
    db.number("select count(*) from conflict where rank = 0", &[])
}

/// How many fields of one document are.
///
/// # Errors
/// A fault of the store.
pub fn of_document(db: &dyn Read, document: DocumentId) -> Result<i64, Fault> {
    db.number("select count(*) from conflict where document = ?1 and rank = 0", &[document.into()])
}

/// Fields in conflict, by document.
///
/// # Errors
/// A fault of the store.
pub fn list(db: &dyn Read, offset: u32, limit: u32) -> Result<Vec<ConflictRow>, Fault> {
    // Which fields are in conflict?
    let sql = "select document, field, kind from conflict where rank = 0 order by document, field limit ?1 offset ?2";
    let mut found = Vec::new();
    for row in db.rows(sql, &[limit.into(), offset.into()])? {
        let (document, key) = (DocumentId(row.raw(0)), row.text(1).to_owned());
        let candidates = candidates(db, document, &key)?;
        found.push(ConflictRow { document, kind: row.int(2) as u16, key, candidates });
    }
    Ok(found)
}

fn candidates(db: &dyn Read, document: DocumentId, key: &str) -> Result<Vec<CandidateRow>, Fault> {
    // Which values has this field, the standing one first?
    let sql = "select rank, value, stream, seq, time_s, before from conflict where document = ?1 and field = ?2 order by rank";
    let mut found = Vec::new();
    for row in db.rows(sql, &[document.into(), key.into()])? {
        let stream = StreamId(row.raw(2));
        found.push(CandidateRow {
            rank: row.int(0),
            value: row.text(1).into(),
            stream,
            time_s: row.int(4),
            before: row.text(5).into(),
            by: author(db, document, stream, row.int(3))?,
        });
    }
    Ok(found)
}

/// Who made the `nth` change (from 1) of a document in a stream.
fn author(db: &dyn Read, document: DocumentId, stream: StreamId, nth: i64) -> Result<Option<StaffId>, Fault> {
    // Who made this change of the document?
    let sql = "select by from entry where document = ?1 and stream = ?2 and folded = 1 order by seq limit 1 offset ?3";
    let row = db.row(sql, &[document.into(), stream.into(), (nth - 1).max(0).into()])?;
    Ok(row.and_then(|row| match Actor::from_key(row.blob(0)) {
        Some(Actor::Person(staff)) => Some(staff),
        _ => None,
    }))
}
