//! Goal: what is wrong in what came in is put before a person, once, and nothing is refused for it.
//! Method: a hub's store takes in entries of a branch as they could come: overdrawn, claimed twice, over the limit, after a seal, unreadable.
mod house;

use house::{BRANCH, EDGE, HUB, House, NOW_MS, SOMEBODY, TODAY};
use shared::base::{CommandId, MemberId, ShiftId, StaffId, StreamId, TillId};
use shared::desk::enrol::Enrol;
use shared::desk::notice::{notices, standing};
use shared::desk::noticed::{Look, look, mark};
use shared::exceptions;
use shared::exceptions::raise::Raise;
use shared::exchange::limits::{Confirm, hold};
use shared::facts::Fact;
use shared::facts::journal::SetAside;
use shared::facts::ledger::{Carried, Moved};
use shared::facts::members::ToppedUp;
use shared::journal::command::encoded;
use shared::journal::entry::Body;
use shared::journal::{Actor, Entry, Head, Stamp};
use shared::store::append::Arrived;

const MEMBER: MemberId = MemberId([4; 16]);

fn topped_up(principal: i64) -> ToppedUp {
    ToppedUp {
        member: MEMBER,
        branch: BRANCH,
        till: TillId([1; 16]),
        shift: ShiftId([2; 16]),
        day: TODAY,
        hour: 9,
        at_ms: NOW_MS,
        receipt: "R1".into(),
        clerk: StaffId([3; 16]),
        tender: "cash".into(),
        money: 1,
        principal,
        bonus: 0,
        tendered: principal,
        principal_after: principal,
        bonus_after: 0,
    }
}

fn entry<F: Fact>(stream: StreamId, seq: u64, command: u8, fact: &F) -> Entry {
    Entry {
        stream,
        seq,
        stamp: Stamp::after(Stamp(0), NOW_MS + seq as i64, 0),
        by: Actor::Person(SOMEBODY),
        command: CommandId([command; 16]),
        part: 0,
        kind: F::KIND,
        version: F::VERSION,
        document: None,
        body: Body::Kept { bytes: encoded(fact), salt: None },
    }
}

/// Takes entries of a branch in, and answers what is noticed of them.
fn noticed(hub: &mut House, entries: &[Entry]) -> Vec<Raise> {
    hub.store
        .transaction(|writer| {
            for entry in entries {
                writer.know_stream(entry.stream, Some(BRANCH), &[1; 32], None)?;
            }
            writer.take_in(entries)
        })
        .expect("taken in");
    let heads: Vec<Head> = entries.iter().map(Entry::head).collect();
    notices(&hub.store, &heads, NOW_MS).expect("read")
}

fn raised(hub: &mut House, raise: &Raise) {
    let moment = shared::journal::Moment { command: raise.command(), ..hub.moment() };
    hub.decide_at(raise, &moment).expect("raised");
}

fn whats(found: &[Raise]) -> Vec<&str> {
    found.iter().map(|raise| raise.found.what.as_str()).collect()
}

#[test]
fn what_was_spent_twice_is_booked_and_put_before_a_person_once() {
    let mut hub = House::hub("notice-overdrawn");
    assert_eq!(noticed(&mut hub, &[entry(EDGE, 2, 1, &topped_up(500))]), []);
    let value = shared::base::Unit::Value(BRANCH);
    let moved = |amount| Moved {
        to: HUB,
        accounts: vec![Carried::new(shared::base::Holder::Member(MEMBER), value, amount)],
        ask: None,
        sealed_from: None,
        more: false,
    };
    let found = noticed(&mut hub, &[entry(EDGE, 3, 2, &moved(400)), entry(EDGE, 4, 3, &moved(300))]);
    assert_eq!(whats(&found), ["negative_balance"]);
    assert_eq!((found[0].found.amount, found[0].found.member, found[0].found.branch), (-200, Some(MEMBER), Some(BRANCH)));
    assert_eq!(standing(&hub.store, NOW_MS).expect("read"), found, "a look through everything finds the same");
    raised(&mut hub, &found[0]);
    assert_eq!(standing(&hub.store, NOW_MS + 5), Ok(vec![]), "it is raised once");
    assert_eq!(exceptions::list(&hub.store, 10).expect("read").len(), 1);
}

