//! Quantities in thousandths of the selling unit: pieces, kilograms, metres. A weight in grams is a quantity of a good sold by the kilogram.
use super::money::{Money, Overflow, Rounding, divided};
use std::fmt;

/// Thousandths of the selling unit. Negative only where a doc comment says so.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    minicbor::Encode,
    minicbor::Decode,
    serde::Serialize,
    serde::Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Quantity {
    #[n(0)]
    thousandths: i64,
}

super::schema::integer_schema!(Quantity, "Thousandths of the selling unit: 2000 is two pieces, 755 is 0.755 kg.");

impl Quantity {
    pub const ZERO: Quantity = Quantity { thousandths: 0 };
    pub const ONE: Quantity = Quantity { thousandths: 1_000 };
    /// The most that one line of a bill may hold; what is keyed above it is a slip of the finger.
    pub const LINE_MAX: Quantity = Quantity { thousandths: 9_999_999 };

    pub const fn from_thousandths(thousandths: i64) -> Quantity {
        Quantity { thousandths }
    }

    pub const fn thousandths(self) -> i64 {
        self.thousandths
    }

    pub const fn is_positive(self) -> bool {
        self.thousandths > 0
    }

    /// A whole number of pieces.
    pub fn pieces(count: i64) -> Result<Quantity, Overflow> {
        count.checked_mul(1_000).map(Quantity::from_thousandths).ok_or(Overflow)
    }

    pub fn plus(self, other: Quantity) -> Result<Quantity, Overflow> {
        self.thousandths.checked_add(other.thousandths).map(Quantity::from_thousandths).ok_or(Overflow)
    }

    pub fn minus(self, other: Quantity) -> Result<Quantity, Overflow> {
        self.thousandths.checked_sub(other.thousandths).map(Quantity::from_thousandths).ok_or(Overflow)
    }

    /// `price × self`, half up to whole minor units.
    pub fn times(self, price: Money) -> Result<Money, Overflow> {
        price.scaled(self.thousandths, Quantity::ONE.thousandths, Rounding::HalfUp)
    }

    /// How much `amount` buys at `price`, half up to thousandths: the weight 折算 from a label that tells only the amount.
    pub fn bought(amount: Money, price: Money) -> Result<Quantity, Overflow> {
        let product = i128::from(amount.minor()) * i128::from(Quantity::ONE.thousandths);
        divided(product, i128::from(price.minor()), Rounding::HalfUp).map(Quantity::from_thousandths)
    }

    /// A quantity as keyed: `3`, `0.755`, `.5`; at most three decimals. None for anything else, for zero and above [`Quantity::LINE_MAX`].
    pub fn keyed(text: &str) -> Option<Quantity> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && decimals.is_empty()) || whole.len() > 4 || decimals.len() > 3 || !digits(whole) || !digits(decimals) {
            return None;
        }
        let quantity = Quantity::from_thousandths(format!("{whole:0>1}{decimals:0<3}").parse().ok()?);
        (quantity.is_positive() && quantity <= Quantity::LINE_MAX).then_some(quantity)
    }
}

/// `2`, `0.755`: no more decimals than it has.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minus = if self.thousandths < 0 { "-" } else { "" };
        let (whole, part) = (self.thousandths.unsigned_abs() / 1_000, self.thousandths.unsigned_abs() % 1_000);
        match part {
            0 => f.pad(&format!("{minus}{whole}")),
            part => f.pad(format!("{minus}{whole}.{part:03}").trim_end_matches('0')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::two_masks(2_000, 6_980, 13_960)]
    #[case::weighed_of_a13(755, 2_580, 1_948)]
    #[case::half_goes_up(500, 1, 1)]
    #[case::below_half(499, 1, 0)]
    fn price_times_quantity(#[case] thousandths: i64, #[case] price_minor: i64, #[case] wanted: i64) {
        assert_eq!(Quantity::from_thousandths(thousandths).times(Money::from_minor(price_minor)), Ok(Money::from_minor(wanted)));
    }

    #[test]
    fn the_weight_behind_an_amount() {
        let weight = |amount, price| Quantity::bought(Money::from_minor(amount), Money::from_minor(price));
        assert_eq!(weight(1_250, 2_580), Ok(Quantity::from_thousandths(484)), "A12");
        assert_eq!(weight(1_250, 0), Err(Overflow), "no price, no weight");
    }

    #[rstest]
    #[case("3", Some(3_000))]
    #[case("0.755", Some(755))]
    #[case(".5", Some(500))]
    #[case("3.", Some(3_000))]
    #[case("9999.999", Some(9_999_999))]
    #[case("10000", None)]
    #[case("0", None)]
    #[case("-1", None)]
    #[case("1.2345", None)]
    #[case(".", None)]
    #[case("", None)]
    #[case("1e3", None)]
    fn keyed(#[case] text: &str, #[case] wanted: Option<i64>) {
        assert_eq!(Quantity::keyed(text), wanted.map(Quantity::from_thousandths));
    }

    #[rstest]
    #[case(2_000, "2")]
    #[case(755, "0.755")]
    #[case(1_500, "1.5")]
    #[case(-66, "-0.066")]
    fn written(#[case] thousandths: i64, #[case] text: &str) {
        assert_eq!(Quantity::from_thousandths(thousandths).to_string(), text);
    }
}
