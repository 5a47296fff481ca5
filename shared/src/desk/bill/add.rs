//! Puts goods on the bill: by number, from a weighed label, or without a code. Opens the till's bill if there is none.
//! Refusals, in order: UnknownCode, Retired, NoPrice, NeedsWeight, BadQuantity, NotWhole, QuantityLimit, BadAmount, OpenItemLimit, TooManyLines.
use super::priced::House;
use super::{Bill, Line};
use crate::base::limits::BILL_LINES_MAX;
use crate::base::{BusinessDay, Money, ProductNo, Quantity};
use crate::catalog::{self, Price, Product};
use crate::desk::till::Who;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::codes::{Weighed, WeightOrigin};
use crate::sales::price::ByHand;

/// Most that one line of goods without a code may cost, minor units.
pub const OPEN_ITEM_MAX: i64 = 1_000_000;

/// Adds a product; a weighed label brings its own quantity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Add {
    pub who: Who,
    pub product: ProductNo,
    pub quantity: Option<Quantity>,
    pub label: Option<Weighed>,
}

/// The bill, the goods and their price today.
pub struct State {
    pub bill: Option<Bill>,
    pub product: Option<Product>,
    pub price: Option<Price>,
}

impl Command for Add {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        let label = self.label.map(|label| (label.plu, label.amount, label.weight));
        encoded(&(1_u8, self.product, self.quantity, label))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let house = House::load(db, moment.branch)?;
        Ok(State {
            bill: super::open(db, self.who.till)?,
            product: catalog::product(db, self.product)?,
            price: catalog::price(db, &house.list, self.product, BusinessDay(moment.day))?,
        })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let product = state.product.as_ref().ok_or(Refusal::UnknownCode { text: self.product.0.to_string() })?;
        if product.retired {
            return Err(Refusal::Retired { name: product.name.clone() });
        }
        let price = state.price.ok_or(Refusal::NoPrice { name: product.name.clone() })?;
        let (quantity, label_amount, converted) = self.quantity(product, price.price)?;
        let mut bill = state.bill.clone().unwrap_or_else(|| Bill::new(moment, self.who.till, self.who.staff));
        let same = |line: &&mut Line| {
            line.product == Some(product.number)
                && line.by_hand == ByHand::Nothing
                && line.label_amount.is_none()
                && line.sitting.is_none()
                && label_amount.is_none()
                && !product.weighed
                && line.list_price == price.price
                && line.day == moment.day
        };
        if let Some(line) = bill.lines.last_mut().filter(same) {
            line.quantity = sum(line.quantity, quantity)?;
            return Ok(bill.saved(Decided::nothing()));
        }
        let no = bill.number();
        let line = Line {
            no,
            product: Some(product.number),
            name: product.name.clone(),
            name_en: product.name_en.clone(),
            code: product.code.clone(),
            unit: product.unit.clone(),
            weighed: product.weighed,
            quantity,
            list_price: price.price,
            member_price: price.member_price,
            label_amount,
            converted,
            by_hand: ByHand::Nothing,
            reason: String::new(),
            discountable: product.discountable,
            earns_points: product.earns_points,
            cost: product.cost,
            day: moment.day,
            held_price: false,
            sitting: None,
        };
        put(bill, line)
    }
}

impl Add {
    /// How much, what the label says it costs, and whether the weight was reckoned back from it.
    fn quantity(&self, product: &Product, price: Money) -> Result<(Quantity, Option<Money>, bool), Refusal> {
        if let Some(label) = self.label {
            let line = label.line(price).ok_or(Refusal::NoPrice { name: product.name.clone() })?;
            return Ok((line.quantity, line.label_amount, line.origin == WeightOrigin::Converted));
        }
        let quantity = match self.quantity {
            None if product.weighed => {
                let unit = product.unit.clone();
                return Err(Refusal::NeedsWeight { product: product.number.0, name: product.name.clone(), unit });
            }
            quantity => quantity.unwrap_or(Quantity::ONE),
        };
        fits(quantity, product.weighed, &product.unit)?;
        Ok((quantity, None, false))
    }
}

/// Goods without a code: an amount and perhaps a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddOpen {
    pub who: Who,
    /// Of one piece.
    pub amount: Money,
    pub name: String,
    pub quantity: Option<Quantity>,
}

impl Command for AddOpen {
    type State = Option<Bill>;
    const RIGHT: Option<Right> = Some(Right::OpenItem);

    fn content(&self) -> Vec<u8> {
        encoded(&(2_u8, self.amount, self.name.as_str(), self.quantity))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Option<Bill>, Fault> {
        super::open(db, self.who.till)
    }

    fn decide(&self, state: &Option<Bill>, moment: &Moment) -> Result<Decided, Refusal> {
        let quantity = self.quantity.unwrap_or(Quantity::ONE);
        fits(quantity, true, "")?;
        if !self.amount.is_positive() {
            return Err(Refusal::BadAmount);
        }
        if self.amount.minor() > OPEN_ITEM_MAX {
            return Err(Refusal::OpenItemLimit { limit: OPEN_ITEM_MAX });
        }
        let mut bill = state.clone().unwrap_or_else(|| Bill::new(moment, self.who.till, self.who.staff));
        let no = bill.number();
        let name = if self.name.trim().is_empty() { "临时商品".to_owned() } else { self.name.trim().chars().take(40).collect() };
        let line = Line {
            no,
            product: None,
            name_en: if self.name.trim().is_empty() { "Open item".into() } else { name.clone() },
            name,
            code: String::new(),
            unit: String::new(),
            weighed: false,
            quantity,
            list_price: self.amount,
            member_price: None,
            label_amount: None,
            converted: false,
            by_hand: ByHand::Nothing,
            reason: String::new(),
            discountable: true,
            earns_points: true,
            cost: None,
            day: moment.day,
            held_price: false,
            sitting: None,
        };
        put(bill, line)
    }
}

/// Another line, if there is room.
pub(crate) fn put(mut bill: Bill, line: Line) -> Result<Decided, Refusal> {
    if bill.lines.len() >= BILL_LINES_MAX {
        return Err(Refusal::TooManyLines { limit: BILL_LINES_MAX as u32 });
    }
    bill.lines.push(line);
    Ok(bill.saved(Decided::nothing()))
}

/// Whether a quantity may stand on a line: above zero, not beyond the limit, whole where the goods are counted.
pub(super) fn fits(quantity: Quantity, weighed: bool, unit: &str) -> Result<(), Refusal> {
    if !quantity.is_positive() {
        return Err(Refusal::BadQuantity { text: quantity.to_string() });
    }
    if !weighed && quantity.thousandths() % Quantity::ONE.thousandths() != 0 {
        return Err(Refusal::NotWhole { unit: unit.into() });
    }
    match quantity > Quantity::LINE_MAX {
        true => Err(Refusal::QuantityLimit { limit: Quantity::LINE_MAX.thousandths() }),
        false => Ok(()),
    }
}

fn sum(now: Quantity, more: Quantity) -> Result<Quantity, Refusal> {
    let sum = now.plus(more)?;
    fits(sum, true, "").map(|()| sum)
}
