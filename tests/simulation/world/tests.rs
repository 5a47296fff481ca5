use super::*;
use crate::{
    house::Server,
    seeds::{self, Failure},
    story,
};
use rstest::rstest;
use shared::base::guards::{self, Guard};
use std::ops::Range;

/// Steps of one run.
const STEPS: u64 = 400;
/// Seeds of one part of the list; all parts are a process each, side by side.
const PART: u64 = 100;
/// The same where tills act by the desk's own commands.
const DESK_PART: u64 = 50;
const DESK_STEPS: u64 = 200;
/// Seeds within which a missing guard must show, and steps of each.
const BITE_SEEDS: u64 = 2_000;
const BITE_STEPS: u64 = 400;

// Goal: power cuts, kills, full and broken disks, wrong clocks, a foul network, hostile bytes, edges and a hub put back to older
// disks and an edge copied break no promise; what was acknowledged and some disk still holds is at the hub, answers are what the
// entries come to, and all replicas agree in the end. Method: the product's clerk, store, gate, session and ledger from one seed
// each; invariants after every step.
#[rstest]
fn no_mishap_breaks_a_promise(#[values(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)] part: u64) {
    let counts = kept(part * PART..(part + 1) * PART, Mishaps::MACHINES);
    let rarely = [counts.restores, counts.hub_restores, counts.clones, counts.forks, counts.raised, counts.begun];
    assert!(rarely.iter().all(|count| *count > 20), "too little happened: {counts:#?}");
}

// Goal: the same where an older database of an edge goes into another machine, which knows at once that it is another.
#[rstest]
fn no_spare_box_breaks_a_promise(#[values(0, 1)] part: u64) {
    let counts = kept(part * PART..(part + 1) * PART, Mishaps::REPLACED);
    let rarely = [counts.restores, counts.hub_restores, counts.forks, counts.begun];
    assert!(rarely.iter().all(|count| *count > 20), "too little happened: {counts:#?}");
}

fn kept(seeds: Range<u64>, mishaps: Mishaps) -> Counts {
    let plan = Plan::of(mishaps, STEPS);
    let counts = seeds::all(seeds, |seed| World::run(seed, &plan))
        .unwrap_or_else(|Failure { seed, story }| panic!("{story}\n{}", story::shortest(seed, &plan)));
    let counts = counts.iter().fold(Counts::default(), |sum, one| sum.plus(one));
    println!("{counts:#?}");
    let Counts { sales, spends, returns, fetched, exchanges, crashes, faults, questions, .. } = counts;
    assert!(counts.walks * 20 < questions, "the sums of entries are walked too often: {counts:#?}");
    let often = [sales, spends, returns, fetched, exchanges, crashes, faults, questions];
    assert!(often.iter().all(|count| *count > 100), "too little happened: {counts:#?}");
    counts
}

// Goal: a branch that is ended and goes on takes nothing from anybody: what a lost one sold is booked at its old place, where head office sees the sum of
// what is missing; of a revoked one nothing is taken; every other balance is as if it had not come. Method: as above, in shops where head office does so.
#[rstest]
fn a_branch_that_was_ended_changes_nothing_elsewhere(#[values(0, 1)] part: u64) {
    let Counts { lost_branches, revoked, came_back, exposed, .. } = kept(part * PART..(part + 1) * PART, Mishaps::ENDED);
    assert!([lost_branches, revoked, came_back, exposed].iter().all(|count| *count > 5), "too little happened");
}

// Goal: what is known of a member is erased everywhere while the shops go on, also what a branch told meanwhile; figures and chains stay as they are.
// Method: as above; at the end no replica holds a body of that member, and each is found as it was written from the public keys alone.
#[rstest]
fn an_erased_member_is_known_nowhere(#[values(0)] part: u64) {
    let Counts { pins, erased, bodies_gone, .. } = kept(part * PART..(part + 1) * PART, Mishaps::ERASED);
    assert!([pins, erased, bodies_gone].iter().all(|count| *count > 50), "too little happened");
}

// Goal: a release that changes a view and brings a kind of fact that others do not know comes to one replica after the other while the shops go on: what
// cannot be read yet is kept and folded once it can, and in the end all know the same. Method: as above, head office first.
#[rstest]
fn releases_live_side_by_side(#[values(0)] part: u64) {
    let Counts { upgrades, greetings, kept_unread, .. } = kept(part * PART..(part + 1) * PART, Mishaps::UPGRADED);
    assert!([upgrades, greetings, kept_unread].iter().all(|count| *count > 10), "too little happened");
}

// Goal: the same where it comes together: a member is erased and releases come while edges and the hub are put back, copied and fail. An older disk may
// hold what was erased, or a kind that only the next release knows. Method: as above.
#[rstest]
fn what_comes_together_breaks_no_promise(#[values(0, 1)] part: u64) {
    let counts = kept(part * PART..(part + 1) * PART, Mishaps::MIXED);
    let Counts { erased, upgrades, greetings, restores, hub_restores, clones, .. } = counts;
    assert!(greetings > 10 && [erased, upgrades, restores, hub_restores, clones].iter().all(|count| *count > 20), "too little happened");
}

