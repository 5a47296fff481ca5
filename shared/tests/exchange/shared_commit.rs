//! Goal: branches that catch up share a commit and nothing else. Method: three stretches of entries in one group, the middle one sound, with an
//! entry that nobody can read, with a false signature, with a fault behind it, or with the end of the program in it; then head office must hold
//! what it holds where each stretch had a commit of its own.
use super::chain::Chain;
use rstest::rstest;
use shared::base::{BranchId, StreamId};
use shared::exchange::intake::{Stretch, take};
use shared::exchange::push;
use shared::exchange::wire::Push;
use shared::journal::Fault;
use shared::journal::entry::{Body, NO_HASH};
use shared::store::clerk::{Work, group};
use shared::store::rebuild::digests;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mishap {
    None,
    Unreadable,
    Signature,
    Fault,
    Crash,
}

/// Three branches that were cut off, and what each will push.
fn cut_off(name: &str, mishap: Mishap) -> (Chain, Vec<Push>) {
    let mut chain = Chain::new(name, 3);
    for edge in &mut chain.edges {
        (1..=3).for_each(|n| edge.count(n, 10 * i64::from(n)).expect("topped up"));
    }
    let pushed = |(n, edge): (usize, &super::chain::Replica)| {
        let mut entries = push::stretch(&edge.store, edge.here(), 0).expect("read");
        if n == 1 && mishap == Mishap::Unreadable {
            entries[2].body = Body::Kept { bytes: vec![0xff], salt: None };
        }
        let mut push = push::of(&entries, NO_HASH, &edge.keys, None).expect("entries");
        if n == 1 && mishap == Mishap::Signature {
            push.signature = [7; 64].into();
        }
        push
    };
    let pushes = chain.edges.iter().enumerate().map(pushed).collect();
    (chain, pushes)
}

/// Takes these in one commit; answers which were booked, as each was told.
fn taken(chain: &mut Chain, pushes: &[Push], mishap: Mishap) -> Vec<bool> {
    let (tell, told) = std::sync::mpsc::channel();
    let now_ms = chain.now_ms;
    let works = pushes.iter().map(|push| {
        let (tell, push, n) = (tell.clone(), push.clone(), push.stream.0[0] - 50);
        let device = chain.edges[usize::from(n) - 1].keys.public();
        let job = move |writer: &mut shared::store::Writer<'_>| {
            let Ok(stretch) = Stretch::read(&push, &device, writer.registry()) else { return Ok(false) };
            let state = take(writer, stretch, &device, BranchId([n; 16]), now_ms)?;
            match mishap {
                Mishap::Fault if n == 2 => Err(Fault::Busy),
                Mishap::Crash if n == 2 => panic!("the program ends here"),
                _ => Ok(state.is_ok()),
            }
        };
        Work::new(job, move |done| tell.send((n, done == Ok(true))).expect("the test listens"))
    });
    let works = works.collect();
    if catch_unwind(AssertUnwindSafe(|| group(&mut chain.hub.store, works))).is_err() {
        let left = chain.hub.image();
        chain.restore_hub(&left);
    }
    drop(tell);
    let mut answers: Vec<(u8, bool)> = told.iter().collect();
    answers.sort_unstable();
    answers.into_iter().map(|(_, booked)| booked).collect()
}

/// What head office holds.
fn held(chain: &Chain) -> impl PartialEq + std::fmt::Debug + use<> {
    let store = &chain.hub.store;
    (chain.hub.entries(), digests(store, store.registry().tables).expect("read"), chain.hub.number("select count(*) from set_aside"))
}

#[rstest]
#[case::sound(Mishap::None, &[true, true, true], [60, 60, 60])]
#[case::unreadable_in_the_middle(Mishap::Unreadable, &[true, true, true], [60, 40, 60])]
#[case::not_signed(Mishap::Signature, &[true, false, true], [60, 0, 60])]
#[case::a_fault(Mishap::Fault, &[true, false, true], [60, 0, 60])]
#[case::the_program_ends(Mishap::Crash, &[], [0, 0, 0])]
fn three_stretches_in_one_commit(#[case] mishap: Mishap, #[case] told: &[bool], #[case] values: [i64; 3]) {
    let (mut chain, pushes) = cut_off(&format!("group-{mishap:?}"), mishap);
    assert_eq!(taken(&mut chain, &pushes, mishap), told);
    assert_eq!([51, 52, 53].map(|n| chain.hub.value_at(StreamId([n; 16]))), values);
    // Whoever was not told that it is held sends it again.
    taken(&mut chain, &pushes, Mishap::None);
    let (mut apart, same) = cut_off(&format!("apart-{mishap:?}"), mishap);
    assert_eq!(same, pushes);
    for push in pushes.chunks(1) {
        taken(&mut apart, push, Mishap::None);
    }
    assert_eq!(held(&chain), held(&apart));
    assert_eq!(chain.hub.store.rebuild().expect("rebuilt").differing, [], "what was folded beside the writer is what a rebuild folds");
}

#[test]
fn a_fault_of_a_work_alone_leaves_nothing() {
    let (mut chain, pushes) = cut_off("group-alone", Mishap::Fault);
    let before = (chain.hub.entries(), chain.hub.number("select count(*) from stream"));
    assert_eq!(taken(&mut chain, &pushes[1..2], Mishap::Fault), [false]);
    assert_eq!((chain.hub.entries(), chain.hub.number("select count(*) from stream")), before);
    assert_eq!(taken(&mut chain, &pushes[1..2], Mishap::None), [true]);
    assert_eq!(chain.hub.value_at(StreamId([52; 16])), 60);
}
