//! The chain's settings as the rules for members take them.
use super::gift::{GiftPolicy, Tier};
use super::proof::{Grace, Proof};
use crate::base::Money;
use crate::documents::settings::ValueSettings;
use crate::journal::Refusal;

/// Gift tiers, lowest first.
pub fn tiers(value: &ValueSettings) -> Vec<Tier> {
    value.tiers.iter().map(|(from, bonus)| Tier { from: Money::from_minor(*from), bonus: Money::from_minor(*bonus) }).collect()
}

/// How the tiers count; a word that this version does not know counts the highest once.
pub fn gift_policy(value: &ValueSettings) -> GiftPolicy {
    match value.gift.as_str() {
        "repeated" => GiftPolicy::Repeated,
        _ => GiftPolicy::HighestOnce,
    }
}

/// What proves a member; a word that this version does not know asks for the PIN.
pub fn proof(value: &ValueSettings) -> Proof {
    match value.proof.as_str() {
        "none" => Proof::None,
        "signature" => Proof::Signature,
        _ => Proof::Pin,
    }
}

/// 小额免密 of one bill: payments *below* the amount of the settings; no limit a day.
pub fn grace(value: &ValueSettings) -> Grace {
    Grace { per_bill: Money::from_minor(value.free_below_minor.saturating_sub(1).max(0)), per_day: Money::from_minor(i64::MAX) }
}

/// The most principal on a registered card.
pub fn cap(value: &ValueSettings) -> Option<Money> {
    value.cap_registered_minor.map(Money::from_minor)
}

impl From<super::gift::TopUpRefusal> for Refusal {
    fn from(refusal: super::gift::TopUpRefusal) -> Self {
        use super::gift::TopUpRefusal;
        let unsound = |why: &str| Refusal::NotSound { field: "amount".into(), why: why.into() };
        match refusal {
            TopUpRefusal::NothingKeyed => unsound("nothing_keyed"),
            TopUpRefusal::OverCap { cap, may_add } => Refusal::OverCap { limit: cap.minor(), room: may_add.minor() },
            TopUpRefusal::TooLarge(_) => unsound("too_large"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::gift::{TopUpRefusal, bonus};
    use super::super::proof::needed;
    use super::*;
    use rstest::rstest;

    fn settings() -> ValueSettings {
        ValueSettings {
            tiers: [(50_000, 2_000), (100_000, 10_000), (300_000, 40_000)].into(),
            proof: "pin".into(),
            free_below_minor: 5_000,
            ..ValueSettings::default()
        }
    }

    #[test]
    fn b2_from_the_settings() {
        assert_eq!(bonus(Money::from_minor(150_000), &tiers(&settings()), GiftPolicy::HighestOnce), Ok(Money::from_minor(10_000)));
    }

    #[rstest]
    #[case::below(4_999, Proof::None)]
    #[case::not_below(5_000, Proof::Pin)]
    fn free_below(#[case] amount: i64, #[case] wanted: Proof) {
        let settings = settings();
        assert_eq!(needed(proof(&settings), grace(&settings), Money::from_minor(amount), Money::ZERO), Ok(wanted));
    }

    #[test]
    fn unknown_words_ask_for_the_pin() {
        assert_eq!(proof(&ValueSettings { proof: "of a later version".into(), ..settings() }), Proof::Pin);
    }

    #[test]
    fn b14_tells_what_may_still_be_added() {
        let refusal = TopUpRefusal::OverCap { cap: Money::from_minor(500_000), may_add: Money::from_minor(20_000) };
        assert_eq!(Refusal::from(refusal), Refusal::OverCap { limit: 500_000, room: 20_000 });
    }
}
