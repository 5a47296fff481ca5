//! Goods that are sold. Written by HQ.
//!
//! A price is set for a list and holds from a business day on, until a later day has another one. Prices are never
//! changed in place: a receipt of last week stays explainable.

use super::{
    Fields, Flaw, Invalid,
    field::{self, Key, Shape, Writer},
};
use std::collections::{BTreeMap, BTreeSet};

/// Ten billion: a price beyond it is a slip of the finger.
const PRICE_MAX: i64 = 1_000_000_000_000;

/// A price in points beyond it is a slip of the finger, too.
const POINTS_MAX: i64 = 100_000_000;

pub const KEYS: &[Key] = &[
    Key::required("number", Shape::Int(1, u32::MAX as i64)),
    Key::required("name", Shape::Text(40)),
    Key::new("name_en", Shape::Text(60)),
    Key::new("category", Shape::Form(super::category::code, 6)),
    Key::new("unit", Shape::Text(10)),
    Key::new("weighed", Shape::Bool),
    Key::new("plu", Shape::Form(|plu| field::digits(plu, 1, 6), 6)),
    Key::many("barcode:", barcode, Shape::True),
    Key::new("pinyin", Shape::Text(120)),
    Key::new("discountable", Shape::Bool),
    Key::new("earns_points", Shape::Bool),
    Key::new("cost_minor", Shape::Int(0, PRICE_MAX)),
    Key::many("price:", list_and_day, Shape::Int(0, PRICE_MAX)),
    Key::many("member_price:", list_and_day, Shape::Int(0, PRICE_MAX)),
    Key::new("gift_points", Shape::Int(1, POINTS_MAX)),
    Key::new("gift_money_minor", Shape::Int(0, PRICE_MAX)),
    Key::new("retired", Shape::Bool),
];

/// A price: (list, business day yyyymmdd from which it holds) to minor units.
pub type Prices = BTreeMap<(String, i64), i64>;

/// Goods that are sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Chain-wide number, what facts refer to; never reused.
    pub number: i64,
    pub name: String,
    pub name_en: String,
    /// Code of its category.
    pub category: String,
    /// What one of it is called: 瓶, 袋, kg.
    pub unit: String,
    /// Sold by weight: prices are for a kilogram.
    pub weighed: bool,
    /// Short number for goods without a code and on scales.
    pub plu: String,
    pub barcodes: BTreeSet<String>,
    /// Search keys of the name.
    pub pinyin: String,
    pub discountable: bool,
    pub earns_points: bool,
    pub cost_minor: Option<i64>,
    /// What one costs in points (积分兑换); none: it is no gift.
    pub gift_points: Option<i64>,
    /// Money beside the points.
    pub gift_money_minor: Option<i64>,
    pub prices: Prices,
    pub member_prices: Prices,
    /// No longer sold.
    pub retired: bool,
}

impl Default for Product {
    fn default() -> Self {
        Self::from_fields(&Fields::new())
    }
}

impl Product {
    pub fn from_fields(fields: &Fields) -> Self {
        Self {
            number: field::int(fields, "number").unwrap_or(0),
            name: field::text(fields, "name"),
            name_en: field::text(fields, "name_en"),
            category: field::text(fields, "category"),
            unit: field::text(fields, "unit"),
            weighed: field::yes(fields, "weighed").unwrap_or(false),
            plu: field::text(fields, "plu"),
            barcodes: field::tails(fields, "barcode:").map(str::to_owned).collect(),
            pinyin: field::text(fields, "pinyin"),
            discountable: field::yes(fields, "discountable").unwrap_or(true),
            earns_points: field::yes(fields, "earns_points").unwrap_or(true),
            cost_minor: field::int(fields, "cost_minor"),
            gift_points: field::int(fields, "gift_points"),
            gift_money_minor: field::int(fields, "gift_money_minor"),
            prices: prices(fields, "price:"),
            member_prices: prices(fields, "member_price:"),
            retired: field::yes(fields, "retired").unwrap_or(false),
        }
    }

    pub fn to_fields(&self) -> Fields {
        Writer::default()
            .int("number", self.number)
            .text("name", &self.name)
            .text("name_en", &self.name_en)
            .text("category", &self.category)
            .text("unit", &self.unit)
            .yes("weighed", self.weighed)
            .text("plu", &self.plu)
            .tails("barcode:", &self.barcodes)
            .text("pinyin", &self.pinyin)
            .yes("discountable", self.discountable)
            .yes("earns_points", self.earns_points)
            .int("cost_minor", self.cost_minor)
            .int("gift_points", self.gift_points)
            .int("gift_money_minor", self.gift_money_minor)
            .ints("price:", tails(&self.prices))
            .ints("member_price:", tails(&self.member_prices))
            .yes("retired", self.retired)
            .fields()
    }

    pub fn validate(&self) -> Vec<Invalid> {
        let mut invalid = field::check(KEYS, &self.to_fields());
        for fault in &mut invalid {
            if fault.key.strip_prefix("barcode:").is_some_and(has_check_digit) {
                fault.flaw = Flaw::CheckDigit;
            }
        }
        invalid
    }

    /// What one costs by this list on this business day (yyyymmdd); None if it had no price yet.
    pub fn price(&self, list: &str, day: i64) -> Option<i64> {
        latest(&self.prices, list, day)
    }

    /// What one costs a member by this list on this business day (yyyymmdd), where members have a price of their own.
    pub fn member_price(&self, list: &str, day: i64) -> Option<i64> {
        latest(&self.member_prices, list, day)
    }
}

/// The key of a price: `price:<list>:<yyyymmdd>`.
pub fn price_key(list: &str, day: i64) -> String {
    format!("price:{list}:{day}")
}

/// The key of a member price: `member_price:<list>:<yyyymmdd>`.
pub fn member_price_key(list: &str, day: i64) -> String {
    format!("member_price:{list}:{day}")
}

/// A code of goods: EAN-13, EAN-8 and UPC-A with the right check digit, other digits and letters as they are.
pub fn barcode(text: &str) -> bool {
    if has_check_digit(text) {
        return check_digit_fits(text);
    }
    (1..=24).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn has_check_digit(text: &str) -> bool {
    matches!(text.len(), 8 | 12 | 13) && field::digits(text, 8, 13)
}

/// The last digit of an EAN or UPC makes the weighted sum of all digits a multiple of ten; weights from the right: 1, 3, 1, 3…
pub fn check_digit_fits(digits: &str) -> bool {
    let weighted = digits.bytes().rev().zip([1, 3].into_iter().cycle());
    weighted.map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight).sum::<u32>().is_multiple_of(10)
}

fn list_and_day(tail: &str) -> bool {
    split(tail).is_some_and(|(list, day)| field::code(list, 16) && field::day(day))
}

fn split(tail: &str) -> Option<(&str, i64)> {
    let (list, day) = tail.split_once(':')?;
    field::digits(day, 8, 8).then(|| day.parse().ok().map(|day| (list, day)))?
}

fn prices(fields: &Fields, head: &str) -> Prices {
    let prices = field::ints(fields, head).filter_map(|(tail, minor)| Some((split(tail)?, minor)));
    prices.map(|((list, day), minor)| ((list.to_owned(), day), minor)).collect()
}

fn tails(prices: &Prices) -> impl Iterator<Item = (String, i64)> {
    prices.iter().map(|((list, day), minor)| (format!("{list}:{day}"), *minor))
}

fn latest(prices: &Prices, list: &str, day: i64) -> Option<i64> {
    let until = prices.range((list.to_owned(), i64::MIN)..=(list.to_owned(), day));
    until.last().map(|(_, minor)| *minor)
}
