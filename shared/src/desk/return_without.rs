//! Takes goods back without a receipt (无单退货): at most what they cost here today, in money, within the own limit of refunds. It takes no right of
//! a sale and touches no points, so it is a right of its own.
//! Refusals, in order: NoShift, EmptyBill, NoPrice, BadQuantity, BadAmount, TenderUnknown, NeedsOverride.
use super::bill::priced::House;
use super::print::PrintJob;
use super::slips::{self, Names};
use super::till::{Numbering, Who};
use crate::base::{BusinessDay, Money, ProductNo, Quantity};
use crate::catalog;
use crate::facts::corrections::ReturnedWithout;
use crate::facts::sales::{CASH, ReturnedLine};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use std::sync::Arc;

/// Goods of one kind, and what is given for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub product: ProductNo,
    pub quantity: Quantity,
    pub amount: Money,
}

/// Takes goods back without a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnWithout {
    pub who: Who,
    pub pieces: Vec<Piece>,
    pub tender: String,
    pub reason: String,
}

/// Price and cost of each of the goods today; none of what is not sold here.
pub struct State {
    goods: Vec<Option<(Money, Option<Money>)>>,
    house: Arc<House>,
    numbering: Numbering,
    names: Names,
}

impl Command for ReturnWithout {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::ReturnWithout);

    fn content(&self) -> Vec<u8> {
        let pieces: Vec<_> = self.pieces.iter().map(|piece| (piece.product.0, piece.quantity, piece.amount)).collect();
        encoded(&(74_u8, pieces, self.tender.as_str(), self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let house = House::load(db, moment.branch)?;
        let mut goods = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            let cost = catalog::product(db, piece.product)?.and_then(|product| product.cost);
            let price = catalog::price::price(db, &house.list, piece.product, BusinessDay(moment.day))?;
            goods.push(price.map(|price| (price.price, cost)));
        }
        let names = Names::load(db, &house, self.who.language, self.who.staff)?;
        let names = names.with_products(db, self.pieces.iter().map(|piece| piece.product))?;
        Ok(State { goods, numbering: Numbering::load(db, moment, self.who.till)?, names, house })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        if moment.shift.is_none() {
            return Err(Refusal::NoShift);
        }
        if self.pieces.is_empty() {
            return Err(Refusal::EmptyBill);
        }
        let mut lines = Vec::with_capacity(self.pieces.len());
        for ((no, piece), goods) in (1..).zip(&self.pieces).zip(&state.goods) {
            let (price, cost) = goods.ok_or_else(|| Refusal::NoPrice { name: piece.product.0.to_string() })?;
            if !piece.quantity.is_positive() || piece.quantity > Quantity::LINE_MAX {
                return Err(Refusal::BadQuantity { text: piece.quantity.to_string() });
            }
            if piece.amount.is_negative() || piece.amount > piece.quantity.times(price)? {
                return Err(Refusal::BadAmount);
            }
            let cost = cost.map(|cost| piece.quantity.times(cost)).transpose()?;
            lines.push(ReturnedLine { no, product: Some(piece.product), quantity: piece.quantity, net: piece.amount, cost });
        }
        if self.tender != CASH && !state.house.till.tenders.contains_key(&self.tender) {
            return Err(Refusal::TenderUnknown { tender: self.tender.clone() });
        }
        let paid_back = Money::sum(lines.iter().map(|line| line.net))?;
        let over = |limit: Option<Money>| limit.is_some_and(|limit| paid_back > limit);
        if over(self.who.limits.refund) {
            let limit = self.who.limits.refund.map(Money::minor);
            return Err(Refusal::NeedsOverride { right: Right::ReturnWithout, limit, asked: Some(paid_back.minor()) });
        }
        let lent = self.who.lent(Right::ReturnWithout) || over(self.who.own.refund);
        let returned = ReturnedWithout {
            at: self.who.occasion(moment, lent),
            receipt_no: state.numbering.next(self.who.till, moment.day),
            lines,
            tender: self.tender.clone(),
            paid_back,
            reason: self.reason.clone(),
        };
        let slip = slips::returned_without(&returned, &state.names);
        let job = PrintJob::new(moment.command, &returned.receipt_no, slip, None).job(moment, self.who.till);
        Ok(Decided::nothing().fact(&returned).job(job))
    }
}
