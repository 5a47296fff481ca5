//! Goal: what `docs/threats.md` says that nobody can do is not done. Method: a stolen box whose program writes what it likes, a wire that alters
//! what passes, boxes that speak for others.
use super::chain::{Chain, MEMBER, moment};
use rstest::rstest;
use shared::base::limits::{ISSUED_BRANCH_DAY_MINOR_MAX, ISSUED_CLERK_DAY_MINOR_MAX};
use shared::base::{BranchId, CommandId, Holder, StreamId, Unit};
use shared::exchange::edge::{self, Wants};
use shared::exchange::enrol::{Apply, Code, file, redeem};
use shared::exchange::intake::{Refused, Stretch, take};
use shared::exchange::limits::{self, Confirm};
use shared::exchange::push;
use shared::exchange::recovery::{TAKEN_OVER, seal};
use shared::exchange::sign::Keys;
use shared::exchange::wire::StreamState;
use shared::exchange::{pages, salvage};
use shared::facts::Fact;
use shared::facts::journal::{Closed, Opened, Sealed};
use shared::facts::ledger::{Carried, Moved};
use shared::journal::command::encoded;
use shared::journal::entry::{Body, NO_HASH};
use shared::journal::{Actor, Entry, Read, Stamp};
use shared::reports::installs;
use shared::store::Writer;

/// A stream that a program of the thief's own wrote: its opening, then this fact.
fn forged<F: Fact>(keys: &Keys, branch: BranchId, stream: StreamId, fact: &F) -> Vec<Entry> {
    let opened = Opened { branch: Some(branch), device_key: keys.public(), predecessor: None, predecessor_seq: 0, epoch: 0 };
    let entry = |seq: u64, kind, version, bytes| Entry {
        stream,
        seq,
        stamp: Stamp(1_000 + seq as i64),
        by: Actor::System,
        command: CommandId([seq as u8; 16]),
        part: 0,
        kind,
        version,
        document: None,
        body: Body::Kept { bytes, salt: None },
    };
    vec![entry(1, Opened::KIND, Opened::VERSION, encoded(&opened)), entry(2, F::KIND, F::VERSION, encoded(fact))]
}

impl Chain {
    /// One more device, enrolled for a branch at this time.
    pub fn enrolled(&mut self, secret: u8, branch: u8, enrolled_ms: i64) -> Keys {
        let key = Keys::from_secret([secret; 32]).public();
        self.hub.run(move |writer| {
            let sql = "insert into device (device_key, branch, enrolled_ms, revoked) values (?1, ?2, ?3, 0)";
            writer.execute(sql, &[key.into(), BranchId([branch; 16]).into(), enrolled_ms.into()])
        });
        Keys::from_secret([secret; 32])
    }

    pub fn pushed(&mut self, entries: &[Entry], keys: &Keys, branch: u8) -> Result<StreamState, Refused> {
        let push = push::of(entries, NO_HASH, keys, None).expect("entries");
        let (device, now_ms) = (keys.public(), self.now_ms);
        let stretch = Stretch::read(&push, &device, self.hub.store.registry())?;
        self.hub.run(move |writer| take(writer, stretch, &device, BranchId([branch; 16]), now_ms))
    }
}

fn steal(from: StreamId, to: StreamId) -> Moved {
    let loot = Carried::new(Holder::Member(MEMBER), Unit::Value(BranchId([1; 16])), 100);
    Moved { to, accounts: vec![loot], ask: None, sealed_from: Some(from), more: false }
}

#[test]
fn a_stolen_box_takes_nothing_that_lies_elsewhere_and_decides_nothing_for_head_office() {
    let mut chain = Chain::new("threat-place", 2);
    chain.edges[0].count(1, 300).expect("topped up");
    chain.settle();
    let (victim, thief) = (chain.edges[0].here(), StreamId([0xEE; 16]));
    let keys = chain.enrolled(99, 2, 0);
    let theft = forged(&keys, BranchId([2; 16]), thief, &steal(victim, thief));
    chain.pushed(&theft, &keys, 2).expect("kept: nothing that came is thrown away");
    let end = Sealed { stream: victim, seq: 1, hash: NO_HASH, reason: 3 };
    let other = StreamId([0xEF; 16]);
    let order = forged(&keys, BranchId([2; 16]), other, &end);
    chain.pushed(&order, &keys, 2).expect("kept");
    assert_eq!(chain.hub.number("select count(*) from set_aside where seq = 2"), 2, "neither is believed");
    assert_eq!((chain.hub.value_at(victim), chain.hub.value_at(thief)), (300, 0));
    assert_eq!(chain.hub.number("select count(*) from stream where sealed <> 0"), 0);
}

