//! A stretch of a stream: built by its owner, taken in by the hub. The sequence check comes first: an entry follows seq − 1 and its hash.
//! Where a copy of an install wrote other entries, the hub books the second side under a stream of its own and says so; nothing is set aside.
use super::recovery::is_hub_stream;
use super::salvage;
use super::sign::{Keys, PublicKey};
use super::wire::{Held, Push, Side, StreamState, WireEntry, push_signature, push_signed};
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
    let name = written_as(db, stream)?;
    // What lies beyond the head came back in the feed, after this database was rolled back: it is not a sequence.
    let upto = stream_head(db, stream)?.map_or(0, |head| head.seq);
    let own = stretch(db, stream, after)?.into_iter().take_while(|entry| entry.seq <= upto);
    let entries: Vec<Entry> = own.map(|entry| Entry { stream: name, ..entry }).collect();
    let Some(first) = entries.first().map(|entry| entry.seq) else { return Ok(None) };
    let prev = chain_hash(db, stream, first - 1)?;
    Ok(of(&entries, prev, keys, stream))
}

/// A push of consecutive entries after `prev`, under the name that stands in them; none without entries. `kept_as`: the sender's name for
/// their stream.
pub fn of(entries: &[Entry], prev: Hash, keys: &Keys, kept_as: StreamId) -> Option<Push> {
    let (first, last) = (entries.first()?, entries.last()?);
    let name = first.stream;
    let hash = entries.iter().fold(prev, |hash, entry| entry.hash(&hash));
    let mut before = Stamp(0);
    let wire = entries.iter().map(|entry| WireEntry::of(entry, std::mem::replace(&mut before, entry.stamp)));
    Some(Push {
        stream: name,
        first: first.seq,
        prev: prev.into(),
        entries: wire.collect(),
        signature: push_signature(keys, name, first.seq, last.seq, &hash).into(),
        side: (name != kept_as).then_some(kept_as),
    })
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
    if push.first > 1 && writer.stream(push.stream)?.is_none() {
        // A hub that was restored to before this stream was opened.
        let stream = push.side.unwrap_or(push.stream);
        return Ok(Ok(StreamState { stream, acked: 0, resend_from: Some(1), forked: None, sealed: false }));
    }
    let head = match known(writer, push, &entries, device, branch)? {
        Ok(head) => head,
        Err(refused) => return Ok(Err(refused)),
    };
    let (kept_as, sealed) = (push.side.unwrap_or(push.stream), head.sealed != 0);
    let state = |acked| StreamState { stream: kept_as, acked, resend_from: None, forked: None, sealed };
    let signed = (push.first, salvage::signed_by(&push.signature, device, &head.device_key));
    if !on(Guard::Sequence) && push.first <= head.seq + 1 {
        book(writer, push.stream, &entries, &hashes, head.seq, &signed, now_ms)?;
        return Ok(Ok(state(last.max(head.seq))));
    }
    let Some(Fit { chain, parting }) = fitting(writer, push, &entries)? else {
        let gap = push.first > head.seq + 1;
        let resend_from = (!gap).then_some((push.first / 2).max(1));
        return Ok(Ok(StreamState { resend_from, ..state(head.seq) }));
    };
    let (kept, held, acked) = match parting {
        None => (chain.stream, chain.seq, last.max(chain.seq)),
        Some(at) => (new_side(writer, &chain, &entries[at], &hashes[at], last)?, entries[at].seq - 1, last),
    };
    book(writer, kept, &entries, &hashes, held, &signed, now_ms)?;
    Ok(Ok(StreamState { forked: side(writer, kept)?, ..state(acked) }))
}

/// The side of a stream that a push goes on with.
struct Fit {
    chain: StreamHead,
    /// Index of its first entry that this side does not have but has another in its place; none if it follows.
    parting: Option<usize>,
}

/// The sequence check: the push must begin on one of the sides that are held; of those the one that shares most with it.
fn fitting(writer: &Writer<'_>, push: &Push, entries: &[Entry]) -> Result<Option<Fit>, Fault> {
    let mut best: Option<Fit> = None;
    for chain in every_side(writer, push.stream)? {
        if push.first > chain.seq + 1 || chain_hash(writer, chain.stream, push.first - 1)? != *push.prev {
            continue;
        }
        let parting = parting(writer, &chain, entries)?;
        let shares = |parting: Option<usize>| parting.unwrap_or(usize::MAX);
        if best.as_ref().is_none_or(|best| shares(parting) > shares(best.parting)) {
            best = Some(Fit { chain, parting });
        }
    }
    Ok(best)
}

fn new_side(writer: &mut Writer<'_>, first_side: &StreamHead, entry: &Entry, hash: &Hash, last: u64) -> Result<StreamId, Fault> {
    let side = StreamId(derived("fork", &[entry.stream.bytes(), &entry.seq.to_be_bytes(), hash]));
    writer.know_stream(side, first_side.branch, &first_side.device_key, Some(first_side.stream))?;
    writer.mark_side(side, entry.seq)?;
    writer.seal_head(side, SEALED_FORK, last)?;
    Ok(side)
}

