//! A stretch of a stream: built by its owner, taken in by the hub. The sequence check comes first: an entry follows seq − 1 and its hash.
//! Where a copy of an install wrote other entries, the hub books the second side under a stream of its own and says so; nothing is set aside.
use super::sign::{Keys, PublicKey};
use super::wire::{Push, StreamState, WireEntry, push_signature, push_signed};
use crate::base::guards::{Guard, on};
use crate::base::ids::derived;
use crate::base::limits::{PUSH_BYTES_MAX, PUSH_ENTRIES_MAX};
use crate::base::{BranchId, StreamId};
use crate::facts::{Fact, journal::Opened};
use crate::journal::entry::{Hash, NO_HASH};
use crate::journal::{Entry, Fault, Read, Stamp};
use crate::store::Writer;
use crate::store::append::entry_of;
use crate::store::writer::{StreamHead, stream_head};
use crate::views::registry::decoded;

/// Why the hub does not take a push at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the stream belongs to another device")]
    NotYours,
    #[error("the stream does not begin with its opening by this device")]
    NotOpened,
    #[error("the signature over the entries does not fit")]
    Signature,
    #[error("entry {0} is malformed")]
    Malformed(u64),
    #[error("too many entries")]
    TooMany,
}

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

/// The chain hash at a seq, from the nearest signed point below it.
///
/// # Errors
/// A fault of the store.
pub fn chain_hash(db: &dyn Read, stream: StreamId, seq: u64) -> Result<Hash, Fault> {
    let head = stream_head(db, stream)?;
    if let Some(head) = head.filter(|head| head.seq == seq) {
        return Ok(head.hash);
    }
    // Which signed point lies nearest below?
    let sql = "select last, hash from signature where stream = ?1 and last <= ?2 order by last desc limit 1";
    let (mut at, mut hash) = db.row(sql, &[stream.into(), seq.into()])?.map_or((0, NO_HASH), |row| (row.int(0) as u64, row.hash(1)));
    while at < seq {
        let entries = stretch(db, stream, at)?;
        if entries.is_empty() {
            break;
        }
        for entry in entries.iter().take_while(|entry| entry.seq <= seq) {
            hash = entry.hash(&hash);
            at = entry.seq;
        }
    }
    Ok(hash)
}

/// What the hub has not acknowledged of one of the own streams; none if nothing.
///
/// # Errors
/// A fault of the store.
pub fn build(db: &dyn Read, keys: &Keys, stream: StreamId, after: u64) -> Result<Option<Push>, Fault> {
    let entries = stretch(db, stream, after)?;
    let (Some(first), Some(last)) = (entries.first().map(|entry| entry.seq), entries.last().map(|entry| entry.seq)) else {
        return Ok(None);
    };
    let prev = chain_hash(db, stream, first - 1)?;
    let hash = entries.iter().fold(prev, |hash, entry| entry.hash(&hash));
    let mut before = Stamp(0);
    let wire = entries.iter().map(|entry| WireEntry::of(entry, std::mem::replace(&mut before, entry.stamp)));
    Ok(Some(Push {
        stream,
        first,
        prev: prev.into(),
        entries: wire.collect(),
        signature: push_signature(keys, stream, first, last, &hash).into(),
    }))
}

/// Takes a push in, at the hub, in the clerk's transaction.
///
/// # Errors
/// Outer: a fault of the store. Inner: nothing of it is believed.
pub fn take(
    writer: &mut Writer<'_>,
    push: &Push,
    device: &PublicKey,
    branch: BranchId,
    now_ms: i64,
) -> Result<Result<StreamState, Refused>, Fault> {
    if push.entries.len() > PUSH_ENTRIES_MAX || push.first == 0 {
        return Ok(Err(Refused::TooMany));
    }
    let entries = match read(push) {
        Ok(entries) => entries,
        Err(refused) => return Ok(Err(refused)),
    };
    let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(Err(Refused::Malformed(push.first))) };
    let hashes: Vec<Hash> = entries
        .iter()
        .scan(*push.prev, |hash, entry| {
            *hash = entry.hash(hash);
            Some(*hash)
        })
        .collect();
    let end = hashes[hashes.len() - 1];
    if !push_signed(device, push.stream, push.first, last, &end, &*push.signature) {
        return Ok(Err(Refused::Signature));
    }
    let head = match known(writer, push, &entries, device, branch)? {
        Ok(head) => head,
        Err(refused) => return Ok(Err(refused)),
    };
    let state = |acked| StreamState { stream: push.stream, acked, resend_from: None, forked: None, sealed: head.sealed != 0 };
    if push.first > head.seq + 1 {
        return Ok(Ok(state(head.seq)));
    }
    if on(Guard::Sequence) {
        if let Some(second) = second_side(writer, push)? {
            book(writer, second.stream, &entries, &hashes, second.seq, push, now_ms)?;
            return Ok(Ok(StreamState { forked: Some(second.stream), ..state(last.max(second.seq)) }));
        }
        if chain_hash(writer, push.stream, push.first - 1)? != *push.prev {
            return Ok(Ok(StreamState { resend_from: Some((push.first / 2).max(1)), ..state(head.seq) }));
        }
        if let Some(at) = parting(writer, &entries, head.seq)? {
            let (seq, hash) = (entries[at].seq, hashes[at]);
            let side = StreamId(derived("fork", &[push.stream.bytes(), &seq.to_be_bytes(), &hash]));
            writer.know_stream(side, Some(branch), device, Some(push.stream))?;
            writer.seal_head(side, SEALED_FORK, last)?;
            book(writer, side, &entries, &hashes, seq - 1, push, now_ms)?;
            return Ok(Ok(StreamState { forked: Some(side), ..state(last) }));
        }
    }
    book(writer, push.stream, &entries, &hashes, head.seq, push, now_ms)?;
    Ok(Ok(state(last.max(head.seq))))
}

