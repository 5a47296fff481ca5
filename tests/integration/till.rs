//! Goal: what a cashier does, over the real HTTP of a real edge enrolled at a real hub: the worked examples of the trade, to the cent.
use crate::chain::{Chain, moment};
use serde_json::{Value, json};
use shared::desk::import::{File, Kind, Line};
use shared::store::Priority;
use std::sync::atomic::{AtomicU64, Ordering};

/// Rows of the files that head office brings in.
pub const HOUSE: [(Kind, &str, &[&str]); 8] = [
    (
        Kind::Settings,
        "group,key,value",
        &[
            "till,rounding,jiao",
            "till,tender:wechat,1|微信支付|WeChat Pay|other",
            "till,tender:alipay,2|支付宝|Alipay|other",
            "value,tier:50000,2000",
            "value,tier:100000,10000",
            "points,pending_days,7",
            "points,expiry_months,12",
            "codes,prefix:20,weight",
            "codes,prefix:21,amount",
        ],
    ),
    (Kind::Categories, "code,name", &["01,杂货"]),
    (
        Kind::Levels,
        "code,name,name_en,rank,discount_bp,points_factor_bp,threshold_minor",
        &["normal,普通,Normal,0,10000,10000,0", "vip,VIP,VIP,2,9500,12000,500000"],
    ),
    (
        Kind::Roles,
        "code,name,name_en,rights,max_line_discount_bp,max_bill_discount_bp,max_refund_minor",
        &[
            "cashier,收银员,Cashier,sell discount_line discount_bill hold open_item remove_line shift cash_move enrol top_up,9000,9500,0",
            "manager,店长,Manager,sell discount_line discount_bill price_override free_item open_item void_bill remove_line hold return \
             return_without correct points reprint open_drawer shift day_end cash_move enrol top_up withdraw see_takings set_clock allow,1000,1000,",
            "technician,技术员,Technician,technician,10000,10000,0",
            "chief,技术主管,Chief technician,technician allow,10000,10000,0",
        ],
    ),
    (
        Kind::Staff,
        "code,name,branch,roles,pin",
        &[
            "1001,小周,B1,cashier,111111",
            "1002,小吴,B1,cashier,222222",
            "9001,陈店长,B1,manager,333333",
            "7001,老刘,B1,technician,444444",
            "7002,老钱,B1,chief,555555",
        ],
    ),
    (
        Kind::Products,
        "number,name,name_en,category,unit,weighed,plu,barcodes,discountable,price,member_price,cost",
        &[
            "11,精华,Essence,01,瓶,0,,6901234567892,1,168.00,,100.00",
            "12,面膜,Mask,01,盒,0,,6901234567908,1,69.80,,30.00",
            "13,毛巾,Towel,01,条,0,,6901234567915,1,25.50,,10.00",
            "14,香烟,Tobacco,01,包,0,,6901234567922,0,50.00,,40.00",
            "15,茶杯,Cup,01,个,0,,6901234567939,1,100.00,,40.00",
            "16,会员茶,Tea,01,盒,0,,6901234567946,1,39.90,36.90,",
            "17,排骨,Ribs,01,kg,1,12345,,1,25.80,,",
        ],
    ),
    (
        Kind::Members,
        "name,phone,card,home,level,value,bonus",
        &["王小明,13800138000,6001,B1,vip,1000.00,100.00", "李雷,13900139000,6002,B1,normal,100.00,0"],
    ),
    (Kind::Branches, "code,name", &["B1,人民路店"]),
];

/// Head office brings everything in, and the branch has it.
pub async fn stocked(name: &str) -> Chain {
    let chain = Chain::new(name, 1).await;
    stock(&chain).await;
    chain
}

/// The same for a chain that stands.
pub async fn stock(chain: &Chain) {
    let vault = chain.hub.exchange.vault.clone();
    for (kind, columns, lines) in HOUSE {
        let columns = columns.split(',').map(str::to_owned).collect();
        let file = File::new(kind, columns, vault.clone()).expect("columns of this kind");
        let lines: Vec<Line> =
            (2..).zip(lines).map(|(number, line)| Line { number, cells: line.split(',').map(str::to_owned).collect() }).collect();
        let now = hub::app::now_ms();
        let done = chain.hub.write(Priority::Live, move |writer| {
            let command = shared::base::ids::derived("test import", &[&[kind as u8]]);
            let here = writer.identity()?.stream;
            file.take_in(writer, &lines, &moment(command, here, now))
        });
        for line in done.await.expect("written") {
            line.expect("a good line");
        }
    }
    let edge = chain.branches[0].edge.clone();
    let there = async || {
        edge.read(|db| {
            let members = db.number("select count(*) from member", &[])?;
            let pins = db.number("select count(*) from staff_pin", &[])?;
            Ok(members == 2 && pins == 5)
        })
        .await
        .expect("read")
    };
    Chain::until("the branch has everything", there).await;
}

