use super::*;
use crate::simulation::seeds::{self, Failure};
use rstest::rstest;
use shared::base::guards::{self, Guard};

/// Steps of one run.
const STEPS: u64 = 300;
/// Seeds of the story of ordinary mishaps, and of the one in which edges are restored.
const ORDINARY_SEEDS: u64 = 180;
const RESTORED_SEEDS: u64 = 22;
/// Seeds within which a missing guard must show.
const BITE_SEEDS: u64 = 60;

const NONE: Mishaps = Mishaps { edges_restored: false, hub_restored: false, cloned: false };
const RESTORED: Mishaps = Mishaps { edges_restored: true, ..NONE };

/// Runs seeds and says what happened in them; the failing seed can be run alone by setting `FIRST` and `SEEDS`.
fn run(mishaps: Mishaps, seeds: u64) -> Counts {
    let number = |name: &str, otherwise: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let first = number("FIRST", 0);
    match seeds::all(first..first + number("SEEDS", seeds), |seed| World::run(seed, mishaps, STEPS)) {
        Err(failure) => panic!("{}", failure.story),
        Ok(counts) => {
            let counts = counts.iter().fold(Counts::default(), |sum, one| sum.plus(one));
            println!("{counts:#?}");
            counts
        }
    }
}

// Goal: power cuts, kills, full and broken disks, wrong clocks, a foul network and hostile bytes break no promise.
// Method: the product's clerk, store, gate, session and ledger from one seed each; invariants after every step.
#[test]
fn ordinary_mishaps_break_no_promise() {
    let counts = run(NONE, ORDINARY_SEEDS);
    let often = [counts.sales, counts.spends, counts.returns, counts.fetched, counts.exchanges, counts.crashes, counts.faults];
    assert!(often.iter().all(|count| *count > 100), "too little happened: {counts:#?}");
    assert_eq!(counts.lost, 0);
}

// Goal: an edge whose database, or whole disk, was put back loses only what no disk holds any more; what its two sides wrote is
// all booked, and all replicas agree in the end. Method: as above.
#[test]
fn restored_edges_break_no_promise() {
    let counts = run(RESTORED, RESTORED_SEEDS);
    assert!(counts.restores > 10 && counts.forks > 5, "too little happened: {counts:#?}");
}

// Goal: the simulation bites: without one of the guards that hold the promises some run fails. Method: the guard is taken away in
// the product's own code, on the thread of the run.
#[rstest]
#[case::sequence(Guard::Sequence, RESTORED)]
#[case::cursor(Guard::Cursor, NONE)]
#[case::balance(Guard::Balance, NONE)]
fn a_missing_guard_is_noticed(#[case] guard: Guard, #[case] mishaps: Mishaps) {
    let story = |seed| guards::without(guard, || World::run(seed, mishaps, STEPS));
    let Err(Failure { seed, story }) = seeds::all(0..BITE_SEEDS, story) else {
        panic!("nobody misses {guard:?} in {BITE_SEEDS} runs");
    };
    println!("without {guard:?}: seed {seed}, {}", story.lines().last().unwrap_or_default());
}
