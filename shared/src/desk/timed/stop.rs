//! Ends a sitting (结台): free minutes come off its start, then minutes of the member's packages that lie here; the rest is a line of the till's
//! bill where that is empty, else it waits on the board. A guest who was named by a card of two members spends no minutes. A supervisor may set the end of a forgotten clock; the fact keeps both (E6).
//! Refusals, in order: Gone, NoShift, NeedsOverride (an end by hand), NotSound (its time, its reason), those of the bill.
use super::charge::{self, Onto};
use super::{Due, SITTING, Sitting, going, ran_ms, runs, tariff};
use crate::base::SittingId;
use crate::branches::{self, HOUSE_ZONE};
use crate::desk::card::{reason, with_slip};
use crate::desk::package::use_up::{TakeUses, Using};
use crate::desk::till::Who;
use crate::facts::packages::UsesTaken;
use crate::facts::timed::{ByClock, SittingStopped, Stretch};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::timed::tariff::{Charge, charge};

/// Ends a sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopSitting {
    pub who: Who,
    pub sitting: SittingId,
    /// The end of a clock that was forgotten, UTC ms; none: now.
    pub until_ms: Option<i64>,
    /// Why the end was set by hand.
    pub reason: String,
}

/// The sitting, the bill it goes onto, and the member's packages.
pub struct State {
    sitting: Option<Sitting>,
    onto: Onto,
    uses: Option<(TakeUses, Using)>,
    zone_minutes: i32,
}

impl Command for StopSitting {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(62_u8, self.sitting, self.until_ms, self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let sitting = super::sitting(db, self.sitting)?;
        let spends = sitting.as_ref().filter(|sitting| sitting.claimed_card.is_none());
        let uses = match spends.and_then(|sitting| Some((sitting.member?, sitting.product))) {
            Some((member, service)) => {
                let take = TakeUses { who: self.who.clone(), member, service, uses: 0, server: None, asked_for: false };
                let using = take.load(db, moment)?;
                Some((take, using))
            }
            None => None,
        };
        let branch = moment.branch.map(|branch| branches::branch(db, branch)).transpose()?.flatten();
        let zone_minutes = branch.map_or(HOUSE_ZONE, |branch| branch.zone).zone_minutes;
        Ok(State { onto: Onto::load(db, self.who.till, sitting.as_ref(), moment)?, sitting, uses, zone_minutes })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let sitting = going(state.sitting.as_ref())?;
        moment.shift.ok_or(Refusal::NoShift)?;
        let by_clock = sitting.stretches(moment.now_ms);
        let stretches = match self.until_ms {
            None => by_clock.clone(),
            Some(until_ms) => self.set_by_hand(sitting, &by_clock, until_ms, moment)?,
        };
        let terms = tariff(&sitting.terms);
        let price = |stretches: &[Stretch], minutes| charge(&terms, &runs(stretches, state.zone_minutes), sitting.free, minutes);
        let unpackaged = price(&stretches, 0)?;
        let used = state.minutes(unpackaged.ran - unpackaged.free, moment)?;
        let minutes = used.iter().flat_map(|used| &used.taken).map(|taken| taken.uses).sum();
        let charged = price(&stretches, minutes)?;
        let clock = self.until_ms.map(|_| price(&by_clock, 0)).transpose()?;
        let stopped = self.stopped(sitting, stretches, &charged, clock, moment)?;
        let until_ms = self.until_ms.unwrap_or(moment.now_ms);
        let mut decided = Decided::nothing().fact(&stopped);
        if let (Some(used), Some((_, using))) = (&used, &state.uses) {
            let slip = with_slip(used, using.names(), moment);
            decided.parts.extend(slip.parts);
            decided.jobs.extend(slip.jobs);
        }
        if charged.amount.is_zero() {
            return Ok(decided.draft(SITTING, &sitting.id.0, None));
        }
        let due = Due { minutes: charged.ran, amount: charged.amount, until_ms };
        let ended = Sitting { ran: stopped.stretches, since_ms: None, due: Some(due), ..sitting.clone() };
        let decided = if state.onto.is_free() { charge::put(&state.onto, &ended, due, &self.who, moment, decided)? } else { decided };
        Ok(ended.saved(decided))
    }
}

impl State {
    /// Minutes of the member's packages that are good here, up to so many.
    fn minutes(&self, wanted: i64, moment: &Moment) -> Result<Option<UsesTaken>, Refusal> {
        match &self.uses {
            Some((take, using)) if wanted > 0 => TakeUses { uses: wanted, ..take.clone() }.at_most(using, moment),
            _ => Ok(None),
        }
    }
}

impl StopSitting {
    /// What ran until a time that somebody with the right set.
    fn set_by_hand(&self, sitting: &Sitting, by_clock: &[Stretch], until_ms: i64, moment: &Moment) -> Result<Vec<Stretch>, Refusal> {
        if !moment.may(Right::Correct) {
            return Err(Refusal::NeedsOverride { right: Right::Correct, limit: None, asked: None });
        }
        if !(sitting.started.at_ms..=moment.now_ms).contains(&until_ms) {
            return Err(Refusal::NotSound { field: "until".into(), why: "range".into() });
        }
        let cut = |stretch: &Stretch| Stretch { ran_ms: stretch.ran_ms.min((until_ms - stretch.from_ms).max(0)), ..*stretch };
        let cut: Vec<Stretch> = by_clock.iter().map(cut).filter(|stretch| stretch.ran_ms > 0).collect();
        debug_assert!(ran_ms(&cut) <= ran_ms(by_clock));
        Ok(cut)
    }

    fn stopped(
        &self,
        sitting: &Sitting,
        stretches: Vec<Stretch>,
        charged: &Charge,
        clock: Option<Charge>,
        moment: &Moment,
    ) -> Result<SittingStopped, Refusal> {
        let by_hand = self.until_ms.is_some();
        Ok(SittingStopped {
            id: sitting.id,
            at: self.who.occasion(moment, by_hand && self.who.lent(Right::Correct)),
            tariff: sitting.tariff,
            product: sitting.product,
            seat: sitting.seat.clone(),
            member: sitting.member,
            started_ms: sitting.started.at_ms,
            started_by: sitting.started.by,
            terms: sitting.terms,
            stretches,
            minutes: charged.ran,
            free: charged.free,
            from_package: charged.from_package,
            amount: charged.amount,
            capped: charged.capped,
            by_clock: clock.map(|clock| ByClock { minutes: clock.ran, amount: clock.amount }),
            clock_jumped: sitting.jumped,
            reason: if by_hand { reason(&self.reason)? } else { String::new() },
        })
    }
}
