//! Receipt numbers: branch-till-install-day-counter with a check digit (design 5). Two tills, and two installs of one till, never make the
//! same one; it is short enough to be typed from paper and is also the text of the slip's QR code.
use crate::base::BusinessDay;
use std::fmt;
use std::str::FromStr;

/// `003-1-2-261121-0042-0`: printed with dashes, typed with dashes, blanks, dots or slashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptNumber {
    /// The branch's number within the chain, 1 to 9 999.
    pub branch: u16,
    /// The till's number within the branch, 1 to 99.
    pub till: u8,
    /// How many installs the branch has had, this one included, 1 to 999.
    pub install: u16,
    /// Business day, of the years 2000 to 2099.
    pub day: BusinessDay,
    /// Counts the till's receipts of the day, 1 to 99 999.
    pub counter: u32,
}

/// Why a text is no receipt number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAReceiptNumber {
    #[error("a receipt number has six groups of digits")]
    Shape,
    /// Six groups of digits, but a digit was misread or mistyped.
    #[error("the check digit of the receipt number does not fit")]
    Check,
}

impl ReceiptNumber {
    /// Check digit by ISO 7064 MOD 11,10 over all groups in full width: it finds every wrong digit and nearly every exchange of two.
    fn check(&self) -> u32 {
        let digits = format!("{:04}{:02}{:03}{:06}{:05}", self.branch, self.till, self.install, self.day.0 % 1_000_000, self.counter);
        let product = digits.bytes().fold(10, |product, byte| {
            let sum = (product + u32::from(byte - b'0')) % 10;
            (if sum == 0 { 10 } else { sum }) * 2 % 11
        });
        (11 - product) % 10
    }

    /// Every group within its range.
    pub fn sound(&self) -> bool {
        let year = self.day.year();
        (1..=9_999).contains(&self.branch)
            && (1..=99).contains(&self.till)
            && (1..=999).contains(&self.install)
            && (1..=99_999).contains(&self.counter)
            && (2000..=2099).contains(&year)
            && BusinessDay::of(year, self.day.0 / 100 % 100, self.day.day_of_month()).is_some()
    }
}

impl fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.day.0 % 1_000_000;
        write!(f, "{:03}-{}-{}-{day:06}-{:04}-{}", self.branch, self.till, self.install, self.counter, self.check())
    }
}

impl FromStr for ReceiptNumber {
    type Err = NotAReceiptNumber;

    fn from_str(text: &str) -> Result<Self, NotAReceiptNumber> {
        let groups: Vec<&str> = text.trim().split(['-', ' ', '.', '/']).collect();
        let number = |at: usize| {
            let group: &str = groups[at];
            let short = group.len() <= 6 && !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
            short.then(|| group.parse::<u32>().ok()).flatten().ok_or(NotAReceiptNumber::Shape)
        };
        if groups.len() != 6 || groups[3].len() != 6 || groups[5].len() != 1 {
            return Err(NotAReceiptNumber::Shape);
        }
        let receipt = ReceiptNumber {
            branch: u16::try_from(number(0)?).map_err(|_| NotAReceiptNumber::Shape)?,
            till: u8::try_from(number(1)?).map_err(|_| NotAReceiptNumber::Shape)?,
            install: u16::try_from(number(2)?).map_err(|_| NotAReceiptNumber::Shape)?,
            day: BusinessDay(20_000_000 + number(3)?),
            counter: number(4)?,
        };
        match number(5)? {
            check if receipt.sound() && receipt.check() == check => Ok(receipt),
            _ => Err(NotAReceiptNumber::Check),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    const A1: ReceiptNumber = ReceiptNumber { branch: 3, till: 1, install: 2, day: BusinessDay(20261121), counter: 42 };

    #[test]
    fn printed_and_read_back() {
        assert_eq!(A1.to_string(), "003-1-2-261121-0042-0");
        assert_eq!(A1.to_string().parse(), Ok(A1));
    }

    #[rstest]
    #[case::without_zeros("3-1-2-261121-42-0", Ok(A1))]
    #[case::with_blanks(" 3 1 2 261121 42 0 ", Ok(A1))]
    #[case::on_the_keypad("3.1.2.261121.42.0", Ok(A1))]
    #[case::mistyped("3-1-2-261121-43-0", Err(NotAReceiptNumber::Check))]
    #[case::no_such_day("3-1-2-261131-42-4", Err(NotAReceiptNumber::Check))]
    #[case::a_barcode("6901234567892", Err(NotAReceiptNumber::Shape))]
    #[case::five_groups("3-1-2-261121-42", Err(NotAReceiptNumber::Shape))]
    #[case::letters("3-1-2-261121-4a-0", Err(NotAReceiptNumber::Shape))]
    #[case::too_long("3-1-2-261121-4222222-0", Err(NotAReceiptNumber::Shape))]
    #[case::empty_groups("-----", Err(NotAReceiptNumber::Shape))]
    fn typed(#[case] text: &str, #[case] wanted: Result<ReceiptNumber, NotAReceiptNumber>) {
        assert_eq!(text.parse(), wanted);
    }

    proptest! {
        #[test]
        fn every_number_is_read_back_and_one_wrong_digit_is_seen(
            branch in 1u16..=9_999, till in 1u8..=99, install in 1u16..=999, days in 0i64..36_000, counter in 1u32..=99_999,
            at in any::<prop::sample::Index>(), add in 1u8..10,
        ) {
            let receipt = ReceiptNumber { branch, till, install, day: BusinessDay(20000101).plus_days(days), counter };
            prop_assert!(receipt.sound());
            let text = receipt.to_string();
            prop_assert_eq!(text.parse(), Ok(receipt));
            let mut wrong = text.into_bytes();
            let at = at.index(wrong.len());
            if wrong[at].is_ascii_digit() {
                wrong[at] = b'0' + (wrong[at] - b'0' + add) % 10;
                let wrong = String::from_utf8(wrong).expect("ascii");
                prop_assert!(wrong.parse::<ReceiptNumber>().is_err(), "{}", wrong);
            }
        }

        #[test]
        fn no_text_breaks_the_reader(text in "[0-9 ./-]{0,40}") {
            if let Ok(receipt) = text.parse::<ReceiptNumber>() {
                prop_assert!(receipt.sound());
            }
        }
    }
}
