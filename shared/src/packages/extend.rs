//! Until when something holds that is extended (R24): at most 30 days after its end from the old end, later from today.
use crate::base::BusinessDay;

/// Days after the end in which the old end still counts.
const LATE_DAYS_MAX: i64 = 30;

/// The new last day, `months` later; the last of a shorter month.
pub fn extended(ends: BusinessDay, today: BusinessDay, months: u32) -> BusinessDay {
    let from = if today.days_since(ends) <= LATE_DAYS_MAX { ends } else { today };
    let month = from.month().plus(months);
    // Whoever holds until the end of a month holds until the end of a month.
    let last = from == from.month().last_day();
    let wanted = month.first_day().plus_days(i64::from(from.day_of_month()) - 1);
    if last || wanted > month.last_day() { month.last_day() } else { wanted }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::f4(20_261_031, 20_261_121, 12, 20_271_031)]
    #[case::f4_forty_days_late(20_261_012, 20_261_121, 12, 20_271_121)]
    #[case::thirty_days_late(20_261_022, 20_261_121, 12, 20_271_022)]
    #[case::a_day_later(20_261_021, 20_261_121, 12, 20_271_121)]
    #[case::not_ended_yet(20_261_231, 20_261_121, 6, 20_270_630)]
    #[case::a_shorter_month(20_270_130, 20_270_110, 1, 20_270_228)]
    #[case::a_leap_day(20_280_229, 20_280_110, 12, 20_290_228)]
    fn rule_24(#[case] ends: u32, #[case] today: u32, #[case] months: u32, #[case] wanted: u32) {
        assert_eq!(extended(BusinessDay(ends), BusinessDay(today), months), BusinessDay(wanted));
    }
}
