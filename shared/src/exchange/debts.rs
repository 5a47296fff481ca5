//! Debts: what a member owes at a place that nobody writes any more. A copy of a box, or a box that was declared lost, gave out what had been carried
//! on. Head office collects it from what the member has, or writes it off; either way nothing is below zero there afterwards.
use super::asks::{self, COLLECT};
use super::recovery;
use super::wire::Ask;
use crate::base::ids::derived;
use crate::base::{AskId, CommandId, Holder, MemberId, StreamId, Unit};
use crate::facts::ledger::{Carried, DebtPaid, DebtWrittenOff, Moved, Wanted};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::{balance, issued};
use crate::store::Writer;
use crate::store::writer::stream_head;
use std::collections::BTreeSet;

/// Characters of a reason.
const WHY_CHARS_MAX: usize = 200;

/// What a member owes at a place, by unit, above zero; nothing where the place is still written.
///
/// # Errors
/// A fault of the store.
pub fn owed(db: &dyn Read, member: MemberId, place: StreamId) -> Result<Vec<(Unit, i64)>, Fault> {
    if stream_head(db, place)?.is_none_or(|head| head.sealed == 0) {
        return Ok(Vec::new());
    }
    let held = balance::holdings(db, Holder::Member(member), place)?;
    Ok(held.into_iter().filter(|(_, amount)| *amount < 0).map(|(unit, amount)| (unit, -amount)).collect())
}

/// Pays what a member owes at a sealed place from what lies at head office, unit by unit, as far as it goes. Refusals, in order: NotAllowed,
/// Recovering, NotFound (nothing is owed there), NotEnoughHere (nothing of it lies here).
pub struct Collect {
    pub member: MemberId,
    pub place: StreamId,
}

/// What is owed, and how much of each lies at head office.
pub struct State {
    recovering: bool,
    owed: Vec<(Unit, i64, i64)>,
}

impl Command for Collect {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Exceptions);
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        encoded(&(self.member, self.place))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let mut lying = balance::holdings(db, Holder::Member(self.member), moment.here)?;
        if issued::held(db, self.member)? {
            lying.retain(|(unit, _)| !matches!(unit, Unit::Value(_) | Unit::Bonus(_)));
        }
        let lies = |unit: Unit| lying.iter().find(|(other, _)| *other == unit).map_or(0, |(_, amount)| *amount);
        let owed = owed(db, self.member, self.place)?.into_iter().map(|(unit, owes)| (unit, owes, lies(unit)));
        Ok(State { recovering: !recovery::outstanding(db)?.is_empty(), owed: owed.collect() })
    }

    fn decide(&self, state: &State, _: &Moment) -> Result<Decided, Refusal> {
        if state.recovering {
            return Err(Refusal::Recovering);
        }
        if state.owed.is_empty() {
            return Err(Refusal::NotFound { what: "debt".into() });
        }
        let paid = state.owed.iter().map(|(unit, owes, lies)| (unit, *owes.min(lies))).filter(|(_, paid)| *paid > 0);
        let accounts: Vec<Carried> = paid.map(|(unit, paid)| Carried::new(Holder::Member(self.member), *unit, paid)).collect();
        if accounts.is_empty() {
            let wanted = state.owed.iter().map(|(_, owes, _)| owes).sum();
            return Err(Refusal::NotEnoughHere { wanted, here: 0, elsewhere: Vec::new() });
        }
        Ok(Decided::nothing().fact(&Moved { to: self.place, accounts, ask: None, sealed_from: None, more: false }))
    }
}

/// Collects, and calls in from the branches what does not lie at head office: it pays the debt when it comes.
///
/// # Errors
/// Outer: a fault of the store. Inner: nothing is owed there, head office recovers, or the right is missing.
pub fn collect(writer: &mut Writer<'_>, collect: &Collect, moment: &Moment) -> Result<Result<(), Refusal>, Fault> {
    match writer.decide(collect, moment)? {
        Ok(_) | Err(Refusal::NotEnoughHere { .. }) => {}
        Err(refusal) => return Ok(Err(refusal)),
    }
    let left = owed(writer, collect.member, collect.place)?;
    let sum = |of: fn(&Unit) -> bool| left.iter().filter(|(unit, _)| of(unit)).map(|(_, owes)| owes).sum::<i64>();
    let value = Wanted::Value(collect.member, sum(|unit| matches!(unit, Unit::Value(_) | Unit::Bonus(_))));
    let points = Wanted::Points(collect.member, sum(|unit| matches!(unit, Unit::Points { .. })));
    for (n, wanted) in [(1, value), (2, points)] {
        if matches!(wanted, Wanted::Value(_, 1..) | Wanted::Points(_, 1..)) {
            let id = AskId(derived("collect", &[moment.command.bytes(), &[n]]));
            asks::answer(writer, &Ask { id, wanted, until_ms: moment.now_ms }, moment.here, moment.now_ms)?;
        }
    }
    Ok(Ok(()))
}