/// A page at a till.
pub struct Page {
    client: reqwest::Client,
    base: String,
    /// `name=token` of each.
    cookies: Vec<String>,
}

static COUNT: AtomicU64 = AtomicU64::new(1);

/// An id as a page makes it.
pub fn fresh() -> String {
    format!("{:012x}{:020x}", edge::app::now_ms(), COUNT.fetch_add(1, Ordering::Relaxed))
}

impl Page {
    /// Serves the first branch's API and opens a page on it.
    pub async fn new(chain: &Chain) -> Page {
        Page::at(chain, 0).await
    }

    pub async fn at(chain: &Chain, branch: usize) -> Page {
        Page::serving(edge::http::router(chain.branches[branch].edge.clone())).await
    }

    /// Serves these routes and opens a page on them.
    pub async fn serving(router: axum::Router) -> Page {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("bound"));
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Page { client: reqwest::Client::new(), base, cookies: Vec::new() }
    }

    /// A page of the edge at this address.
    pub fn of(base: &str) -> Page {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Page { client: reqwest::Client::new(), base: base.into(), cookies: Vec::new() }
    }

    /// A page that asks through this client.
    pub fn through(client: reqwest::Client, base: String) -> Page {
        Page { client, base, cookies: Vec::new() }
    }

    /// The same page with only the cookies whose name this is.
    pub fn with_only(&self, name: &str) -> Page {
        let cookies = self.cookies.iter().filter(|cookie| cookie.starts_with(name)).cloned().collect();
        Page { client: self.client.clone(), base: self.base.clone(), cookies }
    }

    /// The same page with a cookie of another.
    pub fn carrying(&self, other: &Page, name: &str) -> Page {
        let mut page = self.another();
        page.cookies = self.cookies.iter().filter(|cookie| !cookie.starts_with(name)).cloned().collect();
        page.cookies.extend(other.cookies.iter().filter(|cookie| cookie.starts_with(name)).cloned());
        page
    }

    pub fn another(&self) -> Page {
        Page { client: self.client.clone(), base: self.base.clone(), cookies: Vec::new() }
    }

    pub async fn post(&mut self, path: &str, body: Value) -> (u16, Value) {
        let mut request = self.client.post(format!("{}{path}", self.base)).header("x-catena", "1").json(&body);
        if !self.cookies.is_empty() {
            request = request.header("cookie", self.cookies.join("; "));
        }
        let answer = request.send().await.expect("an answer");
        for cookie in answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok()?.split(';').next()) {
            let (name, _) = cookie.split_once('=').expect("name=token");
            self.cookies.retain(|kept| !kept.starts_with(&format!("{name}=")));
            self.cookies.push(cookie.to_owned());
        }
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    /// A POST as a page of another site could send it.
    pub async fn foreign(&self, path: &str) -> (u16, Value) {
        let answer = self.client.post(format!("{}{path}", self.base)).json(&json!({})).send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        let mut request = self.client.get(format!("{}{path}", self.base));
        if !self.cookies.is_empty() {
            request = request.header("cookie", self.cookies.join("; "));
        }
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// The page listens to what happens; what came so far stays unread.
    pub async fn events(&self) -> reqwest::Response {
        let request = self.client.get(format!("{}/api/events", self.base)).header("cookie", self.cookies.join("; "));
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        answer
    }

    pub async fn sign_in(&mut self, code: &str, pin: &str) {
        let (status, answer) = self.post("/api/session/sign_in", json!({ "code": code, "pin": pin, "till": 1 })).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["session"]["locked"], false);
    }

    /// A command under a fresh id.
    pub async fn command(&mut self, name: &str, body: Value) -> (u16, Value) {
        let mut body = body;
        body["id"] = fresh().into();
        self.post(&format!("/api/commands/{name}"), body).await
    }

    /// A command that is done.
    pub async fn done(&mut self, name: &str, body: Value) -> Value {
        let (status, answer) = self.command(name, body.clone()).await;
        assert_eq!(status, 200, "{name} {body}: {answer}");
        answer
    }

    /// A command that is refused: status, code and args.
    pub async fn refused(&mut self, name: &str, body: Value) -> (u16, String, Value) {
        let (status, answer) = self.command(name, body.clone()).await;
        assert_ne!(status, 200, "{name} {body}: {answer}");
        (status, answer["code"].as_str().unwrap_or_default().to_owned(), answer["args"].clone())
    }

    pub async fn enter(&mut self, text: &str) -> Value {
        self.done("enter", json!({ "text": text, "choice": null })).await
    }

    /// Pays all that is left by one tender.
    pub async fn pay(&mut self, code: &str, amount: Value) -> Value {
        let (_, answer) = self.get("/api/bill").await;
        let totals = &answer["bill"]["totals"];
        let due = if code == "cash" { totals["due_cash"].clone() } else { totals["due"].clone() };
        self.done("tender", json!({ "code": code, "amount": amount, "due": due, "proof": null, "pay_code": null })).await
    }
}

