use super::*;
use crate::simulation::seeds::{self, Failure};
use rstest::rstest;
use shared::base::guards::{self, Guard};

/// Steps of one run.
const STEPS: u64 = 300;
/// Seeds of one part of the list.
const PART: u64 = 60;
/// Seeds within which a missing guard must show.
const BITE_SEEDS: u64 = 60;

const NONE: Mishaps = Mishaps { edges_restored: false, hub_restored: false, cloned: false };
const EVERY: Mishaps = Mishaps { edges_restored: true, hub_restored: true, cloned: true };

// Goal: power cuts, kills, full and broken disks, wrong clocks, a foul network, hostile bytes, edges and a hub put back to older
// disks and an edge copied break no promise; what was acknowledged and some disk still holds is at the hub, and all replicas agree
// in the end. Method: the product's clerk, store, gate, session and ledger from one seed each; invariants after every step.
#[rstest]
#[case::first(0)]
#[case::second(1)]
#[case::third(2)]
#[case::fourth(3)]
#[case::fifth(4)]
fn no_mishap_breaks_a_promise(#[case] part: u64) {
    match seeds::all(part * PART..(part + 1) * PART, |seed| World::run(seed, EVERY, STEPS)) {
        Err(failure) => panic!("{}", failure.story),
        Ok(counts) => {
            let counts = counts.iter().fold(Counts::default(), |sum, one| sum.plus(one));
            println!("{counts:#?}");
            let often = [counts.sales, counts.spends, counts.returns, counts.fetched, counts.exchanges, counts.crashes, counts.faults];
            let rarely = [counts.restores, counts.hub_restores, counts.clones, counts.forks];
            assert!(often.iter().all(|count| *count > 100) && rarely.iter().all(|count| *count > 20), "too little happened: {counts:#?}");
        }
    }
}

// The seeds that `cargo simulate` names, past those that fail; a single one tells its story.
#[test]
fn seeds_asked_for() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (Some(first), Some(count)) = (number("FIRST"), number("SEEDS")) else { return };
    let failed = seeds::failing(first..first + count, |seed| World::run(seed, EVERY, STEPS));
    for failure in &failed {
        let (story, broken) = failure.story.split_once("broken: ").unwrap_or(("", &failure.story));
        println!("{}seed {} {broken}", if count == 1 { story } else { "" }, failure.seed);
    }
    assert_eq!(failed.len(), 0, "of {count} seeds from {first} on these fail: {:?}", failed.iter().map(|one| one.seed).collect::<Vec<_>>());
}

// Goal: the simulation bites: without one of the guards that hold the promises some run fails. Method: the guard is taken away in
// the product's own code, on the thread of the run.
#[rstest]
#[case::sequence(Guard::Sequence, EVERY)]
#[case::cursor(Guard::Cursor, NONE)]
#[case::balance(Guard::Balance, NONE)]
fn a_missing_guard_is_noticed(#[case] guard: Guard, #[case] mishaps: Mishaps) {
    let story = |seed| guards::without(guard, || World::run(seed, mishaps, STEPS));
    let Err(Failure { seed, story }) = seeds::all(0..BITE_SEEDS, story) else {
        panic!("nobody misses {guard:?} in {BITE_SEEDS} runs");
    };
    println!("without {guard:?}: seed {seed}, {}", story.split_once("broken: ").map_or("", |(_, broken)| broken));
}
