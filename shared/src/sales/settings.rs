//! The chain's settings as the rules take them. A word that this version does not know counts as the careful choice beside it.
use super::codes::{Holds, InStore};
use super::payment::{SplitPolicy, ValuePolicy};
use super::price::RoundingMode;
use super::scan::Formats;
use crate::base::Rate;
use crate::documents::settings::{CodeSettings, TillSettings, ValueSettings};

/// 抹零 of the chain; an unknown word rounds nothing.
pub fn rounding(till: &TillSettings) -> RoundingMode {
    match till.rounding.as_str() {
        "jiao" => RoundingMode::JiaoDown,
        "yuan" => RoundingMode::YuanDown,
        "jiao_half" => RoundingMode::JiaoHalfUp,
        "yuan_half" => RoundingMode::YuanHalfUp,
        _ => RoundingMode::None,
    }
}

/// How stored value is taken; an unknown word takes it in proportion. A cap of the whole is none.
pub fn value_policy(value: &ValueSettings) -> ValuePolicy {
    let split = match value.split.as_str() {
        "principal_first" => SplitPolicy::PrincipalFirst,
        "bonus_first" => SplitPolicy::BonusFirst,
        _ => SplitPolicy::Proportional,
    };
    ValuePolicy { split, bonus_cap: Some(rate(value.bonus_cap_bp)).filter(|cap| *cap < Rate::WHOLE) }
}

/// In-store codes; a prefix that holds an unknown word is not read at all.
pub fn formats(codes: &CodeSettings) -> Formats {
    let holds = |word: &str| match word {
        "amount" => Some(Holds::Amount),
        "weight" => Some(Holds::Weight),
        _ => None,
    };
    let own = codes.prefixes.iter().filter_map(|(prefix, word)| Some(InStore { prefix: prefix.clone(), holds: holds(word)? }));
    Formats { in_store: own.collect() }
}

/// Basis points out of a document; below zero they count as zero.
fn rate(bp: i64) -> Rate {
    Rate::from_bp(u32::try_from(bp.max(0)).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("none", RoundingMode::None)]
    #[case("jiao", RoundingMode::JiaoDown)]
    #[case("yuan", RoundingMode::YuanDown)]
    #[case("jiao_half", RoundingMode::JiaoHalfUp)]
    #[case("yuan_half", RoundingMode::YuanHalfUp)]
    #[case("of a later version", RoundingMode::None)]
    fn roundings(#[case] word: &str, #[case] mode: RoundingMode) {
        assert_eq!(rounding(&TillSettings { rounding: word.into(), ..TillSettings::default() }), mode);
    }

    #[test]
    fn value() {
        let value = ValueSettings { split: "bonus_first".into(), bonus_cap_bp: 3_000, ..ValueSettings::default() };
        assert_eq!(value_policy(&value), ValuePolicy { split: SplitPolicy::BonusFirst, bonus_cap: Some(Rate::from_bp(3_000)) });
        assert_eq!(value_policy(&ValueSettings::default()).bonus_cap, None);
    }

    #[test]
    fn in_store_prefixes() {
        let prefixes = [("20", "weight"), ("21", "amount"), ("22", "colour")].map(|(prefix, holds)| (prefix.into(), holds.into()));
        let read = formats(&CodeSettings { prefixes: prefixes.into() });
        let own = |prefix: &str, holds| InStore { prefix: prefix.into(), holds };
        assert_eq!(read.in_store, [own("20", Holds::Weight), own("21", Holds::Amount)]);
    }
}
