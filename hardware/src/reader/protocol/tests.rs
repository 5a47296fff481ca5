//! Frames of the manuals (hardware.md 3.1, 3.2), refused cards, and what must hold for any bytes.

use super::*;
use proptest::prelude::*;
use rstest::rstest;

const UID: [u8; 5] = [0x0C, 0x00, 0x06, 0x21, 0xA5];

fn found(bytes: &[u8]) -> Vec<Found> {
    let mut frames = Frames::default();
    let mut all = frames.feed(bytes);
    all.extend(frames.settle());
    all
}

fn stripe(number: &str) -> Vec<Found> {
    vec![Found::Stripe(number.to_owned())]
}

#[rstest]
#[case::id12(&[0x02, 0x30, 0x43, 0x30, 0x30, 0x30, 0x36, 0x32, 0x31, 0x41, 0x35, 0x38, 0x45, 0x0D, 0x0A, 0x03], vec![Found::Chip(UID)])]
#[case::rdm6300(b"\x020C000621A58E\x03", vec![Found::Chip(UID)])]
#[case::repeats(b"\x020C000621A58E\x03\x020C000621A58E\x03", vec![Found::Chip(UID); 2])]
#[case::checksum(b"\x020C000621A58F\x03", vec![Found::Unreadable])]
#[case::short(b"\x020C00062\x03", vec![Found::Unreadable])]
#[case::torn_then_whole(b"\x020C00\x020C000621A58E\x03", vec![Found::Unreadable, Found::Chip(UID)])]
#[case::torn(b"\x020C00", vec![Found::Unreadable])]
#[case::noise_before(b"\xFF\x00\x020C000621A58E\x03", vec![Found::Chip(UID)])]
#[case::track2_with_check(b";1234567890=1?9\r", stripe("1234567890"))]
#[case::track2_bare(b";1234567890=1?", stripe("1234567890"))]
#[case::track2_crlf(b";6001=1?\r\n", stripe("6001"))]
#[case::track2_in_stx(b"\x02;6001=1?\x03\r\n", stripe("6001"))]
#[case::all_tracks(b"%B6001^WANG/XIAO^2912?;6001=2912?+6001?\r", stripe("6001"))]
#[case::wrong_check(b";1234567890=1?8\r", vec![Found::Unreadable])]
#[case::letters(b";12A4=1?\r", vec![Found::Unreadable])]
#[case::empty(b";=1?\r", vec![Found::Unreadable])]
#[case::own_prefix(b";9901234567890123452=1?\r", stripe("9901234567890123452"))]
#[case::unionpay_without_luhn(b";6222020012345678=2912?\r", vec![Found::BankCard])]
#[case::visa(b";4111111111111111=2912101?\r", vec![Found::BankCard])]
#[case::luhn_of_any_issuer(b";7992739871234561=1?\r", vec![Found::BankCard])]
#[case::two_stripes(b";6001=1?;6002=1?\r", [stripe("6001"), stripe("6002")].concat())]
fn frames(#[case] bytes: &[u8], #[case] expected: Vec<Found>) {
    assert_eq!(found(bytes), expected);
}

// Samples of hardware.md 3.1: check characters as computed there.
#[test]
fn own_frames() {
    assert_eq!(chip_frame(UID, true), b"\x020C000621A58E\r\n\x03");
    assert_eq!(track2_frame("1234567890", "1"), b";1234567890=1?9\r");
    assert_eq!(track2_frame("6222020012345678", "2912"), b";6222020012345678=2912??\r");
}

proptest! {
    // The same frames whatever the pieces, also between noise; no panic; nothing kept beyond one frame.
    #[test]
    fn pieces_do_not_matter(bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"\x02\x03;?=%+\r\n0123456789AF".to_vec())], 0..300), at in 0_usize..300) {
        let (head, tail) = bytes.split_at(at.min(bytes.len()));
        let mut frames = Frames::default();
        let mut seen = frames.feed(head);
        seen.extend(frames.feed(tail));
        prop_assert!(frames.frame.len() <= FRAME_MAX);
        seen.extend(frames.settle());
        prop_assert_eq!(seen, found(&bytes));
    }

    // After any noise and a line end the next card is read: at most one frame is lost.
    #[test]
    fn resyncs(noise in prop::collection::vec(any::<u8>(), 0..100), uid in any::<[u8; 5]>()) {
        let mut frames = Frames::default();
        frames.feed(&noise);
        frames.settle();
        prop_assert_eq!(frames.feed(&chip_frame(uid, false)), [Found::Chip(uid)]);
    }

    // No number of a bank card comes out, whatever stands behind it.
    #[test]
    fn bank_cards_stay_inside(body in "[0-9]{15,18}", rest in "[0-9]{0,12}") {
        let sum = |number: &str| (0..10).find(|digit| luhn(&format!("{number}{digit}"))).unwrap_or(0);
        let number = format!("4{}", &body[1..]);
        let number = format!("{number}{}", sum(&number));
        prop_assert_eq!(found(&track2_frame(&number, &rest)), [Found::BankCard]);
    }
}
