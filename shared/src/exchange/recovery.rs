//! Epochs of the hub. One that was restored begins a new epoch. It listens to an install only after that install has given back all pages of earlier epochs that
//! the hub lacks: what the hub said comes before what a branch did with it, so no place is ever below zero for want of what it was given. It moves
//! nothing from its earlier places until every branch has been heard.
pub use super::carry::{Seal, seal};
use super::carry::{carry_added, carry_hub};
use super::intake::on_second_side;
use super::pages;
use super::sign::PublicKey;
use super::strays;
use super::wire::{Cursor, Page, Request};
use crate::base::guards::{Guard, on};
use crate::base::{BranchId, StreamId};
use crate::facts::journal::{Closed, Opened, Sealed};
pub use crate::facts::journal::{FORK, HUB_BEFORE, LOST, REVOKED, TAKEN_OVER};
use crate::facts::{Fact, ledger::Moved};
use crate::journal::command::encoded;
use crate::journal::stream::{hub_stream, is_hub_stream};
use crate::journal::{Entry, Fault, Read};
use crate::store::Writer;
use crate::store::drafts::{draft, drafts};
use crate::store::writer::meta_number;
use crate::views::registry::decoded;
use minicbor::{Decode, Encode};

/// Draft kinds of a recovery: one per epoch, one per branch that still has to report.
const EPOCH: &str = "epoch";
const OUTSTANDING: &str = "recovery";

/// Where the feeds stood when an epoch began: up to there positions mean the same in the epoch before.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Began {
    #[n(0)]
    before: u64,
    #[n(1)]
    heads: Vec<Stood>,
    /// The recovery of the epoch before was not over: what that one wanted back is wanted still.
    #[n(2)]
    unfinished: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Stood {
    #[n(0)]
    scope: minicbor::bytes::ByteVec,
    #[n(1)]
    position: u64,
}

/// The hub's present epoch; 0 before it was initialised.
///
/// # Errors
/// A fault of the store.
pub fn epoch(db: &dyn Read) -> Result<u64, Fault> {
    Ok(meta_number(db, "epoch")? as u64)
}

/// Branches that still have to give back what they hold; empty outside a recovery.
///
/// # Errors
/// A fault of the store.
pub fn outstanding(db: &dyn Read) -> Result<Vec<BranchId>, Fault> {
    Ok(drafts(db, OUTSTANDING)?.into_iter().filter_map(|(id, _)| id.try_into().ok().map(BranchId)).collect())
}

/// Opens the hub's stream: its first, or after a restore a new one with a new epoch and recovery.
///
/// # Errors
/// A fault of the store.
pub fn open_hub(writer: &mut Writer<'_>, stream: StreamId, key: &PublicKey, now_ms: i64) -> Result<(), Fault> {
    let (stream, before) = (hub_stream(stream, key), epoch(writer)?);
    let predecessor = writer.identity().ok().map(|identity| identity.stream);
    let predecessor_seq = predecessor.map(|stream| writer.stream(stream)).transpose()?.flatten().map_or(0, |head| head.seq);
    let epoch = if before == 0 { 1 } else { (before + 1).max(now_ms.max(0) as u64) };
    let rows = writer.rows("select scope, next from feed_head order by scope", &[])?;
    let heads = rows.iter().map(|row| Stood { scope: row.blob(0).to_vec().into(), position: row.int(1) as u64 - 1 }).collect();
    writer.open_stream(stream, &Opened { branch: None, device_key: *key, predecessor, predecessor_seq, epoch }, now_ms)?;
    writer.set_meta("epoch", &(epoch as i64).to_be_bytes())?;
    let unfinished = !outstanding(writer)?.is_empty();
    writer.set_draft(EPOCH, &epoch.to_be_bytes(), Some(&encoded(&Began { before, heads, unfinished })))?;
    let Some(old) = predecessor else { return Ok(()) };
    writer.seal_head(old, HUB_BEFORE, predecessor_seq)?;
    // One that was closed by its own word before it moved lacks nothing.
    let closed = "select count(*) from entry where stream = ?1 and seq = ?2 and kind = ?3";
    if writer.number(closed, &[old.into(), predecessor_seq.into(), Closed::KIND.into()])? == 0 {
        for branch in open_branches(writer)? {
            writer.set_draft(OUTSTANDING, branch.bytes(), Some(&[]))?;
        }
    }
    if !on(Guard::Recovery) {
        carry_hub(writer, now_ms)?;
    }
    finish(writer, now_ms)
}

