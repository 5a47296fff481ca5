//! Opens a shift with a float. Refusals, in order: ShiftIsOpen, BadAmount.
use super::Begun;
use crate::base::{BranchId, Money, ShiftId};
use crate::desk::till::Who;
use crate::facts::sales::Occasion;
use crate::facts::shifts::ShiftOpened;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::staff;

/// Opens a shift of the till; the command's id is the shift's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenShift {
    pub who: Who,
    pub float: Money,
}

/// The open shift with its cashier's name, and how many there were today.
pub struct State {
    pub open: Option<(Begun, String)>,
    pub before: u32,
}

impl Command for OpenShift {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Shift);

    fn content(&self) -> Vec<u8> {
        encoded(&(30_u8, self.float))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let branch = moment.branch.unwrap_or(BranchId([0; 16]));
        let open = match super::current(db, branch, self.who.till, moment.here)? {
            Some(begun) => Some((begun, staff::person(db, begun.cashier)?.map_or(String::new(), |person| person.name))),
            None => None,
        };
        Ok(State { open, before: super::count(db, branch, self.who.till, moment.day)? })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        if let Some((_, cashier)) = &state.open {
            return Err(Refusal::ShiftIsOpen { cashier: cashier.clone() });
        }
        if self.float.is_negative() {
            return Err(Refusal::BadAmount);
        }
        let shift = ShiftId::from(moment.command);
        let at = Occasion { shift: Some(shift), ..self.who.occasion(moment, self.who.lent(Right::Shift)) };
        Ok(Decided::nothing().fact(&ShiftOpened { shift, at, number: state.before + 1, float: self.float }))
    }
}
