//! Goal: a full disk costs nothing but time: what is not saved is refused in words, nothing is half done, and room is all it takes to go on.
//! Method: the real binaries on disks of some megabytes that are really filled, judged by what they say, by the hub's books and by `verify`.
use crate::binaries::{Serving, done};
use crate::replaced::{Shop, number};
use crate::till::fresh;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

/// Room for a branch with a few goods and its write-ahead log, and not much more.
const EDGE_MB: u32 = 24;
const HUB_MB: u32 = 64;
/// Sales that may still fit into room that the database has already.
const SALES_MAX: usize = 400;

/// Writes until nothing more goes in.
fn fill(disk: &Path) {
    let mut filler = std::fs::File::create(disk.join("filler")).expect("a file");
    for size in [1 << 20, 4_096, 1] {
        while filler.write_all(&vec![0; size]).is_ok() {}
    }
}

fn make_room(disk: &Path) {
    std::fs::remove_file(disk.join("filler")).expect("it is there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_at_the_till_refuses_in_words_and_goes_on_with_room() {
    let mut shop = Shop::new("full-edge");
    let data = shop.folder.join("old");
    let mut edge = Serving::on_small_disk("edge", &data, EDGE_MB, "127.0.0.1:0");
    let disk = edge.small_disk(&data);
    let mut page = shop.page(&edge).await;
    page.done("shift_open", json!({ "float": 50_000 })).await;
    shop.sell(&mut page).await;
    fill(&disk);
    assert_eq!(page.get("/api/status").await.1["disk_low"], true);

    // What still fits is sold whole; then comes a clear no, and nothing of the step is there.
    let lines = |bill: &Value| bill["bill"]["lines"].as_array().map_or(0, Vec::len);
    let mut refused = None;
    for _ in 0..SALES_MAX {
        let wanted = json!({ "id": fresh(), "text": "6901234567939", "choice": null });
        let (status, added) = page.post("/api/commands/enter", wanted.clone()).await;
        if status != 200 {
            refused = Some(("enter", wanted, status, added, 0));
            break;
        }
        let due = added["bill"]["totals"]["due"].clone();
        let tender = json!({ "id": fresh(), "code": "wechat", "amount": null, "due": due, "proof": null, "pay_code": null });
        let (status, paid) = page.post("/api/commands/tender", tender.clone()).await;
        if status != 200 {
            refused = Some(("tender", tender, status, paid, 1));
            break;
        }
        shop.receipts.push(paid["done"]["receipt_no"].as_str().expect("a receipt").to_owned());
    }
    let (name, wanted, status, no, before) = refused.expect("the disk is full some time");
    assert_eq!((status, &no["code"]), (503, &json!("disk_full")), "{no}");
    let (read, bill) = page.get("/api/bill").await;
    assert_eq!((read, lines(&bill)), (200, before), "pages still read: {bill}");
    assert!(edge.runs());

    // Room is all it takes: the same command goes through, once.
    make_room(&disk);
    let path = format!("/api/commands/{name}");
    let mut said = page.post(&path, wanted.clone()).await;
    for _ in 0..50 {
        if said.0 == 200 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        said = page.post(&path, wanted.clone()).await;
    }
    assert_eq!(said.0, 200, "{}", said.1);
    assert_eq!(page.post(&path, wanted).await.1, said.1, "the same answer, not a second time");
    match said.1["done"]["receipt_no"].as_str() {
        Some(receipt) => shop.receipts.push(receipt.to_owned()),
        None => assert_eq!(lines(&said.1), 1, "{}", said.1),
    }
    if name == "tender" {
        page.enter("6901234567939").await;
    }
    let paid = page.pay("wechat", Value::Null).await;
    shop.receipts.push(paid["done"]["receipt_no"].as_str().expect("a receipt").to_owned());
    shop.sell(&mut page).await;

    let sold = shop.receipts.len() as i64;
    shop.until("head office has every sale", |hub| number(hub, "select count(*) from receipt where slip = 1") == sold).await;
    shop.every_receipt_is_there_once();
    let copy = shop.folder.join("copy");
    assert!(std::process::Command::new("cp").arg("-a").arg(&disk).arg(&copy).status().expect("it runs").success());
    edge.kill();
    done("edge", &["verify", "--data", &copy.display().to_string()]);
    assert!(done("edge", &["rebuild", "--data", &copy.display().to_string()]).contains("every view is equal"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_at_head_office_stops_no_till_and_loses_nothing() {
    let mut shop = Shop::new("full-hub");
    let data = shop.folder.join("hub");
    let address = shop.hub.take().map(|hub| (hub.address().to_owned(), hub.kill())).expect("the hub served").0;
    let mut hub = Serving::on_small_disk("hub", &data, HUB_MB, &address);
    let disk = hub.small_disk(&data);
    let edge = Serving::start("edge", &shop.folder.join("old"), "127.0.0.1:0");
    let mut page = shop.page(&edge).await;
    page.done("shift_open", json!({ "float": 50_000 })).await;
    fill(&disk);
    for _ in 0..20 {
        shop.sell(&mut page).await;
    }
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert!(hub.runs());
    make_room(&disk);
    shop.sell(&mut page).await;
    let sent = async || page.get("/api/status").await.1["unsent"] == 0;
    for _ in 0..600 {
        if sent().await {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(sent().await, "head office goes on by itself");
    let copy = shop.folder.join("copy");
    assert!(std::process::Command::new("cp").arg("-a").arg(&disk).arg(&copy).status().expect("it runs").success());
    hub.kill();
    let books = rusqlite::Connection::open(copy.join("hub.db")).expect("the hub's database");
    for receipt in &shop.receipts {
        let there: i64 =
            books.query_row("select count(*) from receipt where receipt_no = ?1", [receipt], |row| row.get(0)).expect("a count");
        assert_eq!(there, 1, "receipt {receipt}");
    }
    done("hub", &["verify", "--data", &copy.display().to_string()]);
}
