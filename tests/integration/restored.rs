//! Goal: a database put back from a backup, at a branch or at head office, is noticed before anything is written, and nothing is lost or doubled.
//! Method: the real data folders; the database file is replaced, the lineage file and keys stay, as with a real restore.
use crate::chain::{Chain, moment};
use shared::base::StreamId;
use shared::calls::ring::Ring;
use shared::exchange::recovery;
use shared::journal::Read;
use shared::store::{Priority, Writer};
use std::path::Path;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_declared_lost_that_comes_back_is_heard_and_given_nothing() {
    let chain = Chain::new("lost-back", 1).await;
    let edge = &chain.branches[0].edge;
    let calls = async || chain.hub.read(|db: &dyn Read| db.number("select count(*) from call", &[])).await.expect("read");
    ring(edge, 1).await;
    Chain::until("the first call is at the hub", async || calls().await == 1).await;
    chain.branches[0].wire.cut();
    ring(edge, 2).await;
    let old = edge.read(|db| db.row("select value from meta where name = 'stream'", &[])).await.expect("read").expect("enrolled");
    let stream = StreamId(old.raw(0));
    let lost = async |writer: Priority| {
        let sealed = move |writer: &mut Writer<'_>| {
            let moment = moment([99; 16], writer.identity()?.stream, hub::app::now_ms());
            let _ = recovery::seal(writer, stream, recovery::LOST, &moment)?;
            writer.execute("update device set revoked = 1", &[])
        };
        chain.hub.write(writer, sealed).await
    };
    lost(Priority::Till).await.expect("declared lost");
    let fed = "select count(*) from page";
    let before = edge.read(move |db| db.number(fed, &[])).await.expect("read");
    chain.branches[0].wire.mend();
    ring(edge, 3).await;
    Chain::until("what happened meanwhile is booked", async || calls().await == 3).await;
    ring(edge, 4).await;
    Chain::until("and what goes on happening", async || calls().await == 4).await;
    assert_eq!(edge.read(move |db| db.number(fed, &[])).await.expect("read"), before, "it is given nothing");
    let after = edge.read(|db| db.row("select value from meta where name = 'stream'", &[])).await.expect("read").expect("enrolled");
    assert_eq!(after, old, "and goes on in its own stream");
}

fn copy_database(folder: &Path, name: &str, to: &Path) {
    let db = rusqlite::Connection::open(folder.join(name)).expect("opens");
    let _ = std::fs::remove_file(to);
    db.execute("vacuum into ?1", [to.to_str().expect("utf-8")]).expect("copied");
}

fn put_back(folder: &Path, name: &str, from: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("{name}{suffix}")));
    }
    std::fs::copy(from, folder.join(name)).expect("put back");
}

async fn ring(edge: &edge::app::App, id: u8) {
    let (ring, now) = (Ring { branch: edge.link.branch, number: None, hidden: None, line: "1".into() }, edge::app::now_ms());
    let rang = edge.write(Priority::Till, move |writer| writer.decide(&ring, &moment([id; 16], writer.identity()?.stream, now)));
    rang.await.expect("written").expect("allowed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_branch_put_back_from_yesterday_opens_a_new_stream_before_it_writes() {
    let mut chain = Chain::new("edge-back", 1).await;
    let branched = chain.branches.remove(0);
    let data = chain.folder.join("edge1");
    let calls = async |hub: &hub::app::App| hub.read(|db: &dyn Read| db.number("select count(*) from call", &[])).await.expect("read");
    let backup = chain.folder.join("backup.db");
    ring(&branched.edge, 1).await;
    Chain::until("the first call is at the hub", async || calls(&chain.hub).await == 1).await;
    copy_database(&data, "edge.db", &backup);
    for n in 2..=150_u8 {
        ring(&branched.edge, n).await;
    }
    Chain::until("all calls are at the hub", async || calls(&chain.hub).await == 150).await;
    let before = branched.edge.read(|db| db.row("select value from meta where name = 'stream'", &[])).await.expect("read");
    let clerk = branched.edge.clerk.clone();
    branched.wire.cut();
    drop(branched);
    tokio::task::spawn_blocking(move || clerk.stop()).await.expect("stopped");
    put_back(&data, "edge.db", &backup);
    let edge = edge::serve::wire(&data, edge::config::Config::default()).expect("the edge starts");
    let after = edge.read(|db| db.row("select value from meta where name = 'stream'", &[])).await.expect("read");
    assert_ne!(before, after, "the lineage shows that this database is older than what was written");
    ring(&edge, 200).await;
    let url = format!("http://{}", chain.hub_address);
    let link = edge::install::Link { hub_url: url, ..edge.link.clone() };
    let install = edge::install::Install::new(&data);
    let hub = edge::install::hub_key(&link).expect("a key");
    let line =
        edge::uplink::Line { link, hub, keys: install.keys().expect("keys"), clerk: edge.clerk.clone(), events: edge.events.clone() };
    let _uplink = edge::uplink::Uplink::start(line);
    Chain::until("the new call is there beside the old ones", async || calls(&chain.hub).await == 151).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_put_back_from_yesterday_begins_a_new_epoch_by_itself() {
    let chain = Chain::new("hub-back", 1).await;
    let data = chain.folder.join("hub");
    let backup = chain.folder.join("backup.db");
    copy_database(&data, "hub.db", &backup);
    let epoch = chain.hub.read(|db| shared::exchange::recovery::epoch(db)).await.expect("read");
    for n in 100..=170_u8 {
        chain.member(n, 100).await;
    }
    let edge = &chain.branches[0].edge;
    let members = async || edge.read(|db| db.number("select count(*) from member", &[])).await.expect("read");
    Chain::until("the branch has read on", async || members().await == 71).await;
    let clerk = chain.hub.clerk.clone();
    tokio::task::spawn_blocking(move || clerk.stop()).await.expect("stopped");
    put_back(&data, "hub.db", &backup);
    let hub = hub::serve::wire(&data).expect("starts");
    let after = hub.read(|db| shared::exchange::recovery::epoch(db)).await.expect("read");
    assert!(after > epoch, "epoch {epoch}, then {after}");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let link = edge::install::Link { hub_url: format!("http://{}", listener.local_addr().expect("bound")), ..edge.link.clone() };
    let router = hub::exchange::router(hub.exchange.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
    let install = edge::install::Install::new(&chain.folder.join("edge1"));
    let key = edge::install::hub_key(&link).expect("a key");
    let line =
        edge::uplink::Line { link, hub: key, keys: install.keys().expect("keys"), clerk: edge.clerk.clone(), events: edge.events.clone() };
    let _uplink = edge::uplink::Uplink::start(line);
    let back = async || hub.read(|db| db.number("select count(*) from member", &[])).await.expect("read");
    Chain::until("the branch gave back what the hub had forgotten", async || back().await == 71).await;
    Chain::until("recovery ended", async || hub.read(|db| shared::exchange::recovery::outstanding(db)).await.expect("read").is_empty())
        .await;
}