/// What the owner of a second side is told of it; none for a first side.
fn side(db: &dyn Read, stream: StreamId) -> Result<Option<Side>, Fault> {
    let (mut first, mut at) = (0, stream);
    while let Some(head) = stream_head(db, at)?.filter(|head| head.fork_seq > 0) {
        (first, at) = (head.fork_seq, head.predecessor.unwrap_or(at));
    }
    Ok((first > 0).then_some(Side { stream, first }))
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

/// The stream's head; a stream not seen before must begin with its opening by this very device for its branch, or by one that it replaced.
fn known(
    writer: &mut Writer<'_>,
    push: &Push,
    entries: &[Entry],
    device: &PublicKey,
    branch: BranchId,
) -> Result<Result<StreamHead, Refused>, Fault> {
    if let Some(head) = writer.stream(push.stream)? {
        let may = head.device_key == *device || salvage::may_carry(writer, device, &head.device_key, branch)?;
        return Ok(if may { Ok(head) } else { Err(Refused::NotYours) });
    }
    let own = writer.identity()?.stream;
    let hub = writer.stream(own)?.map_or([0; 32], |head| head.device_key);
    if is_hub_stream(push.stream, &hub) {
        return Ok(Err(Refused::NotYours));
    }
    let opened = entries.first().filter(|entry| entry.seq == 1 && entry.kind == Opened::KIND);
    let opened = opened.and_then(|entry| decoded::<Opened>(entry.body.bytes()?).ok());
    let Some(opened) = opened.filter(|opened| opened.branch == Some(branch)) else { return Ok(Err(Refused::NotOpened)) };
    if opened.device_key != *device && !salvage::may_carry(writer, device, &opened.device_key, branch)? {
        return Ok(Err(Refused::NotOpened));
    }
    writer.know_stream(push.stream, Some(branch), &opened.device_key, opened.predecessor)?;
    Ok(writer.stream(push.stream)?.ok_or(Refused::NotOpened))
}

/// A stream, its second sides, and theirs.
fn every_side(db: &dyn Read, stream: StreamId) -> Result<Vec<StreamHead>, Fault> {
    let mut sides: Vec<StreamHead> = stream_head(db, stream)?.into_iter().collect();
    let mut at = 0;
    while let Some(first_side) = sides.get(at).map(|head| head.stream) {
        // Which second sides has this stream?
        let rows = db.rows("select stream from stream where predecessor = ?1 and fork_seq > 0 order by stream", &[first_side.into()])?;
        for row in &rows {
            sides.extend(stream_head(db, StreamId(row.raw(0)))?);
        }
        at += 1;
    }
    Ok(sides)
}

/// What the hub says of a stream that its owner believes to be held: how far it is, on which side, or that it must be sent again.
///
/// # Errors
/// A fault of the store.
pub fn standing(db: &dyn Read, held: &Held, device: &PublicKey) -> Result<StreamState, Fault> {
    let mut state = StreamState { stream: held.kept_as, acked: 0, resend_from: None, forked: None, sealed: false };
    let Some(first) = stream_head(db, held.stream)?.filter(|head| head.device_key == *device) else { return Ok(state) };
    (state.acked, state.sealed) = (first.seq, first.sealed != 0);
    for head in every_side(db, held.stream)? {
        if held.seq <= head.seq && chain_hash(db, head.stream, held.seq)? == *held.hash {
            return Ok(StreamState { acked: head.seq, forked: side(db, head.stream)?, ..state });
        }
    }
    state.resend_from = (held.seq <= first.seq).then_some(held.seq.max(1));
    Ok(state)
}

/// Index of the first entry in whose place this side has another.
fn parting(db: &dyn Read, chain: &StreamHead, entries: &[Entry]) -> Result<Option<usize>, Fault> {
    for (i, entry) in entries.iter().enumerate().take_while(|(_, entry)| entry.seq <= chain.seq) {
        let held = entry_at(db, chain, entry.seq)?.map(|held| Entry { stream: entry.stream, ..held });
        // By hash: an erased body stands for the one that was there.
        if held.is_none_or(|held| held.hash(&NO_HASH) != entry.hash(&NO_HASH)) {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

fn entry_at(db: &dyn Read, chain: &StreamHead, seq: u64) -> Result<Option<Entry>, Fault> {
    if seq < chain.fork_seq {
        let first_side = chain.predecessor.map(|stream| stream_head(db, stream)).transpose()?.flatten();
        return first_side.map_or(Ok(None), |first_side| entry_at(db, &first_side, seq));
    }
    let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased from entry where stream = ?1 and seq = ?2";
    Ok(db.row(sql, &[chain.stream.into(), seq.into()])?.as_ref().map(entry_of))
}

/// Appends what lies after `held` under a stream's id, and keeps who signed it, from which seq on.
fn book(
    writer: &mut Writer<'_>,
    stream: StreamId,
    entries: &[Entry],
    hashes: &[Hash],
    held: u64,
    (first, signature): &(u64, Vec<u8>),
    now_ms: i64,
) -> Result<(), Fault> {
    let new: Vec<Entry> = entries.iter().filter(|entry| entry.seq > held).map(|entry| Entry { stream, ..entry.clone() }).collect();
    let (Some(last), Some(hash)) = (new.last(), hashes.last()) else { return Ok(()) };
    let outcomes = writer.take_in(&new)?;
    super::hub::verdicts(writer, &new, &outcomes, now_ms)?;
    writer.set_head(stream, last.seq, hash, last.stamp)?;
    writer.keep_signature(stream, *first, last.seq, hash, signature)
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

    /// Marks a stream as ended at a seq.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn seal_head(&mut self, stream: StreamId, reason: u8, seq: u64) -> Result<(), Fault> {
        self.execute("update stream set sealed = ?2, sealed_seq = ?3 where stream = ?1", &[stream.into(), reason.into(), seq.into()])
            .map(|_| ())
    }
}
