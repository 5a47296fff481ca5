//! Business days, months and local time by integer arithmetic. Never reads a clock or a time-zone table: the zone is minutes east of UTC.
use std::fmt;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// A civil date used as business day, as the number yyyymmdd. Between 1900-01-01 and 9999-12-31.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode, serde::Serialize, serde::Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct BusinessDay(#[n(0)] pub u32);

super::schema::integer_schema!(BusinessDay, "A day as yyyymmdd.");

/// A month as the number yyyymm.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode, serde::Serialize, serde::Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Month(#[n(0)] pub u32);

super::schema::integer_schema!(Month, "A month as yyyymm.");

/// China, and a business day that begins at 04:00: for head office and for a branch whose document has not come yet.
pub const HOUSE_ZONE: Zone = Zone { zone_minutes: 480, cutoff_minutes: 240 };

/// Where a branch is in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone {
    /// Minutes east of UTC; 480 in China.
    pub zone_minutes: i32,
    /// Minutes after midnight at which a business day begins; 240 is 04:00 (R20).
    pub cutoff_minutes: i32,
}

/// A time of day on a civil date, as a slip shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime {
    pub day: BusinessDay,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    pub const ALL: [Self; 7] = [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    /// `mon`, `tue` …
    pub fn name(self) -> &'static str {
        ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][self as usize]
    }
}

impl BusinessDay {
    /// The business day that runs at a moment: before the cut-off it is still the day before (R20).
    pub fn at(utc_ms: i64, zone: Zone) -> BusinessDay {
        let shifted = utc_ms.saturating_add(i64::from(zone.zone_minutes - zone.cutoff_minutes) * MINUTE_MS);
        BusinessDay::from_number(shifted.div_euclid(DAY_MS))
    }

    /// The first moment of this business day, UTC ms.
    pub fn begins_ms(self, zone: Zone) -> i64 {
        self.number() * DAY_MS - i64::from(zone.zone_minutes - zone.cutoff_minutes) * MINUTE_MS
    }

    /// The date of a year, month and day; none if there is no such date.
    pub fn of(year: u32, month: u32, day: u32) -> Option<BusinessDay> {
        let wanted = BusinessDay(year.checked_mul(10_000)?.checked_add(month.checked_mul(100)?)?.checked_add(day)?);
        let sound = (1900..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
        (sound && BusinessDay::from_number(wanted.number()) == wanted).then_some(wanted)
    }

    pub fn next(self) -> BusinessDay {
        self.plus_days(1)
    }

    pub fn plus_days(self, days: i64) -> BusinessDay {
        BusinessDay::from_number(self.number() + days)
    }

    /// Days from `earlier` to this day; negative if this day is the earlier.
    pub fn days_since(self, earlier: BusinessDay) -> i64 {
        self.number() - earlier.number()
    }

    pub fn year(self) -> u32 {
        self.0 / 10_000
    }

    pub fn month(self) -> Month {
        Month(self.0 / 100)
    }

    pub fn day_of_month(self) -> u32 {
        self.0 % 100
    }

    pub fn weekday(self) -> Weekday {
        // The first day of 1970 was a Thursday.
        Weekday::ALL[(self.number() + 3).rem_euclid(7) as usize]
    }

    /// `11-28`: month and day.
    pub fn month_and_day(self) -> String {
        format!("{:02}-{:02}", self.0 / 100 % 100, self.0 % 100)
    }

    /// Days since 1970-01-01. Years are counted from March, so that the leap day is the last of its year; the Gregorian calendar
    /// repeats every 400 years = 146 097 days.
    fn number(self) -> i64 {
        let (year, month, day) = (i64::from(self.0 / 10_000), i64::from(self.0 / 100 % 100), i64::from(self.0 % 100));
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let before_month = (153 * month + 2) / 5;
        365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + before_month + day - 1 - 719_468
    }

    /// The inverse of `number`, held within the range of the type.
    fn from_number(days: i64) -> BusinessDay {
        let days = days.clamp(-25_567, 2_932_896) + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        // Leap days so far are taken out before dividing by 365: one in 4 years (1 460 days), none in a century (36 524), one in an era.
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        let year = era * 400 + year_of_era + carry;
        BusinessDay(u32::try_from(year * 10_000 + month * 100 + day).unwrap_or_default())
    }
}

/// `2026-11-21`.
impl fmt::Display for BusinessDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{}", self.year(), self.month_and_day())
    }
}

impl Month {
    /// No month that comes: what lapses then never does.
    pub const NEVER: Month = Month(999_912);

