//! The lunar calendar (农历) of the years 1900 to 2100, by table, and birthdays in it (R21). Months are as the almanac lists them; nothing is
//! reckoned from the sky. `lunar_months.txt` beside it lists every month's first day as other calendars have it, and a test compares them all.
use super::BusinessDay;

/// A lunar date. `year` is the solar year in which the lunar year begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lunar {
    pub year: u32,
    /// 1 to 12.
    pub month: u8,
    /// The second month of this number (闰).
    pub leap: bool,
    /// 1 to 30.
    pub day: u8,
}

/// A birthday in the lunar calendar, without its year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LunarBirthday {
    pub month: u8,
    pub leap: bool,
    pub day: u8,
}

/// First lunar year of the table; its first day is 1900-01-31.
const FIRST_YEAR: u32 = 1900;
const FIRST_DAY: BusinessDay = BusinessDay(19_000_131);

/// One number a year: bit n is set where the n-th month, from 0, has 30 days; the bits from 13 on name the month that a leap month follows.
#[rustfmt::skip]
const YEARS: [u32; 201] = [
    0x116d2, 0x00752, 0x00ea5, 0x0b64a, 0x0064b, 0x00a9b, 0x09556, 0x0056a, 0x00b59, 0x05752,
    0x00752, 0x0db25, 0x00b25, 0x00a4b, 0x0b4ab, 0x002ad, 0x0056b, 0x04b69, 0x00da9, 0x0fd92,
    0x00e92, 0x00d25, 0x0ba4d, 0x00a56, 0x002b6, 0x095b5, 0x006d4, 0x00ea9, 0x05e92, 0x00e92,
    0x0cd26, 0x0052b, 0x00a57, 0x0b2b6, 0x00b5a, 0x006d4, 0x06ec9, 0x00749, 0x0f693, 0x00a93,
    0x0052b, 0x0ca5b, 0x00aad, 0x0056a, 0x09b55, 0x00ba4, 0x00b49, 0x05a93, 0x00a95, 0x0f52d,
    0x00536, 0x00aad, 0x0b5aa, 0x005b2, 0x00da5, 0x07d4a, 0x00d4a, 0x10a95, 0x00a97, 0x00556,
    0x0cab5, 0x00ad5, 0x006d2, 0x08ea5, 0x00ea5, 0x0064a, 0x06c97, 0x00a9b, 0x0f55a, 0x0056a,
    0x00b69, 0x0b752, 0x00b52, 0x00b25, 0x0964b, 0x00a4b, 0x114ab, 0x002ad, 0x0056d, 0x0cb69,
    0x00da9, 0x00d92, 0x09d25, 0x00d25, 0x15a4d, 0x00a56, 0x002b6, 0x0c5b5, 0x006d5, 0x00ea9,
    0x0be92, 0x00e92, 0x00d26, 0x06a56, 0x00a57, 0x114d6, 0x0035a, 0x006d5, 0x0b6c9, 0x00749,
    0x00693, 0x0952b, 0x0052b, 0x00a5b, 0x0555a, 0x0056a, 0x0fb55, 0x00ba4, 0x00b49, 0x0ba93,
    0x00a95, 0x0052d, 0x08aad, 0x00ab5, 0x135aa, 0x005d2, 0x00da5, 0x0dd4a, 0x00d4a, 0x00c95,
    0x0952e, 0x00556, 0x00ab5, 0x055b2, 0x006d2, 0x0cea5, 0x00725, 0x0064b, 0x0ac97, 0x00cab,
    0x0055a, 0x06ad6, 0x00b69, 0x17752, 0x00b52, 0x00b25, 0x0da4b, 0x00a4b, 0x004ab, 0x0a55b,
    0x005ad, 0x00b6a, 0x05b52, 0x00d92, 0x0fd25, 0x00d25, 0x00a55, 0x0b4ad, 0x004b6, 0x005b5,
    0x06daa, 0x00ec9, 0x11e92, 0x00e92, 0x00d26, 0x0ca56, 0x00a57, 0x00556, 0x086d5, 0x00755,
    0x00749, 0x06e93, 0x00693, 0x0f52b, 0x0052b, 0x00a5b, 0x0b55a, 0x0056a, 0x00b65, 0x0974a,
    0x00b4a, 0x11a95, 0x00a95, 0x0052d, 0x0caad, 0x00ab5, 0x005aa, 0x08ba5, 0x00da5, 0x00d4a,
    0x07c95, 0x00c96, 0x0f94e, 0x00556, 0x00ab5, 0x0b5b2, 0x006d2, 0x00ea5, 0x08e4a, 0x0068b,
    0x10c97, 0x004ab, 0x0055b, 0x0cad6, 0x00b6a, 0x00752, 0x09725, 0x00b45, 0x00a8b, 0x0549b,
    0x004ab,
];

