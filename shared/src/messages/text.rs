//! The text of a message, and how many parts a short message of it has.
use crate::base::Money;

/// What the braces of a template stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub name: String,
    pub value: Money,
    pub points: i64,
}

/// The whole text: signature and template with what its braces stand for.
pub fn filled(signature: &str, template: &str, said: &Said) -> String {
    let minor = said.value.minor();
    let value = format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100);
    let text = template.replace("{value}", &value).replace("{points}", &said.points.to_string()).replace("{name}", &said.name);
    if signature.is_empty() { text } else { format!("【{signature}】{text}") }
}

/// Characters of the GSM alphabet that take two places (3GPP TS 23.038, 6.2.1.1).
const TWICE: &str = "^{}\\[~]|€\u{c}";
/// The others beside the letters and digits of ASCII (6.2.1).
const ONCE: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";

/// Parts of a short message: 160 places of the GSM alphabet or 70 of UCS-2, 153 and 67 in each of several (3GPP TS 23.040, 9.2.3.24.1).
pub fn parts(text: &str) -> u32 {
    let place = |c: char| match c {
        _ if c.is_ascii_alphanumeric() || ONCE.contains(c) => Some(1),
        _ if TWICE.contains(c) => Some(2),
        _ => None,
    };
    let gsm: Option<usize> = text.chars().map(place).sum();
    let (places, alone, each) = gsm.map_or_else(|| (text.encode_utf16().count(), 70, 67), |places| (places, 160, 153));
    match places {
        0 => 0,
        one if one <= alone => 1,
        many => many.div_ceil(each) as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::nothing("", 0, 0)]
    #[case::ascii("a", 160, 1)]
    #[case::ascii_of_two("a", 161, 2)]
    #[case::two_full("a", 306, 2)]
    #[case::three("a", 307, 3)]
    #[case::euro_takes_two("€", 80, 1)]
    #[case::euro_of_two("€", 81, 2)]
    #[case::chinese("会", 70, 1)]
    #[case::chinese_of_two("会", 71, 2)]
    #[case::chinese_of_two_full("会", 134, 2)]
    #[case::chinese_of_three("会", 135, 3)]
    #[case::beyond_the_plane("😀", 35, 1)]
    #[case::beyond_the_plane_of_two("😀", 36, 2)]
    fn parts_of(#[case] letter: &str, #[case] times: usize, #[case] wanted: u32) {
        assert_eq!(parts(&letter.repeat(times)), wanted);
    }

    #[test]
    fn braces_are_filled_and_a_name_is_not_read_again() {
        let said = Said { name: "{points}王".into(), value: Money::from_minor(12_305), points: 386 };
        assert_eq!(filled("好店", "{name}，余额{value}元，{points}分", &said), "【好店】{points}王，余额123.05元，386分");
        assert_eq!(filled("", "休息", &said), "休息");
    }
}
