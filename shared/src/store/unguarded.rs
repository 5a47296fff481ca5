//! What the writer would do without one of its guards: for the tests that take it away. In production each of these does nothing.
use super::Writer;
use crate::base::guards::{Guard, on};
use crate::base::{Posting, StreamId};
use crate::journal::{Entry, Fault, Read};
use crate::views::Rows;
use std::borrow::Cow;

impl Writer<'_> {
    /// Folds an entry that must not be folded.
    pub(super) fn fold_without(&mut self, guard: Guard, entry: &Entry, rows: &mut Rows) -> Result<(), Fault> {
        if on(guard) { Ok(()) } else { self.fold(entry, None, rows).map(|_| ()) }
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
