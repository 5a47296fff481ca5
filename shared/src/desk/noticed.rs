//! Up to where head office's rules looked at each stream. A mark moves once what was found behind it is raised: what a process leaves that dies in
//! between, that fell behind, or that never heard that its commit held, is found at the next look. A look costs the number of streams and what is new.
use super::notice::{notices, standing};
use crate::base::StreamId;
use crate::exceptions::raise::Raise;
use crate::journal::{Fault, Head, Read};
use crate::store::Writer;
use crate::store::append::entry_of;
use crate::store::drafts::drafts;
use std::collections::BTreeMap;

/// The drafts that hold the marks, by stream.
const MARK: &str = "noticed";
/// Entries that one look takes at most.
const LOOK_MAX: usize = 500;

/// What a look found, and how far it went.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    pub raises: Vec<Raise>,
    /// To be kept with [`mark`] once all is raised; none: there is nothing new.
    pub marks: Vec<(StreamId, u64)>,
}

/// Looks at what was committed behind the marks, not at all of it at once. Where there is no mark at all everything that stands is looked at.
///
/// # Errors
/// A fault of the store.
pub fn look(db: &dyn Read, now_ms: i64) -> Result<Look, Fault> {
    let marks: BTreeMap<Vec<u8>, Vec<u8>> = drafts(db, MARK)?.into_iter().collect();
    // How far is each stream?
    let streams = db.rows("select stream, seq from stream order by stream", &[])?;
    let mut streams = streams.iter().map(|row| (StreamId(row.raw(0)), row.int(1) as u64));
    if marks.is_empty() {
        return Ok(Look { raises: standing(db, now_ms)?, marks: streams.collect() });
    }
    let known = |stream: StreamId| marks.get(stream.bytes()).and_then(|mark| mark.as_slice().try_into().ok()).map_or(0, u64::from_be_bytes);
    let (mut heads, mut moved) = (Vec::new(), Vec::new());
    for (stream, seq) in streams.by_ref().filter(|(stream, seq)| known(*stream) != *seq) {
        let left = LOOK_MAX - heads.len();
        let new = after(db, stream, known(stream), left)?;
        // A stream that was parted ends earlier than it did.
        moved.push((stream, new.last().filter(|_| new.len() == left).map_or(seq, |head| head.seq)));
        heads.extend(new);
        if heads.len() == LOOK_MAX {
            break;
        }
    }
    Ok(Look { raises: notices(db, &heads, now_ms)?, marks: moved })
}

fn after(db: &dyn Read, stream: StreamId, seq: u64, most: usize) -> Result<Vec<Head>, Fault> {
    // Which entries of this stream were not looked at?
    let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased
               from entry where stream = ?1 and seq > ?2 order by seq limit ?3";
    Ok(db.rows(sql, &[stream.into(), seq.into(), (most as u64).into()])?.iter().map(|row| entry_of(row).head()).collect())
}

/// Keeps how far a look went.
///
/// # Errors
/// A fault of the store.
pub fn mark(writer: &mut Writer<'_>, marks: &[(StreamId, u64)]) -> Result<(), Fault> {
    marks.iter().try_for_each(|(stream, seq)| writer.set_draft(MARK, stream.bytes(), Some(&seq.to_be_bytes())))
}
