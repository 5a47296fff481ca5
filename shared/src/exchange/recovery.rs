//! New stream, seal, carry: one mechanism for a restored, replaced, lost or migrated install, of an edge and of the hub itself.
//! A hub that was restored takes in and gives out, but moves nothing from its old place until every branch has given back what it holds.
use super::asks::{CARRY, moment};
use super::pages;
use super::sign::PublicKey;
use super::wire::{Cursor, Page};
use crate::base::guards::{Guard, on};
use crate::base::ids::derived;
use crate::base::limits::{MOVED_ACCOUNTS_MAX, PARTS_MAX};
use crate::base::{BranchId, CommandId, Holder, StreamId, Unit};
use crate::facts::journal::{Opened, Sealed};
use crate::facts::ledger::{Carried, Moved};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Entry, Fault, Moment, Read, Refusal, Right};
use crate::store::Writer;
use crate::store::drafts::{draft, drafts};
use crate::store::writer::{StreamHead, meta_number, stream_head};
use minicbor::{Decode, Encode};

/// `Sealed.reason`: a new install took over; revoked; declared lost; the hub's own earlier stream.
pub const TAKEN_OVER: u8 = 1;
pub const REVOKED: u8 = 2;
pub const LOST: u8 = 3;
pub const HUB_BEFORE: u8 = 5;

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

/// The name of a stream of the hub: eight fresh bytes and a mark, so that a hub that forgot one of its own streams knows it again.
fn hub_stream(fresh: StreamId, key: &PublicKey) -> StreamId {
    let mut name = fresh.0;
    let mark = derived("hub stream", &[key, &fresh.0[..8]]);
    name[8..].copy_from_slice(&mark[..8]);
    StreamId(name)
}

/// Does this name bear the hub's mark?
pub fn is_hub_stream(stream: StreamId, key: &PublicKey) -> bool {
    hub_stream(stream, key) == stream
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
    writer.set_draft(EPOCH, &epoch.to_be_bytes(), Some(&encoded(&Began { before, heads })))?;
    let Some(old) = predecessor else { return Ok(()) };
    writer.seal_head(old, HUB_BEFORE, predecessor_seq)?;
    for branch in open_branches(writer)? {
        writer.set_draft(OUTSTANDING, branch.bytes(), Some(&encoded(&Vec::<Cursor>::new())))?;
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
        let Some(began) = draft(db, EPOCH, &at.to_be_bytes())?.and_then(|body| minicbor::decode::<Began>(&body).ok()) else { return Ok(0) };
        position = position.min(began.heads.iter().find(|stood| stood.scope.as_slice() == scope).map_or(0, |stood| stood.position));
        at = began.before;
    }
    Ok(if at == cursor_epoch { position } else { 0 })
}

/// In recovery: from where a branch should give back the pages it holds; none if it has, or outside a recovery.
///
/// # Errors
/// A fault of the store.
pub fn wanted_back(db: &dyn Read, branch: BranchId) -> Result<Option<Vec<Cursor>>, Fault> {
    let Some(body) = draft(db, OUTSTANDING, branch.bytes())? else { return Ok(None) };
    let got: Vec<Cursor> = minicbor::decode(&body).unwrap_or_default();
    let now = epoch(db)?;
    let began = draft(db, EPOCH, &now.to_be_bytes())?.and_then(|body| minicbor::decode::<Began>(&body).ok());
    let heads = began.map_or(Vec::new(), |began| began.heads);
    let wanted = [super::CHAIN, branch.bytes()].map(|scope| {
        let from = heads.iter().find(|stood| stood.scope.as_slice() == scope).map_or(0, |stood| stood.position);
        let progress = got.iter().find(|cursor| cursor.scope.as_slice() == scope);
        Cursor {
            scope: scope.to_vec().into(),
            epoch: now,
            position: progress.map_or(from, |cursor| cursor.position.max(from)),
            proof: None,
        }
    });
    Ok(Some(wanted.into()))
}