/// What head office called in of a member has come: it pays what the member owes.
///
/// # Errors
/// A fault of the store.
pub(super) fn pay(writer: &mut Writer<'_>, member: MemberId, cause: &[u8], now_ms: i64) -> Result<(), Fault> {
    let below = balance::everywhere(writer, Holder::Member(member))?.into_iter().filter(|(.., amount)| *amount < 0);
    let places: BTreeSet<StreamId> = below.map(|(_, place, _)| place).collect();
    let here = writer.identity()?.stream;
    for place in places {
        let command = CommandId(derived("pay debt", &[place.bytes(), cause]));
        let moment = Moment { rights: vec![Right::Exceptions], ..asks::moment(command, COLLECT, here, None, now_ms) };
        // Nothing is owed there any more, or nothing that fits came: a person looks at the exception again.
        let _ = writer.decide(&Collect { member, place }, &moment)?;
    }
    let command = CommandId(derived("pay own debt", &[member.bytes(), cause]));
    let moment = Moment { rights: vec![Right::Exceptions], ..asks::moment(command, COLLECT, here, None, now_ms) };
    let _ = writer.decide(&PayDebt { member }, &moment)?;
    Ok(())
}

/// Pays what a member owes at head office (an opening was taken back after some of it had left) from what lies there of the same units.
/// Refusal: NotAllowed.
pub struct PayDebt {
    pub member: MemberId,
}

impl Command for PayDebt {
    /// What is paid, by unit.
    type State = Vec<(Unit, i64)>;
    const RIGHT: Option<Right> = Some(Right::Exceptions);
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        self.member.0.to_vec()
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Vec<(Unit, i64)>, Fault> {
        let lies = balance::holdings(db, Holder::Member(self.member), moment.here)?;
        let owes = balance::holdings(db, Holder::Debt(self.member), moment.here)?;
        let of = |unit: Unit| lies.iter().find(|(held, _)| *held == unit).map_or(0, |(_, amount)| *amount);
        Ok(owes.into_iter().map(|(unit, owes)| (unit, of(unit).min(-owes))).filter(|(_, paid)| *paid > 0).collect())
    }

    fn decide(&self, paid: &Vec<(Unit, i64)>, _: &Moment) -> Result<Decided, Refusal> {
        let accounts: Vec<Carried> = paid.iter().map(|(unit, paid)| Carried::new(Holder::Member(self.member), *unit, *paid)).collect();
        Ok(if accounts.is_empty() { Decided::nothing() } else { Decided::nothing().fact(&DebtPaid { member: self.member, accounts }) })
    }
}

/// Gives up what a member owes at a sealed place: head office bears it. Refusals, in order: NotAllowed, NotSound (no reason), NotFound (nothing is
/// owed there).
pub struct WriteOff {
    pub member: MemberId,
    pub place: StreamId,
    pub why: String,
}

impl Command for WriteOff {
    type State = Vec<(Unit, i64)>;
    const RIGHT: Option<Right> = Some(Right::Exceptions);

    fn content(&self) -> Vec<u8> {
        encoded(&(self.member, self.place, self.why.as_str()))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Vec<(Unit, i64)>, Fault> {
        owed(db, self.member, self.place)
    }

    fn decide(&self, owed: &Vec<(Unit, i64)>, _: &Moment) -> Result<Decided, Refusal> {
        let why = self.why.trim();
        if why.is_empty() || why.chars().nth(WHY_CHARS_MAX).is_some() {
            return Err(Refusal::NotSound { field: "why".into(), why: format!("1 to {WHY_CHARS_MAX} characters") });
        }
        if owed.is_empty() {
            return Err(Refusal::NotFound { what: "debt".into() });
        }
        let accounts = owed.iter().map(|(unit, owes)| Carried::new(Holder::Member(self.member), *unit, *owes)).collect();
        Ok(Decided::nothing().fact(&DebtWrittenOff { place: self.place, accounts, why: why.into() }))
    }
}
