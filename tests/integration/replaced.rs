//! Goal: a box dies with sales that head office has not heard; a spare one takes over, and nothing is lost or doubled.
//! Method: the real binaries as processes, killed as a power cut kills them; the commands are those of the guide, with folders and ports put in.
use crate::binaries::{Serving, commands, done, run};
use crate::till::{HOUSE, Page};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub struct Shop {
    pub folder: PathBuf,
    pub hub: Option<Serving>,
    /// Receipts as the cashier saw them.
    pub receipts: Vec<String>,
}

impl Shop {
    /// A chain with goods and people, as the installation guide makes it, and the box of its first branch.
    pub fn new(name: &str) -> Shop {
        let shop = Shop::head_office(name);
        shop.enrol("old", "人民路店", &shop.hub_url());
        shop
    }

    /// The same before any branch has a box.
    pub fn head_office(name: &str) -> Shop {
        let folder = std::env::temp_dir().join(format!("catena-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("files")).expect("a folder for the test");
        for (kind, columns, lines) in HOUSE {
            let file = folder.join("files").join(format!("{kind:?}.csv").to_lowercase());
            std::fs::write(file, format!("{columns}\n{}\n", lines.join("\n"))).expect("written");
        }
        let mut shop = Shop { folder, hub: None, receipts: Vec::new() };
        done("hub", &["init", "--data", &shop.path("hub"), "--chain", "示范连锁"]);
        done("hub", &["import", "--data", &shop.path("hub"), &shop.path("files")]);
        shop.open_hub("127.0.0.1:0");
        shop
    }

    /// A box for a branch, which finds head office at this address.
    pub fn enrol(&self, folder: &str, branch: &str, url: &str) {
        let code = done("hub", &["enrol-code", "--data", &self.path("hub"), "--branch", branch]);
        done("edge", &["enrol", "--data", &self.path(folder), "--hub", url, "--code", &code]);
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    pub fn open_hub(&mut self, listen: &str) {
        self.hub = Some(Serving::start("hub", &self.folder.join("hub"), listen));
    }

    fn hub_url(&self) -> String {
        self.hub.as_ref().expect("the hub serves").url.clone()
    }

    /// Opens a page at a box and signs in; the box has its people first.
    pub async fn page(&self, edge: &Serving) -> Page {
        self.page_of(edge, "1001", "111111").await
    }

    pub async fn page_of(&self, edge: &Serving, code: &str, pin: &str) -> Page {
        let page = Page::of(&edge.url);
        for _ in 0..200 {
            let (status, _) = page.another().post("/api/session/sign_in", json!({ "code": code, "pin": pin, "till": 1 })).await;
            if status == 200 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let mut page = page;
        page.sign_in(code, pin).await;
        page
    }

    pub async fn sell(&mut self, page: &mut Page) {
        page.enter("6901234567939").await;
        let paid = page.pay("wechat", Value::Null).await;
        self.receipts.push(paid["done"]["receipt_no"].as_str().expect("a receipt").to_owned());
    }

    /// Two sales and a top-up that head office hears, two sales and one paid by value that it does not; then the box dies.
    async fn old_box_dies(&mut self) {
        let edge = Serving::start("edge", &self.folder.join("old"), "127.0.0.1:0");
        let mut page = self.page(&edge).await;
        page.done("shift_open", json!({ "float": 50_000 })).await;
        self.sell(&mut page).await;
        self.sell(&mut page).await;
        let (_, hits) = page.get("/api/members?text=6002").await;
        let member = hits["members"][0]["id"].clone();
        let top_up = json!({ "member": member, "amount": 50_000, "tender": "cash", "tendered": 50_000, "gift": 2_000 });
        page.done("top_up", top_up).await;
        self.until("head office hears it", |hub| number(hub, "select count(*) from receipt") == 3).await;
        let address = self.hub.as_ref().expect("the hub serves").address().to_owned();
        self.hub.take().expect("the hub serves").kill();
        self.sell(&mut page).await;
        self.sell(&mut page).await;
        page.enter("6901234567939").await;
        page.enter("6002").await;
        let paid = page.pay("value", Value::Null).await;
        self.receipts.push(paid["done"]["receipt_no"].as_str().unwrap_or_else(|| panic!("{paid}")).to_owned());
        edge.kill();
        self.open_hub(&address);
    }

    pub async fn until(&self, what: &str, mut holds: impl FnMut(&Connection) -> bool) {
        let hub = Connection::open(self.folder.join("hub/hub.db")).expect("the hub's database");
        for _ in 0..400 {
            if holds(&hub) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{what}: not within twenty seconds");
    }

    /// The commands of a part of the guide, with this test's folders, port and code; `edge serve` goes on beside the others.
    fn follow(&self, part: &str, from: &str) -> (Serving, Vec<String>) {
        let (mut code, mut serving, mut said) = (String::new(), None, Vec::new());
        for command in commands("replaced-box.md", part) {
            let put_in = |word: &str| match word {
                "/var/lib/catena-hub" => self.path("hub"),
                "/var/lib/catena-edge" => self.path("new"),
                "/media/old/catena-edge" | "/media/usb/mirror" | "/backup/edge.db" => self.path(from),
                "https://hub.example.com" => self.hub_url(),
                "CODE" => code.clone(),
                word => word.to_owned(),
            };
            let words: Vec<String> = command.split_whitespace().map(put_in).collect();
            let arguments: Vec<&str> = words[1..].iter().map(String::as_str).collect();
            if arguments[0] == "serve" {
                serving = Some(Serving::start("edge", Path::new(&self.path("new")), "127.0.0.1:0"));
                continue;
            }
            let answer = done(&words[0], &arguments);
            if arguments[0] == "enrol-code" {
                code.clone_from(&answer);
            }
            said.push(answer);
        }
        (serving.expect("the guide starts the new box"), said)
    }

    pub fn every_receipt_is_there_once(&self) {
        let hub = Connection::open(self.folder.join("hub/hub.db")).expect("the hub's database");
        for receipt in &self.receipts {
            let there: i64 =
                hub.query_row("select count(*) from receipt where receipt_no = ?1", [receipt], |row| row.get(0)).expect("a count");
            assert_eq!(there, 1, "receipt {receipt}");
        }
        assert_eq!(number(&hub, "select count(*) from receipt where slip = 1"), self.receipts.len() as i64);
        let salvaged = "select count(*) from exception where what = 'salvaged'";
        assert!(number(&hub, salvaged) <= 1, "one old box is one thing to look at");
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub fn number(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |row| row.get(0)).unwrap_or(-1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_dies_and_its_disk_is_read() {
    let mut shop = Shop::new("replaced-disk");
    shop.old_box_dies().await;
    let (edge, said) = shop.follow("The old disk can be read", "old");
    let last = said.last().expect("it salvaged");
    assert!(last.contains("nothing is missing"), "{last}");
    shop.every_receipt_is_there_once();
    let verified = done("hub", &["verify", "--data", &shop.path("hub")]);
    assert!(verified.contains(" salvaged") && !verified.contains(" 0 salvaged"), "{verified}");
    // Value of 520.00 less 100.00 was carried to the new box, where it is spent with the link up or down.
    let mut page = shop.page(&edge).await;
    page.done("shift_open", json!({ "float": 50_000 })).await;
    let hub = shop.hub.take().expect("the hub serves");
    let there = "select count(*) from stream where branch <> x'' and sealed = 1";
    let db = Connection::open(shop.folder.join("hub/hub.db")).expect("the hub's database");
    assert_eq!(number(&db, there), 1, "the old box is sealed");
    let member = page.get("/api/members?text=6002").await.1["members"][0]["id"].clone();
    let path = format!("/api/members/{}", member.as_str().expect("an id"));
    for _ in 0..200 {
        if page.get(&path).await.1["value"]["usable_here"] == json!(42_000) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(page.get(&path).await.1["value"]["usable_here"], json!(42_000));
    hub.kill();
    shop.sell(&mut page).await;
    assert!(run("edge", &["salvage", "--data", &shop.path("new"), "--from", &shop.path("old")]).is_err(), "the hub does not answer");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_box_dies_with_its_disk_and_the_mirror_is_read() {
    let mut shop = Shop::new("replaced-mirror");
    std::fs::write(shop.folder.join("old/edge.toml"), format!("mirror = {:?}\n", shop.path("mirror"))).expect("written");
    shop.old_box_dies().await;
    std::fs::remove_dir_all(shop.folder.join("old")).expect("the disk is gone");
    let (_edge, said) = shop.follow("Only the mirror is left", "mirror");
    assert!(said.last().expect("it salvaged").contains("now seal"), "{said:?}");
    shop.every_receipt_is_there_once();
    // Once more changes nothing.
    done("edge", &["salvage", "--data", &shop.path("new"), "--from", &shop.path("mirror")]);
    shop.every_receipt_is_there_once();
}
