//! Seal and carry: one mechanism for a restored, replaced, lost or migrated install, of an edge and of the hub itself. A stream ends at the last
//! entry the hub holds; what lies at its place is then the hub's to take from, and goes to the place that goes on.
use super::asks::{CARRY, moment};
use super::generations;
use super::recovery::{LOST, REVOKED, TAKEN_OVER, accept_missing};
use crate::base::guards::{Guard, on};
use crate::base::ids::derived;
use crate::base::limits::{MOVED_ACCOUNTS_MAX, PARTS_MAX};
use crate::base::{Account, BranchId, CommandId, Holder, StreamId, Unit};
use crate::facts::journal::Sealed;
use crate::facts::ledger::{Carried, Moved};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Entry, Fault, Moment, Read, Refusal, Right};
use crate::ledger::{balance, issued};
use crate::store::Writer;
use crate::store::writer::{StreamHead, stream_head};

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
        if on(Guard::Nameless) {
            writer.book_nameless(branch)?;
        }
        carry_to_heir(writer, stream, branch, moment.now_ms)?;
        generations::write_for(writer, stream, 1, moment.now_ms)?;
        if reason == LOST || reason == REVOKED {
            accept_missing(writer, branch, moment.now_ms)?;
        }
    }
    Ok(Ok(()))
}

/// What lies at a sealed place goes to the install of the branch that goes on, or to the hub where there is none.
pub(super) fn carry_to_heir(writer: &mut Writer<'_>, sealed: StreamId, branch: BranchId, now_ms: i64) -> Result<(), Fault> {
    // Which install goes on: the one that follows this stream, else the newest?
    let heir = "select stream from stream where branch = ?1 and sealed = 0 and stream <> ?2
                order by case when predecessor = ?2 then 0 else 1 end, stream desc limit 1";
    let here = writer.identity()?.stream;
    let to = writer.row(heir, &[branch.into(), sealed.into()])?.map_or(here, |row| StreamId(row.raw(0)));
    carry(writer, sealed, to, now_ms)
}

/// Carries balances from a place that is the hub's to take from to another place.
struct Carry {
    from: StreamId,
    to: StreamId,
    accounts: Vec<Carried>,
}

impl Command for Carry {
    type State = ();
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        [self.from.bytes(), self.to.bytes(), &encoded(&self.accounts)].concat()
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), moment: &Moment) -> Result<Decided, Refusal> {
        let sealed_from = (self.from != moment.here).then_some(self.from);
        let last = self.accounts.len().div_ceil(MOVED_ACCOUNTS_MAX);
        let parts = (1..).zip(self.accounts.chunks(MOVED_ACCOUNTS_MAX)).map(|(n, chunk)| Moved {
            to: self.to,
            accounts: chunk.to_vec(),
            ask: None,
            sealed_from,
            more: n < last,
        });
        Ok(parts.fold(Decided::nothing(), |decided, moved| decided.fact(&moved)))
    }
}

/// What lies in the guarded accounts of a place; below zero what it owes.
fn guarded_at(db: &dyn Read, place: StreamId) -> Result<Vec<(Account, i64)>, Fault> {
    let accounts = accounts_at(db, place)?.into_iter().filter(|(account, _)| account.guarded());
    Ok(accounts.collect())
}

fn accounts_at(db: &dyn Read, place: StreamId) -> Result<Vec<(Account, i64)>, Fault> {
    // What lies at this place?
    let sql = "select holder, unit, amount from balance where place = ?1 and amount <> 0 order by holder, unit";
    let rows = db.rows(sql, &[place.into()])?;
    let read = |row: &crate::journal::Row| {
        let (holder, unit) = (Holder::from_key(row.blob(0))?, Unit::from_key(row.blob(1))?);
        Some((Account { holder, unit, place }, row.int(2)))
    };
    Ok(rows.iter().filter_map(read).collect())
}

/// Carries all that lies at a place to another.
fn carry(writer: &mut Writer<'_>, from: StreamId, to: StreamId, now_ms: i64) -> Result<(), Fault> {
    pay(writer, from, now_ms)?;
    let mut lying = Vec::new();
    for (account, amount) in accounts_at(writer, from)?.into_iter().filter(|(_, amount)| *amount > 0) {
        if !waits(writer, &account)? {
            lying.push(Carried::new(account.holder, account.unit, amount));
        }
    }
    for accounts in lying.chunks(MOVED_ACCOUNTS_MAX * PARTS_MAX) {
        give(writer, Carry { from, to, accounts: accounts.to_vec() }, now_ms)?;
    }
    Ok(())
}

/// Credit above the issue limits stays where it lies until head office confirmed it.
fn waits(db: &dyn Read, account: &Account) -> Result<bool, Fault> {
    match (account.holder, account.unit) {
        (Holder::Member(member), Unit::Value(_) | Unit::Bonus(_)) => issued::held(db, member),
        _ => Ok(false),
    }
}

