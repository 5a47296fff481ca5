//! Money in whole minor units (分). One currency per chain; no floats; every multiplication names its rounding, every split sums to the whole.
use super::rate::Rate;
use std::fmt;

/// An amount left the range of 64 bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the amount is too large")]
pub struct Overflow;

/// What becomes of the part below one minor unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Towards minus infinity.
    Down,
    /// To the nearest; exactly half goes up.
    HalfUp,
}

/// An amount in minor units (分 of ￥). May be negative where a doc comment says so.
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
pub struct Money {
    #[n(0)]
    minor: i64,
}

super::schema::integer_schema!(Money, "Minor units of the chain's currency (分).");

impl Money {
    pub const ZERO: Money = Money { minor: 0 };

    pub const fn from_minor(minor: i64) -> Money {
        Money { minor }
    }

    pub const fn minor(self) -> i64 {
        self.minor
    }

    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    pub fn plus(self, other: Money) -> Result<Money, Overflow> {
        self.minor.checked_add(other.minor).map(Money::from_minor).ok_or(Overflow)
    }

    pub fn minus(self, other: Money) -> Result<Money, Overflow> {
        self.minor.checked_sub(other.minor).map(Money::from_minor).ok_or(Overflow)
    }

    pub fn negated(self) -> Result<Money, Overflow> {
        Money::ZERO.minus(self)
    }

    /// The sum; of nothing it is zero.
    pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Result<Money, Overflow> {
        amounts.into_iter().try_fold(Money::ZERO, Money::plus)
    }

    /// `self × rate`.
    pub fn share(self, rate: Rate, rounding: Rounding) -> Result<Money, Overflow> {
        self.scaled(i64::from(rate.bp()), i64::from(Rate::WHOLE.bp()), rounding)
    }

    /// `self × part / whole`; a `whole` that is not positive is an overflow.
    pub fn scaled(self, part: i64, whole: i64, rounding: Rounding) -> Result<Money, Overflow> {
        divided(i128::from(self.minor) * i128::from(part), i128::from(whole), rounding).map(Money::from_minor)
    }

    /// Parts in the ratio of `weights` that sum to the whole: each gets its floor, what is left goes one unit each to the largest remainders,
    /// of equal remainders to the earlier. A negative amount is split like its opposite. Weights below zero count as zero; if all are zero the
    /// first part takes the whole; no weights give no parts. While |self| ≤ sum of weights, no part is greater than its weight.
    pub fn split_by_largest_remainder(self, weights: &[Money]) -> Vec<Money> {
        let weights: Vec<i128> = weights.iter().map(|weight| i128::from(weight.minor.max(0))).collect();
        let total: i128 = weights.iter().sum();
        let (amount, sign) = (i128::from(self.minor).abs(), i128::from(self.minor.signum()));
        if amount == 0 {
            return vec![Money::ZERO; weights.len()];
        }
        if total == 0 {
            return (0..weights.len()).map(|at| if at == 0 { self } else { Money::ZERO }).collect();
        }
        let mut parts: Vec<i128> = weights.iter().map(|weight| amount * weight / total).collect();
        let left = amount - parts.iter().sum::<i128>();
        let mut order: Vec<usize> = (0..weights.len()).collect();
        order.sort_by_key(|&at| (std::cmp::Reverse(amount * weights[at] % total), at));
        // Fewer units are left than there are remainders above zero, so `left` fits the list.
        for at in order.into_iter().take(usize::try_from(left).unwrap_or_default()) {
            parts[at] += 1;
        }
        parts.into_iter().map(|part| Money::from_minor(i64::try_from(part * sign).unwrap_or(self.minor))).collect()
    }

    /// `￥1,234.50` with the full-width sign that receipt printers can draw; the minus stands before it.
    pub fn with_sign(self) -> String {
        let minus = if self.minor < 0 { "-" } else { "" };
        format!("{minus}￥{}", self.grouped())
    }

    /// `1,234.50`, without sign.
    fn grouped(self) -> String {
        let whole = (self.minor.unsigned_abs() / 100).to_string();
        let mut text = String::with_capacity(whole.len() + 8);
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        format!("{text}.{:02}", self.minor.unsigned_abs() % 100)
    }
}

/// `1234.50`: plain, as on slips and in files.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minus = if self.minor < 0 { "-" } else { "" };
        f.pad(&format!("{minus}{}.{:02}", self.minor.unsigned_abs() / 100, self.minor.unsigned_abs() % 100))
    }
}

