//! Goal: with the link up a till gets what lies at another branch before anyone notices; cut off it gets nothing, at once.
//! Method: two branches and a hub over real sockets, each store durable (FULL) before it answers.
use crate::chain::Chain;
use shared::base::{Holder, MemberId};
use shared::facts::ledger::Wanted;
use shared::journal::Read;
use shared::ledger::balance::holdings;
use std::time::Instant;

const MEMBER: MemberId = MemberId([0xEE; 16]);

async fn value(chain: &Chain, branch: usize) -> i64 {
    let edge = &chain.branches[branch].edge;
    let here = "select value from meta where name = 'stream'";
    let question = move |db: &dyn Read| {
        let stream = db.row(here, &[])?.map(|row| shared::base::StreamId(row.raw(0))).expect("open");
        Ok(holdings(db, Holder::Member(MEMBER), stream)?.iter().map(|(_, amount)| amount).sum())
    };
    edge.read(question).await.expect("read")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lies_at_another_branch_is_here_within_a_hundred_milliseconds() {
    let chain = Chain::new("asks", 2).await;
    chain.member(MEMBER.0[0], 100_000).await;
    for branch in [0, 1] {
        Chain::until("the link is up", async || chain.branches[branch].edge.uplink.state().up).await;
    }
    chain.branches[0].edge.uplink.ask(Wanted::Value(MEMBER, 100_000)).await;
    assert_eq!(value(&chain, 0).await, 100_000, "granted from head office");
    let mut times = Vec::new();
    // To and fro: each time all of it lies at the other branch and is recalled from there.
    for n in 0..60 {
        let (asker, giver) = if n % 2 == 0 { (1, 0) } else { (0, 1) };
        let start = Instant::now();
        chain.branches[asker].edge.uplink.ask(Wanted::Value(MEMBER, 100_000)).await;
        times.push(start.elapsed().as_millis());
        assert_eq!((value(&chain, asker).await, value(&chain, giver).await), (100_000, 0), "round {n}");
    }
    times.sort_unstable();
    println!("ask and recall over two branches: p50 {} ms, p95 {} ms, most {} ms", times[30], times[56], times[59]);
    let found = format!("p50 {} ms, p95 {} ms, unoptimised build", times[30], times[56]);
    tests::measured(
        "ask.tsv",
        "a till asks for value that lies at another branch: real sockets, FULL at all three stores",
        &found,
        "p95 ≤ 100 ms",
    );
    // The figure is printed; other work may run beside this test, so that the bar here is the till's patience.
    assert!(times[56] < 800, "p95 {} ms", times[56]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_off_the_answer_is_no_and_comes_at_once() {
    let chain = Chain::new("cut", 1).await;
    chain.member(MEMBER.0[0], 5_000).await;
    let edge = &chain.branches[0].edge;
    Chain::until("the link is up", async || edge.uplink.state().up).await;
    chain.branches[0].wire.cut();
    Chain::until("the edge notices", async || {
        edge.uplink.tell("nothing", b"", b"1".to_vec());
        !edge.uplink.state().up
    })
    .await;
    let start = Instant::now();
    edge.uplink.ask(Wanted::Value(MEMBER, 5_000)).await;
    assert!(start.elapsed().as_millis() < 50, "a till does not wait for a cut link");
    assert_eq!(value(&chain, 0).await, 0);
    chain.branches[0].wire.mend();
    Chain::until("the link is up again", async || edge.uplink.state().up).await;
    edge.uplink.ask(Wanted::Value(MEMBER, 5_000)).await;
    Chain::until("it came", async || value(&chain, 0).await == 5_000).await;
}
