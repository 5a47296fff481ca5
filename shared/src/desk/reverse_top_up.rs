//! Takes a top-up of the running shift back (充值冲正): money out, principal and gift back, all or nothing (B4). Whoever topped up is its only place:
//! the same stream, so that it happens once.
//! Refusals, in order: ReceiptUnknown, ShiftIsClosed, AlreadyReturned, TopUpSpent.
use super::find::{self, Receipt};
use super::till::Who;
use crate::base::{Money, Unit};
use crate::facts::corrections::TopUpReversed;
use crate::facts::members::ToppedUp;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::balance;
use crate::sales::corrections;
use crate::sales::receipts::Slip;

/// Takes a top-up back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReverseTopUp {
    pub who: Who,
    pub receipt_no: String,
    pub reason: String,
}

/// The top-up, whether it was reversed, and what the member has here.
pub struct State {
    receipt: Option<Receipt>,
    topped: Option<ToppedUp>,
    reversed: bool,
    holdings: Vec<(Unit, i64)>,
}

impl Command for ReverseTopUp {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Correct);

    fn content(&self) -> Vec<u8> {
        encoded(&(72_u8, self.receipt_no.as_str(), self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let receipt = find::by_number(db, &self.receipt_no)?.filter(|receipt| receipt.slip == Slip::TopUp);
        let topped = receipt.as_ref().map(|receipt| find::topped_up(db, receipt)).transpose()?.flatten();
        Ok(State {
            reversed: receipt.as_ref().map(|receipt| corrections::reversed(db, receipt.id)).transpose()?.unwrap_or_default(),
            holdings: match &topped {
                Some(topped) => balance::of_person(db, topped.member, moment.here)?,
                None => Vec::new(),
            },
            receipt,
            topped,
        })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let unknown = || Refusal::ReceiptUnknown { receipt_no: self.receipt_no.clone() };
        let receipt = state.receipt.as_ref().ok_or_else(unknown)?;
        let topped = state.topped.as_ref().ok_or_else(unknown)?;
        if receipt.stream != moment.here || moment.shift != Some(topped.shift) {
            return Err(Refusal::ShiftIsClosed { receipt_no: self.receipt_no.clone() });
        }
        if state.reversed {
            return Err(Refusal::AlreadyReturned { receipt_no: self.receipt_no.clone(), at_ms: receipt.at_ms });
        }
        let lies = |unit: Unit| state.holdings.iter().find(|(held, _)| *held == unit).map_or(0, |(_, amount)| *amount);
        let sum = |wanted: fn(&Unit) -> bool| -> i64 { state.holdings.iter().filter(|(unit, _)| wanted(unit)).map(|(_, lies)| lies).sum() };
        let principal = lies(Unit::Value(topped.branch)).min(topped.principal);
        let bonus = lies(Unit::Bonus(topped.branch)).min(topped.bonus);
        if principal < topped.principal || bonus < topped.bonus {
            let spent = topped.principal + topped.bonus - principal - bonus;
            return Err(Refusal::TopUpSpent { spent, principal, bonus });
        }
        Ok(Decided::nothing().fact(&TopUpReversed {
            top_up: receipt.id,
            at: self.who.occasion(moment, self.who.lent(Right::Correct)),
            receipt_no: self.receipt_no.clone(),
            member: topped.member,
            tender: topped.tender.clone(),
            principal: Money::from_minor(topped.principal),
            bonus: Money::from_minor(topped.bonus),
            principal_after: Money::from_minor(sum(|unit| matches!(unit, Unit::Value(_))) - topped.principal),
            bonus_after: Money::from_minor(sum(|unit| matches!(unit, Unit::Bonus(_))) - topped.bonus),
            reason: self.reason.clone(),
        }))
    }
}