// Goal: what holds for the small facts holds for the desk's own commands: shifts, bills paid by value and cash, top-ups and new members. Method:
// as above with every view of the product, most of what people do is theirs; fewer steps, because each costs more.
#[rstest]
fn the_desk_keeps_the_same_promises(#[values(0, 1)] part: u64) {
    let plan = Plan::of(Mishaps::DESK, DESK_STEPS);
    let counts = seeds::all(part * DESK_PART..(part + 1) * DESK_PART, |seed| World::run(seed, &plan))
        .unwrap_or_else(|Failure { seed, story }| panic!("{story}\n{}", story::shortest(seed, &plan)));
    let counts = counts.iter().fold(Counts::default(), |sum, one| sum.plus(one));
    assert!([counts.desk, counts.bills].iter().all(|count| *count > 50), "too little happened: {counts:#?}");
}

// Goal: the simulation bites: without one of the guards that hold the promises some run fails. Method: the guard is taken away in
// the product's own code, on the thread of the run.
#[rstest]
#[case::answered_before_it_is_durable(Guard::Durable, Mishaps::ORDINARY)]
#[case::cursor_outside_the_transaction(Guard::Cursor, Mishaps::ORDINARY)]
#[case::folded_twice_on_release(Guard::Released, Mishaps::MACHINES)]
#[case::moved_once_per_retry(Guard::Known, Mishaps::ORDINARY)]
#[case::no_check_of_the_sequence(Guard::Sequence, Mishaps::MACHINES)]
#[case::no_check_of_the_balance(Guard::Balance, Mishaps::ORDINARY)]
#[case::place_not_renewed_on_restore(Guard::Lineage, Mishaps::KNOWN)]
#[case::by_arrival(Guard::Law, Mishaps::ORDINARY)]
#[case::without_tie_break(Guard::TieBreak, Mishaps::ORDINARY)]
#[case::job_again_after_rebuild(Guard::JobOnce, Mishaps::ORDINARY)]
#[case::late_entry_at_the_new_place(Guard::LatePlace, Mishaps::MACHINES)]
#[case::number_given_twice(Guard::Stray, Mishaps::MACHINES)]
#[case::feed_head_before_the_rows(Guard::FeedHead, Mishaps::ORDINARY)]
#[case::statement_on_top_of_a_move(Guard::OwnPlace, Mishaps::ORDINARY)]
#[case::carried_although_entries_are_lost(Guard::Missing, Mishaps::REPLACED)]
#[case::right_to_return_not_taken(Guard::Returnable, Mishaps::ORDINARY)]
#[case::asked_once_per_retry(Guard::AskOnce, Mishaps::ORDINARY)]
#[case::gave_after_the_end(Guard::GaveTooLate, Mishaps::ENDED)]
#[case::given_after_the_end(Guard::OpenAsker, Mishaps::ENDED)]
#[case::written_again_by_hub_and_author(Guard::Author, Mishaps { rebased: true, ..Mishaps::ORDINARY })]
fn a_missing_guard_is_noticed(#[case] guard: Guard, #[case] mishaps: Mishaps) {
    let run = |seed| guards::without(guard, || World::run(seed, &Plan::of(mishaps, BITE_STEPS)));
    let Err(Failure { seed, story }) = seeds::all(0..BITE_SEEDS, run) else {
        panic!("nobody misses {guard:?} in {BITE_SEEDS} runs");
    };
    println!("without {guard:?}: seed {seed}, {}", story.split_once("broken: ").map_or(story.as_str(), |(_, broken)| broken));
}

/// Runs on a server, and steps of each: a round trip for every statement is what they cost.
const SERVER_SEEDS: u64 = 16;
const SERVER_STEPS: u64 = 200;

// Goal: the same with head office's database on a real PostgreSQL server: its process dies between any two messages to it, the line is cut before a
// message or before its answer, an older state is put back. Method: the same world and invariants; branches on simulated disks.
#[test]
fn no_mishap_breaks_a_promise_on_a_server() {
    let Some(server) = Server::start("simulation") else { return };
    let plan = Plan { server: Some(server.address()), ..Plan::of(Mishaps::MIXED, SERVER_STEPS) };
    match seeds::all(0..SERVER_SEEDS, |seed| World::run(seed, &plan)) {
        Err(Failure { story, .. }) => panic!("{story}"),
        Ok(counts) => {
            let counts = counts.iter().fold(Counts::default(), |sum, one| sum.plus(one));
            println!("{counts:#?}");
            let Counts { sales, spends, exchanges, crashes, questions, hub_restores, rebuilds, lines_cut, .. } = counts;
            let often = [sales, spends, exchanges, questions, rebuilds].iter().all(|count| *count > 100);
            assert!(often && crashes > 20 && hub_restores > 0 && lines_cut > 20, "too little happened: {counts:#?}");
        }
    }
}
