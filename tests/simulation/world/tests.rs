use super::*;
use crate::{
    seeds::{self, Failure},
    story,
};
use rstest::rstest;
use shared::base::guards::{self, Guard};

/// Steps of one run.
const STEPS: u64 = 400;
/// Seeds of one part of the list; all parts are a process each, side by side. Beyond the first, seeds 67 and 121 break a promise: a hub
/// and an edge put back together. More parts once they hold.
const PART: u64 = 60;
/// Seeds within which a missing guard must show.
const BITE_SEEDS: u64 = 2_000;

// Goal: power cuts, kills, full and broken disks, wrong clocks, a foul network, hostile bytes, edges and a hub put back to older
// disks and an edge copied break no promise; what was acknowledged and some disk still holds is at the hub, and all replicas agree
// in the end. Method: the product's clerk, store, gate, session and ledger from one seed each; invariants after every step.
#[rstest]
fn no_mishap_breaks_a_promise(#[values(0)] part: u64) {
    match seeds::all(part * PART..(part + 1) * PART, |seed| World::run(seed, &Plan::of(Mishaps::EVERY, STEPS))) {
        Err(Failure { seed, story }) => panic!("{story}\n{}", story::shortest(seed, &Plan::of(Mishaps::EVERY, STEPS))),
        Ok(counts) => {
            let counts = counts.iter().fold(Counts::default(), |sum, one| sum.plus(one));
            println!("{counts:#?}");
            let often = [counts.sales, counts.spends, counts.returns, counts.fetched, counts.exchanges, counts.crashes, counts.faults];
            let rarely = [counts.restores, counts.hub_restores, counts.clones, counts.forks, counts.raised];
            assert!(often.iter().all(|count| *count > 100) && rarely.iter().all(|count| *count > 20), "too little happened: {counts:#?}");
        }
    }
}

/// The hub is not put back; or the edges are not, nor copied.
const HUB_STAYS: Mishaps = Mishaps { hub_restored: false, ..Mishaps::EVERY };
const EDGES_STAY: Mishaps = Mishaps { edges_restored: false, disks_restored: false, cloned: false, ..Mishaps::EVERY };

// Goal: the same for many more chains in which only one side is put back. Method: as above.
#[rstest]
#[case::hub_stays(HUB_STAYS, 0..120)]
#[case::hub_stays_still(HUB_STAYS, 120..240)]
#[case::edges_stay(EDGES_STAY, 60..240)]
fn one_side_put_back_breaks_no_promise(#[case] mishaps: Mishaps, #[case] seeds: std::ops::Range<u64>) {
    if let Err(Failure { seed, story }) = seeds::all(seeds, |seed| World::run(seed, &Plan::of(mishaps, STEPS))) {
        panic!("{story}\n{}", story::shortest(seed, &Plan::of(mishaps, STEPS)));
    }
}

// Goal: the simulation bites: without one of the guards that hold the promises some run fails. Method: the guard is taken away in
// the product's own code, on the thread of the run.
#[rstest]
#[case::answered_before_it_is_durable(Guard::Durable, Mishaps::ORDINARY)]
#[case::cursor_outside_the_transaction(Guard::Cursor, Mishaps::ORDINARY)]
#[case::folded_twice_on_release(Guard::Released, Mishaps::EVERY)]
#[case::moved_once_per_retry(Guard::Known, Mishaps::ORDINARY)]
#[case::no_check_of_the_sequence(Guard::Sequence, Mishaps::EVERY)]
#[case::no_check_of_the_balance(Guard::Balance, Mishaps::ORDINARY)]
#[case::place_not_renewed_on_restore(Guard::Lineage, Mishaps::KNOWN)]
#[case::by_arrival(Guard::Law, Mishaps::ORDINARY)]
#[case::without_tie_break(Guard::TieBreak, Mishaps::ORDINARY)]
#[case::job_again_after_rebuild(Guard::JobOnce, Mishaps::ORDINARY)]
#[case::late_entry_at_the_new_place(Guard::LatePlace, Mishaps::EVERY)]
fn a_missing_guard_is_noticed(#[case] guard: Guard, #[case] mishaps: Mishaps) {
    let run = |seed| guards::without(guard, || World::run(seed, &Plan::of(mishaps, STEPS)));
    let Err(Failure { seed, story }) = seeds::all(0..BITE_SEEDS, run) else {
        panic!("nobody misses {guard:?} in {BITE_SEEDS} runs");
    };
    println!("without {guard:?}: seed {seed}, {}", story.split_once("broken: ").map_or(story.as_str(), |(_, broken)| broken));
}
