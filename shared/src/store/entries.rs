//! Entries as rows of their table: kept one by one or a batch at once, and read back.
use super::append::Arrived;
use super::engine::write;
use super::writer::Writer;
use crate::base::{CommandId, DocumentId, StreamId};
use crate::journal::entry::Body;
use crate::journal::{Actor, Entry, Fault, Read, Row, Stamp};
use std::collections::BTreeMap;

/// Columns of `entry_of`, in its order.
pub const ENTRY_COLUMNS: &str = "stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased";

/// The entry in a row of `ENTRY_COLUMNS`.
pub fn entry_of(row: &Row) -> Entry {
    let body = if row.int(12) != 0 {
        Body::Erased(row.hash(10))
    } else {
        Body::Kept { bytes: row.blob(10).to_vec(), salt: row.blob(11).try_into().ok() }
    };
    let document = (!row.blob(8).is_empty()).then(|| (DocumentId(row.raw(8)), row.int(9) as u32));
    Entry {
        stream: StreamId(row.raw(0)),
        seq: row.int(1) as u64,
        stamp: Stamp(row.int(2)),
        by: Actor::from_key(row.blob(3)).unwrap_or(Actor::System),
        command: CommandId(row.raw(4)),
        part: row.int(5) as u8,
        kind: row.int(6) as u16,
        version: row.int(7) as u8,
        document,
        body,
    }
}

/// An entry as a row of its table, every column in its place.
pub(super) fn entry_row(entry: &Entry, asked: i64, outcome: &Arrived) -> Row {
    let (bytes, salt, erased): (&[u8], &[u8], bool) = match &entry.body {
        Body::Kept { bytes, salt } => (bytes, salt.as_ref().map_or(&[], |salt| &salt[..]), false),
        Body::Erased(hash) => (hash, &[], true),
    };
    let (document, generation) = entry.document.map_or((Vec::new(), 0), |(document, generation)| (document.0.to_vec(), generation));
    Row(crate::row![
        entry.stream,
        entry.seq,
        entry.stamp.0,
        entry.by.key(),
        entry.command,
        entry.part,
        entry.kind,
        entry.version,
        document,
        generation,
        bytes,
        salt,
        erased,
        asked,
        outcome.state(),
    ])
}

impl Writer<'_> {
    /// Which of these are held already, and how they stand. A stretch of one stream, as a push is, is asked for at once.
    pub(super) fn held(&self, entries: &[Entry]) -> Result<BTreeMap<(StreamId, u64), i64>, Fault> {
        let mut held = BTreeMap::new();
        for stretch in entries.chunk_by(|a, b| a.stream == b.stream && a.seq + 1 == b.seq) {
            let (first, last) = (&stretch[0], &stretch[stretch.len() - 1]);
            let sql = "select seq, folded from entry where stream = ?1 and seq >= ?2 and seq <= ?3";
            let rows = self.rows(sql, &[first.stream.into(), first.seq.into(), last.seq.into()])?;
            held.extend(rows.iter().map(|row| ((first.stream, row.int(0) as u64), row.int(1))));
        }
        Ok(held)
    }

    pub(super) fn keep(&mut self, entry: &Entry, asked: i64, outcome: &Arrived) -> Result<(), Fault> {
        let sql = "insert into entry (stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased, asked, folded)
                   values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
        write(self.db, sql, &entry_row(entry, asked, outcome).0)?;
        self.say_why(entry, outcome)
    }

    /// Writes down what became of an entry that is kept already.
    pub(super) fn note(&mut self, entry: &Entry, outcome: &Arrived) -> Result<(), Fault> {
        let key = [entry.stream.into(), entry.seq.into()];
        write(self.db, "delete from set_aside where stream = ?1 and seq = ?2", &key)?;
        let [stream, seq] = key;
        write(self.db, "update entry set folded = ?3 where stream = ?1 and seq = ?2", &[stream, seq, outcome.state().into()])?;
        self.say_why(entry, outcome)
    }

    pub(super) fn say_why(&mut self, entry: &Entry, outcome: &Arrived) -> Result<(), Fault> {
        if let Arrived::Aside(reason) = outcome {
            let sql = "insert into set_aside (stream, seq, reason) values (?1, ?2, ?3)";
            write(self.db, sql, &[entry.stream.into(), entry.seq.into(), reason.as_str().into()])?;
        }
        Ok(())
    }

    /// Keeps the entries gathered so far.
    pub(super) fn keep_all(&mut self, kept: &mut Vec<Row>) -> Result<(), Fault> {
        if kept.is_empty() { Ok(()) } else { self.db.load("entry", &std::mem::take(kept)) }
    }
}
