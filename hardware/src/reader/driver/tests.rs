//! Debounce, masking, faults of the line, on a virtual clock.

use super::*;
use crate::{
    lab::{line::Faults, memory::MemoryLine},
    reader::simulator::{ChipReader, ReaderSimulator},
};
use rstest::rstest;
use tokio::time::sleep;

type Counter = Arc<MemoryLine<ReaderSimulator>>;

const UID: [u8; 5] = [0x0C, 0x00, 0x06, 0x21, 0xA5];

async fn counter(chips: ChipReader) -> (Counter, Reader) {
    let line = MemoryLine::new(ReaderSimulator { chips });
    let reader = Reader::start(line.clone(), StripeRule::default());
    reader.health().wait_for(|health| *health == Health::Ok).await.expect("the driver lives");
    (line, reader)
}

/// All readings of the next ten seconds.
async fn readings(reader: &mut Reader) -> Vec<Reading> {
    let mut all = Vec::new();
    while let Ok(Some(reading)) = timeout(Duration::from_secs(10), reader.next()).await {
        all.push(reading);
    }
    all
}

fn chip() -> Reading {
    Reading::Card(Card::em4100(UID))
}

fn stripe(number: &str) -> Reading {
    Reading::Card(Card::stripe(number))
}

// One presentation is one reading: once for the reader that tells once, once for the one that tells every 65 ms.
#[rstest]
#[case(ChipReader::Id12)]
#[case(ChipReader::Rdm6300)]
#[tokio::test(start_paused = true)]
async fn one_presentation_is_one_reading(#[case] chips: ChipReader) {
    let (line, mut reader) = counter(chips).await;
    line.act(|reader| reader.present(UID, 5_000));
    assert_eq!(readings(&mut reader).await, [chip()]);
    line.act(|reader| reader.present(UID, 100));
    assert_eq!(readings(&mut reader).await, [chip()], "later it is a new presentation");
}

#[tokio::test(start_paused = true)]
async fn two_beeps_of_one_swipe() {
    let (line, mut reader) = counter(ChipReader::Id12).await;
    line.act(|reader| [reader.swipe("6001"), reader.swipe("6001"), reader.swipe("6002")].concat());
    assert_eq!(readings(&mut reader).await, [stripe("6001"), stripe("6002")]);
}

#[rstest]
#[case::whole(Faults::default())]
#[case::drip(Faults { drip_ms: 20, ..Faults::default() })]
#[case::noisy(Faults { noisy: true, ..Faults::default() })]
#[case::late(Faults { late_ms: 2_000, ..Faults::default() })]
#[tokio::test(start_paused = true)]
async fn bad_lines(#[case] faults: Faults) {
    let (line, mut reader) = counter(ChipReader::Id12).await;
    line.set_faults(faults);
    line.act(|reader| [reader.present(UID, 0), reader.swipe("6001")].concat());
    assert_eq!(readings(&mut reader).await, [chip(), stripe("6001")]);
}

#[tokio::test(start_paused = true)]
async fn torn_and_wrong_frames() {
    let (line, mut reader) = counter(ChipReader::Id12).await;
    // Slower than a frame may be: torn.
    line.set_faults(Faults { drip_ms: 80, ..Faults::default() });
    line.act(|reader| reader.present(UID, 0));
    assert_eq!(readings(&mut reader).await, [Reading::Unreadable]);
    line.set_faults(Faults::default());
    line.act(|reader| reader.misread());
    assert_eq!(readings(&mut reader).await, [Reading::Unreadable]);
    line.act(|reader| reader.present(UID, 0));
    assert_eq!(readings(&mut reader).await, [chip()]);
}

// A bank card is refused, and no run of its digits stands in the trace, however the line tears it.
#[rstest]
#[case::whole(0)]
#[case::drip(10)]
#[case::torn(80)]
#[tokio::test(start_paused = true)]
async fn bank_cards_leave_no_digits(#[case] drip_ms: u64) {
    let (line, mut reader) = counter(ChipReader::Id12).await;
    line.set_faults(Faults { drip_ms, ..Faults::default() });
    line.act(|reader| reader.swipe("4111111111111111"));
    let expected = if drip_ms > 50 { Reading::Unreadable } else { Reading::BankCard };
    assert_eq!(readings(&mut reader).await, [expected]);
    let shown: String = reader.trace().after(0).iter().map(|piece| format!("{} {}|", piece.hex, piece.meaning.said().1)).collect();
    assert!(!shown.contains("31 31 31"), "{shown}");
    assert!(!shown.contains("1111"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn away_and_back() {
    let (line, mut reader) = counter(ChipReader::Id12).await;
    line.unplug();
    let mut health = reader.health();
    let failed = |trouble| move |health: &Health| *health == Health::Failed { trouble };
    health.wait_for(failed(Trouble::Unplugged)).await.expect("the driver lives");
    health.wait_for(failed(Trouble::NotThere)).await.expect("the driver lives");
    line.replug();
    health.wait_for(|health| *health == Health::Ok).await.expect("the driver lives");
    line.act(|reader| reader.swipe("6001"));
    assert_eq!(readings(&mut reader).await, [stripe("6001")]);
}

#[tokio::test(start_paused = true)]
async fn noise_ends_nothing() {
    let (line, mut reader) = counter(ChipReader::Id12).await;
    for _ in 0..200 {
        line.act(|_| vec![crate::simulator::Said::now(vec![0xFF; 500])]);
        sleep(Duration::from_millis(10)).await;
    }
    line.act(|reader| reader.swipe("6001"));
    assert_eq!(readings(&mut reader).await, [stripe("6001")]);
    assert_eq!(line.openings(), 1);
}