/// The years of the table with the day on which each begins.
fn years() -> impl Iterator<Item = (u32, BusinessDay, u32)> {
    let begins = YEARS.iter().scan(FIRST_DAY, |next, year| {
        let begins = *next;
        *next = next.plus_days((0..months(*year)).map(|n| length(*year, n)).sum());
        Some(begins)
    });
    (FIRST_YEAR..).zip(begins).zip(YEARS).map(|((year, begins), bits)| (year, begins, bits))
}

fn leap(bits: u32) -> u32 {
    bits >> 13
}

fn months(bits: u32) -> u32 {
    if leap(bits) == 0 { 12 } else { 13 }
}

fn length(bits: u32, nth: u32) -> i64 {
    29 + i64::from(bits >> nth & 1)
}

/// The place of a month in its year, from 0; none if the year has no such month.
fn nth(bits: u32, month: u8, is_leap: bool) -> Option<u32> {
    let month = u32::from(month);
    match (1..=12).contains(&month) {
        true if is_leap => (leap(bits) == month).then_some(month),
        true => Some(if leap(bits) != 0 && month > leap(bits) { month } else { month - 1 }),
        false => None,
    }
}

impl Lunar {
    /// The lunar date of a day; none before 1900-01-31 and after the lunar year 2100.
    pub fn of(day: BusinessDay) -> Option<Lunar> {
        let (year, begins, bits) = years().take_while(|(_, begins, _)| *begins <= day).last()?;
        let mut left = day.days_since(begins);
        for at in 0..months(bits) {
            if left < length(bits, at) {
                let is_leap = leap(bits) != 0 && at == leap(bits);
                let month = if leap(bits) != 0 && at >= leap(bits) { at } else { at + 1 };
                return Some(Lunar { year, month: month as u8, leap: is_leap, day: left as u8 + 1 });
            }
            left -= length(bits, at);
        }
        None
    }

    /// `十月十三`, `闰六月初十`.
    pub fn shown(&self) -> String {
        shown(self.month, self.leap, self.day)
    }
}

impl LunarBirthday {
    /// `mmdd`, with 10 000 more for a leap month; none if no month can hold it.
    pub fn from_number(number: i64) -> Option<LunarBirthday> {
        let (leap, month, day) = (number >= 10_000, number / 100 % 100, number % 100);
        let sound = (101..=11_230).contains(&number) && (1..=12).contains(&month) && (1..=30).contains(&day);
        sound.then_some(LunarBirthday { month: month as u8, leap, day: day as u8 })
    }

    /// The day of it in a lunar year (R21): in the leap month if the year has it, else in the plain month; the 30th of a month of 29 days is
    /// its 29th. None outside the table.
    pub fn in_year(self, year: u32) -> Option<BusinessDay> {
        let (_, begins, bits) = years().find(|(known, ..)| *known == year)?;
        let at = nth(bits, self.month, self.leap).or_else(|| nth(bits, self.month, false))?;
        let before: i64 = (0..at).map(|n| length(bits, n)).sum();
        Some(begins.plus_days(before + i64::from(self.day).min(length(bits, at)) - 1))
    }

    /// The first one on or after a day.
    pub fn next(self, day: BusinessDay) -> Option<BusinessDay> {
        let year = Lunar::of(day)?.year;
        (year..=year + 1).filter_map(|year| self.in_year(year)).find(|on| *on >= day)
    }

    /// `闰六月初十`.
    pub fn shown(self) -> String {
        shown(self.month, self.leap, self.day)
    }
}