/// `Sealed.reason` of the second side of a fork.
pub const SEALED_FORK: u8 = 4;

fn read(push: &Push) -> Result<Vec<Entry>, Refused> {
    let mut before = Stamp(0);
    let entries = (push.first..).zip(&push.entries).map(|(seq, wire)| {
        let entry = wire.entry(push.stream, seq, before).filter(|entry| entry.stamp > before).ok_or(Refused::Malformed(seq))?;
        before = entry.stamp;
        Ok(entry)
    });
    entries.collect()
}

/// The stream's head; a stream not seen before must begin with its opening by this very device for its branch.
fn known(
    writer: &mut Writer<'_>,
    push: &Push,
    entries: &[Entry],
    device: &PublicKey,
    branch: BranchId,
) -> Result<Result<StreamHead, Refused>, Fault> {
    if let Some(head) = writer.stream(push.stream)? {
        return Ok(if head.device_key == *device { Ok(head) } else { Err(Refused::NotYours) });
    }
    let opened = entries.first().filter(|entry| entry.seq == 1 && entry.kind == Opened::KIND);
    let opened = opened.and_then(|entry| decoded::<Opened>(entry.body.bytes()?).ok());
    match opened.filter(|opened| opened.device_key == *device && opened.branch == Some(branch)) {
        None => Ok(Err(Refused::NotOpened)),
        Some(opened) => {
            writer.know_stream(push.stream, Some(branch), device, opened.predecessor)?;
            Ok(writer.stream(push.stream)?.ok_or(Refused::NotOpened))
        }
    }
}

/// The second side of a fork that this push goes on with.
fn second_side(writer: &Writer<'_>, push: &Push) -> Result<Option<StreamHead>, Fault> {
    let sql = "select stream from stream where predecessor = ?1 and sealed = 4";
    for row in writer.rows(sql, &[push.stream.into()])? {
        let head = writer.stream(StreamId(row.raw(0)))?;
        if let Some(head) = head.filter(|head| head.seq + 1 == push.first && head.hash == *push.prev) {
            return Ok(Some(head));
        }
    }
    Ok(None)
}

/// Index of the first entry that differs from what is held under its seq.
fn parting(writer: &Writer<'_>, entries: &[Entry], held: u64) -> Result<Option<usize>, Fault> {
    let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased from entry where stream = ?1 and seq = ?2";
    for (i, entry) in entries.iter().enumerate().take_while(|(_, entry)| entry.seq <= held) {
        let same = writer
            .row(sql, &[entry.stream.into(), entry.seq.into()])?
            .is_some_and(|row| entry_of(&row).hash(&NO_HASH) == entry.hash(&NO_HASH));
        if !same {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

/// Appends what lies after `held` under a stream's id, and keeps the owner's signature.
fn book(
    writer: &mut Writer<'_>,
    stream: StreamId,
    entries: &[Entry],
    hashes: &[Hash],
    held: u64,
    push: &Push,
    now_ms: i64,
) -> Result<(), Fault> {
    let new: Vec<Entry> = entries.iter().filter(|entry| entry.seq > held).map(|entry| Entry { stream, ..entry.clone() }).collect();
    let (Some(last), Some(hash)) = (new.last(), hashes.last()) else { return Ok(()) };
    let outcomes = writer.take_in(&new)?;
    super::hub::verdicts(writer, &new, &outcomes, now_ms)?;
    writer.set_head(stream, last.seq, hash, last.stamp)?;
    writer.keep_signature(stream, push.first, last.seq, hash, &*push.signature)
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

    /// Marks a stream as ended at a seq.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn seal_head(&mut self, stream: StreamId, reason: u8, seq: u64) -> Result<(), Fault> {
        self.execute("update stream set sealed = ?2, sealed_seq = ?3 where stream = ?1", &[stream.into(), reason.into(), seq.into()])
            .map(|_| ())
    }
}