#[rstest]
#[case::into_anothers_stream(2, 2, Err(Refused::NotYours))]
#[case::of_the_same_branch_enrolled_before(1, -1, Err(Refused::NotYours))]
#[case::that_replaced_it(1, 1, Ok(()))]
fn who_brings_what_another_wrote(#[case] branch: u8, #[case] enrolled_ms: i64, #[case] wanted: Result<(), Refused>) {
    let mut chain = Chain::new(&format!("threat-courier-{branch}-{enrolled_ms}"), 2);
    chain.edges[0].count(1, 300).expect("topped up");
    let keys = chain.enrolled(98, branch, enrolled_ms);
    let stream = chain.edges[0].here();
    chain.exchange(0);
    chain.edges[0].count(2, -50).expect("sold, unheard");
    let held = push::stretch(&chain.edges[0].store, stream, 0).expect("read");
    assert_eq!(chain.pushed(&held, &keys, branch).map(|_| ()), wanted);
    let brought = i64::from(wanted.is_ok());
    assert_eq!(chain.hub.value_at(stream), 300 - 50 * brought);
    let kept = chain.hub.store.rows("select signature from signature where stream = ?1 and last = 3", &[stream.into()]).expect("read");
    let courier = kept.first().and_then(|row| salvage::courier_of(row.blob(0)));
    assert_eq!(courier, (brought > 0).then(|| keys.public()), "under its own name");
}

// A newer box that invents an end for the older one's stream: what it gives out there goes nowhere before head office looked.
#[test]
fn what_a_courier_gives_out_above_the_limits_waits_for_head_office_and_is_not_lost() {
    let mut chain = Chain::new("threat-issue", 2);
    chain.edges[0].count(1, 300).expect("topped up");
    chain.settle();
    let (old, lies) = (chain.edges[0].here(), ISSUED_BRANCH_DAY_MINOR_MAX + 1);
    chain.edges[0].count(2, lies).expect("the test's own count knows no limit");
    let keys = chain.enrolled(98, 1, 1);
    let brought = push::stretch(&chain.edges[0].store, old, 0).expect("read");
    chain.pushed(&brought, &keys, 1).expect("booked");
    let heir = StreamId([0xAA; 16]);
    let opened = forged(&keys, BranchId([1; 16]), heir, &Closed {});
    chain.pushed(&opened[..1], &keys, 1).expect("the new box");
    let (sealing, here) = (moment(CommandId([70; 16]), chain.hub.here(), None), old);
    chain.hub.run(move |writer| seal(writer, here, TAKEN_OVER, &sealing)).expect("sealed");
    chain.ask(1, 9, 200);
    chain.exchange(1);
    let at = |chain: &Chain| (chain.hub.value_at(old), chain.hub.value_at(heir), chain.edges[1].value());
    assert_eq!(at(&chain), (300 + lies, 0, 0), "booked where it was given, and nowhere else");
    let confirming = moment(CommandId([71; 16]), chain.hub.here(), None);
    let confirmed = move |writer: &mut Writer<'_>| limits::confirm(writer, &Confirm { stream: StreamId([51; 16]), seq: 3 }, &confirming);
    chain.hub.run(confirmed).expect("head office looked");
    assert_eq!(at(&chain), (0, 300 + lies, 0), "now it is carried");
    assert_eq!(chain.hub.value_everywhere(), 300 + lies);
}

#[rstest]
#[case::within_a_clerks_day(ISSUED_CLERK_DAY_MINOR_MAX, 200)]
#[case::above_it(ISSUED_CLERK_DAY_MINOR_MAX + 1, 0)]
fn credit_above_a_clerks_day_stays_where_it_was_given(#[case] gives: i64, #[case] fetched: i64) {
    let mut chain = Chain::new(&format!("threat-clerk-{fetched}"), 2);
    chain.edges[0].count(1, gives).expect("the test's own count knows no limit");
    chain.settle();
    chain.ask(1, 9, 200);
    chain.settle();
    assert_eq!((chain.edges[0].value(), chain.edges[1].value()), (gives - fetched, fetched));
}

