//! All variants of hardware.md 4.1 and 4.2 as lines on the wire, and what must hold for any bytes.

use super::*;
use proptest::prelude::*;
use rstest::rstest;

fn number(raw: &str) -> Caller {
    normalise(raw)
}

fn events(bytes: &[u8]) -> Vec<CallEvent> {
    let (mut lines, mut calls) = (Lines::default(), Calls::default());
    let reports: Vec<Report> = lines.feed(bytes).into_iter().flat_map(|(_, reports)| reports).collect();
    reports.iter().flat_map(|report| calls.on(report, 0)).collect()
}

fn hex_line(hex: &str) -> Vec<u8> {
    format!("RING\r\n{}\r\n", hex.replace(' ', "")).into_bytes()
}

#[rstest]
#[case::rockwell(b"\r\nRING\r\n\r\nDATE = 0321\r\nTIME = 1405\r\nNMBR = 504551234\r\n\r\nRING\r\n".to_vec(), number("504551234"))]
#[case::tight(b"RING\r\nDATE=0321\r\nTIME=1405\r\nNMBR=13800138000\r\n".to_vec(), number("13800138000"))]
#[case::lower_case(b"Ring\r\nnmbr = 13800138000\r\n".to_vec(), number("13800138000"))]
#[case::double_cr(b"RING\r\r\n\r\r\nNMBR = 13800138000\r\r\n".to_vec(), number("13800138000"))]
#[case::before_first_ring(b"NMBR = 13800138000\r\nRING\r\n".to_vec(), number("13800138000"))]
#[case::any_order(b"RING\r\nNMBR = 13800138000\r\nTIME = 1405\r\nDATE = 0321\r\n".to_vec(), number("13800138000"))]
#[case::words(b"RING\r\nCALLER NUMBER: 13800138000\r\n".to_vec(), number("13800138000"))]
#[case::zyxel(b"RING\r\nTIME: 11-21 19:06\r\nCALLER NUMBER: 013800138000\r\n".to_vec(), number("013800138000"))]
#[case::ndid(b"RING\r\nNDID=13800138000\r\n".to_vec(), number("13800138000"))]
#[case::ddn(b"RING\r\nDDN_NMBR=13800138000\r\n".to_vec(), number("13800138000"))]
#[case::one_number_in_two_forms(b"RING\r\nNMBR=13800138000\r\nDDN_NMBR=013800138000\r\nRING\r\n".to_vec(), number("13800138000"))]
#[case::private(b"RING\r\nNMBR = P\r\n".to_vec(), Caller::Private)]
#[case::private_word(b"RING\r\nNMBR = PRIVATE\r\n".to_vec(), Caller::Private)]
#[case::private_reason(b"RING\r\nREASON FOR NO CALLER NUMBER: PRIVATE\r\n".to_vec(), Caller::Private)]
#[case::out_of_area(b"RING\r\nNMBR = O\r\n".to_vec(), Caller::OutOfArea)]
#[case::out_of_area_word(b"RING\r\nNMBR = OUT_OF_AREA\r\n".to_vec(), Caller::OutOfArea)]
#[case::two_rings(b"RING\r\nRING\r\n".to_vec(), Caller::Unknown)]
#[case::echo_between(b"RING\r\nAT\r\nOK\r\nNMBR = 13800138000\r\n".to_vec(), number("13800138000"))]
#[case::gsm(b"RING\r\n+CLIP: \"13800138000\",161,\"\",0,\"\",0\r\n".to_vec(), number("13800138000"))]
#[case::gsm_withheld(b"RING\r\n+CLIP: \"\",128,\"\",0,\"\",1\r\n".to_vec(), Caller::Private)]
#[case::gsm_unavailable(b"RING\r\n+CLIP: \"\",128,\"\",0,\"\",2\r\n".to_vec(), Caller::OutOfArea)]
#[case::raw_single(hex_line("04 12 30 39 33 30 31 32 32 34 36 30 39 35 35 35 31 32 31 32 51"), number("6095551212"))]
#[case::raw_single_private(hex_line("04 09 30 39 33 30 31 32 32 34 50 0E"), Caller::Private)]
#[case::raw_multiple(hex_line("80 17 01 08 31 31 32 31 31 39 30 36 02 0B 31 33 38 30 30 31 33 38 30 30 30 96"), number("13800138000"))]
#[case::raw_multiple_private(hex_line("80 0D 01 08 31 31 32 31 31 39 30 36 04 01 50 80"), Caller::Private)]
#[case::raw_in_mesg(b"RING\r\nMESG = 800D0108313132313139303604015080\r\n".to_vec(), Caller::Private)]
fn variants(#[case] bytes: Vec<u8>, #[case] caller: Caller) {
    assert_eq!(events(&bytes), [CallEvent::Ringing { call: 1, caller, name: None }]);
}

