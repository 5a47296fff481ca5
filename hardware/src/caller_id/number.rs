//! Telephone numbers as exchanges give them, brought to the form that members have in their record.

use serde::{Deserialize, Serialize};

/// Who calls, as far as the exchange says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "caller", rename_all = "snake_case")]
pub enum Caller {
    /// `national` is the form to search by: `13800138000`, `02161234567`, `4008001234`; `raw` is what came.
    Number { national: String, raw: String },
    /// The caller hides the number.
    Private,
    /// The exchange does not have it.
    OutOfArea,
    /// Nothing was said.
    Unknown,
}

/// Longest number kept; more digits are no telephone number.
const DIGITS_MAX: usize = 20;

/// Brings a reported number to its national form: without `+86`, `0086`, `86` before a full number, without the trunk `0`
/// before a mobile number. Words and letters for hidden and unavailable numbers are understood.
pub fn normalise(raw: &str) -> Caller {
    let word = raw.trim().trim_matches('"').to_ascii_uppercase();
    match word.as_str() {
        "P" | "PRIVATE" | "WITHHELD" | "ANONYMOUS" | "BLOCKED" => return Caller::Private,
        "O" | "OUT_OF_AREA" | "OUT OF AREA" | "UNAVAILABLE" => return Caller::OutOfArea,
        "" | "UNKNOWN" | "-" => return Caller::Unknown,
        _ => {}
    }
    let digits: String = word.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() || digits.len() > DIGITS_MAX {
        return Caller::Unknown;
    }
    let abroad = word.starts_with('+') || digits.starts_with("00");
    Caller::Number { national: national(&digits, abroad), raw: raw.trim().to_owned() }
}

fn national(digits: &str, abroad: bool) -> String {
    let bare = digits.strip_prefix("00").filter(|_| abroad).unwrap_or(digits);
    if let Some(home) = bare.strip_prefix("86").filter(|home| abroad || is_mobile(home) || is_landline_with_trunk(home)) {
        let home = home.trim_start_matches('0');
        // A landline's area code is dialled with a trunk 0 at home; a mobile and a 400 number are not.
        return if is_mobile(home) || home.starts_with("400") || home.starts_with("800") { home.to_owned() } else { format!("0{home}") };
    }
    if abroad {
        return format!("00{bare}");
    }
    match digits.strip_prefix('0') {
        Some(mobile) if is_mobile(mobile) => mobile.to_owned(),
        _ => digits.to_owned(),
    }
}

/// Eleven digits from 13 to 19.
fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

/// `0`, area code of two or three digits, seven or eight more.
fn is_landline_with_trunk(digits: &str) -> bool {
    digits.starts_with('0') && (10..=12).contains(&digits.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::mobile("13800138000", "13800138000")]
    #[case::trunk_zero("013800138000", "13800138000")]
    #[case::plus("+8613800138000", "13800138000")]
    #[case::double_zero("008613800138000", "13800138000")]
    #[case::bare_86("8613800138000", "13800138000")]
    #[case::spaces("+86 138-0013-8000", "13800138000")]
    #[case::landline("02161234567", "02161234567")]
    #[case::landline_abroad_form("+862161234567", "02161234567")]
    #[case::landline_86_trunk("8602161234567", "02161234567")]
    #[case::short_local("61234567", "61234567")]
    #[case::local_that_begins_with_86("86123456", "86123456")]
    #[case::service("+864008001234", "4008001234")]
    #[case::foreign("+85291234567", "0085291234567")]
    #[case::sample("504551234", "504551234")]
    fn numbers(#[case] raw: &str, #[case] national: &str) {
        assert_eq!(normalise(raw), Caller::Number { national: national.to_owned(), raw: raw.to_owned() });
    }

    #[rstest]
    #[case("P", Caller::Private)]
    #[case("private", Caller::Private)]
    #[case("O", Caller::OutOfArea)]
    #[case("OUT_OF_AREA", Caller::OutOfArea)]
    #[case("", Caller::Unknown)]
    #[case("unknown", Caller::Unknown)]
    #[case("???", Caller::Unknown)]
    #[case("123456789012345678901", Caller::Unknown)]
    fn words(#[case] raw: &str, #[case] caller: Caller) {
        assert_eq!(normalise(raw), caller);
    }
}