/// At an edge: the pages of earlier epochs above the wanted positions, a few at a time, and whether that is all.
///
/// # Errors
/// A fault of the store.
pub fn pages_back(db: &dyn Read, wanted: &[Cursor]) -> Result<(Vec<Page>, bool), Fault> {
    const AT_ONCE: usize = 4;
    let mut back = Vec::new();
    let mut all = true;
    for cursor in wanted {
        // Which pages of an earlier epoch lie above this position?
        let sql = "select epoch, start, upto, entries, signature from page
                   where scope = ?1 and epoch < ?2 and upto > ?3 and entries <> x'' order by upto limit ?4";
        let rows = db.rows(sql, &[cursor.scope.as_slice().into(), cursor.epoch.into(), cursor.position.into(), (AT_ONCE + 1).into()])?;
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

/// At the hub: takes back its own entries from pages it signed once; entries of branches come from their owners again.
///
/// # Errors
/// A fault of the store.
pub fn take_back(writer: &mut Writer<'_>, branch: BranchId, given: &[Page], all: bool, key: &PublicKey, now_ms: i64) -> Result<(), Fault> {
    let Some(body) = draft(writer, OUTSTANDING, branch.bytes())? else { return Ok(()) };
    let mut got: Vec<Cursor> = minicbor::decode(&body).unwrap_or_default();
    for page in given {
        let Ok(entries) = pages::read(page, key) else { continue };
        pages::keep_proof(writer, page, &entries)?;
        let mut own = Vec::with_capacity(entries.len());
        for entry in entries {
            match writer.stream(entry.stream)? {
                Some(head) if head.branch.is_some() => continue,
                Some(_) => {}
                None if is_hub_stream(entry.stream, key) => writer.know_stream(entry.stream, None, key, None)?,
                // A branch's that this hub has forgotten too: its owner sends it again.
                None => continue,
            }
            own.push(entry);
        }
        writer.take_in(&own)?;
        got.retain(|cursor| cursor.scope != page.scope);
        got.push(Cursor { scope: page.scope.clone(), epoch: page.epoch, position: page.upto, proof: None });
    }
    let body = encoded(&got);
    writer.set_draft(OUTSTANDING, branch.bytes(), if all { None } else { Some(&body) })?;
    finish(writer, now_ms)
}

/// Head office accepts what may be missing: recovery ends for a branch that does not come.
///
/// # Errors
/// A fault of the store.
pub fn accept_missing(writer: &mut Writer<'_>, branch: BranchId, now_ms: i64) -> Result<(), Fault> {
    writer.set_draft(OUTSTANDING, branch.bytes(), None)?;
    finish(writer, now_ms)
}

/// Ends the recovery once no branch is outstanding: what lies at the hub's earlier places is carried to the present one.
fn finish(writer: &mut Writer<'_>, now_ms: i64) -> Result<(), Fault> {
    if outstanding(writer)?.is_empty() { carry_hub(writer, now_ms) } else { Ok(()) }
}

fn carry_hub(writer: &mut Writer<'_>, now_ms: i64) -> Result<(), Fault> {
    let here = writer.identity()?.stream;
    let before = writer.rows("select stream from stream where branch = x'' and stream <> ?1 order by stream", &[here.into()])?;
    before.iter().try_for_each(|row| carry(writer, StreamId(row.raw(0)), here, now_ms))
}

/// At the hub, at every exchange outside recovery: what was added to an earlier place of the hub since is carried on.
///
/// # Errors
/// A fault of the store.
pub fn carry_on(writer: &mut Writer<'_>, now_ms: i64) -> Result<(), Fault> {
    finish(writer, now_ms)
}

/// Ends a stream at the last entry the hub holds, and carries what lies there to the branch's open stream, or to the hub where there is none.
pub struct Seal {
    pub stream: StreamId,
    pub reason: u8,
}

impl Command for Seal {
    type State = Option<StreamHead>;
    const RIGHT: Option<Right> = Some(Right::Branches);

    fn content(&self) -> Vec<u8> {
        [self.stream.bytes(), &[self.reason]].concat()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Option<StreamHead>, Fault> {
        stream_head(db, self.stream)
    }

    fn decide(&self, head: &Option<StreamHead>, _: &Moment) -> Result<Decided, Refusal> {
        let head = head.as_ref().filter(|head| head.branch.is_some()).ok_or_else(|| Refusal::NotFound { what: self.stream.to_string() })?;
        Ok(Decided::nothing().fact(&Sealed { stream: self.stream, seq: head.seq, hash: head.hash, reason: self.reason }))
    }
}

/// Seals and carries in one transaction.
///
/// # Errors
/// Outer: a fault of the store. Inner: the right is missing, or there is no such stream of a branch.
pub fn seal(writer: &mut Writer<'_>, stream: StreamId, reason: u8, moment: &Moment) -> Result<Result<(), Refusal>, Fault> {
    if let Err(refusal) = writer.decide(&Seal { stream, reason }, moment)? {
        return Ok(Err(refusal));
    }
    let Some(head) = writer.stream(stream)? else { return Ok(Ok(())) };
    if head.sealed == 0 {
        writer.seal_head(stream, reason, head.seq)?;
    }
    if let Some(branch) = head.branch {
        carry_to_heir(writer, stream, branch, moment.now_ms)?;
        if reason == LOST || reason == REVOKED {
            accept_missing(writer, branch, moment.now_ms)?;
        }
    }
    Ok(Ok(()))
}

/// What lies at a sealed place goes to the branch's open stream, or to the hub where there is none.
pub(super) fn carry_to_heir(writer: &mut Writer<'_>, sealed: StreamId, branch: BranchId, now_ms: i64) -> Result<(), Fault> {
    let newest = "select stream from stream where branch = ?1 and sealed = 0 order by stream desc limit 1";
    let here = writer.identity()?.stream;
    let to = writer.row(newest, &[branch.into()])?.map_or(here, |row| StreamId(row.raw(0)));
    carry(writer, sealed, to, now_ms)
}

/// Carries all that lies at a sealed place to another place.
struct Carry {
    from: StreamId,
    to: StreamId,
    number: u64,
}

impl Command for Carry {
    type State = Vec<Carried>;
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        [self.from.bytes(), self.to.bytes(), &self.number.to_be_bytes()].concat()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Vec<Carried>, Fault> {
        lying_at(db, self.from)
    }

    fn decide(&self, accounts: &Vec<Carried>, _: &Moment) -> Result<Decided, Refusal> {
        let most = MOVED_ACCOUNTS_MAX * PARTS_MAX;
        let mut decided = Decided::nothing();
        let chunks = accounts[..accounts.len().min(most)].chunks(MOVED_ACCOUNTS_MAX);
        let last = chunks.len().saturating_sub(1);
        for (n, chunk) in chunks.enumerate() {
            let more = n < last || accounts.len() > most;
            decided = decided.fact(&Moved { to: self.to, accounts: chunk.to_vec(), ask: None, sealed_from: Some(self.from), more });
        }
        Ok(decided)
    }
}

fn lying_at(db: &dyn Read, place: StreamId) -> Result<Vec<Carried>, Fault> {
    // What lies at this place?
    let rows =
        db.rows("select holder, unit, amount from balance where place = ?1 and amount > 0 order by holder, unit", &[place.into()])?;
    let read = |row: &crate::journal::Row| Some(Carried::new(Holder::from_key(row.blob(0))?, Unit::from_key(row.blob(1))?, row.int(2)));
    Ok(rows.iter().filter_map(read).collect())
}

fn carry(writer: &mut Writer<'_>, from: StreamId, to: StreamId, now_ms: i64) -> Result<(), Fault> {
    let here = writer.identity()?.stream;
    while !lying_at(writer, from)?.is_empty() {
        let own = writer.stream(here)?.map_or(0, |head| head.seq);
        let command = CommandId(derived("carry", &[from.bytes(), to.bytes(), &own.to_be_bytes()]));
        let carried = writer.decide(&Carry { from, to, number: own }, &moment(command, CARRY, here, None, now_ms))?;
        if let Err(refusal) = carried {
            return Err(Fault::Damaged(format!("carrying from {from} was refused: {refusal}")));
        }
    }
    Ok(())
}
