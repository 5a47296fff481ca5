//! Hands cash in while the shift goes on (中途缴款), with a slip that both sign. Refusals, in order: NoShift, BadAmount.
use super::Begun;
use crate::base::{BranchId, Money};
use crate::desk::bill::priced::House;
use crate::desk::print::PrintJob;
use crate::desk::slips::Names;
use crate::desk::till::Who;
use crate::facts::days::HandedIn;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::receipt::{HandInSlip, Slip};

/// Hands in `amount` of the till's drawer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandIn {
    pub who: Who,
    pub amount: Money,
    pub note: String,
}

pub struct State {
    pub shift: Option<Begun>,
    pub names: Names,
}

impl Command for HandIn {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::CashMove);

    fn content(&self) -> Vec<u8> {
        encoded(&(34_u8, self.amount, self.note.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let branch = moment.branch.unwrap_or(BranchId([0; 16]));
        let house = House::load(db, moment.branch)?;
        let names = Names::load(db, &house, self.who.language, self.who.staff)?;
        Ok(State { shift: super::current(db, branch, self.who.till, moment.here)?, names })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let shift = state.shift.ok_or(Refusal::NoShift)?;
        if !self.amount.is_positive() {
            return Err(Refusal::BadAmount);
        }
        let at = self.who.occasion(moment, self.who.lent(Right::CashMove));
        let (head, number) = (state.names.head(&at, ""), shift.number.to_string());
        let slip = Slip::HandIn(HandInSlip { head, number, amount: self.amount, note: self.note.clone() });
        let job = PrintJob::new(moment.command, "", slip, None).job(moment, self.who.till);
        Ok(Decided::nothing().fact(&HandedIn { shift: shift.shift, at, amount: self.amount, note: self.note.clone() }).job(job))
    }
}
