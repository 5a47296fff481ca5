//! How far a person may go down with a price by own right (A10). Pure: who has which right is looked up elsewhere.
use crate::base::{Money, Overflow, Rate, Rounding};

/// A discount beyond the person's right; a person with a wider right may allow it on the spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{given} off is more than a rate of {lowest} allows")]
pub struct OverRight {
    /// The lowest rate that the person may give.
    pub lowest: Rate,
    /// The rate asked for, rounded down.
    pub asked: Rate,
    /// The amount that would be given away; stands in the log beside who asked and who allowed.
    pub given: Money,
}

/// May somebody with the right down to `lowest` bring `before` down to `after`? Judged in money, by the rounding of R1, so that exactly the
/// lowest rate is always within the right, however it was keyed: as rate, price or amount.
pub fn within_right(before: Money, after: Money, lowest: Rate) -> Result<Result<(), OverRight>, Overflow> {
    if after >= before.share(lowest.min(Rate::WHOLE), Rounding::HalfUp)? {
        return Ok(Ok(()));
    }
    let asked_bp = after.max(Money::ZERO).minor().saturating_mul(10_000) / before.minor().max(1);
    let asked = Rate::from_bp(u32::try_from(asked_bp).unwrap_or_default());
    Ok(Err(OverRight { lowest, asked, given: before.minus(after)? }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::a10_cashier(10000, 8000, 9000, Some((8000, 2000)))]
    #[case::a10_manager(10000, 8000, 5000, None)]
    #[case::just_within(10000, 9000, 9000, None)]
    #[case::one_below(10000, 8999, 9000, Some((8999, 1001)))]
    #[case::half_up_of_five(5, 5, 9000, None)]
    #[case::given_away(10000, 0, 9000, Some((0, 10000)))]
    #[case::raised(10000, 12000, 10000, None)]
    #[case::no_right_at_all(10000, 9999, 10000, Some((9999, 1)))]
    #[case::nothing_to_give(0, 0, 9000, None)]
    fn rights(#[case] before: i64, #[case] after: i64, #[case] lowest_bp: u32, #[case] refused: Option<(u32, i64)>) {
        let lowest = Rate::from_bp(lowest_bp);
        let wanted = match refused {
            None => Ok(()),
            Some((asked, given)) => Err(OverRight { lowest, asked: Rate::from_bp(asked), given: Money::from_minor(given) }),
        };
        assert_eq!(within_right(Money::from_minor(before), Money::from_minor(after), lowest), Ok(wanted));
    }
}