#[test]
fn nothing_is_believed_that_was_altered_on_the_way() {
    let mut chain = Chain::new("threat-wire", 2);
    chain.edges[0].count(1, 300).expect("topped up");
    let mut request = chain.request(0, Wants::default());
    request.pushes[0].entries[1].body[2] ^= 1;
    let answer = chain.serve(0, request);
    assert!(answer.streams.is_empty(), "a push whose signature does not fit");
    chain.settle();
    chain.ask(1, 9, 100);
    chain.exchange(0);
    let request = chain.request(1, Wants::default());
    let mut answer = chain.serve(1, request);
    let page = answer.pages.iter_mut().find(|page| !page.entries.is_empty()).expect("the grant");
    page.entries[0].entry.body[20] ^= 1;
    let refused = chain.apply(1, answer).refused;
    assert_eq!((refused, chain.edges[1].value()), (Some(pages::NotApplied::Signature), 0));
    chain.exchange(1);
    assert_eq!(chain.edges[1].value(), 100, "the next exchange brings it as it was");
}

#[test]
fn an_answer_of_another_hub_changes_nothing() {
    let mut chain = Chain::new("threat-hub", 2);
    chain.edges[0].count(1, 300).expect("topped up");
    chain.settle();
    chain.ask(1, 9, 100);
    chain.exchange(0);
    let request = chain.request(1, Wants::default());
    let answer = chain.serve(1, request);
    let (stranger, now_ms) = (Keys::from_secret([66; 32]).public(), chain.now_ms);
    let applied = chain.edges[1].run(move |writer| edge::apply(writer, &answer, edge::Step::All, &stranger, now_ms, [1; 16]));
    assert_eq!((applied.refused, chain.edges[1].value()), (Some(pages::NotApplied::Signature), 0));
}

// The scope follows from the device's key: asking for another branch's brings nothing.
#[test]
fn a_branch_hears_of_its_own_only() {
    let mut chain = Chain::new("threat-scope", 2);
    chain.edges[0].count(1, 300).expect("topped up");
    chain.settle();
    chain.ask(1, 9, 100);
    chain.exchange(0);
    let mut request = chain.request(0, Wants::default());
    let other = chain.edges[1].branch.expect("a branch");
    request.cursors.iter_mut().filter(|cursor| !cursor.scope.is_empty()).for_each(|cursor| {
        cursor.scope = other.0.to_vec().into();
        cursor.position = 0;
    });
    let answer = chain.serve(0, request);
    assert!(answer.pages.iter().all(|page| page.scope.is_empty()), "only what is for all");
}

#[test]
fn a_key_that_was_revoked_is_never_enrolled_again() {
    let mut chain = Chain::new("threat-again", 1);
    let (branch, now_ms) = (BranchId([1; 16]), chain.now_ms);
    let mut enrols = |secret: u8| {
        let code = Code::new([secret; 5], &chain.hub.keys.public());
        let apply = Apply::new(&code, &Keys::from_secret([secret; 32]), [4; 32]);
        chain.hub.run(move |writer| {
            file(writer, &code, branch, now_ms)?;
            writer.execute("update device set revoked = 1", &[])?;
            redeem(writer, &apply, now_ms)
        })
    };
    assert!(enrols(1).is_err(), "the box that was stolen");
    assert_eq!(enrols(96), Ok(branch), "another one");
}

// Head office ends the box that was replaced, never the one that sells now: for a stolen one every stream that it opened.
#[test]
fn of_two_boxes_the_older_one_is_ended() {
    let mut chain = Chain::new("threat-ending", 1);
    chain.exchange(0);
    let (branch, old, old_key) = (BranchId([1; 16]), chain.edges[0].here(), chain.edges[0].keys.public());
    let ending = |chain: &Chain, for_good| installs::ending(&chain.hub.store, branch, for_good).expect("read");
    assert_eq!((ending(&chain, false), ending(&chain, true)), (vec![(old, old_key)], vec![(old, old_key)]), "the only one");
    let keys = chain.enrolled(97, 1, 5);
    let newer = StreamId([0xF0; 16]);
    let opened = forged(&keys, branch, newer, &Sealed { stream: old, seq: 1, hash: NO_HASH, reason: 3 });
    chain.pushed(&opened[..1], &keys, 1).expect("the new box is there");
    assert_eq!((ending(&chain, false), ending(&chain, true)), (vec![(old, old_key)], vec![(old, old_key)]), "the older of two");
}
