//! What running minutes cost (R17): a first stretch that is also the minimum, then started steps with a grace each, a night rate by the step's
//! beginning, a cap for each 24 hours of running. Pauses do not run; free minutes, then minutes of a package come off the start.
use crate::base::{Money, Overflow};

/// Minutes of a day.
const DAY_MINUTES: i64 = 24 * 60;

/// A tariff. Minutes are whole; a tariff without a step charges the first stretch alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tariff {
    pub first_minutes: i64,
    /// Of the first stretch, however little of it ran.
    pub first: Money,
    pub step_minutes: i64,
    pub step: Money,
    /// So much of a step may run before it is charged.
    pub grace_minutes: i64,
    /// Of a step that begins at night.
    pub night_step: Money,
    /// Minutes of the local day from which, and until which, it is night; the end may lie on the next day.
    pub night: (i64, i64),
    /// At most so much for each 24 hours of running, the last one started; none: no limit.
    pub cap: Option<Money>,
}

/// A stretch in which the clock ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Local minute at which it began, counted from any midnight.
    pub from: i64,
    /// Minutes as truly run, whatever a clock was set to meanwhile (E9).
    pub minutes: i64,
}

/// What is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// Minutes that ran, and what came off their start.
    pub ran: i64,
    pub free: i64,
    pub from_package: i64,
    pub amount: Money,
    /// The cap took something off.
    pub capped: bool,
}

/// The price of a session: `free` minutes and then up to `package` minutes come off its start.
///
/// # Errors
/// An amount out of range.
pub fn charge(tariff: &Tariff, runs: &[Run], free: i64, package: i64) -> Result<Charge, Overflow> {
    let ran: i64 = runs.iter().map(|run| run.minutes.max(0)).sum();
    let free = free.clamp(0, ran);
    let from_package = package.clamp(0, ran - free);
    let skipped = free + from_package;
    let (mut amount, mut capped) = (Money::ZERO, false);
    let mut window = Window { ends: DAY_MINUTES, sum: Money::ZERO };
    for (offset, price) in prices(tariff, runs, skipped, ran - skipped) {
        while offset >= window.ends {
            amount = amount.plus(window.closed(tariff.cap, &mut capped))?;
        }
        window.sum = window.sum.plus(price)?;
    }
    amount = amount.plus(window.closed(tariff.cap, &mut capped))?;
    Ok(Charge { ran, free, from_package, amount, capped })
}

/// 24 hours of charged running.
struct Window {
    ends: i64,
    sum: Money,
}

impl Window {
    /// What this window costs; the next one begins.
    fn closed(&mut self, cap: Option<Money>, capped: &mut bool) -> Money {
        let sum = std::mem::replace(&mut self.sum, Money::ZERO);
        self.ends += DAY_MINUTES;
        let least = cap.map_or(sum, |cap| sum.min(cap));
        *capped |= least < sum;
        least
    }
}

/// Each charged stretch: at which charged minute it begins, and its price.
fn prices(tariff: &Tariff, runs: &[Run], skipped: i64, charged: i64) -> Vec<(i64, Money)> {
    if charged <= 0 {
        return Vec::new();
    }
    let mut prices = vec![(0, tariff.first)];
    if tariff.step_minutes <= 0 {
        return prices;
    }
    let mut begins = tariff.first_minutes;
    while charged > begins + tariff.grace_minutes {
        let price = if is_night(tariff.night, local(runs, skipped + begins)) { tariff.night_step } else { tariff.step };
        prices.push((begins, price));
        begins += tariff.step_minutes;
    }
    prices
}

/// The local minute at which the n-th minute ran.
fn local(runs: &[Run], minute: i64) -> i64 {
    let mut before = 0;
    for run in runs {
        if minute < before + run.minutes {
            return run.from + minute - before;
        }
        before += run.minutes.max(0);
    }
    runs.last().map_or(0, |run| run.from + run.minutes)
}

