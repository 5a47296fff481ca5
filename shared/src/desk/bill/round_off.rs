//! Takes a little off the bill by hand (手动抹零), beside the chain's own rounding. It works with cash among the tenders only, and stands on the
//! slip and on the Z. Zero takes it back. Refusals, in order: EmptyBill, BadAmount, RoundOffLimit.
use super::Bill;
use super::priced::House;
use crate::base::{Money, ShiftId};
use crate::desk::shift::close::amount;
use crate::desk::till::Who;
use crate::facts::shifts::Figure;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::shifts::figures;
use std::sync::Arc;

/// Sets what comes off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundOffBill {
    pub who: Who,
    pub amount: Money,
}

/// The bill, and the most that may come off it.
pub struct State {
    pub bill: Option<Bill>,
    pub limit: Money,
}

impl Command for RoundOffBill {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(13_u8, self.amount))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let house = House::load(db, moment.branch)?;
        Ok(State { bill: super::open(db, self.who.till)?, limit: limit(db, &house, moment.shift)? })
    }

    fn decide(&self, state: &State, _: &Moment) -> Result<Decided, Refusal> {
        let mut bill = state.bill.clone().filter(|bill| !bill.lines.is_empty()).ok_or(Refusal::EmptyBill)?;
        if self.amount.is_negative() {
            return Err(Refusal::BadAmount);
        }
        if self.amount > state.limit {
            return Err(Refusal::RoundOffLimit { limit: state.limit.minor() });
        }
        bill.round_off = Some(self.amount).filter(|amount| amount.is_positive());
        Ok(bill.saved(Decided::nothing()))
    }
}

/// What may come off one bill now: the bill's own limit, or what the shift has left of its own.
///
/// # Errors
/// A fault of the store.
pub fn limit(db: &dyn Read, house: &Arc<House>, shift: Option<ShiftId>) -> Result<Money, Fault> {
    let used = match shift {
        Some(shift) => amount(&figures::of(db, shift)?, Figure::OffByHand, "").minor(),
        None => 0,
    };
    let left = house.till.round_off_shift_minor.saturating_sub(used).max(0);
    Ok(Money::from_minor(left.min(house.till.round_off_bill_minor)))
}
