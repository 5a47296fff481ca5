//! Goal: head office and its branches get a new version one after the other while tills sell: no sale is refused, and no figure differs afterwards.
//! Method: two processes of the hub on one PostgreSQL database and two branches, each of either version at some time. The second version knows one
//! more fact and its view, and makes the takings of a day anew. The older process serves on beside the newer one, and must write nothing.
use crate::chain::{Chain, moment};
use crate::server::Server;
use crate::till::{Page, stock};
use serde_json::Value;
use shared::base::{Posting, StreamId};
use shared::calls::ring::Ring;
use shared::desk::registry::REGISTRY;
use shared::facts::{Fact, Writer as WrittenBy};
use shared::journal::{Command, Decided, Fault, Head, Moment, Read, Refusal, Right};
use shared::sales::takings::TAKINGS_DAY;
use shared::store::Priority;
use shared::views::{Registry, Rows, Table};
use shared::{fact_kind, row, table};
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What only the second version knows: so many people came in.
#[derive(Clone, minicbor::Encode, minicbor::Decode)]
struct CameIn(#[n(0)] i64);

impl Fact for CameIn {
    const KIND: u16 = 30_000;
    const NAME: &'static str = "came_in";
    const WRITER: WrittenBy = WrittenBy::Both;
    fn postings(&self, _: StreamId) -> Vec<Posting> {
        Vec::new()
    }
}

table! { 30_000, CAME_IN, "came_in", Sum, First, Both, v 1, [n Int], [people Int] }

fn came_in(came: &CameIn, _: &Head, rows: &mut Rows) {
    rows.put(&CAME_IN, row![1, came.0]);
}

static SECOND: LazyLock<Registry> = LazyLock::new(|| {
    let made_anew = |table: &'static Table| -> &'static Table {
        if table.name != TAKINGS_DAY.name {
            return table;
        }
        Box::leak(Box::new(Table { version: table.version + 1, ..*table }))
    };
    let facts: Vec<_> = REGISTRY.facts.iter().copied().chain([fact_kind!(CameIn => [came_in])]).collect();
    let tables: Vec<_> = REGISTRY.tables.iter().copied().map(made_anew).chain([&CAME_IN]).collect();
    Registry { facts: facts.leak(), documents: REGISTRY.documents, tables: tables.leak() }
});

struct Count(i64);

impl Command for Count {
    type State = ();
    const RIGHT: Option<Right> = None;
    fn content(&self) -> Vec<u8> {
        self.0.to_be_bytes().into()
    }
    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }
    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&CameIn(self.0)))
    }
}

async fn number(hub: &hub::app::App, sql: &'static str) -> i64 {
    hub.read(move |db: &dyn Read| db.number(sql, &[])).await.expect("read")
}