fn open_branches(db: &dyn Read) -> Result<Vec<BranchId>, Fault> {
    // Which branches have a stream that is not sealed, or a device of which no stream came in yet?
    let sql = "select branch from stream where sealed = 0 and branch <> x''
               union select branch from device d where revoked = 0 and not exists (select 1 from stream s where s.branch = d.branch)
               order by branch";
    let rows = db.rows(sql, &[])?;
    Ok(rows.iter().map(|row| BranchId(row.raw(0))).collect())
}

/// Up to which position of a scope a cursor of any epoch still means the same.
///
/// # Errors
/// A fault of the store.
pub fn common_position(db: &dyn Read, scope: &[u8], cursor_epoch: u64, position: u64) -> Result<u64, Fault> {
    let (mut at, mut position) = (epoch(db)?, position.min(pages::head(db, scope)?));
    while at > cursor_epoch {
        let Some(began) = began(db, at)? else { return Ok(0) };
        position = position.min(began.heads.iter().find(|stood| stood.scope.as_slice() == scope).map_or(0, |stood| stood.position));
        at = began.before;
    }
    Ok(if at == cursor_epoch { position } else { 0 })
}

fn began(db: &dyn Read, epoch: u64) -> Result<Option<Began>, Fault> {
    Ok(draft(db, EPOCH, &epoch.to_be_bytes())?.and_then(|body| minicbor::decode(&body).ok()))
}

/// Has this install given back what it holds of earlier epochs? It says so, or has read pages of this epoch, or has never read any.
///
/// # Errors
/// A fault of the store.
pub fn heard(db: &dyn Read, request: &Request) -> Result<bool, Fault> {
    let epoch = epoch(db)?;
    Ok(request.all_given_back == Some(epoch) || request.cursors.iter().all(|cursor| cursor.epoch == epoch || cursor.epoch == 0))
}

/// After which pages of earlier epochs an install should go on giving back, by scope: after those that it just gave, if this epoch asked for
/// them.
///
/// # Errors
/// A fault of the store.
pub fn wanted_back(db: &dyn Read, branch: BranchId, request: &Request) -> Result<Vec<Cursor>, Fault> {
    let now = epoch(db)?;
    let given = if request.given_back_in == Some(now) { &request.given_back[..] } else { &[] };
    let mut from = began(db, now)?;
    while let Some(before) = from.as_ref().filter(|began| began.unfinished).map(|began| began.before) {
        from = self::began(db, before)?;
    }
    let wanted = [super::CHAIN, branch.bytes()].map(|scope| {
        let stood = from.iter().flat_map(|began| &began.heads).find(|stood| stood.scope.as_slice() == scope);
        let first = (from.as_ref().map_or(0, |began| began.before), stood.map_or(0, |stood| stood.position));
        let last = given.iter().filter(|page| page.scope.as_slice() == scope).map(|page| (page.epoch, page.upto)).max();
        let (epoch, position) = last.unwrap_or(first);
        Cursor { scope: scope.to_vec().into(), epoch, position, proof: None }
    });
    Ok(wanted.into())
}

/// At an edge: the pages of epochs before `epoch` after those cursors, a few at a time, and whether that is all.
///
/// # Errors
/// A fault of the store.
pub fn pages_back(db: &dyn Read, epoch: u64, after: &[Cursor]) -> Result<(Vec<Page>, bool), Fault> {
    const AT_ONCE: usize = 4;
    let mut back = Vec::new();
    let mut all = true;
    for cursor in after {
        // Which pages of an earlier epoch come next?
        let sql = "select epoch, start, upto, entries, signature from page
                   where scope = ?1 and epoch < ?2 and (epoch, upto) > (?3, ?4) and entries <> x'' order by epoch, upto limit ?5";
        let (scope, limit) = (cursor.scope.as_slice(), AT_ONCE + 1);
        let rows = db.rows(sql, &[scope.into(), epoch.into(), cursor.epoch.into(), cursor.position.into(), limit.into()])?;
        all &= rows.len() <= AT_ONCE;
        for row in rows.iter().take(AT_ONCE) {
            let entries = pages::page_entries(db, row.blob(3))?;
            let wire = |entry: &Entry| super::wire::PageEntry {
                stream: entry.stream,
                seq: entry.seq,
                entry: super::wire::WireEntry::of(entry, crate::journal::Stamp(0)),
            };
            back.push(Page {
                scope: cursor.scope.clone(),
                epoch: row.int(0) as u64,
                start: row.int(1) as u64,
                upto: row.int(2) as u64,
                entries: entries.iter().map(wire).collect(),
                told: Vec::new(),
                more: false,
                signature: <[u8; 64]>::try_from(row.blob(4)).unwrap_or([0; 64]).into(),
            });
        }
    }
    Ok((back, all))
}

