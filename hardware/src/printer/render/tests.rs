//! Golden bytes of slips (hardware.md 1.2), and what must hold for any slip.

use super::*;
use crate::printer::{
    Barrier, Status,
    glyphs::Glyphs,
    slip::{Cell, DrawerPin},
};
use proptest::prelude::*;
use rstest::rstest;
use std::sync::Arc;

fn plain() -> Profile {
    Profile { status: Status::None, barrier: Barrier::None, ..Profile::wide() }
}

fn line(text: &str) -> Slip {
    let mut slip = Slip::new();
    slip.line(text);
    slip
}

#[rstest]
#[case::chinese_with_yen("会员:张三 12.50 ￥8", &[
    0x1B, 0x40, 0x1C, 0x26, 0xBB, 0xE1, 0xD4, 0xB1, 0x3A, 0xD5, 0xC5, 0xC8, 0xFD, 0x20, 0x31, 0x32, 0x2E, 0x35, 0x30, 0x20, 0xA3, 0xA4, 0x38, 0x0A,
])]
#[case::half_yen_becomes_full("¥8", &[0x1B, 0x40, 0x1C, 0x26, 0xA3, 0xA4, 0x38, 0x0A])]
#[case::rare_character_without_font("𠮷", &[0x1B, 0x40, 0x1C, 0x26, 0xA3, 0xBF, 0x0A])]
#[case::euro_is_not_one_byte("€5", &[0x1B, 0x40, 0x1C, 0x26, 0xA3, 0xBF, 0x35, 0x0A])]
#[case::no_commands_from_text("a\u{1b}@\u{0}b", &[0x1B, 0x40, 0x1C, 0x26, 0x61, 0x40, 0x62, 0x0A])]
fn text_bytes(#[case] text: &str, #[case] bytes: &[u8]) {
    assert_eq!(render(&line(text), &plain()), bytes);
}

// The whole of a small receipt, byte by byte.
#[test]
fn receipt_bytes() {
    let mut slip = Slip::new();
    slip.drawer().title("示范店", Size::DOUBLE).pair("应收", "12.50").add(Item::Rule { mark: '-' }).feed(1).cut();
    let mut expected = b"\x1B\x40\x1C\x26\x1B\x70\x00\x19\xFA".to_vec();
    expected.extend(b"\x1B\x61\x01\x1D\x21\x11\x1B\x45\x01\xCA\xBE\xB7\xB6\xB5\xEA\x0A\x1B\x45\x00\x1D\x21\x00\x1B\x61\x00");
    expected.extend(b"\xD3\xA6\xCA\xD5");
    expected.extend([b' '; 23]);
    expected.extend(b"12.50\x0A");
    expected.extend([b'-'; 32]);
    expected.extend(b"\x0A\x1B\x64\x01\x1D\x56\x42\x00");
    assert_eq!(render(&slip, &Profile { columns: 32, ..plain() }), expected);
}

#[rstest]
#[case::no_drawer(Profile { drawer: false, ..plain() }, Item::Drawer { pin: DrawerPin::Two }, &[])]
#[case::no_cutter(Profile { cutter: false, ..plain() }, Item::Cut, &[0x1B, 0x64, TEAR_LINES])]
#[case::wrong_check_digit(plain(), Item::Ean13 { digits: "6901234567890".into() }, b"\x1B\x61\x016901234567890\x0A\x1B\x61\x00")]
fn profile_decides(#[case] profile: Profile, #[case] item: Item, #[case] tail: &[u8]) {
    let mut slip = Slip::new();
    slip.add(item);
    assert_eq!(&render(&slip, &profile)[4..], tail);
}

// A rare character turns its line into a picture when a font has it, and is named when none has.
#[test]
fn rare_characters() {
    assert_eq!(replaced(&line("王𠮷"), &plain()), BTreeSet::from(['𠮷']));
    let Some(glyphs) = Glyphs::find(None).filter(|glyphs| glyphs.has('王')) else {
        return eprintln!("SKIPPED rare_characters: no Chinese font on this machine (fonts-wqy-zenhei)");
    };
    let profile = Profile { chinese: false, glyphs: Some(Arc::new(glyphs)), ..plain() };
    assert_eq!(replaced(&line("王"), &profile), BTreeSet::new());
    let bytes = render(&line("王"), &profile);
    assert_eq!(&bytes[..10], [0x1B, 0x40, 0x1D, 0x76, 0x30, 0x00, 0x03, 0x00, 0x18, 0x00]);
    assert_eq!(bytes.len(), 10 + 3 * 24 + 3);
    assert!(bytes.ends_with(&[0x1B, 0x4A, 6]));
    assert!(bytes[10..82].iter().any(|byte| *byte != 0));
    assert_eq!(&render(&line("12.50"), &profile)[2..], b"12.50\n", "ASCII lines stay text");
}

// A replaced character moves no figure: the amount still ends at the edge of the paper.
#[rstest]
#[case::with_rom(plain())]
#[case::without_rom_or_font(Profile { chinese: false, ..plain() })]
fn replaced_characters_keep_their_columns(#[case] profile: Profile) {
    let mut slip = Slip::new();
    slip.pair("𠮷", "1.00");
    let bytes = render(&slip, &profile);
    let body = bytes.strip_prefix(b"\x1B@".as_slice()).expect("begins so");
    let text = GBK.decode(body.strip_prefix(&[0x1C, 0x26]).unwrap_or(body)).0.into_owned();
    assert_eq!(columns::width(text.trim_end_matches('\n')), 48);
}

#[rstest]
#[case("6901234567892", true)]
#[case("6901234567890", false)]
#[case("690123456789", false)]
#[case("69012345678920", false)]
#[case("690123456789a", false)]
fn check_digit(#[case] digits: &str, #[case] valid: bool) {
    assert_eq!(is_ean13(digits), valid);
}

proptest! {
    // Whatever a name holds, no byte of it becomes a command: only the known ones stand in the job.
    #[test]
    fn text_is_only_text(text in "\\PC{0,60}|[\u{0}-\u{ff}]{0,60}", columns in prop::sample::select(vec![32_u8, 48])) {
        let mut slip = Slip::new();
        slip.row(vec![Cell::rest(text.clone()), Cell::figure("1.00", 8)]).line(text);
        let bytes = render(&slip, &Profile { columns, ..plain() });
        let body = &bytes[4..];
        prop_assert!(body.iter().all(|byte| *byte >= 0x20 || *byte == b'\n'));
        for line in GBK.decode(body).0.lines() {
            prop_assert!(columns::width(line) <= usize::from(columns), "{}", line);
        }
    }
}
