//! What of a refund pays the new bill at once (换货). Money stays in its own tender: given back and taken again, so that only the difference moves and
//! every figure of a drawer or a provider stays right. What went back to a card or as points is the member's, and paid with as ever.
use crate::base::Money;
use crate::facts::sales::{CASH, POINTS, Paid, VALUE};

/// Money of a refund, each tender once, in the order of R10: cash last.
pub fn money(back: &[Paid]) -> Vec<(String, Money)> {
    let mut money: Vec<(String, Money)> = Vec::new();
    for paid in back.iter().filter(|paid| paid.code != VALUE && paid.code != POINTS && paid.amount.is_positive()) {
        match money.iter_mut().find(|(code, _)| *code == paid.code) {
            Some((_, amount)) => *amount = Money::from_minor(amount.minor().saturating_add(paid.amount.minor())),
            None => money.push((paid.code.clone(), paid.amount)),
        }
    }
    money
}

/// What of this money pays a bill that comes to `due`, to `due_cash` with cash among its tenders (R3). What is given back last is kept first, so that
/// the customer gets the rest by R10: cash is kept as long as there is any.
pub fn kept(back: &[(String, Money)], due: Money, due_cash: Money) -> Vec<(String, Money)> {
    let mut left = if has_cash(back) { due_cash } else { due };
    let mut kept = Vec::new();
    for (code, amount) in back.iter().rev() {
        let part = left.min(*amount);
        if part.is_positive() {
            kept.push((code.clone(), part));
            left = Money::from_minor(left.minor() - part.minor());
        }
    }
    kept
}

/// Whether cash is among it: then the new bill is one with cash.
pub fn has_cash(back: &[(String, Money)]) -> bool {
    back.iter().any(|(code, amount)| code == CASH && amount.is_positive())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::sales::Proven;
    use proptest::prelude::*;
    use rstest::rstest;

    fn money_of(back: &[(&str, i64)]) -> Vec<(String, Money)> {
        back.iter().map(|(code, minor)| ((*code).to_owned(), Money::from_minor(*minor))).collect()
    }

    #[rstest]
    #[case::all_of_it_and_more_is_due(&[("cash", 6_980)], 10_000, 10_000, &[("cash", 6_980)])]
    #[case::the_rest_goes_back(&[("wechat", 10_000)], 2_550, 2_550, &[("wechat", 2_550)])]
    #[case::cash_is_rounded(&[("cash", 10_000)], 2_557, 2_550, &[("cash", 2_550)])]
    #[case::no_cash_is_not(&[("wechat", 10_000)], 2_557, 2_550, &[("wechat", 2_557)])]
    #[case::cash_stays_first(&[("wechat", 9_350), ("cash", 10_000)], 12_000, 12_000, &[("cash", 10_000), ("wechat", 2_000)])]
    #[case::nothing_is_due(&[("cash", 10_000)], 4, 0, &[])]
    #[case::nothing_came_back_in_money(&[], 2_550, 2_550, &[])]
    fn keeps(#[case] back: &[(&str, i64)], #[case] due: i64, #[case] due_cash: i64, #[case] wanted: &[(&str, i64)]) {
        assert_eq!(kept(&money_of(back), Money::from_minor(due), Money::from_minor(due_cash)), money_of(wanted));
    }

    #[test]
    fn a_tender_keyed_twice_is_one() {
        let paid = |code: &str, minor: i64| Paid {
            code: code.into(),
            amount: Money::from_minor(minor),
            bonus: Money::ZERO,
            handed: Money::ZERO,
            parts: Vec::new(),
            proven: Proven::NotAsked,
        };
        let back = [paid("value", 500), paid("wechat", 1_000), paid("wechat", 2_000), paid("cash", 300)];
        assert_eq!(money(&back), money_of(&[("wechat", 3_000), ("cash", 300)]));
    }

    proptest! {
        #[test]
        fn no_more_is_kept_than_came_back_or_is_due(amounts in prop::collection::vec(1i64..100_000, 0..4), due in 0i64..200_000) {
            let codes = ["wechat", "alipay", "bank", "cash"];
            let back: Vec<(String, Money)> = codes.iter().zip(&amounts).map(|(code, minor)| ((*code).into(), Money::from_minor(*minor))).collect();
            let kept: i64 = kept(&back, Money::from_minor(due), Money::from_minor(due / 10 * 10)).iter().map(|(_, amount)| amount.minor()).sum();
            prop_assert!(kept <= due && kept <= amounts.iter().sum());
            prop_assert!(kept == amounts.iter().sum::<i64>() || kept >= due / 10 * 10, "one of the two is used up");
        }
    }
}
