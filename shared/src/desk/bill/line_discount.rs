//! A price made by hand for one line: a rate, another price, or free. All empty takes it off again.
//! Refusals, in order: Gone, BadAmount, NoDiscountAllowed, NeedsOverride.
use super::Bill;
use crate::base::{Money, Rate};
use crate::desk::till::{Who, within};
use crate::facts::bills::{Allowed, Overridden};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::price::ByHand;

/// Changes what one line costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscountLine {
    pub who: Who,
    pub line: u16,
    pub by_hand: ByHand,
    pub reason: String,
}

impl Command for DiscountLine {
    type State = Option<Bill>;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(5_u8, self.line, self.by_hand, self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Option<Bill>, Fault> {
        super::open(db, self.who.till)
    }

    fn decide(&self, state: &Option<Bill>, moment: &Moment) -> Result<Decided, Refusal> {
        let mut bill = state.clone().ok_or(Refusal::Gone)?;
        let line = bill.line(self.line).ok_or(Refusal::Gone)?;
        let before = line.label_amount.map_or_else(|| line.quantity.times(line.list_price), Ok)?;
        let (after, what, right) = match self.by_hand {
            ByHand::Nothing => (before, Allowed::LineDiscount, None),
            ByHand::Rate(rate) if rate > Rate::WHOLE || rate.bp() == 0 => return Err(Refusal::BadAmount),
            ByHand::Rate(rate) => {
                let after = before.share(rate, crate::base::Rounding::HalfUp)?;
                (after, Allowed::LineDiscount, Some(Right::DiscountLine))
            }
            ByHand::Price(price) if price.is_negative() => return Err(Refusal::BadAmount),
            ByHand::Price(price) => (line.quantity.times(price)?, Allowed::Price, Some(Right::PriceOverride)),
            ByHand::Free => (Money::ZERO, Allowed::Free, Some(Right::FreeItem)),
        };
        if !line.discountable && self.by_hand != ByHand::Nothing {
            return Err(Refusal::NoDiscountAllowed { name: line.name.clone() });
        }
        let lent = match right {
            None => false,
            Some(Right::DiscountLine) => {
                within(Right::DiscountLine, &self.who, before, after, self.who.own.line_discount, self.who.limits.line_discount)?
            }
            Some(right) if !moment.may(right) => return Err(Refusal::NeedsOverride { right, limit: None, asked: Some(after.minor()) }),
            Some(right) => self.who.lent(right),
        };
        let mut decided = Decided::nothing();
        if lent {
            let given = before.minus(after)?;
            let asked = after.minor().saturating_mul(10_000) / before.minor().max(1);
            decided = decided.fact(&Overridden {
                bill: bill.id,
                at: self.who.occasion(moment, true),
                what,
                line: Some(self.line),
                rate: Rate::from_bp(u32::try_from(asked).unwrap_or_default()),
                given,
                reason: self.reason.clone(),
            });
        }
        let (by_hand, reason) = (self.by_hand, self.reason.clone());
        if let Some(line) = bill.line_mut(self.line) {
            (line.by_hand, line.reason) = (by_hand, reason);
        }
        Ok(bill.saved(decided))
    }
}
