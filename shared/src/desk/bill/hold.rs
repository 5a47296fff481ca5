//! Puts the bill aside for the next customer (挂单). Refusals, in order: EmptyBill, HasTenders, HoldLimit.
use super::{Bill, HELD, Held, OPEN};
use crate::base::limits::BILLS_HELD_MAX;
use crate::desk::till::Who;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Holds the open bill of the till.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub who: Who,
    pub label: String,
}

impl Command for Hold {
    type State = (Option<Bill>, usize);
    const RIGHT: Option<Right> = Some(Right::Hold);

    fn content(&self) -> Vec<u8> {
        encoded(&(8_u8, self.label.as_str()))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Self::State, Fault> {
        Ok((super::open(db, self.who.till)?, super::all_held(db)?.len()))
    }

    fn decide(&self, (bill, held): &Self::State, moment: &Moment) -> Result<Decided, Refusal> {
        let bill = bill.as_ref().filter(|bill| !bill.lines.is_empty()).ok_or(Refusal::EmptyBill)?;
        if !bill.tenders.is_empty() {
            return Err(Refusal::HasTenders);
        }
        if *held >= BILLS_HELD_MAX {
            return Err(Refusal::HoldLimit { limit: BILLS_HELD_MAX as u32 });
        }
        let (held_ms, label) = (moment.now_ms, self.label.chars().take(20).collect());
        let held = Held { bill: bill.clone(), held_ms, label, cashier: self.who.staff, day: moment.day };
        Ok(Decided::nothing().draft(HELD, &bill.id.0, Some(encoded(&held))).draft(OPEN, &super::key(self.who.till), None))
    }
}
