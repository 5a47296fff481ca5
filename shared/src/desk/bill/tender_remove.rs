//! Takes a tender back before the bill is complete. Refusals, in order: Gone.
use super::Bill;
use crate::desk::till::Who;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Removes a tender as keyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoveTender {
    pub who: Who,
    pub tender: u16,
}

impl Command for RemoveTender {
    type State = Option<Bill>;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(12_u8, self.tender))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Option<Bill>, Fault> {
        super::open(db, self.who.till)
    }

    fn decide(&self, state: &Option<Bill>, _: &Moment) -> Result<Decided, Refusal> {
        let mut bill = state.clone().ok_or(Refusal::Gone)?;
        let at = bill.tenders.iter().position(|tender| tender.no == self.tender).ok_or(Refusal::Gone)?;
        bill.tenders.remove(at);
        Ok(bill.saved(Decided::nothing()))
    }
}
