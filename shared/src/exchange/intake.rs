//! A stretch of a stream as the hub takes it in. The sequence check comes first: an entry follows seq − 1 and its hash. Where two copies of an
//! install wrote different entries, the side that was heard first keeps the stream's name; the other is booked under a name of its own and with a
//! sealed place of its own, and its author is told both. From then on the author says the name itself, so that a hub that has forgotten the fork
//! books each side where it was. Nothing is set aside because of a fork.
use super::push::{chain_hash, entry_at};
use super::recovery::FORK;
use super::salvage;
use super::sign::{PublicKey, push_signed};
use super::wire::{Held, Push, Side, StreamState};
use crate::base::guards::{Guard, on};
use crate::base::ids::derived;
use crate::base::limits::PUSH_ENTRIES_MAX;
use crate::base::{BranchId, StreamId};
use crate::facts::{Fact, journal::Opened};
use crate::journal::entry::{Hash, NO_HASH};
use crate::journal::stream::is_hub_stream;
use crate::journal::{Entry, Fault, Read, Stamp};
use crate::store::writer::{StreamHead, stream_head};
use crate::store::{Folded, Writer};
use crate::views::Registry;
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

/// A push as it was read before the writer's turn: signed, in sequence within itself, folded.
pub struct Stretch {
    stream: StreamId,
    first: u64,
    /// Chain hash of the entry before the first.
    prev: Hash,
    side: Option<Side>,
    signature: [u8; 64],
    entries: Vec<Entry>,
    /// Chain hash at each.
    hashes: Vec<Hash>,
    folded: Option<Folded>,
}

/// Takes a push in, in the clerk's transaction.
///
/// # Errors
/// Outer: a fault of the store. Inner: nothing of it is believed.
pub fn take(
    writer: &mut Writer<'_>,
    push: Stretch,
    device: &PublicKey,
    branch: BranchId,
    now_ms: i64,
) -> Result<Result<StreamState, Refused>, Fault> {
    if let Err(refused) = owned(writer, &push, device, branch)? {
        return Ok(Err(refused));
    }
    let kept_as = push.side.map_or(push.stream, |side| side.stream);
    let sides = every_side(writer, push.stream, kept_as)?;
    let Some(held) = sides.first() else {
        // A hub that was restored to before this stream was opened: from its beginning, please.
        return Ok(Ok(StreamState { stream: kept_as, acked: 0, resend_from: Some(1), forked: None, sealed: false, upto: 0 }));
    };
    let sealed = held.sealed != 0;
    let signature = salvage::signed_by(&push.signature, device, &held.device_key);
    let state = |acked, upto| StreamState { stream: kept_as, acked, resend_from: None, forked: None, sealed, upto };
    if !on(Guard::Sequence) && push.first <= held.seq + 1 {
        let (last, upto) = (push.last().seq, held.seq);
        book(writer, held.stream, push, upto, &signature, now_ms)?;
        return Ok(Ok(state(last, last.max(upto))));
    }
    let Some(fit) = fitting(writer, &sides, &push)? else {
        let gap = push.first > held.seq + 1;
        let resend_from = (!gap).then_some((push.first / 2).max(1));
        return Ok(Ok(StreamState { resend_from, ..state(held.seq, held.seq) }));
    };
    let named = push.side.filter(|side| held.stream != side.stream && side.first == push.first && fit.shared == 0);
    let (kept, upto) = match fit.parts || named.is_some() {
        false => (fit.side.stream, fit.side.seq),
        true => {
            book(writer, fit.side.stream, push.until(fit.shared), fit.side.seq, &[], now_ms)?;
            (new_side(writer, &fit, &push, named)?, push.entries[fit.shared].seq - 1)
        }
    };
    let (acked, goes_to) = (push.last().seq, if fit.parts { 0 } else { fit.side.seq });
    book(writer, kept, push, upto, &signature, now_ms)?;
    Ok(Ok(StreamState { forked: second_side(writer, kept, kept_as)?, ..state(acked, acked.max(goes_to)) }))
}

/// What the hub says of a stream that its owner believes to be held: how far it is, on which side, or that it must be sent again.
///
/// # Errors
/// A fault of the store.
pub fn standing(db: &dyn Read, held: &Held, device: &PublicKey) -> Result<StreamState, Fault> {
    let mut state = StreamState { stream: held.kept_as, acked: 0, resend_from: None, forked: None, sealed: false, upto: 0 };
    let sides = every_side(db, held.stream, held.kept_as)?;
    let Some(first) = sides.first().filter(|head| head.device_key == *device) else { return Ok(state) };
    (state.acked, state.upto, state.sealed) = (first.seq, first.seq, first.sealed != 0);
    for head in &sides {
        if held.seq <= head.seq && chain_hash(db, head.stream, held.seq)? == *held.hash {
            let upto = head.seq.max(furthest(db, head.stream)?);
            return Ok(StreamState { acked: held.seq, upto, forked: second_side(db, head.stream, held.kept_as)?, ..state });
        }
    }
    state.resend_from = (held.seq <= first.seq).then_some(held.seq.max(1));
    Ok(state)
}

