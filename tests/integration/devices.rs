//! Goal: devices as a shop has them: bound on the device page, a card at the reader, a slip on paper, a ring at head office.
//! Method: the real HTTP of a real edge enrolled at a real hub, with simulated devices behind real ptys.
use crate::chain::Chain;
use crate::till::{Page, stocked};
use hardware::lab::{Lab, Scene, Which};
use serde_json::{Value, json};

/// A branch with its devices bound by the technician, and a cashier with an open shift.
async fn shop(name: &str) -> (Chain, Lab, Page, Page) {
    let chain = stocked(name).await;
    let lab = Lab::start(&chain.folder.join("lab"), Scene::default()).await.expect("the lab starts");
    let mut cashier = Page::new(&chain).await;
    let mut technician = cashier.another();
    technician.sign_in("7001", "444444").await;
    for (kind, name, which) in
        [("reader", "读卡器", Which::Reader), ("printer", "小票打印机", Which::Printer), ("caller_id", "来电显示", Which::Modem)]
    {
        let address = lab.path(which).display().to_string();
        let wanted = json!({ "device": null, "kind": kind, "name": name, "address": address, "baud": null, "profile": null });
        let bound = technician.done("bind_device", wanted).await;
        assert_eq!(bound["device"]["kind"], kind);
    }
    cashier.sign_in("1001", "111111").await;
    cashier.done("shift_open", json!({ "float": 50_000 })).await;
    works(&technician, 3).await;
    (chain, lab, cashier, technician)
}

async fn works(technician: &Page, count: usize) {
    Chain::until("all devices work", async || {
        let (_, answer) = technician.get("/api/devices").await;
        answer["devices"].as_array().is_some_and(|all| all.iter().filter(|device| device["state"] == "ok").count() == count)
    })
    .await;
}

async fn last_print(page: &Page) -> Value {
    page.get("/api/bill").await.1["last"]["print"]["state"].clone()
}

fn whole_with(lab: &Lab, text: &str) -> usize {
    let holds = |bytes: &[u8]| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    lab.receipts_after(0).iter().filter(|receipt| holds(&receipt.bytes)).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_a_sale_and_its_slip() {
    let (chain, lab, mut cashier, mut technician) = shop("devices").await;
    let (_, devices) = technician.get("/api/devices").await;
    let printer = devices["devices"][1]["id"].clone();
    let tested = technician.done("test_print", json!({ "device": printer })).await;
    assert_eq!((&tested["print"]["state"], whole_with(&lab, "CATENA-TEST")), (&json!("printed"), 1), "{tested}");
    let reader = devices["devices"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(technician.refused("test_print", json!({ "device": reader })).await.1, "not_a_printer");
    assert_eq!(cashier.refused("unbind_device", json!({ "device": printer })).await.0, 403, "a cashier binds nothing");

    lab.swipe("6001");
    Chain::until("the member is on the bill", async || cashier.get("/api/bill").await.1["bill"]["member"]["name"] == "王小明").await;
    let (_, bytes) = technician.get(&format!("/api/devices/{reader}/bytes")).await;
    assert!(
        bytes["bytes"].as_array().is_some_and(|rows| rows.iter().any(|row| row["meaning"] == json!({ "code": "stripe", "said": "6001" }))),
        "{bytes}"
    );
    cashier.enter("6901234567939").await;
    let done = cashier.pay("cash", json!(10_000)).await["done"].clone();
    let receipt_no = done["receipt_no"].as_str().expect("a number").to_owned();
    Chain::until("the slip is printed", async || last_print(&cashier).await == "printed").await;
    assert_eq!((whole_with(&lab, &receipt_no), lab.drawer_pulses()), (1, 1));
    // Printing it again is a copy, and opens no drawer.
    assert_eq!(cashier.refused("reprint", json!({ "receipt_no": receipt_no })).await.1, "needs_override");
    let over = json!({ "receipt_no": receipt_no, "override": { "code": "9001", "pin": "333333" } });
    cashier.done("print", over).await;
    Chain::until("the copy is printed", async || whole_with(&lab, &receipt_no) == 2).await;
    assert_eq!(lab.drawer_pulses(), 1);

    let hub = chain.hub.clone();
    let told = async || hub.read(|db| db.number("select count(*) from statement where topic = 'devices'", &[])).await == Ok(1);
    Chain::until("head office knows the devices", told).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ring_is_at_the_till_and_at_head_office_within_a_second() {
    let (chain, lab, cashier, _technician) = shop("ring").await;
    lab.command("ring 13800138000 2").expect("understood");
    let rang = std::time::Instant::now();
    Chain::until("the call is shown", async || cashier.get("/api/calls").await.1["calls"][0]["members"][0]["name"].is_string()).await;
    let (_, calls) = cashier.get("/api/calls").await;
    assert_eq!(calls["calls"][0]["number"], "138****8000", "{calls}");
    let hub = chain.hub.clone();
    let there = async || hub.read(|db| db.number("select count(*) from call where number = '13800138000'", &[])).await == Ok(1);
    Chain::until("the call is at head office", there).await;
    // The exchange tells the number half a second after the first ring.
    assert!(rang.elapsed().as_millis() < 1_500, "{:?}", rang.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_roll_stops_no_sale_and_its_slip_is_printed_once() {
    let (_chain, lab, mut cashier, technician) = shop("roll").await;
    lab.set_paper_out(true);
    let printer = async || cashier.get("/api/status").await.1["devices"][1]["what"].clone();
    Chain::until("the till says so", async || printer().await == "paper_out").await;
    cashier.enter("6901234567939").await;
    let done = cashier.pay("wechat", Value::Null).await["done"].clone();
    let receipt_no = done["receipt_no"].as_str().expect("a number").to_owned();
    let (_, status) = cashier.get("/api/status").await;
    assert_eq!(status["slips_waiting"], 1, "{status}");
    // Asked for while there is no paper, it waits for a person.
    cashier.done("print", json!({ "receipt_no": receipt_no })).await;
    Chain::until("it failed", async || cashier.get("/api/slips").await.1["slips"][0]["state"] == "failed").await;
    lab.set_paper_out(false);
    works(&technician, 3).await;
    let slip = cashier.get("/api/slips").await.1["slips"][0]["slip"].clone();
    cashier.done("slip_print", json!({ "slip": slip, "device": null })).await;
    Chain::until("the slip is printed", async || last_print(&cashier).await == "printed").await;
    assert_eq!((whole_with(&lab, &receipt_no), lab.drawer_pulses()), (1, 0));
    assert_eq!(cashier.get("/api/slips").await.1["slips"], json!([]));
}
