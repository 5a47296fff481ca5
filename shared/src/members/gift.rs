//! What a top-up brings (R7) and how much may be on a card (R23).
use crate::base::{Money, Overflow, Rounding};

/// A gift tier: whoever tops up at least `from` gets `bonus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tier {
    /// Above zero.
    pub from: Money,
    pub bonus: Money,
}

/// How the tiers count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GiftPolicy {
    /// The highest tier reached, once per top-up: the house rule.
    #[default]
    HighestOnce,
    /// The highest tier as often as it fits, then the next with the rest; the page says so before Enter (B2).
    Repeated,
}

/// Bonus of a top-up of `principal`, whatever the order of the tiers.
pub fn bonus(principal: Money, tiers: &[Tier], policy: GiftPolicy) -> Result<Money, Overflow> {
    let mut tiers: Vec<Tier> = tiers.iter().copied().filter(|tier| tier.from.is_positive()).collect();
    tiers.sort_by_key(|tier| std::cmp::Reverse(tier.from));
    let (mut left, mut bonus) = (principal, Money::ZERO);
    for tier in tiers.into_iter().filter(|tier| tier.from <= principal) {
        if policy == GiftPolicy::HighestOnce {
            return Ok(tier.bonus);
        }
        let times = left.minor() / tier.from.minor();
        bonus = bonus.plus(tier.bonus.scaled(times, 1, Rounding::Down)?)?;
        left = left.minus(tier.from.scaled(times, 1, Rounding::Down)?)?;
    }
    Ok(bonus)
}

/// The tiers around an amount, for the page to show before Enter: the one reached, and the next with which the member gets more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Around {
    pub reached: Option<Tier>,
    pub next: Option<Tier>,
}

/// The tiers around `principal`, whatever their order.
pub fn around(principal: Money, tiers: &[Tier]) -> Around {
    let reached = tiers.iter().filter(|tier| tier.from <= principal).max_by_key(|tier| tier.from);
    let next = tiers.iter().filter(|tier| tier.from > principal).min_by_key(|tier| tier.from);
    Around { reached: reached.copied(), next: next.copied() }
}

/// Why a top-up is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TopUpRefusal {
    #[error("no amount was keyed")]
    NothingKeyed,
    /// 记名卡上限 `cap`, 还可充 `may_add`.
    #[error("at most {cap} may be on the card, {may_add} may still be added")]
    OverCap { cap: Money, may_add: Money },
    #[error(transparent)]
    TooLarge(#[from] Overflow),
}

/// May `amount` be added to a card that holds `principal` over all places as known here? Bonus does not count (B14). No cap is no limit.
pub fn may_top_up(principal: Money, amount: Money, cap: Option<Money>) -> Result<(), TopUpRefusal> {
    if !amount.is_positive() {
        return Err(TopUpRefusal::NothingKeyed);
    }
    match cap {
        Some(cap) if principal.plus(amount)? > cap => Err(TopUpRefusal::OverCap { cap, may_add: cap.minus(principal)?.max(Money::ZERO) }),
        _ => Ok(()),
    }
}

/// Bonus that is forfeited when `amount` of principal is withdrawn: bonus × amount / principal, half up (R15).
pub fn forfeited(principal: Money, bonus: Money, amount: Money) -> Result<Money, Overflow> {
    if !principal.is_positive() {
        return Ok(bonus);
    }
    bonus.scaled(amount.minor(), principal.minor(), Rounding::HalfUp).map(|forfeit| forfeit.min(bonus))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn money(minor: i64) -> Money {
        Money::from_minor(minor)
    }

    /// The house's tiers, not in order.
    fn tiers() -> [Tier; 3] {
        [(100_000, 10_000), (50_000, 2_000), (300_000, 40_000)].map(|(from, bonus)| Tier { from: money(from), bonus: money(bonus) })
    }

    #[rstest]
    #[case::b1(100_000, 10_000, 10_000)]
    #[case::b2(150_000, 10_000, 12_000)]
    #[case::below_the_lowest(49_999, 0, 0)]
    #[case::lowest(50_000, 2_000, 2_000)]
    #[case::just_below_the_next(99_999, 2_000, 2_000)]
    #[case::highest(300_000, 40_000, 40_000)]
    #[case::far_above(700_000, 40_000, 90_000)]
    #[case::nothing(0, 0, 0)]
    fn gifts(#[case] principal: i64, #[case] once: i64, #[case] repeated: i64) {
        assert_eq!(bonus(money(principal), &tiers(), GiftPolicy::HighestOnce), Ok(money(once)));
        assert_eq!(bonus(money(principal), &tiers(), GiftPolicy::Repeated), Ok(money(repeated)));
    }

    #[rstest]
    #[case::between(150_000, Some(100_000), Some(300_000))]
    #[case::below(100, None, Some(50_000))]
    #[case::above(300_000, Some(300_000), None)]
    fn tiers_around(#[case] principal: i64, #[case] reached: Option<i64>, #[case] next: Option<i64>) {
        let around = around(money(principal), &tiers());
        assert_eq!((around.reached.map(|tier| tier.from), around.next.map(|tier| tier.from)), (reached.map(money), next.map(money)));
    }

    #[test]
    fn no_tiers_no_gift() {
        assert_eq!(bonus(money(100_000), &[], GiftPolicy::HighestOnce), Ok(Money::ZERO));
        let free = Tier { from: Money::ZERO, bonus: money(1) };
        assert_eq!(bonus(money(100_000), &[free], GiftPolicy::Repeated), Ok(Money::ZERO), "a tier from nothing is none");
    }

    #[rstest]
    #[case::b14(480_000, 50_000, Some(500_000), Err(TopUpRefusal::OverCap { cap: money(500_000), may_add: money(20_000) }))]
    #[case::up_to_the_cap(480_000, 20_000, Some(500_000), Ok(()))]
    #[case::above_already(510_000, 100, Some(500_000), Err(TopUpRefusal::OverCap { cap: money(500_000), may_add: money(0) }))]
    #[case::no_cap(480_000, 900_000, None, Ok(()))]
    #[case::nothing(0, 0, None, Err(TopUpRefusal::NothingKeyed))]
    #[case::negative(0, -100, None, Err(TopUpRefusal::NothingKeyed))]
    fn caps(#[case] principal: i64, #[case] amount: i64, #[case] cap: Option<i64>, #[case] wanted: Result<(), TopUpRefusal>) {
        assert_eq!(may_top_up(money(principal), money(amount), cap.map(money)), wanted);
    }

    #[rstest]
    #[case::b7(81_818, 8_182, 30_000, 3_000)]
    #[case::b8(51_818, 5_182, 51_818, 5_182)]
    #[case::no_principal(0, 500, 0, 500)]
    fn withdrawing_forfeits(#[case] principal: i64, #[case] bonus: i64, #[case] amount: i64, #[case] wanted: i64) {
        assert_eq!(forfeited(money(principal), money(bonus), money(amount)), Ok(money(wanted)));
    }
}
