//! Generations of documents: head office begins a document's history anew (design 6).
use crate::base::{DocumentId, StreamId};
use crate::facts::journal::{ERASED, Rebased};
use crate::journal::{Fault, Head, Read};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// One generation after the first, and the entry that began it. A hub that was put back may begin one number twice.
    7, GENERATION, "generation", Once, First, Both, v 2, [document Blob, generation Int, stream Blob, seq Int], [reason Int]
}

pub fn fold(rebased: &Rebased, head: &Head, rows: &mut Rows) {
    rows.put(&GENERATION, row![rebased.document, rebased.generation, head.stream, head.seq, rebased.reason]);
}

/// A generation that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    pub generation: u32,
    /// That of `Rebased`.
    pub reason: u8,
    /// The entry that says so.
    pub stream: StreamId,
    pub seq: u64,
}

/// The generations of a document after its first, the newest first; one number several times where a hub that was put back began it again, until
/// it hears of the other and begins the next.
///
/// # Errors
/// A fault of the store.
pub fn begun(db: &dyn Read, document: DocumentId) -> Result<Vec<Begun>, Fault> {
    // Which generations has this document?
    let sql = "select generation, reason, stream, seq from generation where document = ?1
               order by generation desc, stream desc, seq desc";
    let read = |row: &crate::journal::Row| Begun {
        generation: row.int(0) as u32,
        reason: row.int(1) as u8,
        stream: StreamId(row.raw(2)),
        seq: row.int(3) as u64,
    };
    Ok(db.rows(sql, &[document.into()])?.iter().map(read).collect())
}

/// Were the personal data of this document erased?
///
/// # Errors
/// A fault of the store.
pub fn is_erased(db: &dyn Read, document: DocumentId) -> Result<bool, Fault> {
    let begun = begun(db, document)?;
    Ok(begun.iter().take_while(|one| one.generation == begun[0].generation).any(|newest| newest.reason == ERASED))
}
