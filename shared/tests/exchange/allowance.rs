//! Goal: value lies where its member comes before anybody asks, goes back where nobody comes, and no hour moves it twice.
use crate::chain::{Chain, MEMBER};
use shared::base::BranchId;
use shared::desk::allowance::{HOUR_MS, steps, walk};
use std::collections::BTreeSet;

const A: BranchId = BranchId([1; 16]);
const B: BranchId = BranchId([2; 16]);

/// The member visited branches so often lately.
fn visited(chain: &mut Chain, visits: &[(BranchId, i64)]) {
    let visits = visits.to_vec();
    chain.hub.run(move |writer| {
        writer.execute("delete from member_branch", &[])?;
        for (branch, times) in visits {
            let sql = "insert into member_branch (member, branch, month, visits) values (?1, ?2, 197001, ?3)";
            writer.execute(sql, &[MEMBER.into(), branch.into(), times.into()])?;
        }
        Ok(())
    });
}

/// An hour passes, the rule moves, and what moved arrives.
fn hour(chain: &mut Chain, heard: &[BranchId]) {
    chain.now_ms += HOUR_MS;
    moves(chain, heard);
}

fn moves(chain: &mut Chain, heard: &[BranchId]) {
    let (now_ms, heard) = (chain.now_ms, heard.iter().copied().collect());
    let found = steps(&chain.hub.store, &BTreeSet::from([MEMBER]), &heard, now_ms).expect("read");
    chain.hub.run(move |writer| walk(writer, found, now_ms));
    chain.settle();
    chain.settle();
}

fn lies(chain: &Chain) -> [i64; 3] {
    [chain.edges[0].value(), chain.edges[1].value(), chain.hub.value()]
}

#[test]
fn value_goes_to_where_its_member_comes_and_back_from_where_nobody_comes() {
    let mut chain = Chain::new("ahead", 2);
    chain.edges[0].count(1, 100_000).expect("topped up at A");
    chain.settle();
    visited(&mut chain, &[(A, 5), (B, 2)]);
    hour(&mut chain, &[A, B]);
    assert_eq!(lies(&chain), [70_000, 0, 30_000], "called in first");
    hour(&mut chain, &[A, B]);
    assert_eq!(lies(&chain), [70_000, 30_000, 0]);
    chain.edges[1].count(2, -5_000).expect("B spends with the link cut");
    chain.settle();
    hour(&mut chain, &[A, B]);
    assert_eq!(lies(&chain), [70_000, 25_000, 0], "three quarters are enough");
    visited(&mut chain, &[(B, 1)]);
    hour(&mut chain, &[A, B]);
    hour(&mut chain, &[A, B]);
    assert_eq!(lies(&chain), [0, 95_000, 0], "nobody comes to A any more");
    assert_eq!(chain.hub.value_everywhere(), 95_000);
}

#[test]
fn a_branch_that_is_not_heard_gives_nothing_and_gets_nothing() {
    let mut chain = Chain::new("unheard", 2);
    chain.edges[0].count(1, 100_000).expect("topped up at A");
    chain.settle();
    visited(&mut chain, &[(A, 5), (B, 2)]);
    hour(&mut chain, &[B]);
    assert_eq!(lies(&chain), [100_000, 0, 0]);
    hour(&mut chain, &[A]);
    assert_eq!(lies(&chain), [100_000, 0, 0], "without B all of it is A's");
}

#[test]
fn one_hour_moves_once_however_often_it_is_looked_at() {
    let mut chain = Chain::new("hour", 2);
    chain.edges[0].count(1, 100_000).expect("topped up at A");
    chain.settle();
    visited(&mut chain, &[(A, 5), (B, 2)]);
    hour(&mut chain, &[A, B]);
    let before = chain.hub.entries().len();
    visited(&mut chain, &[(B, 2)]);
    moves(&mut chain, &[A, B]);
    assert_eq!(lies(&chain)[0], 70_000, "what was called in of A this hour is not called in again");
    assert!(chain.hub.entries().len() <= before + 1, "only B is filled");
}
