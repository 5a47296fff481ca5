//! Goal: a backup is worth its name. Yesterday's copy of head office, and of a branch, is put back as the guide says; after an exchange nothing is lost,
//! nothing is there twice, and `verify` and `rebuild` find nothing wrong. Method: the real binaries, their own backup commands, ended by SIGTERM.
use crate::binaries::{Serving, done};
use crate::replaced::{Shop, number};
use rusqlite::Connection;
use serde_json::json;
use std::path::Path;

fn put_back(data: &Path, name: &str, copy: &str) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(data.join(format!("{name}{suffix}")));
    }
    std::fs::copy(copy, data.join(name)).expect("put back");
}

/// Everything is at head office once, its chains hold and its views are what its entries say.
async fn sound(shop: &mut Shop, streams: i64) {
    let receipts = shop.receipts.len() as i64;
    shop.until("every receipt is there", |hub| number(hub, "select count(*) from receipt where slip = 1") == receipts).await;
    shop.until("nobody is waited for", |hub| number(hub, "select count(*) from draft where kind = 'recovery'") == 0).await;
    shop.every_receipt_is_there_once();
    shop.hub.take().expect("the hub serves").end();
    let hub = Connection::open(shop.folder.join("hub/hub.db")).expect("the hub's database");
    assert_eq!(number(&hub, "select count(*) from stream where branch <> x''"), streams);
    assert_eq!(number(&hub, "select count(*) from balance where amount < 0 and length(holder) = 16"), 0, "nothing was spent twice");
    let path = shop.path("hub");
    done("hub", &["rebuild", "--data", &path]);
    done("hub", &["verify", "--data", &path]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn yesterdays_copy_of_head_office_is_put_back_and_the_branch_gives_the_day_again() {
    let mut shop = Shop::new("drill-hub");
    let edge = Serving::start("edge", &shop.folder.join("old"), "127.0.0.1:0");
    let mut page = shop.page(&edge).await;
    page.done("shift_open", json!({ "float": 50_000 })).await;
    shop.sell(&mut page).await;
    shop.until("yesterday is there", |hub| number(hub, "select count(*) from receipt") == 1).await;
    done("hub", &["backup", "--data", &shop.path("hub"), "--to", &shop.path("backup.db")]);
    for _ in 0..3 {
        shop.sell(&mut page).await;
    }
    shop.until("today is there", |hub| number(hub, "select count(*) from receipt") == 4).await;
    let address = shop.hub.as_ref().expect("the hub serves").address().to_owned();
    shop.hub.take().expect("the hub serves").end();
    put_back(&shop.folder.join("hub"), "hub.db", &shop.path("backup.db"));
    shop.sell(&mut page).await;
    shop.open_hub(&address);
    shop.sell(&mut page).await;
    sound(&mut shop, 1).await;
    edge.end();
    done("edge", &["verify", "--data", &shop.path("old")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn yesterdays_copy_of_a_branch_is_put_back_and_sells_in_a_stream_of_its_own() {
    let mut shop = Shop::new("drill-edge");
    let edge = Serving::start("edge", &shop.folder.join("old"), "127.0.0.1:0");
    let mut page = shop.page(&edge).await;
    page.done("shift_open", json!({ "float": 50_000 })).await;
    shop.sell(&mut page).await;
    done("edge", &["backup", "--data", &shop.path("old"), "--to", &shop.path("backup.db")]);
    // More than the lineage file reserves ahead: the copy is older than what it says.
    for _ in 0..70 {
        shop.sell(&mut page).await;
    }
    let receipts = shop.receipts.len() as i64;
    shop.until("today is there", |hub| number(hub, "select count(*) from receipt") == receipts).await;
    edge.end();
    put_back(&shop.folder.join("old"), "edge.db", &shop.path("backup.db"));
    let edge = Serving::start("edge", &shop.folder.join("old"), "127.0.0.1:0");
    let mut page = shop.page(&edge).await;
    let _ = page.post("/api/commands/shift_open", json!({ "id": crate::till::fresh(), "float": 50_000 })).await;
    shop.sell(&mut page).await;
    sound(&mut shop, 2).await;
    edge.end();
    done("edge", &["rebuild", "--data", &shop.path("old")]);
    done("edge", &["verify", "--data", &shop.path("old")]);
}

/// The value of a line, and whether it is there.
fn figure(metrics: &str, line: &str) -> Option<f64> {
    metrics.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' ')?.parse().ok())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_both_binaries_tell_of_themselves_follows_what_they_do() {
    let mut shop = Shop::new("drill-metrics");
    let edge = Serving::start("edge", &shop.folder.join("old"), "127.0.0.1:0");
    let mut page = shop.page(&edge).await;
    page.done("shift_open", json!({ "float": 50_000 })).await;
    shop.sell(&mut page).await;
    shop.until("the sale is there", |hub| number(hub, "select count(*) from receipt") == 1).await;
    let read = async |url: String| reqwest::get(format!("{url}/metrics")).await.expect("an answer").text().await.expect("a text");
    let hub_url = shop.hub.as_ref().expect("the hub serves").url.clone();
    let (hub, till) = (read(hub_url.clone()).await, read(edge.url.clone()).await);
    let of_branch = |name: &str| figure(&hub, &format!("{name}{{branch=\"B1\"}}")).unwrap_or_else(|| panic!("{name} in {hub}"));
    assert_eq!(of_branch("catena_branch_up"), 1.0);
    assert!(of_branch("catena_branch_lag_ms") < 60_000.0 && of_branch("catena_branch_silent_ms") < 60_000.0);
    assert!(of_branch("catena_branch_entries") >= 3.0);
    for text in [&hub, &till] {
        for queue in ["till", "live", "catch_up"] {
            assert!(figure(text, &format!("catena_writes_waiting{{queue=\"{queue}\"}}")).is_some(), "{text}");
        }
        let of = |name: &str| figure(text, name).unwrap_or_else(|| panic!("{name} in {text}"));
        assert!(of("catena_works_total") >= of("catena_groups_total") && of("catena_groups_total") > 0.0, "the size of a group");
        assert!(of("catena_commit_us_count") > 0.0 && of("catena_commit_us_sum") > 0.0, "the time of a commit with its sync");
    }
    assert_eq!(figure(&hub, "catena_set_aside"), Some(0.0), "{hub}");
    let (_, code, _) = page.refused("shift_open", json!({ "float": 50_000 })).await;
    let (line, after) = (format!("catena_refused_total{{code=\"{code}\"}}"), read(edge.url.clone()).await);
    assert_eq!(figure(&after, &line), Some(figure(&till, &line).unwrap_or(0.0) + 1.0), "{after}");
    // The link is cut: what waits is counted, and head office says how long it heard nothing.
    let address = shop.hub.as_ref().expect("the hub serves").address().to_owned();
    shop.hub.take().expect("the hub serves").end();
    shop.sell(&mut page).await;
    let cut = read(edge.url.clone()).await;
    assert!(figure(&cut, "catena_entries_unsent").is_some_and(|unsent| unsent >= 1.0), "{cut}");
    shop.open_hub(&address);
    shop.until("it is sent", |hub| number(hub, "select count(*) from receipt") == 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_binaries_end_in_order_while_pages_listen() {
    let mut shop = Shop::new("drill-ending");
    let edge = Serving::start("edge", &shop.folder.join("old"), "127.0.0.1:0");
    let mut page = shop.page(&edge).await;
    page.done("shift_open", json!({ "float": 50_000 })).await;
    let mut events = page.events().await;
    shop.sell(&mut page).await;
    edge.end();
    while events.chunk().await.is_ok_and(|chunk| chunk.is_some()) {}
    shop.hub.take().expect("the hub serves").end();
    assert_eq!(number(&Connection::open(shop.folder.join("old/edge.db")).expect("there"), "select count(*) from receipt"), 1);
}