/// Sells and rings until it is over; how many of each.
async fn goes_on(page: &mut Page, edge: &edge::app::App, over: &AtomicBool) -> i64 {
    for n in 0.. {
        if over.load(Ordering::SeqCst) {
            return n;
        }
        page.enter("6901234567939").await;
        assert!(page.pay("wechat", Value::Null).await["done"]["receipt_no"].is_string(), "sale {n} is done");
        let (ring, now) = (Ring { branch: edge.link.branch, number: None, hidden: None, line: "1".into() }, edge::app::now_ms());
        let id = (u128::from(now as u64) << 64 | n as u128).to_be_bytes();
        let rang = edge.write(Priority::Till, move |writer| writer.decide(&ring, &moment(id, writer.identity()?.stream, now)));
        rang.await.expect("written").expect("allowed");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    0
}

/// The hub's second process, of the second version; where it serves.
async fn newer(chain: &Chain, address: &str) -> (std::sync::Arc<hub::app::App>, std::net::SocketAddr) {
    let folder = chain.folder.join("newer");
    std::fs::create_dir_all(&folder).expect("a folder");
    for key in ["hub.key", "vault.key"] {
        std::fs::copy(chain.folder.join("hub").join(key), folder.join(key)).expect("the keys of the hub");
    }
    let install = hub::install::Install::new(&folder).knowing(&SECOND);
    install.keep_store(address).expect("kept");
    let wired = tokio::task::spawn_blocking(move || hub::serve::wire_install(&install).map_err(|error| error.to_string()));
    let hub = wired.await.expect("no panic").expect("the newer one starts beside the older");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let at = listener.local_addr().expect("bound");
    let router = hub::exchange::router(hub.exchange.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
    (hub, at)
}

/// The second branch's box is started again as the second version; it counts who came in.
async fn upgraded(folder: &Path, old: &edge::app::App) -> std::sync::Arc<edge::app::App> {
    let clerk = old.clerk.clone();
    tokio::task::spawn_blocking(move || clerk.stop()).await.expect("stopped");
    let install = edge::install::Install::new(folder).knowing(&SECOND);
    let edge = edge::serve::wire_install(&install, edge::config::Config::default()).expect("the newer one starts");
    let now = edge::app::now_ms();
    let counted = edge.write(Priority::Till, move |writer| writer.decide(&Count(7), &moment([77; 16], writer.identity()?.stream, now)));
    counted.await.expect("written").expect("allowed");
    edge
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_version_comes_to_hub_and_branches_while_tills_sell() {
    let Some(server) = Server::start("upgraded") else { return };
    let address = server.database();
    let chain = Chain::on("upgraded", 2, Some(&address)).await;
    stock(&chain).await;
    let mut page = Page::new(&chain).await;
    page.sign_in("1001", "111111").await;
    page.done("shift_open", serde_json::json!({ "float": 50_000 })).await;
    let (over, first) = (AtomicBool::new(false), chain.branches[0].edge.clone());
    let upgrade = async {
        tokio::time::sleep(Duration::from_millis(600)).await;
        let (hub, at) = newer(&chain, &address).await;
        // The older process is still asked: it takes nothing in, and the tills do not notice.
        let refused = chain.hub.write(Priority::Till, |writer| writer.set_draft("any", b"", Some(b""))).await;
        assert!(matches!(&refused, Err(Fault::Damaged(why)) if why.contains("another version")), "{refused:?}");
        tokio::time::sleep(Duration::from_millis(600)).await;
        for branched in &chain.branches {
            branched.wire.lead_to(at).await;
        }
        let edge = upgraded(&chain.folder.join("edge2"), &chain.branches[1].edge).await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        over.store(true, Ordering::SeqCst);
        (hub, edge)
    };
    let (sold, (hub, newer_edge)) = tokio::join!(goes_on(&mut page, &first, &over), upgrade);
    assert!(sold > 5, "{sold} sales");
    for (sql, wanted) in [
        ("select count(*) from receipt where slip = 1", sold),
        ("select count(*) from call", sold),
        ("select coalesce(cast(sum(bills) as bigint), 0) from takings_day", sold),
        ("select coalesce(cast(sum(turnover) as bigint), 0) from takings_day", sold * 10_000),
        ("select coalesce(cast(sum(people) as bigint), 0) from came_in", 7),
    ] {
        for _ in 0..600 {
            if number(&hub, sql).await == wanted {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(number(&hub, sql).await, wanted, "{sql}");
    }
    // The older branch goes on at the newer hub, and both sides' views are what their entries make of them.
    assert_eq!(first.read(|db| db.number("select count(*) from receipt where slip = 1", &[])).await, Ok(sold));
    let clerks = [chain.hub.clerk.clone(), hub.clerk.clone(), newer_edge.clerk.clone()];
    let (head_office, branch) =
        (hub::install::Install::new(&chain.folder.join("newer")), edge::install::Install::new(&chain.folder.join("edge2")));
    let differing = tokio::task::spawn_blocking(move || {
        clerks.iter().for_each(|clerk| clerk.stop());
        let head_office = head_office.knowing(&SECOND);
        let stores = [head_office.store_at(head_office.database()).expect("opens"), branch.knowing(&SECOND).store().expect("opens")];
        stores.map(|mut store| store.rebuild().expect("folded").differing)
    });
    assert_eq!(differing.await.expect("no panic"), [vec![], vec![]]);
}