    /// `months` later.
    pub fn plus(self, months: u32) -> Month {
        let count = (self.0 / 100) * 12 + (self.0 % 100).saturating_sub(1) + months;
        Month(count / 12 * 100 + count % 12 + 1)
    }

    pub fn first_day(self) -> BusinessDay {
        BusinessDay(self.0 * 100 + 1)
    }

    pub fn last_day(self) -> BusinessDay {
        self.plus(1).first_day().plus_days(-1)
    }
}

/// `2026-11`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0 / 100, self.0 % 100)
    }
}

impl LocalTime {
    /// What a clock on the wall shows; the cut-off plays no part.
    pub fn at(utc_ms: i64, zone_minutes: i32) -> LocalTime {
        let local_ms = utc_ms.saturating_add(i64::from(zone_minutes) * MINUTE_MS);
        let second = local_ms.rem_euclid(DAY_MS) / 1_000;
        let within = |value: i64| u8::try_from(value).unwrap_or_default();
        LocalTime {
            day: BusinessDay::from_number(local_ms.div_euclid(DAY_MS)),
            hour: within(second / 3_600),
            minute: within(second / 60 % 60),
            second: within(second % 60),
        }
    }

    /// `14:05`.
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }
}

/// `2026-11-21 14:05:09`.
impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:02}:{:02}:{:02}", self.day, self.hour, self.minute, self.second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const CHINA: Zone = Zone { zone_minutes: 480, cutoff_minutes: 240 };
    /// 2026-11-22 00:00 in China.
    const MIDNIGHT_MS: i64 = 1_795_276_800_000;

    #[rstest]
    #[case::evening(-10 * 60, 20261121, "2026-11-21 14:00:00")]
    #[case::half_past_two_of_j5(150, 20261121, "2026-11-22 02:30:00")]
    #[case::last_minute(239, 20261121, "2026-11-22 03:59:00")]
    #[case::cut_off(240, 20261122, "2026-11-22 04:00:00")]
    fn business_day_and_true_time(#[case] minutes: i64, #[case] day: u32, #[case] time: &str) {
        let utc_ms = MIDNIGHT_MS + minutes * MINUTE_MS;
        assert_eq!(BusinessDay::at(utc_ms, CHINA), BusinessDay(day));
        assert_eq!(LocalTime::at(utc_ms, CHINA.zone_minutes).to_string(), time);
    }

    #[rstest]
    #[case::first(19700101, "thu")]
    #[case::before_it(19691228, "sun")]
    #[case(20261121, "sat")]
    #[case::leap_day(20280229, "tue")]
    #[case(20991231, "thu")]
    fn day_of_the_week(#[case] day: u32, #[case] name: &str) {
        assert_eq!(BusinessDay(day).weekday().name(), name);
    }

    #[rstest]
    #[case(20260228, 20260301)]
    #[case(20280228, 20280229)]
    #[case(21000228, 21000301)]
    #[case(20001231, 20010101)]
    fn next_day(#[case] day: u32, #[case] next: u32) {
        assert_eq!(BusinessDay(day).next(), BusinessDay(next));
    }

    #[rstest]
    #[case::points_of_november(202611, 13, 202712)]
    #[case(202612, 1, 202701)]
    #[case(202601, 24, 202801)]
    fn months_later(#[case] month: u32, #[case] months: u32, #[case] wanted: u32) {
        assert_eq!(Month(month).plus(months), Month(wanted));
    }

    #[test]
    fn dates_that_are_none() {
        assert_eq!(BusinessDay::of(2026, 2, 29), None);
        assert_eq!(BusinessDay::of(2028, 2, 29), Some(BusinessDay(20280229)));
        assert_eq!(BusinessDay::of(2026, 13, 1), None);
        assert_eq!(BusinessDay::of(u32::MAX, 1, 1), None);
        assert_eq!(Month(202802).last_day(), BusinessDay(20280229));
        assert_eq!(BusinessDay(20261128).month_and_day(), "11-28");
    }

    proptest! {
        #[test]
        fn a_day_is_one_after_the_day_before(number in 0i64..2_932_896) {
            let day = BusinessDay::from_number(number);
            prop_assert_eq!(day.number(), number);
            prop_assert_eq!(day.next().days_since(day), 1);
            prop_assert!(day.next() > day);
            prop_assert_eq!(BusinessDay::of(day.year(), day.month().0 % 100, day.day_of_month()), Some(day));
            prop_assert_eq!(BusinessDay::at(day.begins_ms(CHINA), CHINA), day);
            prop_assert_eq!(BusinessDay::at(day.begins_ms(CHINA) - 1, CHINA).next(), day.plus_days(i64::from(number == 0)));
        }
    }
}