/// J8: head office hears of a drawer that was ¥20.00 off or more.
#[rstest::rstest]
#[case::within(1_999, &[])]
#[case::over(2_000, &[2_000])]
#[case::short(-2_000, &[-2_000])]
fn a_drawer_far_over_or_short_is_put_before_a_person(#[case] off: i64, #[case] told: &[i64]) {
    use shared::facts::shifts::ShiftClosed;
    let mut hub = House::hub(&format!("notice-drawer-{off}"));
    let closed = ShiftClosed {
        shift: ShiftId([2; 16]),
        at: shared::facts::sales::Occasion {
            branch: BRANCH,
            till: 1,
            shift: Some(ShiftId([2; 16])),
            day: TODAY,
            hour: 21,
            at_ms: NOW_MS,
            by: StaffId([3; 16]),
            allowed_by: None,
            clock_by_hand: false,
        },
        number: 1,
        opened_ms: NOW_MS,
        expected: shared::base::Money::from_minor(50_000),
        counted: shared::base::Money::from_minor(50_000 + off),
        note: String::new(),
        figures: Vec::new(),
        head_seq: 1,
        head_hash: [0; 32],
        hand_over: None,
    };
    let found = noticed(&mut hub, &[entry(EDGE, 2, 1, &closed)]);
    assert_eq!(found.iter().map(|raise| raise.found.amount).collect::<Vec<_>>(), told);
    assert!(found.iter().all(|raise| raise.found.what == "cash_difference" && raise.found.branch == Some(BRANCH)));
}

#[test]
fn a_card_enrolled_at_two_branches_asks_a_person() {
    let mut hub = House::hub("notice-claims");
    let enrol = |card: &str| Enrol {
        name: "王小明".into(),
        phone: String::new(),
        birthday: None,
        gender: String::new(),
        card: Some(card.into()),
        sealed_pin: None,
        although_taken: true,
    };
    hub.decide(&enrol("60010001")).expect("enrolled");
    // Offline, another branch gives the same card to somebody else.
    let mut edge = House::edge("notice-claims-edge");
    edge.commands_from(90);
    edge.decide(&enrol("60010001")).expect("enrolled");
    let sql =
        "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased from entry where seq > 1";
    let rows = shared::journal::Read::rows(&edge.store, sql, &[]).expect("read");
    let entries: Vec<Entry> = rows.iter().map(shared::store::append::entry_of).collect();
    let found = noticed(&mut hub, &entries);
    assert_eq!((whats(&found), found[0].found.note.as_str()), (vec!["claimed_twice"], "card …0001"));
    assert_eq!(standing(&hub.store, NOW_MS).expect("read").len(), 1);
}

#[test]
fn credit_above_the_limits_waits_for_a_person_and_later_credit_again() {
    let mut hub = House::hub("notice-limit");
    let entries =
        |from: u64| [entry(EDGE, from, from as u8, &topped_up(3_000_000)), entry(EDGE, from + 1, from as u8 + 1, &topped_up(3_000_000))];
    let held = |hub: &mut House, entries: &[Entry]| {
        noticed(hub, entries);
        hub.store.transaction(|writer| hold(writer, entries, false, NOW_MS)).expect("held");
        standing(&hub.store, NOW_MS).expect("read")
    };
    let found = held(&mut hub, &entries(2));
    assert_eq!(
        (whats(&found), found[0].found.amount, found[0].found.seq),
        (vec!["issue_limit"], 3_000_000, 3),
        "the first is within the limit"
    );
    raised(&mut hub, &found[0]);
    assert_eq!(standing(&hub.store, NOW_MS), Ok(vec![]), "it is raised once");
    hub.decide(&Confirm { stream: EDGE, seq: 3 }).expect("confirmed");
    let again = held(&mut hub, &entries(4));
    assert_eq!((whats(&again), again[0].found.amount, again[0].found.seq), (vec!["issue_limit"], 6_000_000, 4));
    assert_ne!(again[0].command(), found[0].command());
}

#[test]
fn a_command_in_two_streams_and_entries_after_a_seal_are_noticed() {
    let mut hub = House::hub("notice-rest");
    assert_eq!(noticed(&mut hub, &[entry(EDGE, 2, 1, &topped_up(100)), entry(EDGE, 3, 2, &topped_up(100))]), []);
    let restored = StreamId([0xE1; 16]);
    let found = noticed(&mut hub, &[entry(restored, 2, 2, &topped_up(100))]);
    assert_eq!(whats(&found), ["command_twice"]);
    hub.store
        .transaction(|writer| writer.execute("update stream set sealed = 3, sealed_seq = 3 where stream = ?1", &[EDGE.into()]))
        .expect("sealed");
    let found = noticed(&mut hub, &[entry(EDGE, 4, 4, &topped_up(100))]);
    assert!(whats(&found).contains(&"late_entries"), "{found:?}");
    hub.store.transaction(|writer| writer.execute("update stream set sealed = 4 where stream = ?1", &[restored.into()])).expect("forked");
    let found = noticed(&mut hub, &[entry(restored, 3, 5, &topped_up(100))]);
    assert!(whats(&found).contains(&"fork"), "{found:?}");
}

