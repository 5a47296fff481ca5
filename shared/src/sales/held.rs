//! Which price a line of a held or open bill has when it is taken up again (A16): within the business day in which it was keyed it keeps
//! its price, whatever becomes effective meanwhile; on a later day the page asks and proposes the price of that day.
use crate::base::{BusinessDay, Money};

/// What to do with a line of a bill that is taken up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recalled {
    /// The price as keyed stands.
    Keeps(Money),
    /// A new business day has another price: `now` is the proposal, `then` the price as keyed.
    Asks { then: Money, now: Money },
}

/// Judges a line keyed on `keyed` at `then`, taken up on `today` whose price is `now`.
pub fn recalled(keyed: BusinessDay, then: Money, today: BusinessDay, now: Money) -> Recalled {
    if today <= keyed || then == now { Recalled::Keeps(then) } else { Recalled::Asks { then, now } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Zone;
    use rstest::rstest;

    const CHINA: Zone = Zone { zone_minutes: 480, cutoff_minutes: 240 };
    /// 2026-11-22 00:00 in China.
    const MIDNIGHT_MS: i64 = 1_795_276_800_000;
    const THEN: Money = Money::from_minor(3990);
    const NOW: Money = Money::from_minor(4290);

    #[rstest]
    #[case::ten_past_midnight(10, NOW, Recalled::Keeps(THEN))]
    #[case::last_minute(239, NOW, Recalled::Keeps(THEN))]
    #[case::after_four(240, NOW, Recalled::Asks { then: THEN, now: NOW })]
    #[case::nothing_changed(600, THEN, Recalled::Keeps(THEN))]
    fn a16_held_at_ten_to_midnight(#[case] minute: i64, #[case] price_now: Money, #[case] wanted: Recalled) {
        let keyed = BusinessDay::at(MIDNIGHT_MS - 10 * 60_000, CHINA);
        let today = BusinessDay::at(MIDNIGHT_MS + minute * 60_000, CHINA);
        assert_eq!(recalled(keyed, THEN, today, price_now), wanted);
    }
}
