//! Codes on goods and phones: GTIN check digits, the shop's own weighed codes, pay codes. Shapes only; what a code stands for is looked up elsewhere.
use crate::base::{Money, Quantity};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// GTIN lengths that carry a check digit: EAN-8, UPC-A, EAN-13, ITF-14.
const GTIN_LENGTHS: [usize; 4] = [8, 12, 13, 14];

/// Digits of a weighed code of 13, and of the one of 18 that holds amount and weight.
const WEIGHED: usize = 13;
const WEIGHED_BOTH: usize = 18;

/// What the value digits of a 13-digit in-store code hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Minor units of the amount.
    Amount,
    /// Grams.
    Weight,
}

/// One prefix of in-store codes. With two digits the PLU has five, with one digit six; five value digits follow, then the check digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InStore {
    /// One or two digits; 20 to 29 are free for shops' own use.
    pub prefix: String,
    pub holds: Holds,
}

/// A weighed code as read. At least one of amount and weight is there, above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weighed {
    pub plu: u32,
    pub amount: Option<Money>,
    /// Kilograms in thousandths.
    pub weight: Option<Quantity>,
}

/// A weighed code put on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeighedLine {
    pub quantity: Quantity,
    /// The amount printed on the label; it stands, whatever quantity × price is.
    pub label_amount: Option<Money>,
    pub origin: WeightOrigin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[cbor(index_only)]
pub enum WeightOrigin {
    #[n(0)]
    Label,
    /// 折算 from amount and price; marked so on page and slip.
    #[n(1)]
    Converted,
}

/// Whose app a pay code comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wallet {
    WeChat,
    Alipay,
}

/// Check digit of the digits before it: weights 3, 1, 3 … from the right, then what is missing to a multiple of ten. None if not all are digits.
pub fn check_digit(digits: &str) -> Option<u8> {
    let mut sum = 0;
    for (at, byte) in digits.bytes().rev().enumerate() {
        let digit = u32::from(byte.is_ascii_digit().then(|| byte - b'0')?);
        sum += if at % 2 == 0 { 3 * digit } else { digit };
    }
    u8::try_from((10 - sum % 10) % 10).ok()
}

/// The last digit is the check digit of those before it.
pub fn checks(code: &str) -> bool {
    let Some((body, last)) = code.split_at_checked(code.len().saturating_sub(1)) else { return false };
    !body.is_empty() && check_digit(body).is_some_and(|digit| last.as_bytes() == [b'0' + digit])
}

/// A length at which codes carry a check digit.
pub fn gtin_length(code: &str) -> bool {
    GTIN_LENGTHS.contains(&code.len()) && all_digits(code)
}

/// Reads a weighed code of 13 digits by its prefix, or one of 18 that holds amount and weight. None if the prefix is not the shop's, the
/// check digit is wrong or the value is zero.
pub fn weighed(code: &str, in_store: &[InStore]) -> Option<Weighed> {
    if !checks(code) || !matches!(code.len(), WEIGHED | WEIGHED_BOTH) {
        return None;
    }
    let prefix =
        in_store.iter().filter(|own| !own.prefix.is_empty() && code.starts_with(&own.prefix)).max_by_key(|own| own.prefix.len())?;
    let number = |from: usize, to: usize| code.get(from..to)?.parse::<u32>().ok();
    let plu = number(prefix.prefix.len(), 7)?;
    let amount = |value: u32| Money::from_minor(i64::from(value));
    let weight = |value: u32| Quantity::from_thousandths(i64::from(value));
    let above_zero = |value: &u32| *value > 0;
    let first = number(7, 12).filter(above_zero)?;
    let (amount, weight) = match (code.len(), prefix.holds) {
        (WEIGHED_BOTH, _) => (Some(amount(first)), Some(weight(number(12, 17).filter(above_zero)?))),
        (_, Holds::Amount) => (Some(amount(first)), None),
        (_, Holds::Weight) => (None, Some(weight(first))),
    };
    Some(Weighed { plu, amount, weight })
}

