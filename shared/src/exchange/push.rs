//! A stretch of a stream as its owner sends it, and the hash of the chain at any of its points.
use super::sign::{Keys, push_signature};
use super::wire::{Push, Side, WireEntry};
use crate::base::StreamId;
use crate::base::limits::{PUSH_BYTES_MAX, PUSH_ENTRIES_MAX};
use crate::journal::entry::{Hash, NO_HASH};
use crate::journal::{Entry, Fault, Read, Stamp};
use crate::store::Writer;
use crate::store::append::entry_of;
use crate::store::writer::{StreamHead, stream_head};

/// The entries of a stream after `after`, up to the limits of a push.
///
/// # Errors
/// A fault of the store.
pub fn stretch(db: &dyn Read, stream: StreamId, after: u64) -> Result<Vec<Entry>, Fault> {
    // What comes next in this stream?
    let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased
               from entry where stream = ?1 and seq > ?2 order by seq limit ?3";
    let mut bytes = 0;
    let rows = db.rows(sql, &[stream.into(), after.into(), PUSH_ENTRIES_MAX.into()])?;
    let fits = rows.iter().map(entry_of).take_while(|entry| {
        let first = bytes == 0;
        bytes += entry.body.bytes().map_or(32, <[u8]>::len) + 96;
        first || bytes <= PUSH_BYTES_MAX
    });
    Ok(fits.collect())
}

/// The name that stands in the entries of a stream: of a second side, and of a second side of that, the first side's.
///
/// # Errors
/// A fault of the store.
pub fn written_as(db: &dyn Read, stream: StreamId) -> Result<StreamId, Fault> {
    match stream_head(db, stream)?.filter(|head| head.fork_seq > 0).and_then(|head| head.predecessor) {
        Some(first_side) => written_as(db, first_side),
        None => Ok(stream),
    }
}

/// The chain hash at a seq, from the nearest signed point below it.
///
/// # Errors
/// A fault of the store.
pub fn chain_hash(db: &dyn Read, stream: StreamId, seq: u64) -> Result<Hash, Fault> {
    let Some(head) = stream_head(db, stream)? else { return Ok(NO_HASH) };
    if head.seq == seq {
        return Ok(head.hash);
    }
    let (name, first_side) = (written_as(db, stream)?, head.predecessor.unwrap_or(stream));
    if seq < head.fork_seq {
        return chain_hash(db, first_side, seq);
    }
    // Which signed point lies nearest below?
    let sql = "select last, hash from signature where stream = ?1 and last <= ?2 order by last desc limit 1";
    let (mut at, mut hash) = match db.row(sql, &[stream.into(), seq.into()])? {
        Some(row) => (row.int(0) as u64, row.hash(1)),
        None if head.fork_seq > 0 => (head.fork_seq - 1, chain_hash(db, first_side, head.fork_seq - 1)?),
        None => (0, NO_HASH),
    };
    while at < seq {
        let entries = stretch(db, stream, at)?;
        if entries.is_empty() {
            break;
        }
        for entry in entries.into_iter().take_while(|entry| entry.seq <= seq) {
            at = entry.seq;
            hash = Entry { stream: name, ..entry }.hash(&hash);
        }
    }
    Ok(hash)
}

/// What the hub has not acknowledged of one of the own streams; none if nothing.
///
/// # Errors
/// A fault of the store.
pub fn build(db: &dyn Read, keys: &Keys, stream: StreamId, after: u64) -> Result<Option<Push>, Fault> {
    let (name, head) = (written_as(db, stream)?, stream_head(db, stream)?);
    // What lies beyond the head came back in the feed, after this database was rolled back: it is not a sequence.
    let (upto, fork_seq) = head.map_or((0, 0), |head| (head.seq, head.fork_seq));
    let own = stretch(db, stream, after)?.into_iter().take_while(|entry| entry.seq <= upto);
    let entries: Vec<Entry> = own.map(|entry| Entry { stream: name, ..entry }).collect();
    let Some(first) = entries.first().map(|entry| entry.seq) else { return Ok(None) };
    let prev = chain_hash(db, stream, first - 1)?;
    Ok(of(&entries, prev, keys, (fork_seq > 0).then_some(Side { stream, first: fork_seq })))
}

/// A push of consecutive entries after `prev`, under the name that stands in them; none without entries. `side`: the second side of a fork to
/// which they belong.
pub fn of(entries: &[Entry], prev: Hash, keys: &Keys, side: Option<Side>) -> Option<Push> {
    let (first, last) = (entries.first()?, entries.last()?);
    let hash = entries.iter().fold(prev, |hash, entry| entry.hash(&hash));
    let mut before = Stamp(0);
    let wire = entries.iter().map(|entry| WireEntry::of(entry, std::mem::replace(&mut before, entry.stamp)));
    Some(Push {
        stream: first.stream,
        first: first.seq,
        prev: prev.into(),
        entries: wire.collect(),
        signature: push_signature(keys, first.stream, first.seq, last.seq, &hash).into(),
        side,
    })
}

/// The entry of a side at a seq; below where it begins, of the first side.
pub(super) fn entry_at(db: &dyn Read, chain: &StreamHead, seq: u64) -> Result<Option<Entry>, Fault> {
    if seq < chain.fork_seq {
        let first_side = chain.predecessor.map(|stream| stream_head(db, stream)).transpose()?.flatten();
        return first_side.map_or(Ok(None), |first_side| entry_at(db, &first_side, seq));
    }
    let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased from entry where stream = ?1 and seq = ?2";
    Ok(db.row(sql, &[chain.stream.into(), seq.into()])?.as_ref().map(entry_of))
}

/// Signs the head of the own stream, if it moved since it was signed last, and keeps the signature: who has a copy can prove it.
///
/// # Errors
/// A fault of the store.
pub fn sign_head(writer: &mut Writer<'_>, keys: &Keys, own: StreamId) -> Result<(), Fault> {
    let Some(head) = writer.stream(own)? else { return Ok(()) };
    let signed = writer.number("select max(last) from signature where stream = ?1", &[own.into()])? as u64;
    if signed == head.seq {
        return Ok(());
    }
    let signature = push_signature(keys, own, signed + 1, head.seq, &head.hash);
    writer.keep_signature(own, signed + 1, head.seq, &head.hash, &signature)
}

impl Writer<'_> {
    /// Keeps what an owner signed of its stream.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn keep_signature(&mut self, stream: StreamId, first: u64, last: u64, hash: &Hash, signature: &[u8]) -> Result<(), Fault> {
        let sql = "insert into signature (stream, last, first, hash, signature) values (?1, ?2, ?3, ?4, ?5) on conflict (stream, last) do nothing";
        self.execute(sql, &[stream.into(), last.into(), first.into(), (*hash).into(), signature.into()]).map(|_| ())
    }
}
