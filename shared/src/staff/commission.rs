//! R18, pure: rate × net, half up; of several clerks the later ones by their share half up, the first one the rest. What comes back takes back
//! the difference between what was earned and what is left of it.
use crate::base::{Money, Rate, StaffId};
use crate::base::{Overflow, Rounding};
use std::collections::BTreeMap;

/// What lines earn: each rate is applied once to the sum of all lines that have it (R1). `(basis points, net)`.
///
/// # Errors
/// An amount out of range.
pub fn of_lines(lines: impl IntoIterator<Item = (i64, Money)>) -> Result<Money, Overflow> {
    let mut by_rate: BTreeMap<i64, Vec<Money>> = BTreeMap::new();
    for (bp, net) in lines {
        by_rate.entry(bp).or_default().push(net);
    }
    let earned = |(bp, nets): (i64, Vec<Money>)| part(bp, Money::sum(nets)?);
    Money::sum(by_rate.into_iter().map(earned).collect::<Result<Vec<Money>, Overflow>>()?)
}

/// A rate of one amount, half up.
///
/// # Errors
/// An amount out of range.
pub fn part(bp: i64, amount: Money) -> Result<Money, Overflow> {
    amount.share(Rate::from_bp(u32::try_from(bp).unwrap_or(0)), Rounding::HalfUp)
}

/// What each of several people gets of an amount, in the order named.
///
/// # Errors
/// An amount out of range.
pub fn split(amount: Money, people: &[(StaffId, Rate)]) -> Result<Vec<(StaffId, Money)>, Overflow> {
    let mut parts: Vec<(StaffId, Money)> = Vec::new();
    for (staff, share) in people.iter().skip(1) {
        parts.push((*staff, amount.share(*share, Rounding::HalfUp)?));
    }
    let others = Money::sum(parts.iter().map(|(_, part)| *part))?;
    if let Some((first, _)) = people.first() {
        parts.insert(0, (*first, amount.minus(others)?));
    }
    Ok(parts)
}

/// What is taken back by whom when `amount` of paid-in value goes out again: of the newest top-ups first, from whoever took them.
/// `paid_in`: oldest first, what is left of each.
pub fn newest_first<T: Copy>(paid_in: &mut Vec<(T, i64)>, amount: i64) -> Vec<(T, i64)> {
    let (mut left, mut taken) = (amount, Vec::new());
    while let Some((of, lies)) = paid_in.last_mut().filter(|_| left > 0) {
        let part = left.min(*lies);
        taken.push((*of, part));
        (*lies, left) = (*lies - part, left - part);
        if *lies == 0 {
            paid_in.pop();
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const ZHOU: StaffId = StaffId([1; 16]);
    const WU: StaffId = StaffId([2; 16]);

    fn money(minor: i64) -> Money {
        Money::from_minor(minor)
    }

    /// G1: 3 % of A1's 340.60, 小周 60 / 小吴 40.
    #[test]
    fn g1_two_clerks_share_what_a_bill_earns() {
        let earned = of_lines([(300, money(15_957)), (300, money(13_259)), (300, money(4_844))]).expect("in range");
        assert_eq!(earned, money(1_022), "10.218 half up");
        let people = [(ZHOU, Rate::from_bp(6_000)), (WU, Rate::from_bp(4_000))];
        assert_eq!(split(earned, &people), Ok(vec![(ZHOU, money(613)), (WU, money(409))]));
    }

    /// G3: sale 4 % of 980.00, first use 5 % of 81.66. G5: 1 % of 1 000.00, then of 300.00 back.
    #[rstest]
    #[case::g3_seller(400, 98_000, 3_920)]
    #[case::g3_first_use(500, 8_166, 408)]
    #[case::g5_topped_up(100, 100_000, 1_000)]
    #[case::g5_withdrawn(100, 30_000, 300)]
    #[case::half_up(50, 100, 1)]
    #[case::below_half(49, 100, 0)]
    #[case::nothing(0, 98_000, 0)]
    fn one_rate(#[case] bp: i64, #[case] amount: i64, #[case] earned: i64) {
        assert_eq!(part(bp, money(amount)), Ok(money(earned)));
    }

    #[rstest]
    #[case::of_the_newest(30_000, &[(2, 30_000)], &[(1, 50_000), (2, 20_000)])]
    #[case::and_of_the_one_before(70_000, &[(2, 50_000), (1, 20_000)], &[(1, 30_000)])]
    #[case::more_than_was_paid_in(200_000, &[(2, 50_000), (1, 50_000)], &[])]
    fn value_goes_out_newest_first(#[case] amount: i64, #[case] taken: &[(u8, i64)], #[case] left: &[(u8, i64)]) {
        let mut paid_in = vec![(1_u8, 50_000), (2, 50_000)];
        assert_eq!(newest_first(&mut paid_in, amount), taken);
        assert_eq!(paid_in, left);
    }

    proptest::proptest! {
        #[test]
        fn parts_come_to_the_whole(amount in 0_i64..1_000_000_000, shares in proptest::collection::vec(0_u32..=2_500, 1..5)) {
            let people: Vec<(StaffId, Rate)> = shares.iter().map(|bp| (ZHOU, Rate::from_bp(*bp))).collect();
            let parts = split(money(amount), &people).expect("in range");
            proptest::prop_assert_eq!(parts.iter().map(|(_, part)| part.minor()).sum::<i64>(), amount);
        }
    }
}