impl Weighed {
    /// The line at a price per kilogram. None if only the amount is known and the price is zero or too high to leave a gram.
    pub fn line(self, price: Money) -> Option<WeighedLine> {
        let label_amount = self.amount;
        if let Some(quantity) = self.weight {
            return Some(WeighedLine { quantity, label_amount, origin: WeightOrigin::Label });
        }
        let quantity = Quantity::bought(self.amount?, price).ok().filter(|quantity| quantity.is_positive())?;
        Some(WeighedLine { quantity, label_amount, origin: WeightOrigin::Converted })
    }
}

/// A customer's pay code: 18 digits beginning with 10 to 15 are WeChat's, 16 to 24 beginning with 25 to 30 Alipay's.
pub fn pay_code(code: &str) -> Option<Wallet> {
    if !all_digits(code) {
        return None;
    }
    match (code.len(), code.get(..2)?.parse::<u8>().ok()?) {
        (18, 10..=15) => Some(Wallet::WeChat),
        (16..=24, 25..=30) => Some(Wallet::Alipay),
        _ => None,
    }
}

/// The number of a bank card by its form: 13 to 19 digits whose Luhn sum is right. Such a number is never kept.
pub fn bank_card(digits: &str) -> bool {
    let doubled = |digit: u32| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte.saturating_sub(b'0'));
            if at % 2 == 1 { doubled(digit) } else { digit }
        })
        .sum();
    (13..=19).contains(&digits.len()) && all_digits(digits) && sum.is_multiple_of(10)
}

/// Only ASCII digits, at least one.
pub fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Every other way in which readers write the number of the same 125 kHz or 13.56 MHz chip (hardware.md 3.2): ten or eight digits, three and
/// five, hex, and the bytes reversed. None for a text of another form. Forms of three bytes leave the fourth out; it is taken for zero.
pub fn writings(number: &str) -> Vec<String> {
    let mut chips = Vec::new();
    if let Some((three, five)) = number.split_once(',') {
        if let (Ok(facility), Ok(low)) = (three.parse::<u8>(), five.parse::<u16>()) {
            chips.push(u32::from(facility) << 16 | u32::from(low));
        }
    } else {
        let decimal = (all_digits(number) && [8, 10].contains(&number.len())).then(|| number.parse::<u32>().ok()).flatten();
        let hex = match number.len() {
            8 => u32::from_str_radix(number, 16).ok(),
            // The first of five bytes is the maker's.
            10 => number.get(2..).filter(|_| !all_digits(number)).and_then(|low| u32::from_str_radix(low, 16).ok()),
            _ => None,
        };
        chips.extend(decimal.into_iter().chain(hex).flat_map(|chip| [chip, chip.swap_bytes()]));
    }
    let mut written: Vec<String> = chips.into_iter().flat_map(written).filter(|other| other != number).collect();
    written.sort();
    written.dedup();
    written
}

