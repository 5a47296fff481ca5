//! Takes a line off the bill. Before a tender was keyed nothing happened; afterwards it is a fact.
//! Refusals, in order: Gone, NeedsOverride, BadAmount.
use super::Bill;
use super::priced::{self, House};
use crate::desk::till::Who;
use crate::facts::bills::LineRemoved;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::price::{RoundOff, price};
use std::sync::Arc;

/// Removes a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remove {
    pub who: Who,
    pub line: u16,
}

impl Command for Remove {
    type State = (Option<Bill>, Arc<House>);
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(4_u8, self.line))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Self::State, Fault> {
        Ok((super::open(db, self.who.till)?, House::load(db, moment.branch)?))
    }

    fn decide(&self, (bill, house): &Self::State, moment: &Moment) -> Result<Decided, Refusal> {
        let mut bill = bill.clone().ok_or(Refusal::Gone)?;
        let at = bill.lines.iter().position(|line| line.no == self.line).ok_or(Refusal::Gone)?;
        let mut decided = Decided::nothing();
        if !bill.tenders.is_empty() {
            if !moment.may(Right::RemoveLine) {
                return Err(Refusal::NeedsOverride { right: Right::RemoveLine, limit: None, asked: None });
            }
            let priced = price(&priced::bill(&bill, house), RoundOff::NONE)?;
            let line = &bill.lines[at];
            decided = decided.fact(&LineRemoved {
                bill: bill.id,
                at: self.who.occasion(moment, self.who.lent(Right::RemoveLine)),
                line: line.no,
                product: line.product,
                quantity: line.quantity,
                net: priced.lines[at].net,
            });
        }
        bill.lines.remove(at);
        if bill.lines.is_empty() {
            bill.tenders.clear();
        }
        Ok(bill.saved(decided))
    }
}
