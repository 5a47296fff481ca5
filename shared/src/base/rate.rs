//! Rates and factors in basis points (1/10 000): 9.5折 is 9 500, ×1.2 is 12 000.
use std::fmt;

/// A part of the whole, in basis points; above 10 000 it is a factor greater than one.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, minicbor::Encode, minicbor::Decode, serde::Serialize, serde::Deserialize,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Rate {
    #[n(0)]
    bp: u32,
}

super::schema::integer_schema!(Rate, "Basis points: 9500 is 9.5折 (5 % off), 12000 is ×1.2.");

impl Rate {
    /// Nothing taken off, nothing added.
    pub const WHOLE: Rate = Rate { bp: 10_000 };

    pub const fn from_bp(bp: u32) -> Rate {
        Rate { bp }
    }

    pub const fn bp(self) -> u32 {
        self.bp
    }
}

/// As Chinese shops say a discount: `9.5折`, `8折`, `8.75折`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:03}", self.bp / 1_000, self.bp % 1_000);
        write!(f, "{}折", text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(9500, "9.5折")]
    #[case(8000, "8折")]
    #[case(8755, "8.755折")]
    #[case(10_000, "10折")]
    #[case(500, "0.5折")]
    fn said_as_in_the_shop(#[case] bp: u32, #[case] said: &str) {
        assert_eq!(Rate::from_bp(bp).to_string(), said);
    }
}