/// `product / unit`, rounded; a unit that is not positive is an overflow.
pub(crate) fn divided(product: i128, unit: i128, rounding: Rounding) -> Result<i64, Overflow> {
    if unit <= 0 {
        return Err(Overflow);
    }
    let (whole, rest) = (product.div_euclid(unit), product.rem_euclid(unit));
    let up = match rounding {
        Rounding::Down => false,
        Rounding::HalfUp => 2 * rest >= unit,
    };
    i64::try_from(whole + i128::from(up)).map_err(|_| Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn money(minor: i64) -> Money {
        Money::from_minor(minor)
    }

    #[rstest]
    #[case::bill_of_a1(35860, 9500, Rounding::HalfUp, 34067)]
    #[case::half_goes_up(50, 9900, Rounding::HalfUp, 50)]
    #[case::below_half_goes_down(6666, 9500, Rounding::HalfUp, 6333)]
    #[case::down(199, 5000, Rounding::Down, 99)]
    #[case::negative_half_goes_up(-1, 5000, Rounding::HalfUp, 0)]
    #[case::negative_down(-1, 5000, Rounding::Down, -1)]
    fn a_share_names_its_rounding(#[case] minor: i64, #[case] rate_bp: u32, #[case] rounding: Rounding, #[case] wanted: i64) {
        assert_eq!(money(minor).share(Rate::from_bp(rate_bp), rounding), Ok(money(wanted)));
    }

    #[rstest]
    #[case::rounding_of_a1(7, &[15960, 13262, 4845], &[3, 3, 1])]
    #[case::spend_and_save_of_a8(2000, &[15010, 9500], &[1225, 775])]
    #[case::coupon_of_a8(1000, &[13785, 8725], &[612, 388])]
    #[case::ties_go_to_the_earlier(9348, &[400, 1580, 1290, 550, 780, 3990, 1250], &[380, 1501, 1226, 523, 741, 3790, 1187])]
    #[case::negative_like_its_opposite(-33, &[1, 1], &[-17, -16])]
    #[case::no_weight_goes_to_the_first(5, &[0, 0], &[5, 0])]
    #[case::a_zero_weight_gets_nothing(5, &[0, 3], &[0, 5])]
    fn split(#[case] minor: i64, #[case] weights: &[i64], #[case] wanted: &[i64]) {
        let weights: Vec<Money> = weights.iter().copied().map(money).collect();
        let wanted: Vec<Money> = wanted.iter().copied().map(money).collect();
        assert_eq!(money(minor).split_by_largest_remainder(&weights), wanted);
    }

    #[test]
    fn nothing_to_split_to_gives_nothing() {
        assert!(money(5).split_by_largest_remainder(&[]).is_empty());
    }

    #[test]
    fn arithmetic_refuses_to_wrap() {
        assert_eq!(money(i64::MAX).plus(money(1)), Err(Overflow));
        assert_eq!(money(i64::MIN).negated(), Err(Overflow));
        assert_eq!(money(i64::MAX).share(Rate::from_bp(20_000), Rounding::Down), Err(Overflow));
        assert_eq!(money(1).scaled(1, 0, Rounding::Down), Err(Overflow));
    }

    #[rstest]
    #[case(0, "0.00", "￥0.00")]
    #[case(-7, "-0.07", "-￥0.07")]
    #[case(123_456_789, "1234567.89", "￥1,234,567.89")]
    #[case(10_000, "100.00", "￥100.00")]
    #[case(i64::MIN, "-92233720368547758.08", "-￥92,233,720,368,547,758.08")]
    fn written(#[case] minor: i64, #[case] plain: &str, #[case] signed: &str) {
        assert_eq!(money(minor).to_string(), plain);
        assert_eq!(money(minor).with_sign(), signed);
    }

    #[test]
    fn an_integer_in_json_and_in_bytes() {
        assert_eq!(serde_json::to_string(&money(34060)).expect("json"), "34060");
        assert_eq!(serde_json::from_str::<Money>("-7").expect("json"), money(-7));
        assert_eq!(minicbor::to_vec(money(34060)).expect("cbor"), [0x19, 0x85, 0x0c]);
        assert_eq!(minicbor::decode::<Money>(&[0x26]).expect("cbor"), money(-7));
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(minor in any::<i64>(), weights in prop::collection::vec(0i64..i64::MAX / 64, 1..40)) {
            let weights: Vec<Money> = weights.into_iter().map(money).collect();
            let parts = money(minor).split_by_largest_remainder(&weights);
            prop_assert_eq!(parts.iter().map(|part| i128::from(part.minor)).sum::<i128>(), i128::from(minor));
        }

        #[test]
        fn no_part_is_greater_than_its_weight(weights in prop::collection::vec(0i64..1_000_000, 1..40), percent in 0i64..=100) {
            let weights: Vec<Money> = weights.into_iter().map(money).collect();
            let amount = Money::sum(weights.iter().copied()).and_then(|sum| sum.scaled(percent, 100, Rounding::Down)).expect("small");
            for (part, weight) in amount.split_by_largest_remainder(&weights).iter().zip(&weights) {
                prop_assert!(*part <= *weight && !part.is_negative());
            }
        }
    }
}
