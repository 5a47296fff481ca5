//! Goal: head office may die in anything, again and again: no till notices, no receipt is lost or doubled, nothing is spent twice.
//! Method: the real binaries on real files. The hub gets SIGKILL while requests of two branches are in it, and starts again at the same address;
//! meanwhile both sell, top up and ask each other for one member's value, and their links are cut. Printed is what the printers received.
use crate::binaries::{Serving, done};
use crate::replaced::{Shop, number};
use crate::till::Page;
use crate::wire::Wire;
use hardware::lab::{Lab, Scene, Which};
use rusqlite::Connection;
use serde_json::{Value, json};
use shared::base::account::Unit;
use shared::base::{Holder, MemberId};
use shared::ledger::balance;
use shared::store::Readers;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Kills after which the hub may live, and how many of them must have hit a request between its arrival and its answer.
const KILLS: u32 = 20;
const TORN_MIN: u32 = 6;
/// The longest that is waited for them.
const LONGEST: Duration = Duration::from_secs(60);
/// Between two customers.
const PAUSE: Duration = Duration::from_millis(40);

/// Price of the goods sold, and of each top-up; minor units.
const AMOUNT: i64 = 10_000;
const OPENING: i64 = 10_000;

struct Branch {
    edge: Serving,
    lab: Lab,
    page: Page,
    wire: Arc<Wire>,
    /// Numbers of the receipts that the till showed.
    receipts: Vec<String>,
    topped_up: i64,
    spent: i64,
}

impl Branch {
    /// A box behind a wire, with a printer and an open shift.
    async fn open(shop: &Shop, folder: &str, name: &str, [cashier, technician]: [(&str, &str); 2]) -> Branch {
        let hub = shop.hub.as_ref().expect("it serves").address().parse().expect("an address");
        let wire = Arc::new(Wire::new(hub).await);
        shop.enrol(folder, name, &format!("http://{}", wire.address));
        let edge = Serving::start("edge", Path::new(&shop.path(folder)), "127.0.0.1:0");
        let lab = Lab::start(&shop.folder.join(format!("lab-{folder}")), Scene::default()).await.expect("the lab starts");
        let mut page = shop.page_of(&edge, technician.0, technician.1).await;
        let address = lab.path(Which::Printer).display().to_string();
        let printer = json!({ "device": null, "kind": "printer", "name": "小票", "address": address, "baud": null, "profile": null });
        page.done("bind_device", printer).await;
        let mut page = shop.page_of(&edge, cashier.0, cashier.1).await;
        page.done("shift_open", json!({ "float": 50_000 })).await;
        Branch { edge, lab, page, wire, receipts: Vec::new(), topped_up: 0, spent: 0 }
    }

