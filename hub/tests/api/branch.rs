//! A branch beside head office, in process: its store exchanges with the hub by the very functions that both binaries call.
use crate::desk::chain;
use crate::site::{Page, Site};
use serde_json::{Value, json};
use shared::base::{BranchId, BusinessDay, CommandId, DocumentId, MemberId, Money, ProductNo, Quantity, SaleId, StaffId, StreamId};
use shared::catalog;
use shared::desk::registry::REGISTRY;
use shared::desk::write::member::WriteMember;
use shared::desk::write::standing;
use shared::documents::Scalar;
use shared::exchange::edge::{self, Wants};
use shared::exchange::hub::{Asked, Hub};
use shared::exchange::sign::Keys;
use shared::exchange::wire::Told;
use shared::facts::journal::Opened;
use shared::facts::sales::{CASH, Occasion, Paid, Priced, Proven, RULES, Sold, SoldLine};
use shared::journal::{Actor, Command, Decided, Fault, Moment, Read, Refusal, Right};
use shared::store::{Opening, Priority, Store};
use shared::views::Side;

pub const STREAM: StreamId = StreamId([0xE1; 16]);

pub struct Branch {
    pub store: Store,
    keys: Keys,
    pub id: BranchId,
    fresh: u8,
}

/// Rings up one bottle for cash.
struct Ring(Sold);

impl Command for Ring {
    type State = ();
    const RIGHT: Option<Right> = Some(Right::Sell);
    fn content(&self) -> Vec<u8> {
        self.0.receipt_no.clone().into_bytes()
    }
    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }
    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&self.0))
    }
}

impl Branch {
    pub async fn new(site: &Site, hq: &Page) -> Branch {
        let id = hq.get("/api/branches").await.1["rows"][0]["id"].as_str().expect("an id").parse().expect("a branch");
        let path = site.folder().join("edge.db");
        let mut store = Store::open(Opening { path, registry: &REGISTRY, side: Side::Edge, lineage: None }).expect("a store opens");
        let keys = Keys::from_secret([7; 32]);
        let (key, hub_key) = (keys.public(), site.app.exchange.keys.public());
        let hub = site
            .app
            .read(|db| Ok(StreamId(db.row("select value from meta where name = 'stream'", &[])?.map_or([0; 16], |row| row.raw(0)))));
        let hub = hub.await.expect("read");
        let opened = Opened { branch: Some(id), device_key: key, predecessor: None, predecessor_seq: 0, epoch: 0 };
        let now = hub::app::now_ms();
        let open = store.transaction(|writer| {
            writer.open_stream(STREAM, &opened, now)?;
            writer.know_stream(hub, None, &hub_key, None)
        });
        open.expect("a stream opens");
        let sql = "insert into device (device_key, branch, enrolled_ms, revoked) values (?1, ?2, 0, 0)";
        let enrolled = site.app.write(Priority::Till, move |writer| writer.execute(sql, &[key.into(), id.into()]));
        enrolled.await.expect("enrolled");
        Branch { store, keys, id, fresh: 0 }
    }

    fn moment(&mut self) -> Moment {
        self.fresh += 1;
        Moment {
            command: CommandId([self.fresh; 16]),
            by: Actor::Person(StaffId([1; 16])),
            rights: vec![Right::Sell, Right::Enrol],
            now_ms: hub::app::now_ms(),
            hub_ms: 0,
            branch: Some(self.id),
            here: STREAM,
            till: None,
            shift: None,
            day: 20_261_121,
            hour: 14,
            entropy: [self.fresh; 16],
        }
    }

    pub fn decide<C: Command>(&mut self, command: &C) {
        let moment = self.moment();
        let done = self.store.transaction(|writer| {
            let done = writer.decide(command, &moment)?;
            writer.flush_feed().map(|()| done)
        });
        done.expect("no fault").expect("allowed");
    }