/// At the hub: takes back what its pages of earlier epochs said: its own entries, and those of branches in case their owners have lost them too. What a
/// branch posts is held until what it did before is here.
///
/// # Errors
/// A fault of the store.
pub fn take_back(writer: &mut Writer<'_>, branch: BranchId, given: &[Page], key: &PublicKey, now_ms: i64) -> Result<(), Fault> {
    for page in given {
        let Ok(entries) = pages::read(page, key) else { continue };
        pages::keep_proof(writer, page, &entries)?;
        for entry in &entries {
            if is_hub_stream(entry.stream, key) {
                writer.know_hub_before(entry.stream, key)?;
            }
            if page.scope.as_slice() == branch.bytes() {
                know_places(writer, entry, branch, key)?;
            }
        }
        let entries = strays::sorted_out(writer, entries, now_ms)?;
        let (early, now): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| !is_hub_stream(entry.stream, key) && writer.registry().posts(entry));
        writer.take_in(&now)?;
        for entry in &early {
            writer.hold(entry)?;
            if on_second_side(writer, entry)? {
                writer.gather_strays(entry.stream, std::slice::from_ref(entry))?;
            }
        }
    }
    Ok(())
}

/// What an entry in a branch's scope says of streams that this hub may have forgotten: they are this branch's, and sealed ones are sealed.
fn know_places(writer: &mut Writer<'_>, entry: &Entry, branch: BranchId, key: &PublicKey) -> Result<(), Fault> {
    let Some(bytes) = entry.body.bytes() else { return Ok(()) };
    let mut know = |stream: StreamId, sealed: Option<(u8, u64)>| {
        if is_hub_stream(stream, key) {
            return Ok(());
        }
        writer.know_place(stream, branch)?;
        let open = writer.stream(stream)?.is_some_and(|head| head.sealed == 0);
        sealed.filter(|_| open).map_or(Ok(()), |(reason, seq)| writer.seal_head(stream, reason, seq))
    };
    match entry.kind {
        Moved::KIND => decoded::<Moved>(bytes).map_or(Ok(()), |moved| know(moved.to, None)),
        Sealed::KIND => decoded::<Sealed>(bytes).map_or(Ok(()), |sealed| know(sealed.stream, Some((sealed.reason, sealed.seq)))),
        _ => Ok(()),
    }
}

/// A branch has been heard in this epoch: nothing of it is outstanding. True if that was not known before.
///
/// # Errors
/// A fault of the store.
pub fn reported(writer: &mut Writer<'_>, branch: BranchId) -> Result<bool, Fault> {
    let outstanding = draft(writer, OUTSTANDING, branch.bytes())?.is_some();
    if outstanding {
        writer.set_draft(OUTSTANDING, branch.bytes(), None)?;
    }
    Ok(outstanding)
}

/// Head office accepts what may be missing: recovery ends for a branch that does not come.
///
/// # Errors
/// A fault of the store.
pub fn accept_missing(writer: &mut Writer<'_>, branch: BranchId, now_ms: i64) -> Result<(), Fault> {
    reported(writer, branch)?;
    finish(writer, now_ms)
}

/// Ends the recovery once no branch is outstanding: what lies at the hub's earlier places is carried to the present one.
fn finish(writer: &mut Writer<'_>, now_ms: i64) -> Result<(), Fault> {
    if outstanding(writer)?.is_empty() { carry_hub(writer, now_ms) } else { Ok(()) }
}

/// At the hub, at every exchange: what this transaction added to an earlier place of the hub is carried on, outside recovery. `heard_now`: the
/// exchange may end a recovery, and then all that lies there is looked at; later that would be a walk over every balance for each exchange.
///
/// # Errors
/// A fault of the store.
pub fn carry_on(writer: &mut Writer<'_>, heard_now: bool, now_ms: i64) -> Result<(), Fault> {
    let added = writer.take_added();
    if heard_now {
        return finish(writer, now_ms);
    }
    if added.is_empty() || !outstanding(writer)?.is_empty() {
        return Ok(());
    }
    carry_added(writer, &added, now_ms)
}