fn shown(month: u8, leap: bool, day: u8) -> String {
    const MONTHS: [&str; 12] = ["正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月"];
    const DIGITS: [&str; 10] = ["十", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let month = MONTHS.get(usize::from(month).wrapping_sub(1)).unwrap_or(&"");
    let tens = match day {
        0..=10 => "初",
        11..=19 => "十",
        20 => "二",
        21..=29 => "廿",
        _ => "三",
    };
    format!("{}{month}{tens}{}", if leap { "闰" } else { "" }, DIGITS[usize::from(day % 10)])
}

/// The first day on or after `day` that is a solar birthday `mmdd`; 29 February is the 28th in other years (R21).
pub fn next_solar(mmdd: u32, day: BusinessDay) -> Option<BusinessDay> {
    let in_year = |year: u32| match mmdd {
        229 => BusinessDay::of(year, 2, 29).or_else(|| BusinessDay::of(year, 2, 28)),
        _ => BusinessDay::of(year, mmdd / 100, mmdd % 100),
    };
    (day.year()..=day.year() + 1).filter_map(in_year).find(|on| *on >= day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    const TODAY: BusinessDay = BusinessDay(20_261_121);

    /// H1 to H4, H8 of the worked examples.
    #[rstest]
    #[case::h1(815, 2025, 20_251_006)]
    #[case::h1_now(815, 2026, 20_260_925)]
    #[case::h1_next(815, 2027, 20_270_915)]
    #[case::h2_the_year_has_the_leap_month(10_610, 2025, 20_250_803)]
    #[case::h2_it_has_not(10_610, 2026, 20_260_723)]
    #[case::h2_nor_the_next(10_610, 2027, 20_270_713)]
    #[case::h2_the_plain_month_stays_plain(610, 2025, 20_250_704)]
    #[case::h4_a_month_of_29_days(730, 2026, 20_260_910)]
    #[case::h4_of_30(730, 2027, 20_270_831)]
    #[case::h8(1201, 2026, 20_270_108)]
    fn birthdays_in_a_lunar_year(#[case] number: i64, #[case] year: u32, #[case] wanted: u32) {
        let birthday = LunarBirthday::from_number(number).expect("a birthday");
        assert_eq!(birthday.in_year(year), Some(BusinessDay(wanted)));
    }

    #[rstest]
    #[case::h6(229, 20_261_121, 20_270_228)]
    #[case::h6_leap_year(229, 20_270_301, 20_280_229)]
    #[case::today(1121, 20_261_121, 20_261_121)]
    #[case::over_the_year(101, 20_261_121, 20_270_101)]
    fn solar_birthdays(#[case] mmdd: u32, #[case] day: u32, #[case] wanted: u32) {
        assert_eq!(next_solar(mmdd, BusinessDay(day)), Some(BusinessDay(wanted)));
    }

    #[test]
    fn h7_and_h8_the_lists_reach_as_far_as_they_say() {
        let today = Lunar::of(TODAY).expect("in the table");
        assert_eq!((today, today.shown().as_str()), (Lunar { year: 2026, month: 10, leap: false, day: 13 }, "十月十三"));
        let last = Lunar::of(TODAY.plus_days(7)).expect("in the table");
        assert_eq!((TODAY.plus_days(7), last.shown().as_str()), (BusinessDay(20_261_128), "十月二十"));
        let end = BusinessDay(20_261_228).plus_days(14);
        let birthday = LunarBirthday { month: 12, leap: false, day: 1 };
        assert_eq!(end, BusinessDay(20_270_111));
        assert_eq!(birthday.next(BusinessDay(20_261_228)), Some(BusinessDay(20_270_108)));
        assert_eq!(birthday.shown(), "腊月初一");
    }

    #[test]
    fn every_month_begins_as_in_other_calendars() {
        let lines = include_str!("lunar_months.txt").lines().filter(|line| !line.starts_with('#'));
        let mut months_seen = 0;
        for line in lines {
            let (year, firsts) = line.split_once(' ').expect("a year and its months");
            let year: u32 = year.parse().expect("a year");
            let mut month = 0;
            for first in firsts.split(' ') {
                let is_leap = first.starts_with('+');
                month += u8::from(!is_leap);
                let date: u32 = first.trim_start_matches('+').parse().expect("mmdd");
                // The last months of a lunar year lie in the next solar one.
                let solar = if month >= 10 && date < 300 { year + 1 } else { year };
                let day = BusinessDay(solar * 10_000 + date);
                assert_eq!(Lunar::of(day), Some(Lunar { year, month, leap: is_leap, day: 1 }), "{day}");
                assert_eq!(LunarBirthday { month, leap: is_leap, day: 1 }.in_year(year), Some(day));
                months_seen += 1;
            }
        }
        assert_eq!(months_seen, 2486);
    }

    #[test]
    fn every_day_has_one_date_and_nothing_lies_outside() {
        assert_eq!(Lunar::of(BusinessDay(19_000_130)), None);
        assert_eq!(Lunar::of(FIRST_DAY), Some(Lunar { year: 1900, month: 1, leap: false, day: 1 }));
        assert_eq!(Lunar::of(BusinessDay(21_010_129)), None);
        assert!(Lunar::of(BusinessDay(21_010_128)).is_some());
        let mut before = Lunar::of(FIRST_DAY).expect("the first");
        let mut day = FIRST_DAY.next();
        while day < BusinessDay(21_010_129) {
            let date = Lunar::of(day).expect("in the table");
            assert!((date.day == before.day + 1 && date.month == before.month) || (date.day == 1 && before.day >= 29), "{day}");
            (before, day) = (date, day.plus_days(1));
        }
    }

    #[rstest]
    #[case(0)]
    #[case(100)]
    #[case(131)]
    #[case(1_301)]
    #[case(11_301)]
    #[case(-815)]
    fn what_no_month_holds_is_no_birthday(#[case] number: i64) {
        assert_eq!(LunarBirthday::from_number(number), None);
    }
}
