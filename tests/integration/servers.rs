//! Goal: a hub on PostgreSQL, several processes of it at once, is the hub. Method: real processes on one database, killed while branches ring,
//! ask and are written to; a chain that moves from its file to a server between two sales.
use crate::binaries::{Serving, done, run};
use crate::chain::{Chain, moment};
use crate::server::{Server, psql};
use crate::till::{Page, stock};
use serde_json::json;
use shared::base::Holder;
use shared::calls::ring::Ring;
use shared::facts::ledger::Wanted;
use shared::journal::Read;
use shared::ledger::balance;
use shared::store::Priority;
use std::path::{Path, PathBuf};

const BRANCHES: usize = 4;
const CALLS: u8 = 12;
const VALUE: i64 = 100_000;

/// Another process of the same hub: its own folder, the same keys, the same database.
fn another(chain: &Chain, name: &str, address: &str) -> (PathBuf, Serving) {
    let folder = chain.folder.join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    for key in ["hub.key", "vault.key"] {
        std::fs::copy(chain.folder.join("hub").join(key), folder.join(key)).expect("the keys of the hub");
    }
    hub::install::Install::new(&folder).keep_store(address).expect("kept");
    let serving = Serving::start("hub", &folder, "127.0.0.1:0");
    (folder, serving)
}

async fn ring(edge: &edge::app::App, id: u8) {
    let (ring, now) = (Ring { branch: edge.link.branch, number: None, hidden: None, line: "1".into() }, edge::app::now_ms());
    let rang = edge.write(Priority::Till, move |writer| writer.decide(&ring, &moment([id; 16], writer.identity()?.stream, now)));
    rang.await.expect("written").expect("allowed");
}

async fn number(chain: &Chain, sql: &'static str) -> i64 {
    chain.hub.read(move |db: &dyn Read| db.number(sql, &[])).await.expect("read")
}

async fn patiently(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..1_200 {
        if holds().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{what}: not within two minutes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_of_one_hub_are_killed_while_branches_ring_ask_and_are_written_to() {
    let Some(server) = Server::start("hubs") else { return };
    let address = server.database();
    let chain = Chain::on("hubs", BRANCHES, Some(&address)).await;
    let member = chain.member(0xEE, VALUE).await;
    let mut others: Vec<_> = ["hub2", "hub3"].map(|name| Some(another(&chain, name, &address))).into();
    let place = |others: &[Option<(PathBuf, Serving)>], n: usize| match n % 3 {
        0 => chain.hub_address,
        n => others[n - 1].as_ref().expect("it serves").1.address().parse().expect("an address"),
    };
    for round in 0..CALLS {
        for (n, branched) in chain.branches.iter().enumerate() {
            ring(&branched.edge, 1 + n as u8 * CALLS + round).await;
            if usize::from(round) % BRANCHES == n {
                branched.edge.uplink.ask(Wanted::Value(member, VALUE / 2)).await;
            }
            if round % 3 == 0 {
                branched.wire.lead_to(place(&others, n + usize::from(round) / 3)).await;
            }
        }
        chain.member(0x80 + round, 100).await;
        if round % 4 == 3 {
            let at = usize::from(round / 4) % others.len();
            let (folder, killed) = others[at].take().expect("it serves");
            killed.kill();
            others[at] = Some((folder.clone(), Serving::start("hub", &folder, "127.0.0.1:0")));
            for (n, branched) in chain.branches.iter().enumerate() {
                branched.wire.lead_to(place(&others, n)).await;
            }
        }
    }
    let wanted = (BRANCHES as i64) * i64::from(CALLS);
    patiently("every call is at head office once", async || number(&chain, "select count(*) from call").await == wanted).await;
    for branched in &chain.branches {
        patiently("every branch has every member", async || {
            let members = branched.edge.read(|db| db.number("select count(*) from member", &[])).await.expect("read");
            members == 1 + i64::from(CALLS)
        })
        .await;
    }
    let everywhere = chain.hub.read(move |db: &dyn Read| balance::everywhere(db, Holder::Member(member))).await.expect("read");
    assert_eq!(everywhere.iter().map(|(_, _, amount)| amount).sum::<i64>(), VALUE, "nothing moved twice");
    assert!(everywhere.iter().all(|(_, _, amount)| *amount >= 0), "{everywhere:?}");
    let gaps = "select count(*) from stream s where branch <> x'' and seq <> (select count(*) from entry e where e.stream = s.stream)";
    assert_eq!(number(&chain, gaps).await, 0, "a gap in a stream");
    let beyond = "select count(*) from feed f where position >= (select next from feed_head h where h.scope = f.scope)";
    assert_eq!(number(&chain, beyond).await, 0, "a position that was never given out");
    assert_eq!(psql(&address, "select deadlocks from pg_stat_database where datname = current_database()"), "0");
    assert_eq!(number(&chain, "select count(*) from stream where branch = x''").await, 1, "a process that joins opens no stream");
    let clerk = chain.hub.clerk.clone();
    tokio::task::spawn_blocking(move || clerk.stop()).await.expect("stopped");
    drop(others);
    let verified = done("hub", &["verify", "--data", text(&chain.folder.join("hub"))]);
    assert!(verified.contains("compared with ones made anew"), "{verified}");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("utf-8")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_moves_to_a_server_and_its_branches_go_on() {
    let Some(server) = Server::start("moves") else { return };
    let address = server.database();
    let chain = Chain::new("hub-moves", 1).await;
    stock(&chain).await;
    let mut page = Page::new(&chain).await;
    page.sign_in("1001", "111111").await;
    page.done("shift_open", json!({ "float": 50_000 })).await;
    page.enter("6901234567892").await;
    page.pay("cash", json!(20_000)).await;
    let sales = async || number(&chain, "select count(*) from receipt").await;
    Chain::until("the sale is at head office", async || sales().await == 1).await;
    let edge = &chain.branches[0].edge;
    let clerk = chain.hub.clerk.clone();
    tokio::task::spawn_blocking(move || clerk.stop()).await.expect("stopped");
    let folder = chain.folder.join("hub");
    let data = text(&folder);
    let told = done("hub", &["migrate-store", "--from", data, "--to", &address]);
    assert!(told.contains("are equal"), "{told}");
    let again = done("hub", &["migrate-store", "--from", data, "--to", &address]);
    assert!(!again.contains("are equal"), "there is nothing left to do: {again}");
    let serving = Serving::start("hub", &folder, "127.0.0.1:0");
    chain.branches[0].wire.lead_to(serving.address().parse().expect("an address")).await;
    page.enter("6901234567892").await;
    page.pay("cash", json!(20_000)).await;
    ring(edge, 200).await;
    for (what, sql) in [("the next sale", "select count(*) from receipt"), ("and a call", "select 1 + count(*) from call")] {
        patiently(what, async || psql(&address, sql) == "2").await;
    }
    assert_eq!(psql(&address, "select count(*) from draft where kind = 'recovery'"), "0", "nothing can be missing");
    assert_eq!(psql(&address, "select count(*) from stream where branch = ''"), "2", "a new stream, once");
    drop(serving);
    std::fs::remove_file(folder.join("store")).expect("the folder forgets where it went");
    let refused = run("hub", &["rebuild", "--data", data]).expect_err("the old store is not served");
    assert!(refused.contains("moved to"), "{refused}");
}
