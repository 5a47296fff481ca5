//! Two sides of one stream: a database was rolled back or copied, and both sides wrote on. The first that the hub heard keeps the name; the
//! second is kept under a name of its own, at the hub and here alike. Its entries stay chained as they were written: under the first name.
use super::append::{Arrived, ENTRY_COLUMNS, entry_of};
use super::engine::{query, write};
use super::writer::Writer;
use crate::base::{DocumentId, StreamId};
use crate::documents::difference;
use crate::journal::command::DocumentWrite;
use crate::journal::entry::{CHANGE, Hash};
use crate::journal::{Entry, Fault, Stamp};
use std::collections::BTreeSet;

impl Writer<'_> {
    /// Marks a stream as the second side of its predecessor, from this seq on.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn mark_side(&mut self, side: StreamId, first: u64) -> Result<(), Fault> {
        write(self.db, "update stream set fork_seq = ?2 where stream = ?1", &[side.into(), first.into()]).map(|_| ())
    }

    /// At an edge that wrote the second side: takes its entries from `first` on out of `stream` and keeps them under `side`; `before` is the chain
    /// hash in front of them. Documents are then what they are without its changes, which the author writes again: they are answered.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn part(&mut self, stream: StreamId, side: StreamId, first: u64, before: Hash) -> Result<Vec<DocumentWrite>, Fault> {
        let Some(head) = self.stream(stream)? else { return Ok(Vec::new()) };
        self.know_stream(side, head.branch, &head.device_key, Some(stream))?;
        self.mark_side(side, first)?;
        self.set_head(side, head.seq, &head.hash, head.stamp)?;
        for sql in [
            "update entry set stream = ?2 where stream = ?1 and seq between ?3 and ?4",
            "update signature set stream = ?2 where stream = ?1 and last between ?3 and ?4",
            "update set_aside set stream = ?2 where stream = ?1 and seq between ?3 and ?4",
            // A second side known before may now follow this one.
            "update stream set predecessor = ?2 where predecessor = ?1 and fork_seq > ?3 and fork_seq <= ?4 + 1 and stream <> ?2",
        ] {
            write(self.db, sql, &[stream.into(), side.into(), first.into(), head.seq.into()])?;
        }
        let last = query(self.db, "select stamp from entry where stream = ?1 and seq = ?2", &[stream.into(), (first - 1).into()])?;
        self.set_head(stream, first - 1, &before, Stamp(last.first().map_or(0, |row| row.int(0))))?;
        write(self.db, "update stream set acked = ?2 where stream = ?1 and acked > ?2", &[stream.into(), (first - 1).into()])?;
        let again = self.without_changes_of(side)?;
        self.fold_anew()?;
        // What the first side wrote is in the feed, and was left out of the pages while this install went by its name.
        self.read_feed_again()?;
        Ok(again)
    }

    /// The next exchange brings every page of the feed from its beginning; what is held already changes nothing.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn read_feed_again(&mut self) -> Result<(), Fault> {
        write(self.db, "update cursor set position = 0", &[]).map(|_| ())
    }

    /// Builds the documents that a side changed again without it; answers what is lacking then.
    fn without_changes_of(&mut self, side: StreamId) -> Result<Vec<DocumentWrite>, Fault> {
        let rows = query(self.db, "select distinct document from entry where stream = ?1 and document <> x'' order by 1", &[side.into()])?;
        let documents: BTreeSet<DocumentId> = rows.iter().map(|row| DocumentId(row.raw(0))).collect();
        let mut again = Vec::new();
        for document in documents {
            let Some(with) = super::documents::held(self, document)? else { continue };
            write(self.db, "delete from document where document = ?1", &[document.into()])?;
            self.merge_again(document)?;
            let without = super::documents::held(self, document)?.map_or_else(Default::default, |held| held.document.fields());
            let (set, removed) = difference(&without, &with.document.fields());
            if !(set.is_empty() && removed.is_empty()) {
                again.push(DocumentWrite { document, kind: with.kind, set, removed });
            }
        }
        Ok(again)
    }

    /// Merges the kept changes of a document, each after what it builds on; those of a second side stay out, and what did not go together with them
    /// comes in.
    pub(super) fn merge_again(&mut self, document: DocumentId) -> Result<(), Fault> {
        self.begin_again(document)?;
        let sql = format!("select {ENTRY_COLUMNS} from entry where document = ?1 and kind >= {CHANGE} order by stamp, stream, seq");
        let mut left: Vec<Entry> = query(self.db, &sql, &[document.into()])?.iter().map(entry_of).collect();
        loop {
            let (before, mut waiting) = (left.len(), Vec::new());
            for entry in left {
                if self.is_side(entry.stream)? {
                    continue;
                }
                let outcome = self.merge_change(&entry)?;
                self.note(&entry, &outcome)?;
                if outcome == Arrived::Waiting {
                    waiting.push(entry);
                }
            }
            if waiting.is_empty() || waiting.len() == before {
                return Ok(());
            }
            left = waiting;
        }
    }

    /// Is this stream the second side of another?
    pub(super) fn is_side(&self, stream: StreamId) -> Result<bool, Fault> {
        Ok(self.stream(stream)?.is_some_and(|head| head.fork_seq > 0))
    }
}
