//! Asking for a balance that lies elsewhere: the hub grants from its own place and recalls the rest, fullest place first; a giver answers a recall
//! with what it has, possibly nothing; what comes back in time goes on to the asker in the same hub transaction, later it stays at the hub.
use super::wire::Ask;
use super::{carry, debts};
use crate::base::guards::{Guard, on};
use crate::base::ids::derived;
use crate::base::limits::{ASK_FORWARD_MS, MOVED_ACCOUNTS_MAX};
use crate::base::{BranchId, CommandId, StreamId};
use crate::facts::Fact;
use crate::facts::ledger::{Carried, Moved, Recalled, Wanted};
use crate::journal::command::encoded;
use crate::journal::{Actor, Command, Decided, Entry, Fault, Moment, Read, Refusal, Right};
use crate::ledger::{issued, moves};
use crate::store::Writer;
use crate::views::registry::decoded;
use std::collections::BTreeSet;

/// Numbers of the rules that act by themselves; `by` of their entries.
pub const GRANT: u16 = 1;
pub const GIVE_BACK: u16 = 2;
pub const FORWARD: u16 = 3;
pub const CARRY: u16 = 4;
pub const WRITE_AGAIN: u16 = 6;
pub const HOLD_ISSUES: u16 = 7;
pub const COLLECT: u16 = 8;

/// The hub answers an ask, once. Its id is the ask's.
pub struct Grant<'a> {
    pub ask: &'a Ask,
    pub asker: StreamId,
}

/// What lies at the hub, and at each open place of another branch, fullest first. Where a branch went on in a later stream, nobody answers for the
/// earlier one: what lies there waits until head office seals it.
pub struct Places {
    here: Vec<Carried>,
    others: Vec<(StreamId, i64)>,
}

impl Command for Grant<'_> {
    type State = Places;
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        encoded(self.ask)
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Places, Fault> {
        if waits(db, &self.ask.wanted)? {
            return Ok(Places { here: Vec::new(), others: Vec::new() });
        }
        // What head office itself asks for it has already, as far as it lies here.
        let own = self.asker == moment.here;
        let lying = if own { Vec::new() } else { moves::lying(db, &self.ask.wanted, moment.here)? };
        let here = moves::share(&self.ask.wanted, &lying);
        // Which places of branches are open, and still written by somebody who could answer?
        let open = "select stream from stream s where sealed = 0 and branch <> x'' and not exists
                    (select 1 from stream later where later.branch = s.branch and later.fork_seq = 0 and later.stream > s.stream
                    and (later.seq > 0 or later.sealed = 0))
                    order by stream";
        let open: BTreeSet<StreamId> = db.rows(open, &[])?.iter().map(|row| StreamId(row.raw(0))).collect();
        let lies = moves::by_place(db, &self.ask.wanted)?.into_iter();
        let mut others: Vec<_> = lies.filter(|(place, _)| *place != self.asker && open.contains(place)).collect();
        others.sort_by_key(|(place, lies)| (std::cmp::Reverse(*lies), *place));
        Ok(Places { here, others })
    }

    fn decide(&self, places: &Places, _: &Moment) -> Result<Decided, Refusal> {
        let mut decided = Decided::nothing();
        let mut left = moves::rest(&self.ask.wanted, &places.here);
        if !places.here.is_empty() {
            decided = decided.fact(&moved(self.asker, places.here.clone(), self.ask));
        }
        for (giver, lies) in &places.others {
            let Some(wanted) = left else { break };
            let recalled =
                Recalled { ask: self.ask.id, asker: self.asker, giver: *giver, wanted: wanted.clone(), until_ms: self.ask.until_ms };
            decided = decided.fact(&recalled);
            left = match wanted {
                Wanted::Value(member, amount) => (amount > *lies).then_some(Wanted::Value(member, amount - lies)),
                Wanted::Points(member, amount) => (amount > *lies).then_some(Wanted::Points(member, amount - lies)),
                Wanted::Returnable(_) => None,
                Wanted::Uses(..) => Some(wanted),
            };
        }
        if decided.parts.is_empty() {
            // Nothing anywhere: said all the same, so that the ask is answered once.
            decided = decided.fact(&moved(self.asker, Vec::new(), self.ask));
        }
        Ok(decided)
    }
}

/// Credit above the issue limits stays where it lies until head office confirmed it.
fn waits(db: &dyn Read, wanted: &Wanted) -> Result<bool, Fault> {
    match wanted {
        Wanted::Value(member, _) => issued::held(db, *member),
        _ => Ok(false),
    }
}

fn moved(to: StreamId, mut accounts: Vec<Carried>, ask: &Ask) -> Moved {
    accounts.truncate(MOVED_ACCOUNTS_MAX);
    Moved { to, accounts, ask: Some(ask.id), sealed_from: None, more: false }
}

/// A giver answers a recall with one `Moved` to the hub of what it has.
pub struct GiveBack<'a> {
    pub recalled: &'a Recalled,
    pub hub: StreamId,
}

impl Command for GiveBack<'_> {
    type State = Vec<Carried>;
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        encoded(self.recalled)
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Vec<Carried>, Fault> {
        Ok(moves::share(&self.recalled.wanted, &moves::lying(db, &self.recalled.wanted, moment.here)?))
    }

    fn decide(&self, accounts: &Vec<Carried>, _: &Moment) -> Result<Decided, Refusal> {
        let accounts = accounts.iter().take(MOVED_ACCOUNTS_MAX).cloned().collect();
        Ok(Decided::nothing().fact(&Moved { to: self.hub, accounts, ask: Some(self.recalled.ask), sealed_from: None, more: false }))
    }
}

/// What came back in time goes on to the asker.
struct Forward {
    to: StreamId,
    moved: Moved,
}

