//! Gives up the whole bill (整单取消); a fact. Refusals, in order: EmptyBill.
use super::priced::{self, House};
use super::{Bill, OPEN};
use crate::desk::till::Who;
use crate::facts::bills::BillVoided;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::price::{RoundOff, price};
use std::sync::Arc;

/// Voids the open bill of the till.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Void {
    pub who: Who,
    pub reason: String,
}

impl Command for Void {
    type State = (Option<Bill>, Arc<House>);
    const RIGHT: Option<Right> = Some(Right::VoidBill);

    fn content(&self) -> Vec<u8> {
        encoded(&(7_u8, self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Self::State, Fault> {
        Ok((super::open(db, self.who.till)?, House::load(db, moment.branch)?))
    }

    fn decide(&self, (bill, house): &Self::State, moment: &Moment) -> Result<Decided, Refusal> {
        let bill = bill.as_ref().ok_or(Refusal::EmptyBill)?;
        let gone = Decided::nothing().draft(OPEN, &super::key(self.who.till), None);
        if bill.lines.is_empty() {
            return Ok(gone);
        }
        let total = price(&priced::bill(bill, house), RoundOff::NONE)?.due;
        Ok(gone.fact(&BillVoided {
            bill: bill.id,
            at: self.who.occasion(moment, self.who.lent(Right::VoidBill)),
            lines: bill.lines.len() as u16,
            total,
            member: bill.member.as_ref().map(|attached| attached.member),
            reason: self.reason.clone(),
        }))
    }
}