#[test]
fn what_is_set_aside_is_told_with_its_reason() {
    let mut hub = House::hub("notice-aside");
    let thief = Moved { to: EDGE, accounts: vec![], ask: None, sealed_from: Some(HUB), more: false };
    let damaged = Entry { body: Body::Kept { bytes: vec![0xff], salt: None }, ..entry(EDGE, 2, 1, &thief) };
    let outcome = hub.store.transaction(|writer| {
        writer.know_stream(EDGE, Some(BRANCH), &[1; 32], None)?;
        writer.take_in(&[damaged])
    });
    assert!(matches!(outcome.expect("kept")[..], [Arrived::Aside(_)]));
    let found = standing(&hub.store, NOW_MS).expect("read");
    assert_eq!((whats(&found), found[0].found.seq, found[0].found.branch), (vec!["set_aside"], 2, Some(BRANCH)));
    assert!(!found[0].found.note.is_empty());
    let said = SetAside { stream: EDGE, seq: 2, reason: found[0].found.note.clone() };
    let verdict = hub.store.transaction(|writer| {
        let verdict = entry(HUB, 1_000, 9, &said);
        writer.take_in(std::slice::from_ref(&verdict)).map(|_| verdict.head())
    });
    assert_eq!(notices(&hub.store, &[verdict.expect("kept")], NOW_MS), Ok(found), "by the word that goes back to its author, too");
}

// Goal: a process that dies between a commit and the look at it, or falls behind, leaves nothing unnoticed. Method: entries are taken in and nobody is told;
// the marks alone lead to them, whichever rule they break.
#[test]
fn what_was_committed_while_nobody_looked_is_found_by_the_marks() {
    let mut hub = House::hub("notice-marks");
    // As intake does it: the head of each stream follows what was kept.
    let take_in = |hub: &mut House, entries: &[Entry]| {
        noticed(hub, entries);
        let heads = "update stream set seq = (select max(seq) from entry e where e.stream = stream.stream) where branch <> x''";
        hub.store.transaction(|writer| writer.execute(heads, &[])).expect("followed");
    };
    let looked = |hub: &mut House| {
        let look = look(&hub.store, NOW_MS).expect("read");
        look.raises.iter().for_each(|raise| raised(hub, raise));
        hub.store.transaction(|writer| mark(writer, &look.marks)).expect("kept");
        look
    };
    assert_eq!(whats(&looked(&mut hub).raises), Vec::<&str>::new(), "the first look takes everything that stands");
    assert_eq!(looked(&mut hub), Look::default());
    take_in(&mut hub, &[entry(EDGE, 2, 1, &topped_up(100)), entry(EDGE, 3, 2, &topped_up(100))]);
    hub.store
        .transaction(|writer| writer.execute("update stream set sealed = 3, sealed_seq = 3 where stream = ?1", &[EDGE.into()]))
        .expect("sealed");
    let restored = StreamId([0xE1; 16]);
    take_in(&mut hub, &[entry(EDGE, 4, 4, &topped_up(100)), entry(restored, 2, 2, &topped_up(100))]);
    let seen = look(&hub.store, NOW_MS).expect("read");
    let mut found = whats(&seen.raises);
    found.sort_unstable();
    assert_eq!(found, ["command_twice", "late_entries"], "each once");
    assert_eq!(look(&hub.store, NOW_MS), Ok(seen), "what was not marked is found again");
    assert_eq!(looked(&mut hub).raises.len(), 2);
    assert_eq!(looked(&mut hub).raises, [], "what was raised is head office's own entry");
    assert_eq!(looked(&mut hub), Look::default(), "and then nothing is new");
    // A long absence is looked at in parts, and each entry once.
    let many: Vec<Entry> = (3..=900).map(|seq| entry(restored, seq, 200, &topped_up(1))).collect();
    let many: Vec<Entry> =
        many.into_iter().map(|entry| Entry { command: CommandId(u128::from(entry.seq + 9_000).to_be_bytes()), ..entry }).collect();
    take_in(&mut hub, &many);
    let parts: Vec<u64> = (0..3).map(|_| looked(&mut hub).marks.iter().map(|(_, seq)| *seq).max().unwrap_or(0)).collect();
    assert_eq!(parts, [502, 900, 0]);
}