impl Command for Forward {
    type State = ();
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        encoded(&self.moved)
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&Moved { to: self.to, ..self.moved.clone() }))
    }
}

/// The moment of a rule that acts by itself.
pub fn moment(command: CommandId, rule: u16, here: StreamId, branch: Option<BranchId>, now_ms: i64) -> Moment {
    Moment {
        command,
        by: Actor::Reaction(rule),
        rights: Vec::new(),
        now_ms,
        hub_ms: 0,
        branch,
        here,
        till: None,
        shift: None,
        day: 0,
        hour: 0,
        entropy: [0; 16],
    }
}

/// At the hub: answers an ask of `asker`, unless it was answered or the hub is in recovery.
///
/// # Errors
/// A fault of the store.
pub fn answer(writer: &mut Writer<'_>, ask: &Ask, asker: StreamId, now_ms: i64) -> Result<(), Fault> {
    let here = writer.identity()?.stream;
    let command =
        if on(Guard::AskOnce) { CommandId::from(ask.id) } else { CommandId(derived("ask", &[ask.id.bytes(), &now_ms.to_be_bytes()])) };
    list_sale(writer, &ask.wanted, asker)?;
    // A refusal here is a reused id: the ask is answered already, with other content; nothing more is given.
    let _ = writer.decide(&Grant { ask, asker }, &moment(command, GRANT, here, None, now_ms))?;
    Ok(())
}

/// At the hub: what a giver sent back for an ask goes on to the asker, if it came in time; what head office called in pays a debt, whenever it comes.
/// What was given by an install that had ended goes back there.
///
/// # Errors
/// A fault of the store.
pub fn forward(writer: &mut Writer<'_>, entry: &Entry, now_ms: i64) -> Result<(), Fault> {
    let Some(moved) = entry.body.bytes().and_then(|bytes| decoded::<Moved>(bytes).ok()) else { return Ok(()) };
    if carry::gave_too_late(writer, entry, &moved, now_ms)? {
        return Ok(());
    }
    let here = writer.identity()?.stream;
    let Some(ask) = moved.ask.filter(|_| moved.to == here && !moved.accounts.is_empty() && on(Guard::Forward)) else { return Ok(()) };
    // Who asked, until when?
    let sql = "select body from entry where stream = ?1 and command = ?2 and kind = ?3 order by part limit 1";
    let row = writer.row(sql, &[here.into(), ask.into(), Recalled::KIND.into()])?;
    let Some(recalled) = row.and_then(|row| decoded::<Recalled>(row.blob(0)).ok()) else { return Ok(()) };
    if recalled.asker == here {
        let (Wanted::Value(member, _) | Wanted::Points(member, _) | Wanted::Uses(member, _)) = recalled.wanted else { return Ok(()) };
        return debts::pay(writer, member, &[ask.bytes(), entry.stream.bytes()].concat(), now_ms);
    }
    // Nobody would carry on what came to a place that ended meanwhile.
    let open = writer.stream(recalled.asker)?.is_some_and(|head| head.sealed == 0 || !on(Guard::OpenAsker));
    if !open || now_ms > recalled.until_ms + ASK_FORWARD_MS || waits(writer, &recalled.wanted)? {
        return Ok(());
    }
    let command = CommandId(derived("forward", &[ask.bytes(), entry.stream.bytes()]));
    list_sale(writer, &recalled.wanted, recalled.asker)?;
    let forward = Forward { to: recalled.asker, moved };
    let _ = writer.decide(&forward, &moment(command, FORWARD, here, None, now_ms))?;
    Ok(())
}

/// The asker of a right to return gets the sale with it, and what came back of it before: listed before the right is, so that whoever holds the
/// right knows the rest (R9 and R11 are reckoned on all returns of a bill).
fn list_sale(writer: &mut Writer<'_>, wanted: &Wanted, asker: StreamId) -> Result<(), Fault> {
    let Wanted::Returnable(sale) = wanted else { return Ok(()) };
    let Some(branch) = writer.stream(asker)?.and_then(|head| head.branch) else { return Ok(()) };
    // Where was this sale booked?
    let sold =
        "select s.stream, e.seq from stream s join entry e on e.stream = s.stream and e.command = ?1 where s.branch <> x'' order by e.seq";
    // Where was it taken back?
    let returned =
        "select e.stream, e.seq from receipt r join entry e on e.stream = r.stream and e.command = r.id where r.of = ?1 order by r.at_ms";
    // What of it was put right?
    let amended =
        "select e.stream, e.seq from sale_amended a join entry e on e.stream = a.stream and e.command = a.command where a.sale = ?1";
    for sql in [sold, amended, returned] {
        for row in writer.rows(sql, &[(*sale).into()])? {
            writer.list_for(branch, StreamId(row.raw(0)), row.int(1) as u64);
        }
    }
    Ok(())
}

/// At an edge: answers the recalls among newly arrived entries that name this place as giver.
///
/// # Errors
/// A fault of the store.
pub fn give_back(writer: &mut Writer<'_>, arrived: &[Entry], now_ms: i64) -> Result<(), Fault> {
    let own = writer.identity()?;
    for entry in arrived.iter().filter(|entry| entry.kind == Recalled::KIND) {
        let Some(recalled) = entry.body.bytes().and_then(|bytes| decoded::<Recalled>(bytes).ok()) else { continue };
        if recalled.giver != own.stream {
            continue;
        }
        let command = CommandId(derived("give back", &[recalled.ask.bytes(), own.stream.bytes()]));
        let moment = moment(command, GIVE_BACK, own.stream, own.branch, now_ms);
        let _ = writer.decide(&GiveBack { recalled: &recalled, hub: entry.stream }, &moment)?;
    }
    Ok(())
}