    /// Exchanges until there is nothing more.
    pub async fn exchange(&mut self, site: &Site, mut told: Vec<Told>) {
        for round in 0..20 {
            let wants = Wants { told: std::mem::take(&mut told), ..Wants::default() };
            let request = edge::request(&self.store, &self.keys, STREAM, self.id.bytes(), wants).expect("a request");
            let (device, branch, keys) = (self.keys.public(), self.id, site.app.exchange.keys.clone());
            let (asked, now) = (Asked { device, branch, request: request.into() }, hub::app::now_ms());
            let served = site.app.write(Priority::Live, move |writer| {
                let hub = Hub { keys: &keys, answer: &|_, _| Ok(Vec::new()) };
                let stretches = asked.stretches(writer.registry());
                let taken = hub.take(writer, &asked, stretches, now, [round; 16])?;
                hub.give(writer, &asked, taken, now)
            });
            let (response, key) = (served.await.expect("served"), site.app.exchange.keys.public());
            let mut more = false;
            for step in edge::steps() {
                let applied = self.store.transaction(|writer| edge::apply(writer, &response, *step, &key, now, [round; 16]));
                let applied = applied.expect("applied");
                assert_eq!(applied.refused, None);
                more = applied.more;
            }
            if !more {
                return;
            }
        }
        panic!("the exchange does not come to rest");
    }

    fn price(&self) -> Option<i64> {
        let price = catalog::price(&self.store, "main", ProductNo(1), BusinessDay(99_991_231)).expect("read");
        price.map(|price| price.price.minor())
    }
}

