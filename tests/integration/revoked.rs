//! Goal: a box that was revoked gets nothing more and stops no till; a request of another time is not read, however well it is signed.
//! Method: the real sockets; a message that a thief kept and sends again.
use crate::chain::{Chain, moment};
use shared::calls::ring::Ring;
use shared::exchange::edge::{Wants, request};
use shared::exchange::wire::{self, REQUEST, RESPONSE, Response};
use shared::journal::Read;
use shared::store::Priority;

async fn sent(chain: &Chain, time_ms: i64) -> Response {
    let edge = &chain.branches[0].edge;
    let keys = edge::install::Install::new(&chain.folder.join("edge1")).keys().expect("keys");
    let hub = chain.hub.exchange.keys.public();
    let branch = edge.link.branch;
    let signing = edge::install::Install::new(&chain.folder.join("edge1")).keys().expect("keys");
    let made = edge.read(move |db: &dyn Read| {
        let row = db.row("select value from meta where name = 'stream'", &[])?.expect("a stream");
        request(db, &signing, shared::base::StreamId(row.raw(0)), branch.bytes(), Wants::default())
    });
    let body = wire::seal(REQUEST, &made.await.expect("read"), time_ms, &keys, &hub);
    let url = format!("http://{}/exchange", chain.hub_address);
    let answer = reqwest::Client::new().post(url).body(body).send().await.expect("answered").bytes().await.expect("bytes");
    wire::open(RESPONSE, &answer, &keys.public()).expect("signed by the hub").message().expect("readable")
}

async fn ring(chain: &Chain, id: u8) {
    let (edge, now) = (&chain.branches[0].edge, edge::app::now_ms());
    let ring = Ring { branch: edge.link.branch, number: None, hidden: None, line: "1".into() };
    let rang = edge.write(Priority::Till, move |writer| writer.decide(&ring, &moment([id; 16], writer.identity()?.stream, now)));
    rang.await.expect("written").expect("the till goes on");
}

async fn calls(chain: &Chain) -> i64 {
    chain.hub.read(|db: &dyn Read| db.number("select count(*) from call", &[])).await.expect("read")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_box_is_told_so_and_nothing_else() {
    let chain = Chain::new("revoked", 1).await;
    ring(&chain, 1).await;
    Chain::until("the first call is at head office", async || calls(&chain).await == 1).await;
    let revoke = chain.hub.write(Priority::Live, |writer| writer.execute("update device set revoked = 1", &[]));
    revoke.await.expect("written");
    ring(&chain, 2).await;
    let answer = sent(&chain, edge::app::now_ms()).await;
    assert!(answer.revoked && answer.pages.is_empty() && answer.streams.is_empty(), "{answer:?}");
    assert_eq!(calls(&chain).await, 1, "nothing more is taken from it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_of_another_time_is_not_read() {
    let chain = Chain::new("replayed", 1).await;
    chain.branches[0].wire.cut();
    ring(&chain, 1).await;
    for minutes in [-6, 6] {
        let answer = sent(&chain, edge::app::now_ms() + minutes * 60_000).await;
        assert!(answer.wrong_time && answer.streams.is_empty(), "{answer:?}");
    }
    assert_eq!(calls(&chain).await, 0);
    let now = edge::app::now_ms();
    assert!(!sent(&chain, now).await.wrong_time);
    assert_eq!(sent(&chain, now).await.streams.len(), 1, "the same again is answered");
    assert_eq!(calls(&chain).await, 1, "and counts once");
}
