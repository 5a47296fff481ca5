//! Rates of commission (提成), each from a day on: what was earned before that day stays as it was.

use super::{Fields, field};
use crate::base::BusinessDay;

/// What a rate or fee is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Earning {
    /// Goods and services on a bill that have no rate of their own.
    Sale,
    /// Those of a category and of what lies under it.
    Category(String),
    Product(u32),
    TopUp,
    /// A package that is sold (现金业绩).
    Package,
    /// Uses that are taken (消耗业绩).
    Use,
    /// 手工费 for each use of a service.
    Hand(u32),
    /// More of it for each use where the customer asked for the person (点钟).
    AskedFor,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rule {
    pub earning: Earning,
    /// First business day on which it holds, yyyymmdd.
    pub from: u32,
    /// Basis points; of a hand fee and of what is added to it minor units.
    pub value: i64,
}

impl Rule {
    /// What comes after `commission:` in a key, `<what>@<day>`; none if the text has another form.
    pub fn read(tail: &str) -> Option<(Earning, u32)> {
        let (what, day) = tail.split_once('@')?;
        let day: u32 = Some(day).filter(|day| field::digits(day, 8, 8))?.parse().ok()?;
        let from = BusinessDay::of(day / 10_000, day / 100 % 100, day % 100)?.0;
        let earning = match what.split_once('.') {
            Some(("category", code)) if field::code(code, 16) => Earning::Category(code.into()),
            Some(("product", number)) => Earning::Product(number.parse().ok()?),
            Some(("hand", number)) => Earning::Hand(number.parse().ok()?),
            Some(_) => return None,
            None => match what {
                "sale" => Earning::Sale,
                "top_up" => Earning::TopUp,
                "package" => Earning::Package,
                "use" => Earning::Use,
                "asked_for" => Earning::AskedFor,
                _ => return None,
            },
        };
        Some((earning, from))
    }
}

/// Every rule of the chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommissionSettings {
    pub rules: Vec<Rule>,
}

impl CommissionSettings {
    pub fn from_fields(fields: &Fields) -> Self {
        let rule = |(tail, value): (&str, i64)| Rule::read(tail).map(|(earning, from)| Rule { earning, from, value });
        Self { rules: field::ints(fields, "commission:").filter_map(rule).collect() }
    }

    /// The value of the newest rule that held on a day; 0 where there is none.
    pub fn of(&self, earning: &Earning, day: u32) -> i64 {
        self.found(earning, day).unwrap_or(0)
    }

    fn found(&self, earning: &Earning, day: u32) -> Option<i64> {
        let held = self.rules.iter().filter(|rule| rule.earning == *earning && rule.from <= day);
        held.max_by_key(|rule| rule.from).map(|rule| rule.value)
    }

    /// The rate of a line on a bill: of the product, else of the first of its categories that has one (its own, then those above), else of all.
    pub fn of_line(&self, product: Option<u32>, categories: &[String], day: u32) -> i64 {
        let own = product.and_then(|product| self.found(&Earning::Product(product), day));
        let under = || categories.iter().find_map(|code| self.found(&Earning::Category(code.clone()), day));
        own.or_else(under).unwrap_or_else(|| self.of(&Earning::Sale, day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("sale@20261101", Some((Earning::Sale, 20_261_101)))]
    #[case("category.01@20261101", Some((Earning::Category("01".into()), 20_261_101)))]
    #[case("product.15@20261101", Some((Earning::Product(15), 20_261_101)))]
    #[case("hand.7@20261101", Some((Earning::Hand(7), 20_261_101)))]
    #[case("asked_for@20261101", Some((Earning::AskedFor, 20_261_101)))]
    #[case("sale", None)]
    #[case("sale@20261301", None)]
    #[case("sale@2026", None)]
    #[case("product.x@20261101", None)]
    #[case("other@20261101", None)]
    fn keys(#[case] tail: &str, #[case] read: Option<(Earning, u32)>) {
        assert_eq!(Rule::read(tail), read);
    }

    #[rstest]
    #[case::before_any(Some(15), &["0101"], 20_261_031, 0)]
    #[case::of_all(Some(9), &["02"], 20_261_101, 300)]
    #[case::changed_later(Some(9), &["02"], 20_261_201, 400)]
    #[case::category_above(Some(9), &["0102", "01"], 20_261_101, 500)]
    #[case::nearest(Some(9), &["0101", "01"], 20_261_101, 600)]
    #[case::product(Some(15), &["0101", "01"], 20_261_101, 0)]
    #[case::without_a_code(None, &[], 20_261_101, 300)]
    fn the_rate_of_a_line(#[case] product: Option<u32>, #[case] categories: &[&str], #[case] day: u32, #[case] bp: i64) {
        let rule = |earning, from, value| Rule { earning, from, value };
        let rules = vec![
            rule(Earning::Sale, 20_261_101, 300),
            rule(Earning::Sale, 20_261_201, 400),
            rule(Earning::Category("01".into()), 20_261_101, 500),
            rule(Earning::Category("0101".into()), 20_261_101, 600),
            rule(Earning::Product(15), 20_261_101, 0),
        ];
        let categories: Vec<String> = categories.iter().map(|code| (*code).to_owned()).collect();
        assert_eq!(CommissionSettings { rules }.of_line(product, &categories, day), bp);
    }
}
