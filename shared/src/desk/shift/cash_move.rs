//! Cash into the drawer or out of it. Refusals, in order: NoShift, BadAmount.
use crate::base::Money;
use crate::desk::till::Who;
use crate::facts::shifts::CashMoved;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Moves cash; in above zero, out below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveCash {
    pub who: Who,
    pub amount: Money,
    pub reason: String,
}

impl Command for MoveCash {
    type State = ();
    const RIGHT: Option<Right> = Some(Right::CashMove);

    fn content(&self) -> Vec<u8> {
        encoded(&(31_u8, self.amount, self.reason.as_str()))
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), moment: &Moment) -> Result<Decided, Refusal> {
        let shift = moment.shift.ok_or(Refusal::NoShift)?;
        if self.amount.is_zero() {
            return Err(Refusal::BadAmount);
        }
        let at = self.who.occasion(moment, self.who.lent(Right::CashMove));
        let moved = CashMoved { shift, at, amount: self.amount, reason: self.reason.clone() };
        Ok(Decided::nothing().fact(&moved).job(crate::desk::print::kick(moment, self.who.till)))
    }
}
