//! Goal: whoever has a copy and the public keys can tell that nothing in it was altered, and where if something was.
//! Method: chains with a fork, a lost branch and a restored hub; then one column of one entry changed at a time, in a copy.
use super::chain::{Chain, Replica, moment};
use rstest::rstest;
use shared::base::{CommandId, StreamId};
use shared::exchange::recovery;
use shared::exchange::verify::{Trusted, Verified, Wrong, verify};

pub fn trusted(chain: &Chain) -> Trusted {
    Trusted { hub: chain.hub.keys.public(), devices: chain.edges.iter().map(|edge| edge.keys.public()).collect() }
}

/// Checks a copy of a replica, after `harm` was done to it.
pub fn check(replica: &Replica, trusted: &Trusted, harm: &str) -> Verified {
    let copy = replica.copy();
    rusqlite::Connection::open(copy.path()).expect("opens").execute_batch(harm).expect("the harm is done");
    let mut copy = copy;
    verify(&mut copy, trusted, &mut |_| {}).expect("can be read")
}

/// Two branches: value lay at head office and moved, one branch forked, was lost and came back, and the hub was restored from a backup.
fn eventful(name: &str) -> Chain {
    let mut chain = Chain::new(name, 2);
    chain.edges[0].count(1, 300).expect("topped up");
    chain.settle();
    let image = chain.edges[0].image();
    chain.edges[0].count(2, -100).expect("sold on the first side");
    chain.exchange(0);
    chain.restore_edge(0, &image);
    chain.edges[0].count(3, -50).expect("sold on the second side");
    chain.settle();
    chain.edges[0].count(7, 200).expect("topped up in the new stream");
    chain.settle();
    chain.ask(1, 9, 100);
    chain.settle();
    let backup = chain.hub.image();
    chain.edges[1].count(4, -60).expect("spent at B");
    chain.edges[0].count(5, 40).expect("topped up");
    chain.settle();
    chain.ask(1, 10, 20);
    chain.settle();
    chain.restore_hub(&backup);
    chain.settle();
    chain.settle();
    let (old, hub) = (chain.edges[1].here(), chain.hub.here());
    let sealed = moment(CommandId([77; 16]), hub, None);
    chain.hub.run(move |writer| recovery::seal(writer, old, recovery::LOST, &sealed)).expect("sealed");
    chain.edges[1].count(6, 5).expect("nobody told it");
    chain.settle();
    chain
}

#[test]
fn what_forked_was_lost_came_back_and_was_restored_is_still_as_it_was_written() {
    let chain = eventful("verify-eventful");
    let trusted = trusted(&chain);
    for replica in [&chain.hub, &chain.edges[0], &chain.edges[1]] {
        let found = check(replica, &trusted, "");
        assert_eq!(found.wrong, [], "{found:?}");
        assert!(found.streams > 1 && found.entries > 5 && found.views, "{found:?}");
    }
    let hub = check(&chain.hub, &trusted, "");
    assert!(hub.signed * 2 > hub.entries, "most of what lies at the hub is signed: {hub:?}");
}

#[rstest]
#[case::stamp("stamp", "stamp + 1")]
#[case::by("by", "zeroblob(17)")]
#[case::command("command", "zeroblob(16)")]
#[case::part("part", "part + 1")]
#[case::kind("kind", "kind + 1")]
#[case::version("version", "version + 1")]
#[case::erased("erased", "1")]
#[case::body("body", "cast(substr(body, 1, length(body) - 1) || x'00' as blob)")]
#[case::salt("salt", "zeroblob(16)")]
fn one_change_in_any_entry_is_noticed(#[case] column: &str, #[case] value: &str) {
    let chain = eventful(&format!("verify-{column}"));
    let trusted = trusted(&chain);
    for replica in [&chain.hub, &chain.edges[0]] {
        for (stream, seq) in replica.entries() {
            let hex: String = stream.0.iter().map(|byte| format!("{byte:02x}")).collect();
            let at = format!("where stream = x'{hex}' and seq = {seq}");
            if replica.number(&format!("select {column} = {value} from entry {at}")) != 0 {
                continue;
            }
            let wrong = check(replica, &trusted, &format!("update entry set {column} = {value} {at}")).wrong;
            assert!(!wrong.is_empty(), "{column} of {stream} {seq} was not noticed");
        }
    }
}

#[test]
fn who_writes_the_past_anew_has_no_signature_for_it() {
    let chain = eventful("verify-forged");
    let trusted = trusted(&chain);
    let others = Trusted { hub: trusted.hub, devices: vec![[3; 32]] };
    let wrong = check(&chain.hub, &others, "").wrong;
    assert!(wrong.iter().any(|wrong| matches!(wrong, Wrong::Key(_))), "{wrong:?}");
    let wrong = check(&chain.hub, &trusted, "update signature set signature = zeroblob(64)").wrong;
    assert!(wrong.iter().all(|wrong| matches!(wrong, Wrong::Signature { .. })) && !wrong.is_empty(), "{wrong:?}");
}

#[test]
fn what_is_missing_or_reckoned_wrongly_is_named() {
    let chain = eventful("verify-missing");
    let trusted = trusted(&chain);
    let here: StreamId = chain.edges[0].here();
    let hex: String = here.0.iter().map(|byte| format!("{byte:02x}")).collect();
    let wrong = check(&chain.hub, &trusted, &format!("delete from entry where stream = x'{hex}' and seq = 2")).wrong;
    assert!(wrong.contains(&Wrong::Missing { stream: here, first: 2, last: 2 }), "{wrong:?}");
    let wrong = check(&chain.hub, &trusted, "update balance set amount = amount + 1").wrong;
    assert!(matches!(wrong[..], [Wrong::View { table: "balance", .. }]), "{wrong:?}");
}
