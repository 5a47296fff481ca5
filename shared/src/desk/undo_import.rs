//! Takes back what a member brought from an older system, because the file was wrong: what still lies at head office goes at once. What lies at a
//! branch is called in, and what was spent meanwhile stays owed by the member: a debt that a person sees. Refusals, in order: NotFound, Recovering.
use crate::base::ids::derived;
use crate::base::{AskId, BranchId, CommandId, Holder, MemberId, Unit};
use crate::exchange::asks;
use crate::exchange::recovery;
use crate::exchange::wire::Ask;
use crate::facts::Fact;
use crate::facts::ledger::{Carried, Wanted};
use crate::facts::members::OpeningBooked;
use crate::facts::openings::{OpeningReversed, PackageOpened};
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::balance;
use crate::members::opening::is_reversed;
use crate::store::Writer;
use crate::views::registry::decoded;

/// Takes one opening back.
#[derive(Debug, Clone)]
pub struct ReverseOpening {
    /// The command that booked it.
    pub opening: CommandId,
}

impl ReverseOpening {
    /// The one command of taking an opening back.
    pub fn command(&self) -> CommandId {
        CommandId(derived("reverse opening", &[self.opening.bytes()]))
    }
}

/// What was brought, by unit.
pub struct Brought {
    member: MemberId,
    issuer: BranchId,
    units: Vec<(Unit, i64)>,
}

/// The opening, what lies of the member at head office, and whether that was taken back before.
pub struct State {
    brought: Option<Brought>,
    lies: Vec<(Unit, i64)>,
    reversed: bool,
    recovering: bool,
}

fn brought(db: &dyn Read, opening: CommandId) -> Result<Option<Brought>, Fault> {
    // What did this command book, at which hub?
    let sql = "select kind, body from entry where command = ?1 and kind in (?2, ?3) order by stream, seq limit 1";
    let Some(row) = db.row(sql, &[opening.into(), OpeningBooked::KIND.into(), PackageOpened::KIND.into()])? else { return Ok(None) };
    if row.int(0) == i64::from(PackageOpened::KIND) {
        let Ok(opened) = decoded::<PackageOpened>(row.blob(1)) else { return Ok(None) };
        let uses = (0_u16..).zip(&opened.items).map(|(no, item)| (Unit::Uses(opened.id, no), item.paid + item.gift));
        return Ok(Some(Brought { member: opened.member, issuer: opened.issuer, units: uses.collect() }));
    }
    let Ok(booked) = decoded::<OpeningBooked>(row.blob(1)) else { return Ok(None) };
    let points = Unit::Points { issuer: booked.issuer, from: booked.from, until: booked.until };
    let units = vec![(Unit::Value(booked.issuer), booked.value), (Unit::Bonus(booked.issuer), booked.bonus), (points, booked.points)];
    Ok(Some(Brought { member: booked.member, issuer: booked.issuer, units }))
}

impl Command for ReverseOpening {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Import);

    fn content(&self) -> Vec<u8> {
        self.opening.0.to_vec()
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let brought = brought(db, self.opening)?;
        let lies = match &brought {
            Some(brought) => balance::holdings(db, Holder::Member(brought.member), moment.here)?,
            None => Vec::new(),
        };
        Ok(State { brought, lies, reversed: is_reversed(db, self.opening)?, recovering: !recovery::outstanding(db)?.is_empty() })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let Some(brought) = &state.brought else { return Err(Refusal::NotFound { what: "opening".into() }) };
        if state.recovering {
            return Err(Refusal::Recovering);
        }
        if state.reversed {
            return Ok(Decided::nothing());
        }
        let member = brought.member;
        let mut accounts = Vec::new();
        for (unit, given) in brought.units.iter().filter(|(_, given)| *given > 0) {
            let lies = state.lies.iter().find(|(held, _)| held == unit).map_or(0, |(_, lies)| *lies).clamp(0, *given);
            for (holder, amount) in [(Holder::Member(member), lies), (Holder::Debt(member), given - lies)] {
                accounts.extend((amount > 0).then(|| Carried::new(holder, *unit, amount)));
            }
        }
        let reversed = OpeningReversed { opening: self.opening, member, issuer: brought.issuer, accounts, at_ms: moment.now_ms };
        Ok(Decided::nothing().fact(&reversed))
    }
}

/// Takes one opening back, and calls in from the branches what does not lie at head office: it pays the debt when it comes.
///
/// # Errors
/// Outer: a fault of the store. Inner: the rule's no.
pub fn reverse(writer: &mut Writer<'_>, opening: CommandId, moment: &Moment) -> Result<Result<(), Refusal>, Fault> {
    let reverse = ReverseOpening { opening };
    if let Err(refusal) = writer.decide(&reverse, &Moment { command: reverse.command(), ..moment.clone() })? {
        return Ok(Err(refusal));
    }
    let Some(brought) = brought(writer, opening)? else { return Ok(Ok(())) };
    let member = brought.member;
    let owes = balance::holdings(writer, Holder::Debt(member), moment.here)?;
    let owes = |unit: &Unit| owes.iter().find(|(held, _)| held == unit).map_or(0, |(_, amount)| (-amount).max(0));
    let (mut value, mut points, mut packages) = (0, 0, Vec::new());
    for (unit, _) in &brought.units {
        match unit {
            Unit::Value(_) | Unit::Bonus(_) => value += owes(unit),
            Unit::Points { .. } => points += owes(unit),
            Unit::Uses(package, _) if owes(unit) > 0 && !packages.contains(package) => packages.push(*package),
            _ => {}
        }
    }
    let mut wanted: Vec<Wanted> = packages.into_iter().map(|package| Wanted::Uses(member, package)).collect();
    wanted.extend((value > 0).then_some(Wanted::Value(member, value)));
    wanted.extend((points > 0).then_some(Wanted::Points(member, points)));
    for (n, wanted) in (0_u8..).zip(wanted) {
        let id = AskId(derived("call in opening", &[opening.bytes(), &[n]]));
        asks::answer(writer, &Ask { id, wanted, until_ms: moment.now_ms }, moment.here, moment.now_ms)?;
    }
    Ok(Ok(()))
}
