//! Names other sales clerks for a sale of the running shift (改导购), or none. Price, points and time stay.
//! Refusals, in order: ReceiptUnknown, ShiftIsClosed, those of naming them on a bill, NotSound (the same, or no reason).
use super::bill::sales_clerks::{self, judged};
use super::card::reason;
use super::find::{self, Receipt};
use super::till::Who;
use crate::facts::corrections::SalesClerksChanged;
use crate::facts::sales::{SalesClerk, Sold};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::receipts::Slip;
use crate::staff::Person;

/// Names them, in place of those of the sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeSalesClerks {
    pub who: Who,
    pub receipt_no: String,
    /// In their order; nobody: takes them off.
    pub clerks: Vec<SalesClerk>,
    pub reason: String,
}

/// The sale as it stands, and the people of the command in its order.
pub struct State {
    receipt: Option<Receipt>,
    sold: Option<Sold>,
    people: Vec<Option<Person>>,
}

impl Command for ChangeSalesClerks {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Correct);

    fn content(&self) -> Vec<u8> {
        encoded(&(205_u8, self.receipt_no.as_str(), &self.clerks, self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        let receipt = find::by_number(db, &self.receipt_no)?.filter(|receipt| receipt.slip == Slip::Sale);
        let sold = receipt.as_ref().map(|receipt| find::sold(db, receipt)).transpose()?.flatten();
        Ok(State { receipt, sold, people: sales_clerks::people_of(db, &self.clerks)? })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let unknown = || Refusal::ReceiptUnknown { receipt_no: self.receipt_no.clone() };
        let receipt = state.receipt.as_ref().ok_or_else(unknown)?;
        let sold = state.sold.as_ref().ok_or_else(unknown)?;
        if receipt.stream != moment.here || moment.shift.is_none() || sold.at.shift != moment.shift {
            return Err(Refusal::ShiftIsClosed { receipt_no: self.receipt_no.clone() });
        }
        judged(&self.clerks, &state.people, moment.branch)?;
        let before = sold.sales_clerks.clone().unwrap_or_default();
        if before == self.clerks {
            return Err(Refusal::NotSound { field: "sales_clerks".into(), why: "same".into() });
        }
        Ok(Decided::nothing().fact(&SalesClerksChanged {
            sale: sold.sale,
            at: self.who.occasion(moment, self.who.lent(Right::Correct)),
            receipt_no: self.receipt_no.clone(),
            before,
            after: self.clerks.clone(),
            reason: reason(&self.reason)?,
        }))
    }
}
