//! A discount on the whole bill, a rate or an amount. Nothing takes it off again.
//! Refusals, in order: EmptyBill, BadAmount, NeedsOverride.
use super::Bill;
use super::priced::House;
use crate::base::{Money, Rate};
use crate::desk::till::{Who, within};
use crate::facts::bills::{Allowed, Overridden};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::price::{BillDiscount, RoundOff, price};
use std::sync::Arc;

/// Changes what the bill costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscountBill {
    pub who: Who,
    pub discount: BillDiscount,
    pub reason: String,
}

impl Command for DiscountBill {
    type State = (Option<Bill>, Arc<House>);
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(6_u8, self.discount, self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Self::State, Fault> {
        Ok((super::open(db, self.who.till)?, House::load(db, moment.branch)?))
    }

    fn decide(&self, (bill, house): &Self::State, moment: &Moment) -> Result<Decided, Refusal> {
        let mut bill = bill.clone().filter(|bill| !bill.lines.is_empty()).ok_or(Refusal::EmptyBill)?;
        match self.discount {
            BillDiscount::Rate(rate) if rate > Rate::WHOLE || rate.bp() == 0 => return Err(Refusal::BadAmount),
            BillDiscount::Amount(amount) if amount.is_negative() => return Err(Refusal::BadAmount),
            _ => {}
        }
        let total = |discount: BillDiscount| -> Result<Money, Refusal> {
            let bill = super::priced::bill(&Bill { discount, ..bill.clone() }, house);
            Ok(price(&bill, RoundOff::NONE)?.due)
        };
        let (before, after) = (total(BillDiscount::Nothing)?, total(self.discount)?);
        let lent = within(Right::DiscountBill, &self.who, before, after, self.who.own.bill_discount, self.who.limits.bill_discount)?;
        let mut decided = Decided::nothing();
        if lent {
            let asked = after.minor().saturating_mul(10_000) / before.minor().max(1);
            decided = decided.fact(&Overridden {
                bill: bill.id,
                at: self.who.occasion(moment, true),
                what: Allowed::BillDiscount,
                line: None,
                rate: Rate::from_bp(u32::try_from(asked).unwrap_or_default()),
                given: before.minus(after)?,
                reason: self.reason.clone(),
            });
        }
        (bill.discount, bill.reason) = (self.discount, self.reason.clone());
        Ok(bill.saved(decided))
    }
}
