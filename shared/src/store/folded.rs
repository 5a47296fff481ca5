//! A stretch of entries folded before the writer's turn. Reading facts, making their rows, merging and sorting them needs no store: it is done by
//! whoever waits for the writer, beside it, and the writer checks and writes.
use super::append::{Arrived, put_postings, reads_entries};
use super::entries::entry_row;
use super::writer::Writer;
use crate::base::guards::{Guard, on};
use crate::journal::{Entry, Fault};
use crate::views::registry::Read;
use crate::views::rows::Row;
use crate::views::{Registry, Rows, Side, generations};

/// What comes of reading a stretch, entry by entry, and all its rows, settled.
pub struct Folded {
    reads: Vec<Read>,
    rows: Vec<Row>,
}

impl Folded {
    /// At head office. None if one of the entries cannot be folded without the store, or not at all.
    pub fn of(registry: &Registry, entries: &[Entry]) -> Option<Folded> {
        let mut rows = Rows::new(Side::Hub);
        let read = |entry: &Entry| {
            let fact = registry.fact(entry.kind, entry.version).filter(|_| !reads_entries(entry))?;
            let read = (fact.fold)(entry.body.bytes()?, &entry.head(), &mut rows).ok()?;
            put_postings(&read.postings, &read, entry, None, &mut rows);
            Some(read)
        };
        let reads = entries.iter().map(read).collect::<Option<Vec<Read>>>()?;
        Some(Folded { reads, rows: rows.settle() })
    }
}

impl Writer<'_> {
    /// `take_in` of entries that were folded before. Where one of them is not what it seemed to be, all are folded here.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn take_in_folded(&mut self, entries: &[Entry], folded: Option<Folded>) -> Result<Vec<Arrived>, Fault> {
        let Some(Folded { reads, rows }) = folded.filter(|folded| folded.reads.len() == entries.len()) else {
            return self.take_in(entries);
        };
        if !self.all_new_and_sound(entries, &reads)? {
            return self.take_in(entries);
        }
        let own = self.identity()?;
        for (entry, read) in entries.iter().zip(&reads) {
            self.note_at_hub(entry, read, own)?;
            self.list(entry, read.audience)?;
            self.appended.push(entry.head());
        }
        self.keep_all(&mut entries.iter().map(|entry| entry_row(entry, 0, &Arrived::Folded)).collect())?;
        self.put_settled(&rows)?;
        Ok(vec![Arrived::Folded; entries.len()])
    }

    /// None is held, none is to be kept without its body, and each posts only where its author may.
    fn all_new_and_sound(&mut self, entries: &[Entry], reads: &[Read]) -> Result<bool, Fault> {
        // Where a test takes a guard away, postings are booked elsewhere.
        if self.side == Side::Edge || !on(Guard::LatePlace) || !self.held(entries)?.is_empty() {
            return Ok(false);
        }
        let own = self.identity()?;
        for (entry, read) in entries.iter().zip(reads) {
            let Some(fact) = self.registry.fact(entry.kind, entry.version) else { return Ok(false) };
            let erased = match read.about.filter(|_| fact.personal) {
                Some(document) => generations::is_erased(self, document)?,
                None => false,
            };
            if erased || self.check(entry, &read.postings, fact.writer, own)?.is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