fn written(chip: u32) -> [String; 6] {
    let reversed = chip.swap_bytes();
    [
        format!("{chip:010}"),
        format!("{:08}", chip & 0x00FF_FFFF),
        format!("{:03},{:05}", chip >> 16 & 0xFF, chip & 0xFFFF),
        format!("{chip:08X}"),
        format!("{reversed:08X}"),
        format!("{reversed:010}"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn own() -> Vec<InStore> {
        [("21", Holds::Amount), ("20", Holds::Weight), ("26", Holds::Amount), ("2", Holds::Weight)]
            .map(|(prefix, holds)| InStore { prefix: prefix.into(), holds })
            .to_vec()
    }

    fn read(plu: u32, amount: Option<i64>, grams: Option<i64>) -> Option<Weighed> {
        Some(Weighed { plu, amount: amount.map(Money::from_minor), weight: grams.map(Quantity::from_thousandths) })
    }

    #[rstest]
    #[case("211234501250", Some(6))]
    #[case("201234500755", Some(0))]
    #[case("690123456789", Some(2))]
    #[case("9638507", Some(4))]
    #[case("03600029145", Some(2))]
    #[case("12a", None)]
    fn check_digits(#[case] digits: &str, #[case] wanted: Option<u8>) {
        assert_eq!(check_digit(digits), wanted);
    }

    #[rstest]
    #[case::a12_amount("2112345012506", read(12345, Some(1250), None))]
    #[case::a13_weight("2012345007550", read(12345, None, Some(755)))]
    #[case::both("261234501250007554", read(12345, Some(1250), Some(755)))]
    #[case::one_digit_prefix("2512345007555", read(512345, None, Some(755)))]
    #[case::wrong_check("2112345012507", None)]
    #[case::not_our_prefix("6901234567892", None)]
    #[case::no_value("2012345000001", None)]
    #[case::too_short("21123450125", None)]
    #[case::letters("21123450125O6", None)]
    fn weighed_codes(#[case] code: &str, #[case] wanted: Option<Weighed>) {
        assert_eq!(weighed(code, &own()), wanted);
    }

    #[test]
    fn a12_the_weight_is_converted_and_the_amount_stands() {
        let code = weighed("2112345012506", &own()).expect("a12");
        let line = code.line(Money::from_minor(2580)).expect("a price");
        assert_eq!(line.quantity, Quantity::from_thousandths(484));
        assert_eq!((line.label_amount, line.origin), (Some(Money::from_minor(1250)), WeightOrigin::Converted));
        assert_eq!(code.line(Money::ZERO), None);
    }

    #[test]
    fn a13_weight_times_price() {
        let line = weighed("2012345007550", &own()).and_then(|code| code.line(Money::from_minor(2580))).expect("a13");
        assert_eq!((line.label_amount, line.origin), (None, WeightOrigin::Label));
        assert_eq!(line.quantity.times(Money::from_minor(2580)), Ok(Money::from_minor(1948)));
    }

    #[rstest]
    #[case("134567890123456789", Some(Wallet::WeChat))]
    #[case("164567890123456789", None)]
    #[case("13456789012345678", None)]
    #[case("2812345678901234", Some(Wallet::Alipay))]
    #[case("301234567890123456789012", Some(Wallet::Alipay))]
    #[case("3012345678901234567890123", None)]
    #[case("241234567890123456", None)]
    #[case("28123456789012a4", None)]
    #[case("", None)]
    fn pay_codes(#[case] code: &str, #[case] wanted: Option<Wallet>) {
        assert_eq!(pay_code(code), wanted);
    }

    #[rstest]
    #[case("4111111111111111", true)]
    #[case("6222021234567890129", false)]
    #[case("4111111111111112", false)]
    #[case("6001", false)]
    #[case("", false)]
    fn bank_cards(#[case] digits: &str, #[case] wanted: bool) {
        assert_eq!(bank_card(digits), wanted);
    }

    // The sample card of hardware.md 3.2: whichever way one reader writes it, the way of every other is among the rest.
    #[rstest]
    fn one_chip_many_numbers(
        #[values("0000401829", "00401829", "006,08613", "000621A5", "A5210600", "2770404864", "0C000621A5")] one: &str,
        #[values("0000401829", "00401829", "006,08613", "000621A5", "A5210600", "2770404864")] other: &str,
    ) {
        assert_eq!(writings(one).iter().any(|written| written == other), one != other);
    }

    #[rstest]
    #[case("6001")]
    #[case("6901234567892")]
    #[case("256,00001")]
    #[case("111,277061")]
    #[case("会员卡八个字零一")]
    #[case("4294967296")]
    #[case("")]
    fn other_numbers_are_no_chips(#[case] number: &str) {
        assert_eq!(writings(number), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_seen(body in "[0-9]{12}", at in 0usize..13, add in 1u8..10) {
            let mut code = format!("{body}{}", check_digit(&body).expect("digits")).into_bytes();
            prop_assert!(checks(std::str::from_utf8(&code).expect("ascii")));
            code[at] = b'0' + (code[at] - b'0' + add) % 10;
            prop_assert!(!checks(std::str::from_utf8(&code).expect("ascii")));
        }

        #[test]
        fn no_text_breaks_the_readers(text in ".{0,30}") {
            let _ = (checks(&text), weighed(&text, &own()), pay_code(&text), bank_card(&text), gtin_length(&text), writings(&text));
        }
    }
}