    /// Customers come until it is over.
    async fn serve(&mut self, over: &AtomicBool) {
        let (_, hits) = self.page.get("/api/members?text=6002").await;
        let member = hits["members"][0]["id"].clone();
        for n in 0.. {
            if over.load(Ordering::SeqCst) {
                return;
            }
            let receipt = match n % 3 {
                0 => self.tops_up(&member).await,
                1 => self.sells().await,
                _ => self.sells_for_value().await,
            };
            assert!(!self.receipts.contains(&receipt), "{receipt} a second time");
            self.receipts.push(receipt);
            self.printed().await;
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn tops_up(&mut self, member: &Value) -> String {
        let wanted = json!({ "member": member, "amount": AMOUNT, "tender": "cash", "tendered": AMOUNT, "gift": 0 });
        let paid = self.page.done("top_up", wanted).await;
        self.topped_up += AMOUNT;
        receipt_of(&paid)
    }

    async fn sells(&mut self) -> String {
        self.page.enter("6901234567939").await;
        receipt_of(&self.page.pay("wechat", Value::Null).await)
    }

    /// By the value that both branches use, while it is here or comes in time; what does not is paid otherwise.
    async fn sells_for_value(&mut self) -> String {
        self.page.enter("6901234567939").await;
        self.page.enter("6002").await;
        let tender = json!({ "code": "value", "amount": null, "due": AMOUNT, "proof": null, "pay_code": null });
        match self.page.command("tender", tender).await {
            (200, paid) if paid["done"].is_object() => {
                self.spent += AMOUNT;
                receipt_of(&paid)
            }
            (status, no) => {
                assert_eq!((status, no["code"].as_str()), (409, Some("not_enough_here")), "{no}");
                receipt_of(&self.page.pay("wechat", Value::Null).await)
            }
        }
    }

    async fn printed(&self) {
        for _ in 0..400 {
            if self.page.get("/api/bill").await.1["last"]["print"]["state"] == "printed" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the slip of {:?} is not printed", self.receipts.last());
    }

    /// Every receipt that the till showed is on paper once.
    fn is_on_paper(&self) {
        let slips = self.lab.receipts_after(0);
        for receipt in &self.receipts {
            let holds = |bytes: &[u8]| bytes.windows(receipt.len()).any(|window| window == receipt.as_bytes());
            assert_eq!(slips.iter().filter(|slip| holds(&slip.bytes)).count(), 1, "{receipt} on paper");
        }
        assert_eq!(slips.len(), self.receipts.len(), "and nothing else");
    }
}

fn receipt_of(answer: &Value) -> String {
    answer["done"]["receipt_no"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

/// Cuts one link after the other for a moment.
async fn cut(wires: [&Wire; 2], over: &AtomicBool) {
    for n in 0.. {
        for (up_ms, wire) in [(900, wires[n % 2]), (300, wires[n % 2])] {
            tokio::time::sleep(Duration::from_millis(up_ms)).await;
            if up_ms == 900 { wire.cut() } else { wire.mend() }
        }
        if over.load(Ordering::SeqCst) {
            return;
        }
    }
}

/// Kills the hub when a request has been in it for a while, a longer one each time; the last one started, and how many there were.
fn kill(mut hub: Serving, data: &Path, wires: [&Wire; 2]) -> (Serving, u32) {
    let (start, address) = (Instant::now(), hub.address().to_owned());
    let mut kills = 0;
    while kills < KILLS && start.elapsed() < LONGEST {
        while wires.iter().all(|wire| wire.unanswered() == 0) && start.elapsed() < LONGEST {
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_micros(u64::from(kills % 10) * 1_500));
        hub.kill();
        kills += 1;
        hub = Serving::start("hub", data, &address);
    }
    (hub, kills)
}

/// A second branch with people of its own.
fn second_branch(shop: &Shop) {
    let files = shop.folder.join("more");
    std::fs::create_dir_all(&files).expect("a folder");
    let staff = "code,name,branch,roles,pin\n2001,小郑,B2,cashier,111111\n7101,老马,B2,technician,444444\n";
    for (name, text) in [("branches.csv", "code,name\nB2,解放路店\n"), ("staff.csv", staff)] {
        std::fs::write(files.join(name), text).expect("written");
    }
    done("hub", &["import", "--data", &shop.path("hub"), &files.display().to_string()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_hub_is_killed_again_and_again_while_two_branches_sell_top_up_and_ask() {
    let mut shop = Shop::head_office("hub-killed");
    second_branch(&shop);
    let mut first = Branch::open(&shop, "edge1", "人民路店", [("1001", "111111"), ("7001", "444444")]).await;
    let mut second = Branch::open(&shop, "edge2", "解放路店", [("2001", "111111"), ("7101", "444444")]).await;
    let (over, member) = (Arc::new(AtomicBool::new(false)), first.page.get("/api/members?text=6002").await.1["members"][0]["id"].clone());
    let member: MemberId = member.as_str().expect("an id").parse().expect("a member");

    let (wires, data) = ([first.wire.clone(), second.wire.clone()], shop.folder.join("hub"));
    let hub = shop.hub.take().expect("it serves");
    let killing = tokio::task::spawn_blocking({
        let (wires, over) = (wires.clone(), over.clone());
        move || {
            let killed = kill(hub, &data, [&wires[0], &wires[1]]);
            over.store(true, Ordering::SeqCst);
            killed
        }
    });
    tokio::join!(first.serve(&over), second.serve(&over), cut([&wires[0], &wires[1]], &over));
    let (hub, kills) = killing.await.expect("nobody panicked");
    shop.hub = Some(hub);
    let torn = wires[0].torn() + wires[1].torn();
    let (sold, asked) = (first.receipts.len() + second.receipts.len(), first.spent + second.spent);
    println!("{kills} kills, {torn} of them between a request's arrival and its answer; {sold} receipts, {asked} paid by value");
    assert!(torn >= TORN_MIN, "{torn} of {kills} kills hit a request in the hub");
    assert!(asked > 0 && first.topped_up > 0 && second.topped_up > 0, "value was topped up and spent");
    judge(shop, [first, second], member).await;
}

/// Everything drains; then the books are opened.
async fn judge(mut shop: Shop, branches: [Branch; 2], member: MemberId) {
    for branch in &branches {
        let sent = async || branch.page.get("/api/status").await.1["unsent"] == 0;
        for _ in 0..1_200 {
            if sent().await {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(sent().await, "everything is sent");
        branch.is_on_paper();
    }
    shop.hub.take().expect("it serves").end();
    let data = shop.folder.join("hub");
    let hub = Connection::open(data.join("hub.db")).expect("the hub's database");
    for receipt in branches.iter().flat_map(|branch| &branch.receipts) {
        let sql = "select count(*) from receipt where receipt_no = ?1";
        let there: i64 = hub.query_row(sql, [receipt], |row| row.get(0)).expect("a count");
        assert_eq!(there, 1, "{receipt} at head office");
    }
    let all = branches.iter().map(|branch| branch.receipts.len() as i64).sum::<i64>();
    assert_eq!(number(&hub, "select count(*) from receipt"), all, "and no others");
    assert_eq!(number(&hub, "select count(*) from stream where branch = x''"), 1, "a hub that was killed opens no new stream");
    let lies = Readers::of(&data.join("hub.db")).read(|db| balance::everywhere(db, Holder::Member(member))).expect("read");
    let value = lies.iter().filter(|(unit, ..)| matches!(unit, Unit::Value(_) | Unit::Bonus(_)));
    let amounts: Vec<i64> = value.map(|(.., amount)| *amount).collect();
    let wanted = branches.iter().map(|branch| branch.topped_up - branch.spent).sum::<i64>() + OPENING;
    assert_eq!(amounts.iter().sum::<i64>(), wanted, "what was paid in less what was spent");
    assert!(amounts.iter().all(|amount| *amount >= 0), "{amounts:?}");
    branches.into_iter().for_each(|branch| branch.edge.end());
    for (name, folder) in [("hub", "hub"), ("edge", "edge1"), ("edge", "edge2")] {
        assert!(done(name, &["verify", "--data", &shop.path(folder)]).contains("compared with ones made anew"), "{folder}");
        assert!(done(name, &["rebuild", "--data", &shop.path(folder)]).contains("every view is equal"), "{folder}");
    }
}
