//! Entries that are kept before they can be folded: a fact waits for those before it in its stream, a change for those it builds on.
use super::append::{Arrived, entry_of};
use super::engine::write;
use super::writer::Writer;
use crate::base::account::Purpose;
use crate::base::{BranchId, DocumentId, Holder, StreamId};
use crate::facts::journal::FORK;
use crate::journal::{Entry, Fault, Read};
use crate::views::Rows;

impl Writer<'_> {
    /// Keeps a fact that came before those in front of it in its stream: it is folded when they are here, or when its stream is sealed.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn hold(&mut self, entry: &Entry) -> Result<(), Fault> {
        let key = [entry.stream.into(), entry.seq.into()];
        let held = self.row("select 1 from entry where stream = ?1 and seq = ?2", &key)?.is_some();
        let sealed = self.stream(entry.stream)?.is_some_and(|head| head.sealed != 0);
        match (held, sealed) {
            (true, _) => Ok(()),
            (false, true) => self.take_in(std::slice::from_ref(entry)).map(|_| ()),
            (false, false) => self.keep(entry, 0, &Arrived::Waiting),
        }
    }

    /// Marks a stream as ended at a seq. What was held until those before it come is folded: they may never come.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn seal_head(&mut self, stream: StreamId, reason: u8, seq: u64) -> Result<(), Fault> {
        let sql = "update stream set sealed = ?2, sealed_seq = ?3 where stream = ?1";
        write(self.db, sql, &[stream.into(), reason.into(), seq.into()])?;
        let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased
                   from entry where folded = 3 and stream = ?1 and kind < 32768 order by seq";
        let held: Vec<Entry> = self.rows(sql, &[stream.into()])?.iter().map(entry_of).collect();
        self.take_in(&held).map(|_| ())
    }

    /// At the hub: books what waits in streams of which nothing else is known and that tell of this branch, each at a sealed place of its own. Head office
    /// ends the installs of the branch: nobody will bring what came before it.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn book_nameless(&mut self, branch: BranchId) -> Result<(), Fault> {
        // What waits in a stream that nobody told of?
        let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased from entry e
                   where folded = 3 and kind < 32768 and not exists (select 1 from stream s where s.stream = e.stream) order by stream, seq";
        for entry in self.rows(sql, &[])?.iter().map(entry_of).filter(|entry| self.branch_in(entry) == Some(branch)).collect::<Vec<_>>() {
            self.know_stream(entry.stream, Some(branch), &[0; 32], None)?;
            self.seal_head(entry.stream, FORK, entry.seq)?;
        }
        Ok(())
    }

    /// The branch whose stock, drawer or books a fact posts to at its own place; whose right to return it takes says nothing.
    fn branch_in(&self, entry: &Entry) -> Option<BranchId> {
        let fact = self.registry.fact(entry.kind, entry.version)?;
        let read = (fact.fold)(entry.body.bytes()?, &entry.head(), &mut Rows::new(self.side)).ok()?;
        read.postings.iter().filter(|posting| posting.account.place == entry.stream).find_map(|posting| match posting.account.holder {
            Holder::House(branch, purpose) if purpose != Purpose::Returnable => Some(branch),
            _ => None,
        })
    }

    /// Changes of the same document that waited for this one are tried again.
    pub(super) fn release_waiting(&mut self, document: DocumentId, generation: u32, rows: &mut Rows) -> Result<(), Fault> {
        loop {
            let waiting = waiting(self, document, generation)?;
            let mut released = false;
            for entry in waiting {
                let outcome = self.fold(&entry, None, rows)?;
                if outcome == Arrived::Waiting {
                    continue;
                }
                released = true;
                self.note(&entry, &outcome)?;
                self.appended.push(entry.head());
            }
            if !released {
                return Ok(());
            }
        }
    }
}

fn waiting(db: &dyn Read, document: DocumentId, generation: u32) -> Result<Vec<Entry>, Fault> {
    // Which changes of this document wait for another?
    let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased
               from entry where document = ?1 and generation = ?2 and document <> x'' and folded = 3 order by stamp limit 100";
    Ok(db.rows(sql, &[document.into(), generation.into()])?.iter().map(entry_of).collect())
}