/// A cashier at till 1 with an open shift.
async fn at_the_till(name: &str) -> (Chain, Page) {
    let chain = stocked(name).await;
    let mut page = Page::new(&chain).await;
    page.sign_in("1001", "111111").await;
    page.done("shift_open", json!({ "float": 50_000 })).await;
    (chain, page)
}

async fn goods_of_a1(page: &mut Page) {
    page.enter("6901234567892").await;
    page.enter("2*6901234567908").await;
    page.enter("6901234567915").await;
    page.enter("*2").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a1_as_the_trade_reckons_it() {
    let (_chain, mut page) = at_the_till("a1").await;
    goods_of_a1(&mut page).await;
    let attached = page.enter("6001").await;
    assert_eq!(attached["kind"], "attached", "{attached}");
    let totals = &attached["bill"]["totals"];
    assert_eq!((&totals["subtotal"], &totals["due"], &totals["due_cash"]), (&json!(35_860), &json!(34_067), &json!(34_060)));
    // The value lies at head office: it is fetched while the customer waits.
    let first = page.pay("value", json!(20_000)).await;
    let tender = &first["bill"]["tenders"][0];
    assert_eq!((&tender["principal"], &tender["bonus"]), (&json!(18_182), &json!(1_818)), "{first}");
    assert_eq!(first["bill"]["totals"]["left_cash"], 14_060);
    let done = page.pay("cash", json!(15_000)).await["done"].clone();
    assert_eq!(
        (&done["due"], &done["change"], &done["rounding"], &done["discount"]),
        (&json!(34_060), &json!(940), &json!(-7), &json!(1_793))
    );
    assert_eq!(done["points"]["earned"], 386, "{done}");
    assert_eq!(done["print"]["state"], "none", "no printer is bound");
    assert!(done["receipt_no"].as_str().is_some_and(|number| number.starts_with("001-1-1-")), "{done}");
    let (_, after) = page.get("/api/bill").await;
    assert_eq!((&after["bill"], &after["last"]["receipt_no"]), (&Value::Null, &done["receipt_no"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_is_the_same_command_and_its_answer_the_same() {
    let (_chain, mut page) = at_the_till("retry").await;
    let body = json!({ "id": fresh(), "text": "6901234567939", "choice": null });
    let first = page.post("/api/commands/enter", body.clone()).await;
    assert_eq!(page.post("/api/commands/enter", body.clone()).await, first, "once on the bill");
    let mut other = body;
    other["text"] = "6901234567892".into();
    assert_eq!(page.post("/api/commands/enter", other).await.1["code"], "command_reused");
    let body = json!({ "id": fresh(), "code": "cash", "amount": 10_000, "due": 10_000, "proof": null, "pay_code": null });
    let paid = page.post("/api/commands/tender", body.clone()).await;
    assert_eq!((paid.0, &paid.1["done"]["due"]), (200, &json!(10_000)), "{}", paid.1);
    page.enter("6901234567939").await;
    assert_eq!(page.post("/api/commands/tender", body).await, paid, "the next bill is not touched");
    assert_eq!(page.get("/api/bill").await.1["bill"]["totals"]["due"], 10_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supervisor_on_the_spot_lends_a_right_for_one_command() {
    let (_chain, mut page) = at_the_till("override").await;
    page.enter("6901234567939").await;
    let discount = json!({ "line": "line_1", "rate": 8_000, "price": null, "free": false, "reason": "老客户" });
    let (status, code, args) = page.refused("line_discount", discount.clone()).await;
    assert_eq!((status, code.as_str()), (403, "needs_override"));
    assert_eq!(args, json!({ "right": "discount_line", "limit": 9_000, "asked": 8_000 }));
    let mut lent = discount.clone();
    lent["override"] = json!({ "code": "1002", "pin": "222222" });
    assert_eq!(page.refused("line_discount", lent).await.1, "forbidden", "another cashier may not allow");
    let mut lent = discount;
    lent["override"] = json!({ "code": "9001", "pin": "333333" });
    assert_eq!(page.done("line_discount", lent).await["bill"]["totals"]["due"], 8_000);
    assert_eq!(page.refused("void_bill", json!({ "reason": null })).await.1, "needs_override");
    let bind = json!({ "device": null, "kind": "reader", "name": "读卡器", "address": "tcp:127.0.0.1:1", "baud": null, "profile": null });
    assert_eq!(page.refused("bind_device", bind.clone()).await.1, "needs_override", "books or devices: it is one judge");
    let mut lent = bind;
    lent["override"] = json!({ "code": "9001", "pin": "333333" });
    assert_eq!(page.refused("bind_device", lent.clone()).await.1, "forbidden", "a manager is no technician");
    lent["override"] = json!({ "code": "7002", "pin": "555555" });
    page.done("bind_device", lent).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_of_a_till() {
    let (_chain, mut page) = at_the_till("day").await;
    let (_, hits) = page.get("/api/members?text=8000").await;
    let hit = hits["members"].as_array().expect("hits").first().expect("王小明").clone();
    assert_eq!((&hit["name"], &hit["phone"]), (&json!("王**"), &json!("138****8000")));
    let member = hit["id"].clone();
    let (_, preview) = page.get(&format!("/api/top_up?member={}&amount=50000", member.as_str().expect("an id"))).await;
    assert_eq!((&preview["bonus"], &preview["next"]["from"]), (&json!(2_000), &json!(100_000)), "{preview}");
    let top_up = json!({ "member": member, "amount": 50_000, "tender": "cash", "tendered": 50_000, "gift": 2_000 });
    let topped = page.done("top_up", top_up).await;
    assert_eq!(topped["member"]["value"]["usable_here"], 52_000, "{topped}");
    goods_of_a1(&mut page).await;
    page.done("hold", json!({ "label": "红衣服" })).await;
    let (_, held) = page.get("/api/held").await;
    let held = held["held"][0].clone();
    assert_eq!((&held["total"], &held["label"]), (&json!(35_860), &json!("红衣服")));
    page.done("recall", json!({ "held": held["id"], "prices": null })).await;
    let done = page.pay("cash", json!(40_000)).await["done"].clone();
    let receipt_no = done["receipt_no"].as_str().expect("a number").to_owned();
    let (_, sale) = page.get(&format!("/api/sales/{receipt_no}")).await;
    assert_eq!((&sale["totals"]["due"], &sale["lies"]["here"]), (&json!(35_860), &json!(true)), "{sale}");
    let (_, refund) = page.get(&format!("/api/sales/{receipt_no}/refund")).await;
    assert_eq!((&refund["amount"], &refund["needs"]), (&json!(35_860), &json!("return")), "{refund}");
    let beside = json!({ "code": "9001", "pin": "333333" });
    let back = json!({ "receipt_no": receipt_no, "reason": "不合适", "amount": 35_860, "override": beside });
    let back = page.done("take_back", back).await["done"].clone();
    assert_eq!((&back["kind"], &back["due"]), (&json!("return"), &json!(-35_860)));
    let (_, sales) = page.get("/api/sales").await;
    let kinds: Vec<&str> = sales["sales"].as_array().expect("sales").iter().filter_map(|sale| sale["kind"].as_str()).collect();
    assert_eq!(kinds, ["return", "sale", "top_up"]);
    assert_eq!(sales["sales"][1]["returned"], true);
    let copy = page.done("reprint", json!({ "receipt_no": receipt_no, "override": beside })).await;
    assert_eq!(copy["copy"], 1);
    page.done("cash_move", json!({ "direction": "out", "amount": 30_000, "reason": "上缴" })).await;
    let (_, before) = page.get("/api/shift").await;
    assert_eq!((&before["shift"]["bills"], &before["last"]), (&json!(1), &Value::Null), "blind: {before}");
    let counted = page.done("shift_count", json!({ "counted": 69_900 })).await["shift"]["counts"][0].clone();
    assert_eq!((&counted["counted"], &counted["expected"]), (&json!(69_900), &json!(70_000)), "told after the count");
    let z = page.done("shift_close", json!({ "note": null })).await["z"].clone();
    let cash = &z["cash"];
    assert_eq!(
        (&cash["float"], &cash["sales"], &cash["top_ups"], &cash["refunds"]),
        (&json!(50_000), &json!(35_860), &json!(50_000), &json!(35_860))
    );
    assert_eq!((&cash["paid_out"], &cash["expected"], &cash["over_short"]), (&json!(30_000), &json!(70_000), &json!(-100)));
    assert_eq!((&z["given"]["refunds_count"], &z["given"]["reprints"], &z["given"]["overrides"]), (&json!(1), &json!(1), &json!(0)));
    let (_, status) = page.get("/api/status").await;
    assert_eq!((&status["clock"]["ok"], &status["held"]), (&json!(true), &json!(0)), "{status}");
}
