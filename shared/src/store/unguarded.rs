//! What the writer would do without one of its guards: for the tests that take it away. In production each of these does nothing.
use super::Writer;
use super::drafts::drafts;
use super::engine::write;
use crate::base::guards::{Guard, on};
use crate::base::{Posting, StreamId};
use crate::journal::{Entry, Fault, Read};
use crate::views::Rows;
use std::borrow::Cow;

/// Kind of drafts that stand for rows of the feed kept back.
const WITHHELD: &str = "withheld";

impl Writer<'_> {
    /// Folds an entry that must not be folded.
    pub(super) fn fold_without(&mut self, guard: Guard, entry: &Entry, rows: &mut Rows) -> Result<(), Fault> {
        if on(guard) { Ok(()) } else { self.fold(entry, None, rows).map(|_| ()) }
    }

    /// Keeps a row of the feed back whose position is taken: as a sequence does that is handed out before its commit.
    pub(super) fn withheld(&mut self, scope: &[u8], position: u64, stream: StreamId, seq: u64) -> Result<bool, Fault> {
        if on(Guard::FeedHead) {
            return Ok(false);
        }
        let at = [&position.to_be_bytes(), scope].concat();
        self.set_draft(WITHHELD, &at, Some(&[stream.bytes(), &seq.to_be_bytes()[..]].concat()))?;
        Ok(true)
    }

    /// Lists what the transaction before kept back.
    pub(super) fn list_late(&mut self) -> Result<(), Fault> {
        if on(Guard::FeedHead) {
            return Ok(());
        }
        for (at, row) in drafts(self, WITHHELD)? {
            let (position, scope) = at.split_at(8);
            let sql = "insert into feed (scope, position, stream, seq) values (?1, ?2, ?3, ?4)";
            let number = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | i64::from(*byte));
            write(self.db, sql, &[scope.into(), number(position).into(), row[..16].into(), number(&row[16..]).into()])?;
            self.set_draft(WITHHELD, &at, None)?;
        }
        Ok(())
    }

    /// Where an entry is booked: at the place of its own stream, also when that was sealed long ago.
    pub(super) fn booked<'p>(&self, entry: &Entry, postings: &'p [Posting]) -> Result<Cow<'p, [Posting]>, Fault> {
        if on(Guard::LatePlace) {
            return Ok(postings.into());
        }
        let heir = "select h.stream from stream s join stream h on h.branch = s.branch and h.sealed = 0
                    where s.stream = ?1 and s.sealed <> 0 and s.branch <> x'' order by h.stream desc limit 1";
        let heir = self.row(heir, &[entry.stream.into()])?.map(|row| StreamId(row.raw(0)));
        let mut moved = postings.to_vec();
        for posting in moved.iter_mut().filter(|posting| posting.account.place == entry.stream) {
            posting.account.place = heir.unwrap_or(entry.stream);
        }
        Ok(moved.into())
    }
}
