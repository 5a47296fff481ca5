//! Goal: whatever is torn, doubled, rolled back or copied, no value is lost or doubled, and none is spent twice.
//! Method: two branches and a hub over real stores; each story a fixed order of steps.
mod allowance;
mod chain;
mod debts;
mod generations;
mod history;
#[path = "../till/long.rs"]
mod long;
mod mirror;
mod shared_commit;
mod threats;
mod verify;

use chain::{Chain, moment};
use rstest::rstest;
use shared::base::CommandId;
use shared::exchange::edge::Wants;
use shared::exchange::recovery;
use shared::journal::{Read, Refusal};

#[test]
fn what_happened_at_a_branch_is_at_the_hub_once_however_often_it_is_sent() {
    let mut chain = Chain::new("once", 1);
    (1..=5).for_each(|n| chain.edges[0].count(n, 100).expect("allowed"));
    let request = chain.request(0, Wants::default());
    chain.serve(0, request.clone());
    let response = chain.serve(0, request);
    chain.apply(0, response.clone());
    chain.apply(0, response);
    chain.exchange(0);
    assert_eq!(chain.hub.value_everywhere(), 500);
    let head = shared::store::writer::stream_head(&chain.hub.store, chain.edges[0].here()).expect("read").expect("known");
    assert_eq!(head.seq, 6);
}

#[test]
fn an_ask_fetches_from_the_other_branch_and_never_more_than_lies_there() {
    let mut chain = Chain::new("ask", 2);
    chain.edges[0].count(1, 300).expect("topped up at A");
    chain.settle();
    assert!(matches!(chain.edges[1].count(2, -200), Err(Refusal::NotEnoughHere { here: 0, .. })), "nothing lies at B");
    chain.ask(1, 9, 200);
    chain.exchange(0);
    chain.exchange(1);
    assert_eq!((chain.edges[0].value(), chain.edges[1].value()), (100, 200));
    chain.edges[1].count(3, -200).expect("now it lies here");
    // The torn ask comes again: it is the same ask.
    chain.ask(1, 9, 200);
    chain.settle();
    assert_eq!((chain.edges[0].value(), chain.edges[1].value()), (100, 0));
    assert_eq!(chain.hub.value_everywhere(), 100);
}

#[test]
fn a_recall_that_loses_the_race_gives_what_is_left() {
    let mut chain = Chain::new("race", 2);
    chain.edges[0].count(1, 300).expect("topped up");
    chain.settle();
    chain.ask(1, 9, 250);
    chain.edges[0].count(2, -200).expect("sold before the recall came");
    chain.settle();
    assert_eq!((chain.edges[0].value(), chain.edges[1].value()), (0, 100));
    assert_eq!(chain.hub.value_everywhere(), 100);
}

#[test]
fn what_comes_back_too_late_stays_at_head_office() {
    let mut chain = Chain::new("late", 2);
    chain.edges[0].count(1, 300).expect("topped up");
    chain.settle();
    chain.ask(1, 9, 100);
    chain.now_ms += 60_000;
    chain.settle();
    assert_eq!((chain.edges[0].value(), chain.edges[1].value(), chain.hub.value()), (200, 0, 100));
    chain.ask(1, 10, 100);
    assert_eq!((chain.edges[1].value(), chain.hub.value()), (100, 0), "the next ask has it at once");
}

#[rstest]
#[case::behind(true)]
#[case::copy(false)]
fn a_second_side_of_a_stream_is_booked_under_its_own_name(#[case] rolled_back: bool) {
    let mut chain = Chain::new(if rolled_back { "rolled" } else { "cloned" }, 1);
    chain.edges[0].count(1, 300).expect("topped up");
    if rolled_back {
        chain.exchange(0);
    }
    let image = chain.edges[0].image();
    let first = chain.edges[0].here();
    chain.edges[0].count(2, -100).expect("sold on the first side");
    chain.exchange(0);
    chain.restore_edge(0, &image);
    chain.edges[0].count(3, -50).expect("sold on the second side, unaware");
    chain.exchange(0);
    assert_ne!(chain.edges[0].here(), first, "a new install has a new stream");
    assert_eq!(chain.hub.value_everywhere(), 150, "both sales are booked");
    assert_eq!(chain.hub.value_at(first), 200, "the first side stands");
    assert_eq!(chain.edges[0].value(), 0, "the new place is empty");
    let sides = chain.hub.store.number("select count(*) from stream where sealed <> 0 and seq > 0", &[]).expect("read");
    assert_eq!(sides, 1);
    chain.edges[0].count(4, 70).expect("goes on in the new stream");
    chain.exchange(0);
    assert_eq!(chain.hub.value_everywhere(), 220);
}

