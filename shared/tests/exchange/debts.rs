//! Goal: what a box gave out that was declared lost is owed at its place and nowhere else, and head office settles it: from what lies here, from what
//! it calls in of a branch, or by giving it up. Method: a branch sells offline, is declared lost, and comes back.
use super::chain::{Chain, MEMBER, moment};
use super::verify::{check, trusted};
use rstest::rstest;
use shared::base::{CommandId, StreamId};
use shared::exchange::debts::{Collect, WriteOff, collect, owed};
use shared::exchange::recovery::{LOST, seal};
use shared::journal::{Refusal, Right};

/// The member has 300 at branch 1, which sells for 250 unheard and is declared lost: the 300 are carried on, `elsewhere` of them to branch 2.
fn owing(name: &str, elsewhere: i64) -> (Chain, StreamId) {
    let mut chain = Chain::new(name, 2);
    chain.edges[0].count(1, 300).expect("topped up");
    chain.settle();
    let lost = chain.edges[0].here();
    chain.edges[0].count(2, -250).expect("sold, unheard");
    let sealing = moment(CommandId([70; 16]), chain.hub.here(), None);
    chain.hub.run(move |writer| seal(writer, lost, LOST, &sealing)).expect("sealed");
    if elsewhere > 0 {
        chain.ask(1, 9, elsewhere);
        chain.exchange(1);
    }
    chain.exchange(0);
    assert_eq!(at(&chain, lost), (-250, 300 - elsewhere, elsewhere), "its sales are booked where it stood");
    (chain, lost)
}

/// What lies at the lost place, at head office and at the other branch, as head office knows it.
fn at(chain: &Chain, lost: StreamId) -> (i64, i64, i64) {
    (chain.hub.value_at(lost), chain.hub.value_at(chain.hub.here()), chain.hub.value_at(chain.edges[1].here()))
}

fn collected(chain: &mut Chain, command: u8, place: StreamId) -> Result<(), Refusal> {
    let moment = moment(CommandId([command; 16]), chain.hub.here(), None);
    chain.hub.run(move |writer| collect(writer, &Collect { member: MEMBER, place }, &moment))
}

#[rstest]
#[case::what_lies_here_pays(0, (0, 50, 0))]
#[case::and_what_lies_at_a_branch_is_called_in(200, (0, 0, 50))]
fn head_office_collects_what_is_owed(#[case] elsewhere: i64, #[case] wanted: (i64, i64, i64)) {
    let (mut chain, lost) = owing(&format!("debt-collect-{elsewhere}"), elsewhere);
    collected(&mut chain, 71, lost).expect("something is owed");
    chain.exchange(1);
    chain.exchange(1);
    assert_eq!(at(&chain, lost), wanted);
    assert_eq!(owed(&chain.hub.store, MEMBER, lost), Ok(vec![]));
    assert_eq!(collected(&mut chain, 72, lost), Err(Refusal::NotFound { what: "debt".into() }), "once");
    assert_eq!(chain.edges[1].value(), wanted.2, "the branch knows the same");
    assert_eq!(check(&chain.hub, &trusted(&chain), "").wrong, []);
}

#[test]
fn what_is_given_up_is_borne_by_head_office_and_taken_from_nobody() {
    let (mut chain, lost) = owing("debt-written-off", 300);
    let give_up = |chain: &mut Chain, command: u8, rights: &[Right], why: &str| {
        let moment = shared::journal::Moment { rights: rights.to_vec(), ..moment(CommandId([command; 16]), chain.hub.here(), None) };
        let give_up = WriteOff { member: MEMBER, place: lost, why: why.into() };
        chain.hub.run(move |writer| writer.decide(&give_up, &moment)).map(|_| ())
    };
    assert_eq!(give_up(&mut chain, 71, &[], "走了"), Err(Refusal::NotAllowed { right: Right::Exceptions }));
    assert!(matches!(give_up(&mut chain, 72, &[Right::Exceptions], " "), Err(Refusal::NotSound { .. })));
    give_up(&mut chain, 73, &[Right::Exceptions], "主机被盗，门店承担").expect("given up");
    assert_eq!(at(&chain, lost), (0, 0, 300));
    assert_eq!(give_up(&mut chain, 74, &[Right::Exceptions], "再来"), Err(Refusal::NotFound { what: "debt".into() }));
    chain.settle();
    assert_eq!((chain.hub.value_everywhere(), chain.edges[1].value()), (300, 300));
}

#[test]
fn nothing_is_owed_at_a_place_that_is_still_written() {
    let mut chain = Chain::new("debt-open", 1);
    chain.edges[0].count(1, 300).expect("topped up");
    chain.settle();
    let open = chain.edges[0].here();
    assert_eq!(collected(&mut chain, 71, open), Err(Refusal::NotFound { what: "debt".into() }));
}
