//! Init dialogue, dialects, silence, faults of the line, on a virtual clock.

use super::*;
use crate::{
    caller_id::{
        Caller, normalise,
        simulator::{Dialect, ModemSimulator, Ringing},
    },
    lab::{line::Faults, memory::MemoryLine},
    limits::CALL_END_MS,
};
use rstest::rstest;
use tokio::time::{sleep, timeout};

type Counter = Arc<MemoryLine<ModemSimulator>>;

fn counter(dialect: Dialect) -> (Counter, Modem) {
    let line = MemoryLine::new(ModemSimulator::new(dialect));
    let modem = Modem::start(line.clone(), Patience::default());
    (line, modem)
}

async fn until(modem: &Modem, health: Health) {
    let mut now = modem.health();
    let wait = now.wait_for(|state| *state == health);
    timeout(Duration::from_secs(300), wait).await.expect("the state is reached").expect("the driver lives");
}

/// One call of so many rings, five seconds apart.
async fn call(line: &Counter, who: &Ringing, rings: u32) {
    for ring in 0..rings {
        line.act(|modem| modem.ring());
        sleep(Duration::from_millis(500)).await;
        if ring == 0 {
            line.act(|modem| modem.report(who, 0));
        }
        sleep(Duration::from_millis(4_500)).await;
    }
}

async fn events(modem: &mut Modem) -> Vec<CallEvent> {
    let mut all = Vec::new();
    while let Ok(Some(event)) = timeout(Duration::from_secs(20), modem.next()).await {
        all.push(event);
    }
    all
}

fn ringing(call: u64, caller: Caller) -> CallEvent {
    CallEvent::Ringing { call, caller, name: None }
}

#[rstest]
#[case::spaced(Dialect::Spaced, Ringing::Number("013800138000".into()), normalise("013800138000"))]
#[case::tight(Dialect::Tight, Ringing::Number("13800138000".into()), normalise("13800138000"))]
#[case::words(Dialect::Words, Ringing::Number("02161234567".into()), normalise("02161234567"))]
#[case::raw(Dialect::Raw, Ringing::Number("13800138000".into()), normalise("13800138000"))]
#[case::gsm(Dialect::Gsm, Ringing::Number("+8613800138000".into()), normalise("+8613800138000"))]
#[case::private(Dialect::Spaced, Ringing::Private, Caller::Private)]
#[case::private_words(Dialect::Words, Ringing::Private, Caller::Private)]
#[case::out_of_area(Dialect::Tight, Ringing::OutOfArea, Caller::OutOfArea)]
#[case::out_of_area_gsm(Dialect::Gsm, Ringing::OutOfArea, Caller::OutOfArea)]
#[case::says_ok_and_reports_nothing(Dialect::Mute, Ringing::Number("13800138000".into()), Caller::Unknown)]
#[tokio::test(start_paused = true)]
async fn dialects(#[case] dialect: Dialect, #[case] who: Ringing, #[case] caller: Caller) {
    let (line, mut modem) = counter(dialect);
    until(&modem, Health::Ok).await;
    call(&line, &who, 3).await;
    assert_eq!(events(&mut modem).await, [ringing(1, caller), CallEvent::Ended { call: 1, rings: 3 }]);
}

// The number is told before the second ring, and the end eight seconds after the last one.
#[tokio::test(start_paused = true)]
async fn times() {
    let (line, mut modem) = counter(Dialect::Spaced);
    until(&modem, Health::Ok).await;
    let start = Instant::now();
    let caller = line.clone();
    tokio::spawn(async move { call(&caller, &Ringing::Private, 2).await });
    assert_eq!(modem.next().await, Some(ringing(1, Caller::Private)));
    assert_eq!(start.elapsed().as_millis() / 100, 5);
    assert_eq!(modem.next().await, Some(CallEvent::Ended { call: 1, rings: 2 }));
    assert_eq!(start.elapsed().as_millis() as u64 / 100, (5_000 + CALL_END_MS) / 100);
}

#[tokio::test(start_paused = true)]
async fn two_calls() {
    let (line, mut modem) = counter(Dialect::Spaced);
    until(&modem, Health::Ok).await;
    call(&line, &Ringing::Number("13800138000".into()), 1).await;
    call(&line, &Ringing::Number("13900139000".into()), 1).await;
    let seen = events(&mut modem).await;
    let calls: Vec<&CallEvent> = seen.iter().filter(|event| matches!(event, CallEvent::Ringing { .. })).collect();
    assert_eq!(calls, [&ringing(1, normalise("13800138000")), &ringing(2, normalise("13900139000"))]);
    assert_eq!(seen.len(), 4);
}

#[rstest]
#[case::no_caller_id(Dialect::Without, Faults::default(), Trouble::NoCallerId)]
#[case::mute(Dialect::Spaced, Faults { mute: true, ..Faults::default() }, Trouble::Silent)]
#[case::too_late(Dialect::Spaced, Faults { late_ms: 10_000, ..Faults::default() }, Trouble::Silent)]
#[tokio::test(start_paused = true)]
async fn failing_modems(#[case] dialect: Dialect, #[case] faults: Faults, #[case] trouble: Trouble) {
    let (line, modem) = counter(dialect);
    line.set_faults(faults);
    until(&modem, Health::Failed { trouble }).await;
    line.set_faults(Faults::default());
    line.act(|modem| {
        modem.dialect = Dialect::Spaced;
        vec![]
    });
    until(&modem, Health::Ok).await;
}

#[rstest]
#[case::drip(Faults { drip_ms: 5, ..Faults::default() })]
#[case::noisy(Faults { noisy: true, ..Faults::default() })]
#[case::late(Faults { late_ms: 1_000, ..Faults::default() })]
#[tokio::test(start_paused = true)]
async fn bad_lines(#[case] faults: Faults) {
    let (line, mut modem) = counter(Dialect::Spaced);
    line.set_faults(faults);
    until(&modem, Health::Ok).await;
    call(&line, &Ringing::Number("13800138000".into()), 2).await;
    assert_eq!(events(&mut modem).await[0], ringing(1, normalise("13800138000")));
}

// A modem that dies while nobody rings is noticed by the look; one that is pulled in a call still ends the call.
#[tokio::test(start_paused = true)]
async fn dies_quietly_and_loudly() {
    let (line, mut modem) = counter(Dialect::Spaced);
    until(&modem, Health::Ok).await;
    line.set_faults(Faults { mute: true, ..Faults::default() });
    until(&modem, Health::Failed { trouble: Trouble::Silent }).await;
    line.set_faults(Faults::default());
    until(&modem, Health::Ok).await;
    call(&line, &Ringing::Private, 1).await;
    line.unplug();
    assert_eq!(events(&mut modem).await, [ringing(1, Caller::Private), CallEvent::Ended { call: 1, rings: 1 }]);
    line.replug();
    until(&modem, Health::Ok).await;
}
