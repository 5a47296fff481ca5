//! What uses of a package are worth, which are taken first, and what a refund pays (R16). Paid uses go first, gift uses last.
use crate::base::{Money, Overflow, Rounding};

/// What was paid for so many uses of one thing. Uses above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    pub price: Money,
    pub paid: i64,
    pub gift: i64,
}

impl Terms {
    pub fn all(&self) -> i64 {
        self.paid + self.gift
    }
}

/// Worth of `uses` after `used` were taken: price × k / all, floor cumulated, so that all uses sum to the price.
///
/// # Errors
/// An amount out of range.
pub fn worth(terms: Terms, used: i64, uses: i64) -> Result<Money, Overflow> {
    let upto = |used: i64| terms.price.scaled(used.clamp(0, terms.all()), terms.all().max(1), Rounding::Down);
    upto(used + uses)?.minus(upto(used)?)
}

/// What is still owed for uses not taken yet: the liability.
///
/// # Errors
/// An amount out of range.
pub fn open(terms: Terms, used: i64) -> Result<Money, Overflow> {
    worth(terms, used, terms.all() - used)
}

/// Which refund rule the house has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RefundRule {
    /// A: price × unused paid uses / paid uses.
    #[default]
    Unused,
    /// B: price less what was used at the list price.
    ListPrice,
}

/// What a refund after `used` uses pays; never below zero. What is left of the liability becomes income, gift uses lapse.
///
/// # Errors
/// An amount out of range.
pub fn refund(rule: RefundRule, terms: Terms, list_price: Money, used: i64) -> Result<Money, Overflow> {
    let paid = match rule {
        RefundRule::Unused => terms.price.scaled((terms.paid - used).max(0), terms.paid.max(1), Rounding::Down)?,
        RefundRule::ListPrice => terms.price.minus(list_price.scaled(used, 1, Rounding::Down)?)?,
    };
    Ok(paid.max(Money::ZERO))
}

/// A package with uses left and its last day, yyyymmdd; 0: no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left<K> {
    pub of: K,
    pub ends: u32,
    pub left: i64,
}

/// Takes `uses` from packages: the one that ends first is taken first, one without end last. None: there are not so many.
pub fn take<K: Copy + Ord>(packages: &[Left<K>], uses: i64) -> Option<Vec<(K, i64)>> {
    let mut packages: Vec<Left<K>> = packages.iter().copied().filter(|package| package.left > 0).collect();
    packages.sort_by_key(|package| (if package.ends == 0 { u32::MAX } else { package.ends }, package.of));
    let (mut missing, mut taken) = (uses, Vec::new());
    for package in packages {
        let uses = package.left.min(missing);
        if uses > 0 {
            taken.push((package.of, uses));
            missing -= uses;
        }
    }
    (missing == 0 && uses > 0).then_some(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn money(minor: i64) -> Money {
        Money::from_minor(minor)
    }

    /// D1: 10 + 2 for 980.00.
    const FACIAL: Terms = Terms { price: Money::from_minor(98_000), paid: 10, gift: 2 };

    #[test]
    fn d1_the_first_uses() {
        let each: Vec<i64> = (0..12).map(|used| worth(FACIAL, used, 1).expect("in range").minor()).collect();
        assert_eq!(each[..4], [8_166, 8_167, 8_167, 8_166]);
        assert_eq!(each.iter().sum::<i64>(), 98_000);
    }

    #[test]
    fn d2_income_and_liability_after_four_uses() {
        assert_eq!((worth(FACIAL, 0, 4), open(FACIAL, 4)), (Ok(money(32_666)), Ok(money(65_334))));
    }

    #[rstest]
    #[case::d4_a(RefundRule::Unused, 4, 58_800, 6_534)]
    #[case::d4_b(RefundRule::ListPrice, 4, 46_800, 18_534)]
    #[case::nothing_used_a(RefundRule::Unused, 0, 98_000, 0)]
    #[case::nothing_used_b(RefundRule::ListPrice, 0, 98_000, 0)]
    #[case::only_gifts_left_a(RefundRule::Unused, 10, 0, 16_334)]
    #[case::only_gifts_left_b(RefundRule::ListPrice, 10, 0, 16_334)]
    fn refunds(#[case] rule: RefundRule, #[case] used: i64, #[case] wanted: i64, #[case] income: i64) {
        let paid = refund(rule, FACIAL, money(12_800), used).expect("in range");
        assert_eq!(paid, money(wanted));
        assert_eq!(open(FACIAL, used).expect("in range").minor() - paid.minor(), income, "what becomes income");
    }

    #[rstest]
    #[case::d3(3, Some(vec![('a', 2), ('b', 1)]))]
    #[case::one(1, Some(vec![('a', 1)]))]
    #[case::the_endless_last(17, Some(vec![('a', 2), ('b', 12), ('c', 3)]))]
    #[case::too_many(20, None)]
    #[case::none(0, None)]
    fn oldest_end_first(#[case] uses: i64, #[case] wanted: Option<Vec<(char, i64)>>) {
        let left = [('b', 20_270_630, 12), ('c', 0, 5), ('a', 20_261_231, 2), ('d', 20_261_130, 0)];
        assert_eq!(take(&left.map(|(of, ends, left)| Left { of, ends, left }), uses), wanted);
    }

    proptest! {
        #[test]
        fn uses_sum_to_the_price_however_they_are_taken(price in 0_i64..10_000_000, paid in 1_i64..100, gift in 0_i64..50, step in 1_i64..7) {
            let terms = Terms { price: money(price), paid, gift };
            let (mut used, mut sum) = (0, 0);
            while used < terms.all() {
                let uses = step.min(terms.all() - used);
                sum += worth(terms, used, uses).expect("in range").minor();
                used += uses;
            }
            prop_assert_eq!(sum, price);
        }
    }
}