pub fn bottle(branch: BranchId, sale: CommandId, at_ms: i64) -> Sold {
    let price = Money::from_minor(250);
    let line = SoldLine {
        no: 1,
        product: Some(ProductNo(1)),
        quantity: Quantity::from_thousandths(1_000),
        list_price: price,
        gross: price,
        net: price,
        priced: Priced::List,
        earns_points: true,
        price_discount: Money::ZERO,
        rate_discount: Money::ZERO,
        bill_discount: Money::ZERO,
        rounding: Money::ZERO,
        rate: None,
        cost: None,
        name: None,
        reason: None,
        converted: false,
    };
    let cash = Paid { code: CASH.into(), amount: price, bonus: Money::ZERO, handed: price, parts: vec![], proven: Proven::NotAsked };
    let by = StaffId([1; 16]);
    let at = Occasion { branch, till: 1, shift: None, day: 20_261_121, hour: 14, at_ms, by, allowed_by: None, clock_by_hand: false };
    Sold {
        sale: SaleId(sale.0),
        at,
        receipt_no: "R1".into(),
        lines: vec![line],
        tenders: vec![cash],
        subtotal: price,
        discount: Money::ZERO,
        rounding: Money::ZERO,
        due: price,
        change: Money::ZERO,
        off_by_hand: None,
        sales_clerks: None,
        rules: RULES,
        buyer: None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_price_reaches_the_branch_and_its_sale_reaches_the_dashboard() {
    let site = Site::new("branch").await;
    let hq = chain(&site).await;
    let mut branch = Branch::new(&site, &hq).await;
    let tell = |topic: &str, body: Value| Told {
        topic: topic.into(),
        key: vec![].into(),
        body: body.to_string().into_bytes().into(),
        as_of_ms: 5,
    };
    let printer = json!([{"id": "dev_1", "kind": "printer", "name": "小票", "state": "failed", "what": "paper_out", "since_ms": 4}]);
    branch.exchange(&site, vec![tell("devices", printer), tell("unsent", json!({"unsent": 3, "price_release": 7}))]).await;
    assert_eq!(branch.price(), Some(250));
    let now = json!({"product": 1, "list": "main", "price": 260, "member_price": null, "from": null, "now": true, "confirmed": true});
    hq.done("change_price", now).await;
    branch.exchange(&site, vec![]).await;
    assert_eq!(branch.price(), Some(260));
    assert_eq!(catalog::release::price_release(&branch.store), Ok(2), "one with the list, one now");

    let row = hq.get("/api/branches").await.1["rows"][0].clone();
    assert_eq!((&row["devices"][0]["what"], &row["unsent"], &row["price_release"]), (&json!("paper_out"), &json!(3), &json!(7)));
    assert_eq!((&row["link"], &row["install"]["sealed"]), (&json!("down"), &json!(false)), "heard, and no live link is open");

    let at_ms = hub::app::now_ms();
    let sold = bottle(branch.id, CommandId([branch.fresh + 1; 16]), at_ms);
    branch.decide(&Ring(sold));
    branch.exchange(&site, vec![]).await;
    let (_, takings) = hq.get("/api/takings?day=20261121").await;
    let total = &takings["total"];
    assert_eq!(
        [&total["turnover"], &total["received"], &total["bills"], &total["pieces"]].map(Value::as_i64),
        [Some(250), Some(250), Some(1), Some(1_000)]
    );
    assert_eq!((&takings["hours"][14]["turnover"], &takings["tenders"][0]["name"]), (&json!(250), &json!("现金")));
    let (_, sales) = hq.get("/api/sales?day=20261121").await;
    assert_eq!((&sales["total"], &sales["rows"][0]["receipt_no"], &sales["rows"][0]["due"]), (&json!(1), &json!("R1"), &json!(250)));
    let id = sales["rows"][0]["id"].as_str().expect("an id");
    let (_, sale) = hq.get(&format!("/api/sales/{id}")).await;
    assert_eq!((&sale["lines"][0]["name"], &sale["lines"][0]["price"]), (&json!("农夫山泉"), &json!(250)));
    assert_eq!(sale["entry"]["stream"], STREAM.to_string());
    let (_, product) = hq.get("/api/products/1").await;
    assert_eq!(
        (&product["stock"], &product["stocks"][0]["stock"]),
        (&json!(-1_000), &json!(-1_000)),
        "a shop sells what the books do not have"
    );
    reports_show_it(&hq, &branch.id.to_string()).await;

    let seal = |confirmed: bool| json!({"branch": branch.id, "reason": "lost", "confirmed": confirmed});
    let (status, asked) = hq.command("seal_install", seal(false)).await;
    assert_eq!((status, &asked["args"]), (409, &json!({"what": "seal", "value": 0, "members": 0})));
    assert_eq!(hq.done("seal_install", seal(true)).await["branch"]["install"]["sealed"], true);
}

/// Every report answers; the sale stands in those about sales, the books tie, and the same stands in a file.
async fn reports_show_it(hq: &Page, branch: &str) {
    let days = "from=20261121&until=20261121";
    let (_, list) = hq.get("/api/reports").await;
    let names: Vec<String> =
        list["rows"].as_array().expect("rows").iter().map(|row| row["name"].as_str().expect("a name").into()).collect();
    assert!(names.len() >= 14, "{names:?}");
    for name in &names {
        let (status, answer) = hq.get(&format!("/api/reports/{name}?{days}&branch={branch}")).await;
        assert_eq!(status, 200, "{name}: {answer}");
        hq.sheet(&format!("/api/export/report-{name}.xlsx?{days}&reason=x")).await.expect(name);
    }
    let rows = async |name: &str| hq.get(&format!("/api/reports/{name}?{days}")).await.1;
    let daily = rows("daily").await;
    assert_eq!(daily["rows"][0]["cells"].as_array().expect("cells")[2..5], [json!(1), json!(250), json!(250)], "{daily}");
    assert_eq!(daily["totals"][3], 250);
    let opens = daily["rows"][0]["opens"].clone();
    assert_eq!((&opens["page"], &opens["branch"], &opens["from"]), (&json!("bills"), &json!(branch), &json!(20_261_121)));
    let bill = rows("bills").await["rows"][0].clone();
    assert_eq!((&bill["cells"][3], &bill["cells"][8]["zh"]), (&json!("R1"), &json!("现金 2.50")));
    let (status, _) = hq.get(&format!("/api/sales/{}", bill["opens"]["id"].as_str().expect("an id"))).await;
    assert_eq!(status, 200, "a figure opens down to its slip");
    assert_eq!(rows("lines").await["rows"][0]["cells"][5]["zh"], "农夫山泉");
    let products = rows("products").await;
    assert_eq!((&products["rows"][0]["cells"][2]["zh"], &products["totals"][4]), (&json!("农夫山泉"), &json!(250)));
    assert_eq!(rows("cash").await["totals"][6], 250);
    assert_eq!(rows("returns").await["rows"], json!([]));
    // The branch was heard long before the end of a day that goes on, and told of entries that have not come.
    assert_eq!(daily["late"][0]["branch"]["code"], "001", "{}", daily["late"]);
    let (name, cells) = hq.sheet(&format!("/api/export/report-daily.xlsx?{days}")).await.expect("a file");
    assert!(name.contains("filename=\"daily.xlsx\""), "{name}");
    let line = |first: &str| cells.iter().find(|row| row[0] == *first).map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(line("营业日").expect("the days")[1], "2026-11-21 – 2026-11-21");
    assert!(line("未齐").is_some());
    assert_eq!(line("合计").expect("sums")[3], "2.5");

    let value = hq.get("/api/reports/value?from=20200101&until=20200102").await.1;
    assert!(value["rows"].as_array().expect("rows").iter().all(|row| row["cells"][8] == 0), "before anything happened: {value}");
    let today = hq.get("/api/hub").await.1["day"].clone();
    let value = hq.get(&format!("/api/reports/value?from={today}&until={today}")).await.1;
    let total = |at: usize| value["totals"][at].as_i64().expect("a sum");
    assert_eq!((2..8).map(total).sum::<i64>(), total(8), "what was, what came and what went is what there is: {value}");
    let held = hq.get("/api/takings").await.1["value"].clone();
    assert_eq!(total(8), held["principal"].as_i64().expect("principal") + held["bonus"].as_i64().expect("bonus"), "{value}");

    let log = hq.get(&format!("/api/reports/journal?from={today}&until={today}")).await.1;
    let all: Vec<&Value> = log["rows"].as_array().expect("rows").iter().map(|row| &row["cells"]).collect();
    assert!(all.iter().any(|cells| cells[3]["zh"] == "销售" && cells[1]["zh"] != "总部" && cells[4] == "R1 ¥2.50"), "{log}");
    assert!(all.iter().any(|cells| cells[3]["zh"] == "导出" && cells[2].as_str().is_some_and(|who| who.starts_with("hq "))), "{log}");
    let changed = all.iter().any(|cells| cells[3]["zh"] == "修改商品" && cells[4] == "农夫山泉" && cells[6].to_string().contains("260"));
    assert!(changed, "what stands after a change: {log}");
    assert_eq!(hq.get("/api/reports/none").await.0, 404);
    assert_eq!(hq.get("/api/reports/daily?from=20260101&until=20270201").await.1["args"]["field"], "days");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_at_two_places_is_settled_by_a_click() {
    let site = Site::new("conflict").await;
    let hq = chain(&site).await;
    let mut branch = Branch::new(&site, &hq).await;
    branch.exchange(&site, vec![]).await;
    let id = hq.get("/api/members?text=6001").await.1["rows"][0]["id"].as_str().expect("an id").to_owned();
    let member: MemberId = id.parse().expect("a member");
    let set = [("name".to_owned(), Scalar::Text("王大明".into()))].into();
    branch.decide(&WriteMember { member: Some(member), set, removed: vec![], although_taken: true });
    let edit = json!({"member": id, "name": "王晓明", "phone": null, "birthday": null, "gender": null, "note": "", "home": null, "cards": ["6001"],
                      "although_taken": true});
    hq.done("member_edit", edit).await;
    branch.exchange(&site, vec![]).await;
    let (_, conflicts) = hq.get("/api/conflicts").await;
    assert_eq!((&conflicts["total"], &conflicts["rows"][0]["key"]), (&json!(1), &json!("name")), "{conflicts}");
    let candidates = conflicts["rows"][0]["candidates"].as_array().expect("two").clone();
    let values: Vec<&str> = candidates.iter().filter_map(|candidate| candidate["value"].as_str()).collect();
    assert!(values.contains(&"王大明") && values.contains(&"王晓明") && candidates.iter().all(|candidate| candidate["before"] == "王小明"));
    assert!(
        candidates.iter().any(|candidate| candidate["branch"]["code"] == "001")
            && candidates.iter().any(|candidate| candidate["by"] == "总部")
    );
    let other = json!({"document": DocumentId::from(member), "key": "name", "rank": 1});
    assert_eq!(hq.done("settle_conflict", other.clone()).await, json!({"conflicts": 0}));
    assert_eq!(hq.command("settle_conflict", other).await.1["code"], "conflict_gone");
    branch.exchange(&site, vec![]).await;
    let there = standing(&branch.store, member.into()).expect("read");
    assert_eq!(there.get("name"), Some(&Scalar::Text(values[1].into())));
    assert_eq!(hq.get(&format!("/api/members/{id}")).await.1["name"], values[1]);
}