impl Stretch {
    /// Reads a push as far as that needs no store.
    ///
    /// # Errors
    /// Nothing of it is believed.
    pub fn read(push: &Push, device: &PublicKey, registry: &Registry) -> Result<Stretch, Refused> {
        if push.entries.len() > PUSH_ENTRIES_MAX || push.first == 0 {
            return Err(Refused::TooMany);
        }
        let mut before = Stamp(0);
        let entries = (push.first..).zip(&push.entries).map(|(seq, wire)| {
            let entry = wire.entry(push.stream, seq, before).filter(|entry| entry.stamp > before).ok_or(Refused::Malformed(seq))?;
            before = entry.stamp;
            Ok(entry)
        });
        let entries = entries.collect::<Result<Vec<Entry>, Refused>>()?;
        let mut hash = *push.prev;
        let hashes: Vec<Hash> = entries
            .iter()
            .map(|entry| {
                hash = entry.hash(&hash);
                hash
            })
            .collect();
        let last = entries.last().ok_or(Refused::Malformed(push.first))?.seq;
        let signed = push_signed(device, push.stream, push.first, last, &hash, &*push.signature);
        if !signed {
            return Err(Refused::Signature);
        }
        let Push { stream, first, side, .. } = *push;
        let folded = Folded::of(registry, &entries);
        Ok(Stretch { stream, first, prev: *push.prev, side, signature: *push.signature, entries, hashes, folded })
    }

    /// What both sides of a fork begin with.
    fn until(&self, shared: usize) -> Stretch {
        let (entries, hashes) = (self.entries[..shared].to_vec(), self.hashes[..shared].to_vec());
        Stretch { entries, hashes, folded: None, ..*self }
    }

    fn last(&self) -> &Entry {
        &self.entries[self.entries.len() - 1]
    }
}

/// May this device push the stream? One not seen before must begin with its opening for this branch, by this very device or by one that it
/// replaced.
fn owned(writer: &mut Writer<'_>, push: &Stretch, device: &PublicKey, branch: BranchId) -> Result<Result<(), Refused>, Fault> {
    for name in [Some(push.stream), push.side.map(|side| side.stream)].into_iter().flatten() {
        let known = writer.stream(name)?.filter(|head| !head.nameless());
        let foreign = known.map_or(Ok(false), |head| not_for(writer, device, &head.device_key, branch))?;
        let own = writer.identity()?.stream;
        let hub = writer.stream(own)?.map_or([0; 32], |head| head.device_key);
        if foreign || is_hub_stream(name, &hub) {
            return Ok(Err(Refused::NotYours));
        }
    }
    if push.first > 1 || writer.stream(push.stream)?.is_some_and(|head| !head.nameless()) {
        return Ok(Ok(()));
    }
    let opened = push.entries.first().filter(|entry| entry.kind == Opened::KIND);
    let opened = opened.and_then(|entry| decoded::<Opened>(entry.body.bytes()?).ok());
    match opened.filter(|opened| opened.branch == Some(branch)) {
        Some(opened) if !not_for(writer, device, &opened.device_key, branch)? => {
            writer.know_stream(push.stream, Some(branch), &opened.device_key, opened.predecessor).map(Ok)
        }
        _ => Ok(Err(Refused::NotOpened)),
    }
}

/// This device may not bring what that one wrote: it is another, and did not replace it.
fn not_for(db: &dyn Read, device: &PublicKey, owner: &PublicKey, branch: BranchId) -> Result<bool, Fault> {
    Ok(owner != device && !salvage::may_carry(db, device, owner, branch)?)
}

/// The sides of a stream that the hub holds: the one kept under `kept_as` first, if there is one, else the first side; then the others.
fn every_side(db: &dyn Read, stream: StreamId, kept_as: StreamId) -> Result<Vec<StreamHead>, Fault> {
    let known = |stream| Ok::<_, Fault>(stream_head(db, stream)?.filter(|head| !head.nameless()));
    let mut sides: Vec<StreamHead> = known(stream)?.into_iter().collect();
    let mut at = 0;
    while let Some(first_side) = sides.get(at).map(|head| head.stream) {
        // Which second sides has this stream?
        let rows = db.rows("select stream from stream where predecessor = ?1 and fork_seq > 0 order by stream", &[first_side.into()])?;
        for row in &rows {
            sides.extend(known(StreamId(row.raw(0)))?);
        }
        at += 1;
    }
    sides.sort_by_key(|head| head.stream != kept_as);
    Ok(sides)
}

