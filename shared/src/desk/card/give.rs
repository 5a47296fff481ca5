//! A member gives principal to another (转赠, R25): it keeps its issuer; no gift, no commission, not a top-up. A manager's right.
//! Refusals, in order: UnknownMember (either), NoShift, ClaimedCardSpends, BadAmount, NotSound (to oneself; reason), NotEnoughHere,
//! OverCap (of who receives).
use super::{Counter, reason, with_slip};
use crate::base::{BusinessDay, MemberId, Money};
use crate::desk::slips::Names;
use crate::desk::till::Who;
use crate::facts::cards::ValueGiven;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::statement;
use crate::members::gift::may_top_up;
use crate::members::settings::cap;
use crate::members::{member, purse};

/// Gives principal to another member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GiveValue {
    pub who: Who,
    pub member: MemberId,
    pub to: MemberId,
    pub amount: Money,
    pub reason: String,
}

/// The giver's counter, and the principal of who receives, over all places as known here; none: nobody.
pub struct State {
    counter: Counter,
    receiver: Option<Money>,
    names: Names,
}

impl Command for GiveValue {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Withdraw);

    fn content(&self) -> Vec<u8> {
        encoded(&(42_u8, self.member, self.to, self.amount, self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let counter = Counter::load(db, &self.who, self.member, moment)?;
        let receiver = match member(db, self.to)? {
            None => None,
            Some(_) => {
                let here = purse(db, self.to, moment.here, BusinessDay(moment.day))?.principal.minor();
                let elsewhere: i64 = statement::told(db, self.to, moment.here)?.0.iter().map(|lies| lies.value).sum();
                Some(Money::from_minor(here.saturating_add(elsewhere)))
            }
        };
        let names = counter.names.clone().with_other(db, self.to)?;
        Ok(State { counter, receiver, names })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let counter = &state.counter;
        let receiver = state.receiver.ok_or(Refusal::UnknownMember)?;
        counter.spends(moment)?;
        if !self.amount.is_positive() {
            return Err(Refusal::BadAmount);
        }
        if self.to == self.member {
            return Err(Refusal::NotSound { field: "to".into(), why: "same".into() });
        }
        let (reason, purse) = (reason(&self.reason)?, &counter.purse);
        counter.enough(self.amount, purse.principal)?;
        may_top_up(receiver, self.amount, cap(&counter.house.value))?;
        let (parts, _) = counter.parts(self.amount, Money::ZERO);
        let given = ValueGiven {
            at: self.who.occasion(moment, self.who.lent(Right::Withdraw)),
            receipt_no: counter.receipt_no(&self.who, moment),
            member: self.member,
            to: self.to,
            parts,
            amount: self.amount,
            principal_after: purse.principal.minus(self.amount)?,
            bonus_after: purse.bonus,
            reason,
        };
        Ok(with_slip(&given, &state.names, moment))
    }
}