// A raw message with a wrong sum is not believed: the second ring tells an unknown caller.
#[rstest]
#[case::wrong_sum("04 09 30 39 33 30 31 32 32 34 50 12")]
#[case::torn("80 17 01 08 31 31 32")]
#[case::unknown_message("06 03 42 42 43 1")]
fn damaged(#[case] hex: &str) {
    assert_eq!(events(&hex_line(hex)), []);
    let line = [hex_line(hex), b"RING\r\n".to_vec()].concat();
    assert_eq!(events(&line), [CallEvent::Ringing { call: 1, caller: Caller::Unknown, name: None }]);
}

#[test]
fn late_fields_and_names() {
    let seen = events(b"RING\r\nRING\r\nNMBR = 13800138000\r\nNAME = ZHANG SAN\r\nRING\r\nNMBR = 13800138000\r\n");
    let caller = number("13800138000");
    let expected = [
        CallEvent::Ringing { call: 1, caller: Caller::Unknown, name: None },
        CallEvent::Identified { call: 1, caller: caller.clone(), name: None },
        CallEvent::Identified { call: 1, caller, name: Some("ZHANG SAN".to_owned()) },
    ];
    assert_eq!(seen, expected);
}

#[test]
fn name_of_a_hidden_caller_is_none() {
    assert_eq!(events(b"RING\r\nNAME = P\r\nNMBR = P\r\n"), [CallEvent::Ringing { call: 1, caller: Caller::Private, name: None }]);
}

// A call lives while it rings and ends 8 s after the last ring; a call of one ring is told at its end.
#[test]
fn ends_by_silence() {
    let mut calls = Calls::default();
    assert_eq!(calls.on(&Report::Ring, 0), []);
    assert_eq!(calls.ends_at_ms(), Some(CALL_END_MS));
    assert_eq!(calls.quiet(CALL_END_MS - 1), []);
    let unknown = CallEvent::Ringing { call: 1, caller: Caller::Unknown, name: None };
    assert_eq!(calls.quiet(CALL_END_MS), [unknown, CallEvent::Ended { call: 1, rings: 1 }]);
    assert_eq!(calls.ends_at_ms(), None);
    calls.on(&Report::Ring, 20_000);
    calls.on(&Report::Ring, 25_000);
    assert_eq!(calls.on(&Report::Ring, 33_000)[0], CallEvent::Ended { call: 2, rings: 2 }, "a ring after the silence is a new call");
}

#[test]
fn second_call_at_once() {
    let seen = events(b"RING\r\nNMBR = 13800138000\r\nRING\r\nNMBR = 13900139000\r\n");
    assert_eq!(seen[1], CallEvent::Ended { call: 1, rings: 2 });
    assert_eq!(seen[2], CallEvent::Ringing { call: 2, caller: number("13900139000"), name: None });
}

proptest! {
    // Any bytes in any pieces: the same reports, no panic, a bounded line.
    #[test]
    fn pieces_do_not_matter(bytes in prop::collection::vec(any::<u8>(), 0..600), at in 0_usize..600) {
        let mut whole = Lines::default();
        let mut torn = Lines::default();
        let (head, tail) = bytes.split_at(at.min(bytes.len()));
        let mut seen = torn.feed(head);
        seen.extend(torn.feed(tail));
        prop_assert!(torn.line.len() <= MODEM_LINE_MAX);
        prop_assert_eq!(seen, whole.feed(&bytes));
    }

    #[test]
    fn any_line_is_survived(line in "(NMBR|MESG|\\+CLIP|80|04)[ =:]{0,2}\\PC{0,40}") {
        events(format!("RING\r\n{line}\r\n").as_bytes());
    }

    // After any noise and a line end, the next report is read.
    #[test]
    fn resyncs(noise in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut lines = Lines::default();
        lines.feed(&noise);
        lines.feed(b"\r\n");
        prop_assert_eq!(lines.feed(b"RING\r\n"), [("RING".to_owned(), vec![Report::Ring])]);
    }
}