fn is_night((from, until): (i64, i64), minute: i64) -> bool {
    let minute = minute.rem_euclid(DAY_MINUTES);
    if from <= until { (from..until).contains(&minute) } else { minute >= from || minute < until }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn money(minor: i64) -> Money {
        Money::from_minor(minor)
    }

    /// R17.
    fn house() -> Tariff {
        Tariff {
            first_minutes: 60,
            first: money(3_000),
            step_minutes: 30,
            step: money(1_200),
            grace_minutes: 5,
            night_step: money(800),
            night: (22 * 60, 6 * 60),
            cap: Some(money(12_800)),
        }
    }

    fn at(hour: i64, minute: i64) -> i64 {
        hour * 60 + minute
    }

    fn run(from: i64, until: i64) -> Vec<Run> {
        vec![Run { from, minutes: until - from }]
    }

    #[rstest]
    #[case::e1(run(at(19, 50), at(21, 20)), 0, 0, 4_200)]
    #[case::e4(run(at(14, 0), at(22, 30)), 0, 0, 12_800)]
    #[case::e5_package_first(run(at(20, 0), at(22, 10)), 0, 40, 4_200)]
    #[case::e6_by_the_clock(run(at(21, 0), at(34, 0)), 0, 0, 12_800)]
    #[case::e6_as_set(run(at(21, 0), at(23, 30)), 0, 0, 5_400)]
    #[case::e7_free_first(run(at(20, 0), at(21, 15)), 15, 0, 3_000)]
    #[case::e10_minimum(run(at(20, 0), at(20, 10)), 0, 0, 3_000)]
    #[case::nothing_ran(run(at(20, 0), at(20, 0)), 0, 0, 0)]
    #[case::all_free(run(at(20, 0), at(20, 30)), 45, 0, 0)]
    #[case::all_from_the_package(run(at(20, 0), at(21, 0)), 15, 60, 0)]
    #[case::within_the_grace_of_the_first_step(run(at(10, 0), at(11, 5)), 0, 0, 3_000)]
    #[case::a_minute_past_it(run(at(10, 0), at(11, 6)), 0, 0, 4_200)]
    #[case::within_the_grace_of_the_second(run(at(10, 0), at(11, 35)), 0, 0, 4_200)]
    #[case::a_minute_past_that(run(at(10, 0), at(11, 36)), 0, 0, 5_400)]
    #[case::a_step_that_begins_before_the_night_is_a_day_step(run(at(20, 59), at(22, 29)), 0, 0, 4_200)]
    #[case::and_at_its_first_minute_a_night_step(run(at(21, 0), at(22, 30)), 0, 0, 3_800)]
    #[case::the_night_ends_at_six(run(at(5, 0), at(6, 30)), 0, 0, 4_200)]
    #[case::over_midnight(run(at(22, 30), at(25, 0)), 0, 0, 5_400)]
    #[case::the_second_day_counts_anew(run(at(10, 0), at(35, 0)), 0, 0, 12_800 + 2 * 1_200)]
    #[case::two_days_and_a_bit(run(at(10, 0), at(68, 0)), 0, 0, 3 * 12_800)]
    #[case::a_pause_does_not_run(vec![Run { from: at(19, 50), minutes: 60 }, Run { from: at(21, 50), minutes: 30 }], 0, 0, 4_200)]
    #[case::after_a_pause_it_is_night(vec![Run { from: at(19, 50), minutes: 60 }, Run { from: at(22, 10), minutes: 30 }], 0, 0, 3_800)]
    #[case::clock_set_back(vec![Run { from: at(19, 50), minutes: 90 }, Run { from: at(18, 20), minutes: 0 }], 0, 0, 4_200)]
    fn worked_examples(#[case] runs: Vec<Run>, #[case] free: i64, #[case] package: i64, #[case] wanted: i64) {
        assert_eq!(charge(&house(), &runs, free, package).map(|charge| charge.amount), Ok(money(wanted)));
    }

    #[rstest]
    #[case::e4(run(at(14, 0), at(22, 30)), 20_600)]
    #[case::e6(run(at(21, 0), at(34, 0)), 25_400)]
    fn without_a_cap(#[case] runs: Vec<Run>, #[case] wanted: i64) {
        let open = Tariff { cap: None, ..house() };
        assert_eq!(charge(&open, &runs, 0, 0).map(|charge| (charge.amount, charge.capped)), Ok((money(wanted), false)));
        assert_eq!(charge(&house(), &runs, 0, 0).map(|charge| charge.capped), Ok(true));
    }

    #[test]
    fn e5_says_what_came_off() {
        let charged = charge(&house(), &run(at(20, 0), at(22, 10)), 0, 40).expect("in range");
        assert_eq!((charged.ran, charged.free, charged.from_package), (130, 0, 40));
    }

    proptest! {
        #[test]
        fn longer_never_costs_less_and_what_comes_off_never_more(from in 0_i64..3_000, minutes in 0_i64..6_000, more in 0_i64..600, free in 0_i64..200) {
            let amount = |minutes, free| charge(&house(), &[Run { from, minutes }], free, 0).expect("in range").amount;
            prop_assert!(amount(minutes, 0) <= amount(minutes + more, 0));
            let days = (minutes + DAY_MINUTES) / DAY_MINUTES;
            prop_assert!(amount(minutes, 0) <= money(days * 12_800));
            prop_assert!(!amount(minutes, free).is_negative());
        }
    }
}
