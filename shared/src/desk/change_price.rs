//! Another price from a business day on. It takes effect with the next business day unless head office wants it now, and that is a choice to
//! be confirmed: open and held bills keep their price, and the tills show the release. Refusals, in order: NotFound, NotSound (nothing
//! given), PriceNegative, NotSound (a day gone by, a price or list out of bounds), NeedsConfirmation.
use super::write::{changed, flaw, standing};
use crate::base::{BusinessDay, ProductNo};
use crate::catalog::release::price_release;
use crate::catalog::{self, Product};
use crate::documents::product::{KEYS, member_price_key, price_key};
use crate::documents::{Fields, Kind, Scalar, field};
use crate::facts::catalog::PricesReleased;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// What the page asks the person before a price holds at once.
pub const PRICE_NOW: &str = "price_now";

/// Sets prices of one product in one list; none leaves a price as it is.
#[derive(Debug, Clone)]
pub struct ChangePrice {
    pub product: ProductNo,
    pub list: String,
    /// Minor units.
    pub price: Option<i64>,
    pub member_price: Option<i64>,
    /// None: the next business day.
    pub from: Option<BusinessDay>,
    /// From today, at once.
    pub now: bool,
    /// The person was asked and wants it now.
    pub confirmed: bool,
}

pub struct State {
    product: Option<Product>,
    old: Fields,
    release: i64,
}

impl ChangePrice {
    fn day(&self, today: BusinessDay) -> BusinessDay {
        match self.from {
            _ if self.now => today,
            Some(day) => day,
            None => today.next(),
        }
    }

    fn set(&self, day: BusinessDay) -> Fields {
        let day = i64::from(day.0);
        let price = self.price.map(|minor| (price_key(&self.list, day), Scalar::Int(minor)));
        let member_price = self.member_price.map(|minor| (member_price_key(&self.list, day), Scalar::Int(minor)));
        price.into_iter().chain(member_price).collect()
    }
}

impl Command for ChangePrice {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Prices);

    fn content(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        let product = catalog::product(db, self.product)?;
        let old = product.as_ref().map(|product| standing(db, product.document)).transpose()?.unwrap_or_default();
        Ok(State { product, old, release: price_release(db)? })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let unsound = |field: &str, why: &str| Refusal::NotSound { field: field.into(), why: why.into() };
        let Some(product) = &state.product else { return Err(Refusal::NotFound { what: "product".into() }) };
        if self.price.is_none() && self.member_price.is_none() {
            return Err(unsound("price", "missing"));
        }
        if self.price.is_some_and(|price| price < 0) || self.member_price.is_some_and(|price| price < 0) {
            return Err(Refusal::PriceNegative);
        }
        let today = BusinessDay(moment.day);
        let day = self.day(today);
        if day < today || BusinessDay::of(day.year(), day.month().0 % 100, day.day_of_month()).is_none() {
            return Err(unsound("from", "past"));
        }
        let set = self.set(day);
        for (key, value) in &set {
            if let Some(wrong) = field::flaw(KEYS, key, value) {
                return Err(unsound(if wrong == crate::documents::Flaw::KeyEnding { "list" } else { "price" }, flaw(wrong)));
            }
        }
        if day == today && !self.confirmed {
            return Err(Refusal::NeedsConfirmation { what: PRICE_NOW.into() });
        }
        let mut new = state.old.clone();
        new.extend(set);
        let decided = changed(Kind::Product, product.document, &state.old, &new);
        if decided.parts.is_empty() {
            return Ok(decided);
        }
        let different = new.iter().filter(|(key, value)| state.old.get(*key) != Some(value)).count();
        Ok(decided.fact(&PricesReleased { number: state.release + 1, changed: different as u32, from: day.0 }))
    }
}
