//! Bytes and postings of balances on the move, pinned.
use super::*;
use crate::base::{BranchId, SaleId};
use crate::facts::sales::golden::{HERE, MEMBER, hex};
use crate::journal::command::encoded;

#[test]
fn golden_bytes() {
    let (to, value) = (StreamId([0x11; 16]), Unit::Value(BranchId([0x22; 16])));
    let moved = Moved {
        to,
        accounts: vec![Carried::new(Holder::Member(MEMBER), value, 8_000)],
        ask: Some(AskId([0x33; 16])),
        sealed_from: None,
        more: false,
    };
    assert_eq!(hex(&encoded(&moved)), include_str!("golden/moved.1.hex").trim());
    assert_eq!(minicbor::decode::<Moved>(&encoded(&moved)).expect("its own bytes"), moved);
    let at = |place, amount| Posting { account: Account { holder: Holder::Member(MEMBER), unit: value, place }, amount };
    assert_eq!(moved.postings(HERE), [at(HERE, -8_000), at(to, 8_000)]);
    let sealed = StreamId([0x44; 16]);
    let carried = Moved { sealed_from: Some(sealed), ask: None, ..moved };
    assert_eq!(carried.postings(HERE), [at(sealed, -8_000), at(to, 8_000)], "the hub takes from a place it sealed");
}

#[test]
fn golden_bytes_of_a_debt_given_up() {
    let (place, value) = (StreamId([0x11; 16]), Unit::Value(BranchId([0x22; 16])));
    let given_up = DebtWrittenOff { place, accounts: vec![Carried::new(Holder::Member(MEMBER), value, 8_000)], why: "R".into() };
    assert_eq!(hex(&encoded(&given_up)), include_str!("golden/debt_written_off.1.hex").trim());
    assert_eq!(minicbor::decode::<DebtWrittenOff>(&encoded(&given_up)).expect("its own bytes"), given_up);
    let at = |holder, place, amount| Posting { account: Account { holder, unit: value, place }, amount };
    let bears = Holder::House(HEAD_OFFICE, Purpose::Issued);
    assert_eq!(given_up.postings(HERE), [at(bears, HERE, -8_000), at(Holder::Member(MEMBER), place, 8_000)]);
}

#[test]
fn golden_bytes_of_what_is_drawn() {
    let (other, value) = (MemberId([0x55; 16]), Unit::Value(BranchId([0x22; 16])));
    let drawn = Drawn { to: MEMBER, accounts: vec![Carried::new(Holder::Member(other), value, 8_000)] };
    assert_eq!(hex(&encoded(&drawn)), include_str!("golden/drawn.1.hex").trim());
    assert_eq!(minicbor::decode::<Drawn>(&encoded(&drawn)).expect("its own bytes"), drawn);
    let at = |member, amount| Posting { account: Account { holder: Holder::Member(member), unit: value, place: HERE }, amount };
    assert_eq!(drawn.postings(HERE), [at(other, -8_000), at(MEMBER, 8_000)]);
}

#[test]
fn golden_bytes_of_a_debt_paid() {
    let value = Unit::Value(BranchId([0x22; 16]));
    let paid = DebtPaid { member: MEMBER, accounts: vec![Carried::new(Holder::Member(MEMBER), value, 8_000)] };
    assert_eq!(hex(&encoded(&paid)), include_str!("golden/debt_paid.1.hex").trim());
    assert_eq!(minicbor::decode::<DebtPaid>(&encoded(&paid)).expect("its own bytes"), paid);
    let at = |holder, amount| Posting { account: Account { holder, unit: value, place: HERE }, amount };
    assert_eq!(paid.postings(HERE), [at(Holder::Member(MEMBER), -8_000), at(Holder::Debt(MEMBER), 8_000)]);
}

#[test]
fn golden_bytes_of_issue_limits() {
    let issues = vec![IssueHeld { member: MEMBER, seq: 7, day: 20261121, amount: 6_000_000 }];
    let stream = StreamId([0x11; 16]);
    let (held, confirmed) = (IssuesHeld { stream, issues: issues.clone() }, IssuesConfirmed { stream, issues });
    for (bytes, postings) in [(encoded(&held), held.postings(HERE)), (encoded(&confirmed), confirmed.postings(HERE))] {
        assert_eq!(hex(&bytes), include_str!("golden/issues_held.1.hex").trim());
        assert_eq!(postings, []);
    }
    assert_eq!(minicbor::decode::<IssuesHeld>(&encoded(&held)).expect("its own bytes"), held);
}

#[test]
fn golden_bytes_of_recalls() {
    let recalled = |wanted| Recalled {
        ask: AskId([0x33; 16]),
        asker: StreamId([0x11; 16]),
        giver: StreamId([0x55; 16]),
        wanted,
        until_ms: 1_795_240_800_800,
    };
    let golden = include_str!("golden/recalled.1.hex").trim().lines();
    let wants = [Wanted::Value(MEMBER, 8_000), Wanted::Points(MEMBER, 300), Wanted::Returnable(SaleId([0x66; 16]))];
    assert_eq!(golden.clone().count(), wants.len());
    for (wanted, golden) in wants.into_iter().zip(golden) {
        let recalled = recalled(wanted);
        assert_eq!(hex(&encoded(&recalled)), golden);
        assert_eq!(minicbor::decode::<Recalled>(&encoded(&recalled)).expect("its own bytes"), recalled);
        assert_eq!(recalled.postings(HERE), []);
    }
}
