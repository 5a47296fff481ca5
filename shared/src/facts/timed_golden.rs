//! Golden bytes of sittings: E6 of the trade, an end that was set by hand; they post nothing.
use super::*;
use crate::facts::sales::golden::{HERE, MEMBER, hex, money_of, occasion};
use crate::journal::command::encoded;

fn check<F: Fact + PartialEq + std::fmt::Debug>(fact: &F, golden: &str) {
    let bytes = encoded(fact);
    assert_eq!(hex(&bytes), golden.trim(), "{}", F::NAME);
    assert_eq!(&minicbor::decode::<F>(&bytes).expect("its own bytes"), fact);
    assert_eq!(fact.postings(HERE), [], "{}", F::NAME);
}

#[test]
fn golden_bytes() {
    let terms = TimedTerms {
        first_minutes: 60,
        first: money_of(3_000),
        step_minutes: 30,
        step: money_of(1_200),
        grace_minutes: 5,
        night_step: money_of(800),
        night_from: 1_320,
        night_until: 360,
        cap: Some(money_of(12_800)),
    };
    let (id, tariff, started_ms) = (SittingId([0x51; 16]), DocumentId([0x7a; 16]), 1_795_266_000_000);
    let stopped = SittingStopped {
        id,
        at: occasion(),
        tariff,
        product: ProductNo(9),
        seat: "听雨".into(),
        member: Some(MEMBER),
        started_ms,
        started_by: StaffId([0xca; 16]),
        terms,
        stretches: vec![Stretch { from_ms: started_ms, ran_ms: 9_000_000 }],
        minutes: 150,
        free: 0,
        from_package: 0,
        amount: money_of(5_400),
        capped: false,
        by_clock: Some(ByClock { minutes: 780, amount: money_of(12_800) }),
        clock_jumped: false,
        reason: "忘了结台".into(),
    };
    check(&stopped, include_str!("golden/sitting_stopped.1.hex"));
    let cancelled = SittingCancelled {
        id,
        at: occasion(),
        tariff,
        product: ProductNo(9),
        seat: "听雨".into(),
        member: None,
        started_ms,
        minutes: 4,
        reason: "开错台".into(),
    };
    check(&cancelled, include_str!("golden/sitting_cancelled.1.hex"));
}
