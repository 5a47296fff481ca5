//! Takes a held bill up again (取单), at whichever till. Within its business day it keeps its prices; afterwards the page asks (A16).
//! Refusals, in order: BillNotEmpty, Gone, HeldPricesDiffer.
use super::priced::{self, House};
use super::{Bill, HELD, Held, Line};
use crate::base::{BusinessDay, Money, SaleId};
use crate::catalog::{self, Price};
use crate::desk::till::Who;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::held::{Recalled, recalled};
use crate::sales::price::{RoundOff, price};
use std::sync::Arc;

/// Which prices a bill of another business day gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prices {
    Held,
    New,
}

/// Recalls a held bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recall {
    pub who: Who,
    pub held: SaleId,
    /// None: ask if they differ.
    pub prices: Option<Prices>,
}

/// The till's own bill, the held one, and today's prices of its lines.
pub struct State {
    pub open: Option<Bill>,
    pub held: Option<Held>,
    pub now: Vec<Option<Price>>,
    pub house: Arc<House>,
}

impl Command for Recall {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Hold);

    fn content(&self) -> Vec<u8> {
        encoded(&(9_u8, self.held, self.prices.map(|prices| prices == Prices::New)))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let house = House::load(db, moment.branch)?;
        let held = super::held(db, self.held)?;
        let lines = held.as_ref().map_or(&[][..], |held| &held.bill.lines);
        let price = |line: &Line| match line.product.filter(|_| line.sitting.is_none()) {
            Some(product) => catalog::price(db, &house.list, product, BusinessDay(moment.day)),
            None => Ok(None),
        };
        let now = lines.iter().map(price).collect::<Result<_, _>>()?;
        Ok(State { open: super::open(db, self.who.till)?, held, now, house })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        if state.open.is_some() {
            return Err(Refusal::BillNotEmpty);
        }
        let held = state.held.as_ref().ok_or(Refusal::Gone)?;
        let renewed = renewed(&held.bill, &state.now, moment.day);
        let kept = Bill { till: self.who.till, ..held.bill.clone() };
        let differs = renewed.lines != kept.lines;
        let bill = match self.prices {
            _ if !differs => kept,
            None => {
                let total = |bill: &Bill| -> Result<Money, Refusal> { Ok(price(&priced::bill(bill, &state.house), RoundOff::NONE)?.due) };
                let (held_total, new_total) = (total(&kept)?.minor(), total(&renewed)?.minor());
                return Err(Refusal::HeldPricesDiffer { held_total, new_total });
            }
            Some(Prices::New) => Bill { till: self.who.till, ..renewed },
            Some(Prices::Held) => {
                let mut kept = kept;
                kept.lines.iter_mut().zip(&renewed.lines).filter(|(line, new)| line != new).for_each(|(line, _)| line.held_price = true);
                kept
            }
        };
        Ok(bill.saved(Decided::nothing().draft(HELD, &self.held.0, None)))
    }
}

/// The bill with today's prices where a line asks for them; goods that lost their price keep it.
fn renewed(bill: &Bill, now: &[Option<Price>], today: u32) -> Bill {
    let mut bill = bill.clone();
    for (line, now) in bill.lines.iter_mut().zip(now) {
        let Some(now) = now else { continue };
        let keyed = BusinessDay(line.day);
        let list = recalled(keyed, line.list_price, BusinessDay(today), now.price);
        let changed = today > line.day && line.member_price != now.member_price;
        if matches!(list, Recalled::Asks { .. }) || changed {
            (line.list_price, line.member_price, line.day) = (now.price, now.member_price, today);
            line.label_amount = line.label_amount.and_then(|_| line.quantity.times(now.price).ok());
        }
    }
    bill
}
