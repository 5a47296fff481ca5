//! Entries of an install that does not come back, brought by the one that replaced it: from its disk, a backup of it, or its mirror. The chain
//! of hashes holds them to what their owner signed; the courier signs what the owner did not, and the hub keeps whose signature it was.
use super::carry::{carry_to_heir, seal};
use super::push::{self, chain_hash, stretch, written_as};
use super::recovery::{LOST, REVOKED, TAKEN_OVER, outstanding};
use super::sign::{Keys, PublicKey};
use super::wire::{Held, Push, Side, StreamState};
use super::{asks, hub};
use crate::base::ids::derived;
use crate::base::limits::PUSH_ENTRIES_MAX;
use crate::base::{BranchId, CommandId, StreamId};
use crate::journal::{Entry, Fault, Moment, Read, Right};
use crate::store::Writer;
use crate::store::append::entry_of;
use crate::store::writer::stream_head;

/// Bytes of a signature that the owner made; a courier's is followed by the courier's key.
pub(super) const OWNERS: usize = 64;

/// May `courier` bring what `owner` wrote? Only within one branch, and only if it was enrolled later: head office's code for it declared the
/// other one replaced.
///
/// # Errors
/// A fault of the store.
pub fn may_carry(db: &dyn Read, courier: &PublicKey, owner: &PublicKey, branch: BranchId) -> Result<bool, Fault> {
    // Was this device enrolled for the branch after that one?
    let sql = "select count(*) from device o join device c on c.branch = o.branch and c.enrolled_ms > o.enrolled_ms
               where o.device_key = ?1 and c.device_key = ?2 and o.branch = ?3";
    Ok(db.number(sql, &[(*owner).into(), (*courier).into(), branch.into()])? > 0)
}

/// A signature as it is kept: with the key of who signed, where that is not the owner.
pub(super) fn signed_by(signature: &[u8; 64], signer: &PublicKey, owner: &PublicKey) -> Vec<u8> {
    let courier: &[u8] = if signer == owner { &[] } else { signer };
    [signature, courier].concat()
}

/// The key of the courier in a kept signature; none if the owner signed.
pub fn courier_of(kept: &[u8]) -> Option<PublicKey> {
    kept.get(OWNERS..)?.try_into().ok()
}

/// A stream of the install before this one that was brought here to its end: nothing can be missing, so it is sealed and what lies there is
/// carried at once. Answers how it stands; none if it is not what the hub holds, or in a recovery: then head office looks first.
///
/// # Errors
/// A fault of the store.
pub(super) fn whole(
    writer: &mut Writer<'_>,
    held: &Held,
    branch: BranchId,
    courier: &PublicKey,
    now_ms: i64,
) -> Result<Option<StreamState>, Fault> {
    let head = writer.stream(held.stream)?.filter(|head| head.branch == Some(branch) && (head.seq, head.hash) == (held.seq, *held.hash));
    let Some(head) = head else { return Ok(None) };
    // Has the courier a place that what lay there can be carried to?
    let heir = "select count(*) from stream where branch = ?1 and device_key = ?2 and sealed = 0";
    let ready = writer.number(heir, &[branch.into(), (*courier).into()])? > 0 && outstanding(writer)?.is_empty();
    if !ready || !may_carry(writer, courier, &head.device_key, branch)? {
        return Ok(None);
    }
    match head.sealed {
        0 => {
            let here = writer.identity()?.stream;
            let command = CommandId(derived("salvaged", &[held.stream.bytes()]));
            let moment = Moment { rights: vec![Right::Branches], ..asks::moment(command, hub::VERDICT, here, None, now_ms) };
            let _ = seal(writer, held.stream, TAKEN_OVER, &moment)?;
        }
        TAKEN_OVER | REVOKED | LOST => carry_to_heir(writer, held.stream, branch, now_ms)?,
        _ => return Ok(None),
    }
    Ok(Some(StreamState { stream: held.kept_as, acked: head.seq, resend_from: None, forked: None, sealed: true, upto: head.seq }))
}

/// The streams that the install of this database wrote, the earliest first, and up to where it knew each to be at head office.
///
/// # Errors
/// A fault of the store.
pub fn streams(db: &dyn Read) -> Result<Vec<(StreamId, u64)>, Fault> {
    // Which streams did this install write?
    let sql = "select stream, acked from stream where seq > 0 and device_key =
               (select s.device_key from meta m join stream s on s.stream = m.value where m.name = 'stream') order by stream";
    Ok(db.rows(sql, &[])?.iter().map(|row| (StreamId(row.raw(0)), row.int(1) as u64)).collect())
}

/// What this database holds of a stream after `after`, signed by the courier; up to the first entry that cannot be read any more.
///
/// # Errors
/// A fault of the store, if nothing can be read there.
pub fn brought(db: &dyn Read, keys: &Keys, stream: StreamId, after: u64) -> Result<Option<Push>, Fault> {
    let (name, head) = (written_as(db, stream)?, stream_head(db, stream)?);
    let (upto, fork_seq) = head.map_or((0, 0), |head| (head.seq, head.fork_seq));
    let entries = match stretch(db, stream, after) {
        Ok(entries) => entries,
        Err(_) => readable(db, stream, after)?,
    };
    let own = entries.into_iter().take_while(|entry| entry.seq <= upto);
    let entries: Vec<Entry> = own.map(|entry| Entry { stream: name, ..entry }).collect();
    if entries.is_empty() {
        return Ok(None);
    }
    Ok(push::of(&entries, chain_hash(db, stream, after)?, keys, (fork_seq > 0).then_some(Side { stream, first: fork_seq })))
}

/// Entry by entry, until one cannot be read.
fn readable(db: &dyn Read, stream: StreamId, after: u64) -> Result<Vec<Entry>, Fault> {
    let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased
               from entry where stream = ?1 and seq = ?2";
    let mut entries = Vec::new();
    for seq in (after + 1..).take(PUSH_ENTRIES_MAX) {
        match db.row(sql, &[stream.into(), seq.into()]) {
            Ok(Some(row)) => entries.push(entry_of(&row)),
            Ok(None) => break,
            Err(fault) if entries.is_empty() => return Err(fault),
            Err(_) => break,
        }
    }
    Ok(entries)
}

/// Where the stream that this database wrote last ends: what `whole` is told.
///
/// # Errors
/// A fault of the store.
pub fn end(db: &dyn Read) -> Result<Option<Held>, Fault> {
    let Some((stream, _)) = streams(db)?.pop() else { return Ok(None) };
    let Some(head) = stream_head(db, stream)? else { return Ok(None) };
    Ok(Some(Held { kept_as: stream, stream: written_as(db, stream)?, seq: head.seq, hash: head.hash.into() }))
}
