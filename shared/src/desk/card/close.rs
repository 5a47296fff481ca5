//! Closes a member's cards with a refund (退卡): all principal and the deposits are paid out, bonus is forfeited, points lapse, the numbers are
//! dead. Everything must lie here. Refusals, in order: UnknownMember, NoShift, ClaimedCardSpends, TenderUnknown, NotSound (reason, debt),
//! NotEnoughHere, LiesElsewhere (a deposit), RefundChanged.
use super::{Counter, reason, with_slip};
use crate::base::{Account, Holder, MemberId, Money, Purpose, SaleId, Unit};
use crate::desk::till::Who;
use crate::facts::cards::{Deposit, Withdrawn};
use crate::facts::members::CardBlocked;
use crate::facts::sales::Part;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::balance;
use crate::members::blocked::CLOSED;
use crate::members::deposit::deposits;

/// Closes the cards of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseCard {
    pub who: Who,
    pub member: MemberId,
    pub tender: String,
    /// What the page said is paid out.
    pub paid_out: Money,
    pub reason: String,
}

/// The counter, and each deposit with whether its right lies here.
pub struct State {
    pub counter: Counter,
    pub deposits: Vec<(Deposit, bool)>,
}

impl State {
    /// Principal and deposits.
    ///
    /// # Errors
    /// An amount out of range.
    pub fn paid_out(&self) -> Result<Money, Refusal> {
        let deposits = self.deposits.iter().map(|(deposit, _)| deposit.amount);
        Ok(Money::sum(deposits.chain([self.counter.purse.principal]))?)
    }
}

/// What closing would look at.
///
/// # Errors
/// A fault of the store.
pub fn state(db: &dyn Read, who: &Who, member: MemberId, moment: &Moment) -> Result<State, Fault> {
    let mut held = Vec::new();
    for deposit in deposits(db, member)? {
        let holder = Holder::House(deposit.branch, Purpose::Returnable);
        let account = Account { holder, unit: Unit::Right(SaleId::from(deposit.of), 0), place: moment.here };
        let lies = balance::amount(db, &account)? == deposit.amount.minor();
        held.push((deposit, lies));
    }
    Ok(State { counter: Counter::load(db, who, member, moment)?, deposits: held })
}

impl Command for CloseCard {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Withdraw);

    fn content(&self) -> Vec<u8> {
        encoded(&(41_u8, self.member, self.tender.as_str(), self.paid_out, self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        state(db, &self.who, self.member, moment)
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let counter = &state.counter;
        let (member, _) = counter.spends(moment)?;
        counter.money(&self.tender)?;
        let (reason, purse) = (reason(&self.reason)?, &counter.purse);
        if !purse.debt.is_zero() {
            return Err(Refusal::NotSound { field: "debt".into(), why: "open".into() });
        }
        let away: i64 = counter.elsewhere.iter().map(|place| place.amount).sum();
        counter.enough(Money::from_minor(purse.total().minor().saturating_add(away)), purse.total())?;
        if state.deposits.iter().any(|(_, here)| !here) {
            return Err(Refusal::LiesElsewhere { name: String::new(), reachable: self.who.cut_off_since_ms == 0, since_ms: None });
        }
        let paid_out = state.paid_out()?;
        if paid_out != self.paid_out {
            return Err(Refusal::RefundChanged { amount: paid_out.minor() });
        }
        let (parts, mut forfeited) = counter.parts(purse.principal, purse.bonus);
        let points = counter.holdings.iter().filter(|(unit, amount)| matches!(unit, Unit::Points { .. }) && *amount > 0);
        forfeited.extend(points.map(|(unit, amount)| Part { unit: unit.key().into(), amount: *amount }));
        let withdrawn = Withdrawn {
            at: self.who.occasion(moment, self.who.lent(Right::Withdraw)),
            receipt_no: counter.receipt_no(&self.who, moment),
            member: self.member,
            parts,
            forfeited,
            deposits: state.deposits.iter().map(|(deposit, _)| deposit.clone()).collect(),
            tender: self.tender.clone(),
            paid_out,
            bonus: purse.bonus,
            principal_after: Money::ZERO,
            bonus_after: Money::ZERO,
            reason,
            closed: true,
        };
        let dead = |number: &String| CardBlocked { number: number.clone(), reason: CLOSED.into(), at_ms: moment.now_ms };
        Ok(member.cards.iter().map(dead).fold(with_slip(&withdrawn, &counter.names, moment), |decided, card| decided.fact(&card)))
    }
}