fn give(writer: &mut Writer<'_>, carry: Carry, now_ms: i64) -> Result<(), Fault> {
    let here = writer.identity()?.stream;
    let own = writer.stream(here)?.map_or(0, |head| head.seq);
    let command = CommandId(derived("carry", &[carry.from.bytes(), carry.to.bytes(), &own.to_be_bytes()]));
    match writer.decide(&carry, &moment(command, CARRY, here, None, now_ms))? {
        Ok(_) => Ok(()),
        Err(refusal) => Err(Fault::Damaged(format!("carrying from {} was refused: {refusal}", carry.from))),
    }
}

/// At the hub: an install that was ended gave something back that was not heard of before it ended. What lay there was carried on then, so it goes
/// back to where it lay, and nobody has it twice. True if that is so of this entry.
pub(super) fn gave_too_late(writer: &mut Writer<'_>, entry: &Entry, moved: &Moved, now_ms: i64) -> Result<bool, Fault> {
    let ended =
        writer.stream(entry.stream)?.filter(|head| matches!(head.sealed, LOST | REVOKED | TAKEN_OVER) && entry.seq > head.sealed_seq);
    if ended.is_none() || !on(Guard::GaveTooLate) {
        return Ok(false);
    }
    let mut back = Vec::new();
    for (holder, unit, amount) in moved.accounts.iter().filter_map(|carried| carried.account().map(|(of, unit)| (of, unit, carried.amount)))
    {
        let lies = balance::amount(writer, &Account { holder, unit, place: moved.to })?;
        back.extend((lies > 0).then(|| Carried::new(holder, unit, amount.min(lies))));
    }
    if !back.is_empty() {
        give(writer, Carry { from: moved.to, to: entry.stream, accounts: back }, now_ms)?;
    }
    Ok(true)
}

/// What lies at the hub's earlier places goes to its present one.
pub(super) fn carry_hub(writer: &mut Writer<'_>, now_ms: i64) -> Result<(), Fault> {
    let here = writer.identity()?.stream;
    for place in hub_places_before(writer)? {
        carry(writer, place, here, now_ms)?;
    }
    pay(writer, here, now_ms)
}

/// The same for these accounts only: what lies there goes to the present place; what an earlier one owes in them is paid from there.
pub(super) fn carry_added(writer: &mut Writer<'_>, added: &[Account], now_ms: i64) -> Result<(), Fault> {
    let before = hub_places_before(writer)?;
    if before.is_empty() {
        return Ok(());
    }
    let here = writer.identity()?.stream;
    for place in &before {
        let mut lying = Vec::new();
        for account in added.iter().filter(|account| account.place == *place) {
            let amount = balance::amount(writer, account)?;
            lying.extend((amount > 0).then(|| Carried::new(account.holder, account.unit, amount)));
        }
        for accounts in lying.chunks(MOVED_ACCOUNTS_MAX * PARTS_MAX) {
            give(writer, Carry { from: *place, to: here, accounts: accounts.to_vec() }, now_ms)?;
        }
    }
    for account in added.iter().filter(|account| account.guarded() && (account.place == here || before.contains(&account.place))) {
        for place in &before {
            let owes = balance::amount(writer, &Account { place: *place, ..*account })?.min(0);
            let paid = balance::amount(writer, &Account { place: here, ..*account })?.min(-owes);
            if paid > 0 {
                give(writer, Carry { from: here, to: *place, accounts: vec![Carried::new(account.holder, account.unit, paid)] }, now_ms)?;
            }
        }
    }
    Ok(())
}

fn hub_places_before(db: &Writer<'_>) -> Result<Vec<StreamId>, Fault> {
    let rows = db.rows("select stream from stream where branch = x'' and stream <> ?1 order by stream", &[db.identity()?.stream.into()])?;
    Ok(rows.iter().map(|row| StreamId(row.raw(0))).collect())
}

/// The hub's places are one purse. What an earlier one gave and had received in entries that no branch pulled, so that nobody can give them back,
/// it owes to the place from which it came: that is paid before anything is given from there.
fn pay(writer: &mut Writer<'_>, from: StreamId, now_ms: i64) -> Result<(), Fault> {
    for place in hub_places_before(writer)?.into_iter().filter(|place| *place != from) {
        let owed = guarded_at(writer, place)?.into_iter().filter(|(_, amount)| *amount < 0);
        let mut paid = Vec::new();
        for (Account { holder, unit, .. }, owes) in owed {
            let lies = balance::amount(writer, &Account { holder, unit, place: from })?;
            if lies > 0 {
                paid.push(Carried::new(holder, unit, lies.min(-owes)));
            }
        }
        if !paid.is_empty() {
            give(writer, Carry { from, to: place, accounts: paid }, now_ms)?;
        }
    }
    Ok(())
}
