//! Text as it is keyed, searched, masked and printed. Knows no domain.
use pinyin::ToPinyin;

/// Lower case, half-width, one blank between words: two texts that a person takes for the same fold to the same. What a Chinese input
/// method makes of digits, `*` and `.` becomes plain again.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().map(half_width).flat_map(char::to_lowercase));
    }
    out
}

/// The ASCII form of full-width letters, digits and signs, and of what input methods write for `.` and `*`.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '。' => '.',
        '×' => '*',
        '、' => ',',
        _ => c,
    }
}

/// Columns on a receipt: ASCII takes one, everything else two, as GBK printers draw it; marks that combine take none.
pub fn display_width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// Columns of one character, 0 to 2.
pub fn char_width(c: char) -> usize {
    match c {
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => 0,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => 0,
        ' '..='~' => 1,
        _ => 2,
    }
}

/// The longest beginning of `text` that fits into `columns`, and the rest.
pub fn split_at_width(text: &str, columns: usize) -> (&str, &str) {
    let mut width = 0;
    for (at, c) in text.char_indices() {
        width += char_width(c);
        if width > columns {
            return text.split_at(at);
        }
    }
    (text, "")
}

/// `13812348000` as `138****8000`: at most the first three and the last four digits, at least four hidden; short numbers show only their end.
pub fn masked_phone(phone: &str) -> String {
    let length = phone.chars().count();
    let shown = match length {
        0..=4 => 0,
        5..=7 => 2,
        _ => 4,
    };
    let head = phone.chars().take(if length >= 11 { 3 } else { 0 });
    head.chain("****".chars()).chain(phone.chars().skip(length - shown)).collect()
}

/// Digits of a telephone number as stored: without blanks, dashes, brackets and the country's 86; a mobile number also without the 0 that
/// some exchanges put before it. None if it has letters or not 5 to 15 digits.
pub fn normal_phone(text: &str) -> Option<String> {
    let folded = folded(text);
    let bare: String = folded.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.')).collect();
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let without_country = ["0086", "86"].iter().find_map(|country| digits.strip_prefix(country)).filter(|rest| rest.len() >= 10);
    let national = without_country.unwrap_or(digits);
    let mobile = national.strip_prefix('0').filter(|rest| is_mobile(rest)).unwrap_or(national);
    (5..=15).contains(&mobile.len()).then(|| mobile.to_string())
}

/// Eleven digits, 13 to 19 first.
fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && matches!(digits.as_bytes()[1], b'3'..=b'9')
}

/// Search keys of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// First letters: `kqs` of 矿泉水. Latin letters and digits of the name stand as they are.
    pub initials: String,
    /// All letters without tones and blanks: `kuangquanshui`; ü is v, as it is keyed.
    pub full: String,
}

/// How a name is spelt in pinyin; characters without a spelling are left out.
pub fn spelling(name: &str) -> Spelling {
    let mut spelling = Spelling { initials: String::new(), full: String::new() };
    for c in folded(name).chars() {
        match c.to_pinyin() {
            Some(sound) => {
                spelling.initials.push_str(sound.first_letter());
                spelling.full.push_str(&sound.plain().replace('ü', "v"));
            }
            None if c.is_ascii_alphanumeric() => {
                spelling.initials.push(c);
                spelling.full.push(c);
            }
            None => {}
        }
    }
    spelling
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("６９２１１６８５０９２５６\r\n\r\n", "6921168509256")]
    #[case("３×６００１", "3*6001")]
    #[case("  Coca　COLA\t330ML ", "coca cola 330ml")]
    #[case("。５", ".5")]
    #[case("\u{0}\u{7}", "")]
    fn folds(#[case] text: &str, #[case] wanted: &str) {
        assert_eq!(folded(text), wanted);
    }

    #[rstest]
    #[case("abc", 3)]
    #[case("矿泉水550ml", 11)]
    #[case("￥12.50", 7)]
    #[case("𠮷䶮㛃", 6)]
    #[case("e\u{301}", 1)]
    fn widths(#[case] text: &str, #[case] wanted: usize) {
        assert_eq!(display_width(text), wanted);
    }

    #[test]
    fn a_wide_character_is_never_cut_in_half() {
        assert_eq!(split_at_width("矿泉水", 3), ("矿", "泉水"));
        assert_eq!(split_at_width("abc", 3), ("abc", ""));
        assert_eq!(split_at_width("水", 1), ("", "水"));
    }

    #[rstest]
    #[case("13812348000", "138****8000")]
    #[case("02088886666", "020****6666")]
    #[case("88886666", "****6666")]
    #[case("12345", "****45")]
    #[case("123", "****")]
    #[case("", "****")]
    fn masks(#[case] phone: &str, #[case] wanted: &str) {
        assert_eq!(masked_phone(phone), wanted);
    }

    #[rstest]
    #[case("+86 138-1234-8000", Some("13812348000"))]
    #[case("008613812348000", Some("13812348000"))]
    #[case("013812348000", Some("13812348000"))]
    #[case("１３８１２３４８０００", Some("13812348000"))]
    #[case("(020) 8888 6666", Some("02088886666"))]
    #[case("8688886666", Some("8688886666"))]
    #[case("10086", Some("10086"))]
    #[case("110", None)]
    #[case("1381234800O", None)]
    #[case("", None)]
    fn phones(#[case] text: &str, #[case] wanted: Option<&str>) {
        assert_eq!(normal_phone(text).as_deref(), wanted);
    }

    #[rstest]
    #[case("矿泉水", "kqs", "kuangquanshui")]
    #[case("可乐 330ML", "kl330ml", "kele330ml")]
    #[case("吕先生", "lxs", "lvxiansheng")]
    #[case("?!", "", "")]
    fn spells(#[case] name: &str, #[case] initials: &str, #[case] full: &str) {
        assert_eq!(spelling(name), Spelling { initials: initials.into(), full: full.into() });
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in ".{0,40}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }

        #[test]
        fn a_split_keeps_every_character(text in ".{0,40}", columns in 0usize..60) {
            let (head, rest) = split_at_width(&text, columns);
            prop_assert_eq!(format!("{head}{rest}"), text.clone());
            prop_assert!(display_width(head) <= columns);
        }
    }
}