/// Does a second side of its stream hold this very entry?
pub(super) fn on_second_side(db: &dyn Read, entry: &Entry) -> Result<bool, Fault> {
    for side in every_side(db, entry.stream, entry.stream)?.iter().filter(|side| side.fork_seq > 0 && side.fork_seq <= entry.seq) {
        let held = entry_at(db, side, entry.seq)?.map(|held| Entry { stream: entry.stream, ..held });
        if held.is_some_and(|held| held.hash(&NO_HASH) == entry.hash(&NO_HASH)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How a push meets a side: it follows an entry that this side holds.
struct Fit {
    side: StreamHead,
    /// So many of its first entries this side holds too.
    shared: usize,
    /// In the place of a later one this side holds another.
    parts: bool,
}

/// The sequence check: the push must follow an entry that is held, by its hash. Of the sides that hold it, the one that shares most with it.
fn fitting(db: &dyn Read, sides: &[StreamHead], stretch: &Stretch) -> Result<Option<Fit>, Fault> {
    let mut best: Option<Fit> = None;
    for side in sides {
        if stretch.first > side.seq + 1 || chain_hash(db, side.stream, stretch.first - 1)? != stretch.prev {
            continue;
        }
        let (mut shared, mut parts) = (0, false);
        // Beyond the head too: what came back in pages of an earlier epoch was heard first.
        let most = furthest(db, side.stream)?;
        for (i, entry) in stretch.entries.iter().enumerate().take_while(|(_, entry)| entry.seq <= most) {
            let Some(held) = entry_at(db, side, entry.seq)? else {
                // Every history of a stream begins with its opening, also one of which only later entries came back in pages.
                shared += usize::from(entry.seq == 1);
                continue;
            };
            // By hash: an erased body stands for the one that was there.
            parts |= Entry { stream: entry.stream, ..held }.hash(&NO_HASH) != entry.hash(&NO_HASH);
            shared += usize::from(!parts && shared == i);
        }
        if best.as_ref().is_none_or(|best| (shared, !parts) > (best.shared, !best.parts)) {
            best = Some(Fit { side: side.clone(), shared, parts });
        }
    }
    Ok(best)
}

/// The last seq of a stream that is held at all, in sequence or not.
fn furthest(db: &dyn Read, stream: StreamId) -> Result<u64, Fault> {
    Ok(db.number("select coalesce(max(seq), 0) from entry where stream = ?1", &[stream.into()])? as u64)
}

/// Begins a second side with the first entry that is not shared, under the name that its author gives it, if it does.
fn new_side(writer: &mut Writer<'_>, fit: &Fit, stretch: &Stretch, named: Option<Side>) -> Result<StreamId, Fault> {
    let (entry, hash) = (&stretch.entries[fit.shared], &stretch.hashes[fit.shared]);
    let name = derived("fork", &[entry.stream.bytes(), &entry.seq.to_be_bytes(), hash]);
    let side = named.map_or(StreamId(name), |side| side.stream);
    writer.know_stream(side, fit.side.branch, &fit.side.device_key, Some(fit.side.stream))?;
    writer.mark_side(side, entry.seq)?;
    writer.seal_head(side, FORK, stretch.last().seq)?;
    Ok(side)
}

/// What the author of a second side is told of it, who keeps it as `kept_as`: the side that follows that one, and where. Of a side of a side it hears
/// next. None for a first side, and where the author has its name already.
fn second_side(db: &dyn Read, stream: StreamId, kept_as: StreamId) -> Result<Option<Side>, Fault> {
    let (mut told, mut at) = (None, stream);
    while let Some(head) = stream_head(db, at)?.filter(|head| head.fork_seq > 0 && (at != kept_as || !on(Guard::SideOfSide))) {
        let stream = if on(Guard::SideOfSide) { at } else { stream };
        (told, at) = (Some(Side { stream, first: head.fork_seq }), head.predecessor.unwrap_or(at));
    }
    Ok(told)
}

/// Appends what lies after `held` under a stream's id, and keeps who signed it.
fn book(writer: &mut Writer<'_>, stream: StreamId, stretch: Stretch, held: u64, signature: &[u8], now_ms: i64) -> Result<(), Fault> {
    let as_written = stream == stretch.stream && stretch.first > held;
    let new = stretch.entries.into_iter().filter(|entry| entry.seq > held).map(|entry| Entry { stream, ..entry });
    let new: Vec<Entry> = new.collect();
    let Some(hash) = stretch.hashes.last() else { return Ok(()) };
    let Some(last) = new.last() else {
        // What was booked without a signature gets it when its author sends it again.
        let upto = stretch.first + stretch.hashes.len() as u64 - 1;
        let signed = "select count(*) from signature where stream = ?1 and last >= ?2";
        let covered = signature.is_empty() || writer.number(signed, &[stream.into(), upto.into()])? > 0;
        return if covered { Ok(()) } else { writer.keep_signature(stream, stretch.first, upto, hash, signature) };
    };
    if stream != stretch.stream {
        writer.gather_strays(stretch.stream, &new)?;
    }
    super::strays::sent_after(writer, &new, now_ms)?;
    let outcomes = writer.take_in_folded(&new, stretch.folded.filter(|_| as_written))?;
    super::limits::hold(writer, &new, signature.len() > salvage::OWNERS, now_ms)?;
    super::hub::verdicts(writer, &new, &outcomes, now_ms)?;
    if writer.stream(stream)?.is_some_and(|head| head.sealed != 0 || !on(Guard::Author)) {
        super::generations::write_for(writer, stream, held + 1, now_ms)?;
    }
    writer.set_head(stream, last.seq, hash, last.stamp)?;
    if signature.is_empty() { Ok(()) } else { writer.keep_signature(stream, stretch.first, last.seq, hash, signature) }
}