#[test]
fn a_lost_branch_that_returns_is_booked_to_its_old_place_and_the_rest_was_freed() {
    let mut chain = Chain::new("lost", 2);
    chain.edges[0].count(1, 300).expect("topped up");
    chain.settle();
    let old = chain.edges[0].here();
    chain.edges[0].count(2, -50).expect("sold while nobody heard");
    let hub = chain.hub.here();
    let sealed = moment(CommandId([77; 16]), hub, None);
    chain.hub.run(move |writer| recovery::seal(writer, old, recovery::LOST, &sealed)).expect("sealed");
    assert_eq!((chain.hub.value_at(old), chain.hub.value()), (0, 300));
    chain.ask(1, 9, 300);
    assert_eq!(chain.edges[1].value(), 300);
    chain.exchange(0);
    assert_eq!(chain.hub.value_at(old), -50, "the exposure, at the old place");
    assert_ne!(chain.edges[0].here(), old);
    assert_eq!(chain.edges[0].value(), 0);
    assert_eq!(chain.edges[1].value(), 300, "the others are as if it had not come");
    chain.edges[0].count(3, 10).expect("goes on");
    chain.exchange(0);
    assert_eq!(chain.hub.value_everywhere(), 260);
}

#[test]
fn a_hub_restored_from_yesterday_gets_its_own_entries_back_and_moves_nothing_before() {
    let mut chain = Chain::new("restored", 2);
    chain.edges[0].count(1, 300).expect("topped up at A");
    chain.settle();
    // 100 come to lie at head office: a recall answered too late.
    chain.ask(1, 9, 100);
    chain.now_ms += 60_000;
    chain.settle();
    let image = chain.hub.image();
    let old_hub = chain.hub.here();
    chain.ask(1, 10, 60);
    chain.edges[1].count(2, -60).expect("spent at B");
    chain.settle();
    assert_eq!((chain.hub.value(), chain.hub.value_everywhere()), (40, 240));

    chain.restore_hub(&image);
    assert_eq!(chain.hub.value_at(old_hub), 100, "the hub has forgotten the grant");
    // A comes first: B, which holds the forgotten grant, is out of reach.
    chain.exchange(0);
    chain.exchange(1);
    assert_ne!(chain.hub.here(), old_hub, "the hub found out by itself");
    chain.settle();
    assert_eq!(recovery::outstanding(&chain.hub.store).expect("read"), []);
    assert_eq!(chain.hub.value_everywhere(), 240, "nothing lost, nothing doubled");
    assert_eq!((chain.hub.value_at(old_hub), chain.hub.value()), (0, 40));
    chain.ask(1, 11, 240);
    chain.settle();
    assert_eq!((chain.edges[0].value(), chain.edges[1].value(), chain.hub.value_everywhere()), (0, 240, 240));
}

#[test]
fn while_a_branch_is_outstanding_the_old_place_gives_nothing() {
    let mut chain = Chain::new("outstanding", 2);
    chain.edges[0].count(1, 300).expect("topped up at A");
    chain.settle();
    chain.ask(1, 9, 100);
    chain.now_ms += 60_000;
    chain.settle();
    let image = chain.hub.image();
    chain.ask(1, 10, 60);
    chain.edges[1].count(2, -60).expect("spent at B");
    // A has read on too, so that it can tell the restored hub.
    chain.edges[0].count(3, 1).expect("something happens");
    chain.settle();
    chain.restore_hub(&image);
    let old_hub = chain.hub.here();
    chain.exchange(0);
    if chain.hub.here() == old_hub {
        // Nothing A read proves that the hub forgot: then its operator says so.
        let (key, fresh) = (chain.hub.keys.public(), chain.fresh());
        chain.hub.run(move |writer| recovery::open_hub(writer, shared::base::StreamId(fresh), &key, 2_000_000));
        chain.exchange(0);
    }
    chain.ask(0, 12, 400);
    assert_eq!(chain.edges[0].value(), 201, "nothing came from the old place: B may have had it");
    assert_eq!(chain.hub.value_at(old_hub), 100);
    chain.settle();
    assert_eq!(chain.hub.value_everywhere(), 241);
    assert_eq!(chain.hub.value_at(old_hub), 0);
}

#[test]
fn entries_of_a_stranger_are_not_believed() {
    let mut chain = Chain::new("stranger", 2);
    chain.edges[0].count(1, 300).expect("topped up");
    let request = chain.request(0, Wants::default());
    // B sends A's entries as its own.
    chain.serve(1, request.clone());
    assert_eq!(chain.hub.value_everywhere(), 0);
    // A's own, with one body changed.
    let mut forged = request;
    forged.pushes[0].entries[1].body[19] ^= 1;
    chain.serve(0, forged);
    assert_eq!(chain.hub.value_everywhere(), 0);
    chain.exchange(0);
    assert_eq!(chain.hub.value_everywhere(), 300);
}
