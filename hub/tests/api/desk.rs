//! What head office does all day: people, goods, prices, files, lists.
use crate::site::{Site, id};
use calamine::Data;
use serde_json::{Value, json};

pub async fn chain(site: &Site) -> crate::site::Page {
    let hq = site.head_office().await;
    for (kind, text) in [
        ("branches", "code,name,name_en\n001,人民路店,Renmin Road\n002,中山店,Zhongshan\n"),
        ("categories", "code,name\n01,食品\n"),
        (
            "levels",
            "code,name,rank,discount_bp,points_factor_bp,threshold_minor\nnormal,普通,1,10000,10000,0\nvip,VIP,3,9500,12000,500000\n",
        ),
        ("products", "number,name,category,unit,price,barcodes\n1,农夫山泉,01,瓶,2.50,6921168509256\n2,可乐,01,瓶,3.00,\n"),
        (
            "members",
            "name,phone,card,home,level,value,bonus,points\n王小明,13800138000,6001,001,vip,818.18,81.82,386\n张三,13900139000,,,,,,\n",
        ),
    ] {
        let import = hq.import(kind, text).await;
        assert_eq!((&import["state"], &import["rejected"]), (&json!("done"), &json!(0)), "{import}");
    }
    hq
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_comes_in_by_the_page_and_a_second_time_changes_nothing() {
    let site = Site::new("files").await;
    let hq = chain(&site).await;
    let text = "name,phone,card,level\n李四,13700137000,7001,vip\n赵六,12,,\n王小明,13800138000,6001,vip\n";
    let first = hq.import("members", text).await;
    assert_eq!(
        [&first["lines"], &first["changed"], &first["unchanged"], &first["rejected"]].map(Value::as_i64),
        [Some(3), Some(1), Some(1), Some(1)]
    );
    let (status, rejected) = hq.text(&format!("/api/import/{}/rejected.csv", first["job"].as_str().expect("a job"))).await;
    assert_eq!(
        (status, rejected.as_str()),
        (200, "\u{feff}name,phone,card,level,line,reason\n赵六,12,,,3,phone: 格式不对 / is malformed\n")
    );
    let entries = async || hq.get("/api/status").await.1["entries"].clone();
    let before = entries().await;
    let second = hq.import("members", text).await;
    assert_eq!([&second["changed"], &second["unchanged"]].map(Value::as_i64), [Some(0), Some(2)]);
    assert_eq!(entries().await, before);
    assert_eq!(hq.get("/api/import").await.1["rows"][0]["job"], second["job"], "newest first");
    for (kind, text, why, column) in [
        ("members", "name,salary\n", "unknown_column", "salary"),
        ("roles", "code,name\n", "missing_column", "rights"),
        ("levels", "", "empty", ""),
    ] {
        let ((status, answer), _) = hq.send(&format!("/api/import/{kind}"), text.as_bytes().to_vec(), true).await;
        let args = json!({"file": format!("{kind}.csv"), "column": column, "why": why});
        assert_eq!((status, answer), (422, json!({"code": "file_refused", "args": args})));
    }
    let ((status, _), _) = hq.send("/api/import/members", b"name\n\xff\n".to_vec(), true).await;
    assert_eq!(status, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_is_found_with_what_lies_where_and_edited() {
    let site = Site::new("member").await;
    let hq = chain(&site).await;
    for text in ["6001", "8000", "wxm", "%E7%8E%8B"] {
        assert_eq!(hq.get(&format!("/api/members?text={text}")).await.1["rows"][0]["name"], "王小明", "{text}");
    }
    assert_eq!(hq.get("/api/members?limit=1").await.1["total"], 2);
    let found = hq.get("/api/members?text=6001").await.1["rows"][0]["id"].as_str().expect("an id").to_owned();
    let (_, member) = hq.get(&format!("/api/members/{found}")).await;
    assert_eq!(member["value"], json!({"principal": 81_818, "bonus": 8_182, "total": 90_000}));
    assert_eq!((&member["points"]["usable"], &member["level"]["code"]), (&json!(386), &json!("vip")));
    assert_eq!((&member["places"][0]["branch"], &member["places"][0]["reachable"]), (&Value::Null, &json!(true)), "head office");
    assert_eq!(member["opening"]["value"], 81_818);

    let edit = json!({"member": found, "name": "王晓明", "phone": null, "birthday": 521, "gender": "m", "note": "常客", "home": null,
                      "cards": ["6001", "6002"], "although_taken": false});
    let key = id();
    let (status, answer) = hq.command_as(&key, "member_edit", edit.clone()).await;
    assert_eq!(status, 200, "{answer}");
    let edited = &answer["member"];
    assert_eq!((&edited["name"], &edited["phone"], &edited["birthday"]), (&json!("王晓明"), &json!("13800138000"), &json!("05-21")));
    assert_eq!((&edited["cards"], &edited["home"], &edited["gender"]), (&json!(["6001", "6002"]), &Value::Null, &json!("m")));
    assert_eq!(hq.command_as(&key, "member_edit", edit.clone()).await, (200, answer.clone()), "a retry has the same answer");
    let (status, reused) = hq
        .command_as(
            &key,
            "member_edit",
            json!({"member": found, "name": "x", "phone": null, "birthday": null,
        "gender": null, "note": "", "home": null, "cards": [], "although_taken": false}),
        )
        .await;
    assert_eq!((status, &reused["code"]), (409, &json!("command_reused")));

    let new = |phone: &str, taken: bool| {
        json!({"member": null, "name": "新人", "phone": phone, "birthday": null, "gender": null, "note": "", "home": null, "cards": [],
               "although_taken": taken})
    };
    assert_eq!(hq.command("member_edit", new("139 0013 9000", false)).await.1["code"], "phone_taken");
    assert_eq!(hq.command("member_edit", new("139 0013 9000", true)).await.0, 200);
    assert_eq!(hq.get("/api/claims").await.1["rows"][0]["members"].as_array().map(Vec::len), Some(2));
    assert_eq!(hq.done("card_block", json!({"number": "6001", "reason": "lost"})).await["member"]["blocked"][0]["reason"], "lost");
    assert_eq!(hq.done("card_unblock", json!({"number": "6001"})).await["member"]["blocked"], json!([]));
    assert_eq!(hq.command("card_block", json!({"number": "9999", "reason": ""})).await.1["code"], "unknown_card");
    assert_eq!(hq.done("member_level", json!({"member": found, "level": "normal"})).await["member"]["level"]["code"], "normal");
    assert_eq!(hq.done("member_pin", json!({"member": found, "pin": "135790"})).await["member"]["pin_set"], true);
    assert_eq!(hq.command("member_pin", json!({"member": found, "pin": "12"})).await.1["code"], "bad_pin");
    assert_eq!(hq.get("/api/members/mem_00000000000000000000000000000009").await.0, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_price_holds_from_its_day_and_now_is_confirmed() {
    let site = Site::new("price").await;
    let hq = chain(&site).await;
    let today = hq.get("/api/hub").await.1["day"].as_i64().expect("a day");
    let change = |price: i64, from: Value, now: bool, confirmed: bool| json!({"product": 1, "list": "main", "price": price, "member_price": null, "from": from, "now": now, "confirmed": confirmed});
    let later = hq.done("change_price", change(280, Value::Null, false, false)).await;
    assert_eq!((&later["product"]["price"], &later["product"]["next"]["price"], &later["release"]), (&json!(250), &json!(280), &json!(2)));
    assert!(later["product"]["next"]["from"].as_i64().expect("a day") > today);
    let (status, asked) = hq.command("change_price", change(260, Value::Null, true, false)).await;
    assert_eq!((status, asked), (409, json!({"code": "needs_confirmation", "args": {"what": "price_now"}})));
    let now = hq.done("change_price", change(260, Value::Null, true, true)).await;
    assert_eq!((&now["product"]["price"], &now["release"]), (&json!(260), &json!(3)));
    assert_eq!(hq.command("change_price", change(-1, Value::Null, false, false)).await.1["code"], "price_negative");
    assert_eq!(hq.command("change_price", change(1, json!(20_200_101), false, false)).await.1["args"]["field"], "from");
    assert_eq!(hq.get("/api/hub").await.1["price_release"], 3);

    let product = json!({"number": null, "name": "雪碧", "name_en": "Sprite", "category": "01", "unit": "瓶", "weighed": false, "plu": null,
                         "barcodes": [], "discountable": true, "earns_points": true, "cost": 180, "retired": false});
    let made = hq.done("product_write", product.clone()).await["product"].clone();
    assert_eq!((&made["number"], &made["cost"], &made["price"]), (&json!(3), &json!(180), &Value::Null));
    let mut wrong = product;
    wrong["barcodes"] = json!(["6921168509256"]);
    assert_eq!(hq.command("product_write", wrong).await.1["args"]["why"], "taken");
    assert_eq!(hq.get("/api/products?text=xb").await.1["rows"][0]["number"], 3);
    assert_eq!(hq.get("/api/products?category=01&limit=2&offset=2").await.1["rows"][0]["number"], 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_not_see_phones_sees_them_masked_everywhere() {
    let site = Site::new("masked").await;
    let hq = chain(&site).await;
    hq.import("roles", "code,name,rights\nclerk,客服,members\n").await;
    let body = json!({"staff": null, "code": "7001", "name": "客服", "branch": null, "roles": ["clerk"]});
    let staff = hq.done("staff_write", body).await["staff"]["id"].clone();
    hq.done("staff_password", json!({"staff": staff, "password": "correct horse 42"})).await;
    let mut clerk = site.page();
    clerk.sign_in("7001", "correct horse 42").await;
    let (_, list) = clerk.get("/api/members?text=6001").await;
    assert_eq!(list["rows"][0]["phone"], "138****8000");
    let member = list["rows"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(clerk.get(&format!("/api/members/{member}")).await.1["phone"], "138****8000");
    let (status, no) = clerk.sheet("/api/export/members.xlsx").await.expect_err("a reason is asked");
    assert_eq!((status, no.contains("reason")), (422, true), "{no}");
    let (_, cells) = clerk.sheet("/api/export/members.xlsx?reason=x").await.expect("a file");
    let all = format!("{cells:?}");
    assert!(all.contains("138****8000") && !all.contains("13800138000"), "{all}");
    let edit = json!({"member": member, "name": "王小明", "phone": "138****8000", "birthday": null, "gender": null, "note": "", "home": null,
                      "cards": ["6001"], "although_taken": false});
    assert_eq!(clerk.command("member_edit", edit).await.0, 200);
    assert_eq!(hq.get(&format!("/api/members/{member}")).await.1["phone"], "13800138000", "a masked phone changes nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_input_gets_a_clear_no() {
    let site = Site::new("bad").await;
    let hq = chain(&site).await;
    for body in ["", "null", "[]", "{\"id\":1}", "{\"id\":\"zz\",\"group\":\"till\"}", "{\"id\":\"\u{0}\"}"] {
        let ((status, answer), _) = hq.send("/api/commands/setting_write", body.as_bytes().to_vec(), true).await;
        assert_eq!((status, &answer["code"]), (422, &json!("not_sound")), "{body}");
    }
    for path in ["/api/sales?day=x", "/api/members?limit=-1", "/api/exceptions?open=maybe", "/api/sales?branch=brn_1"] {
        assert_eq!(hq.get(path).await.0, 422, "{path}");
    }
    for path in ["/api/members/1", "/api/products/x", "/api/sales/%2e%2e", "/api/import/none", "/api/export/secrets.xlsx", "/api/nothing"] {
        assert_eq!(hq.get(path).await.0, 404, "{path}");
    }
    let setting = |group: &str, key: &str, value: Value| json!({"group": group, "key": key, "value": value});
    assert_eq!(hq.command("setting_write", setting("till", "lock_minutes", json!("x"))).await.1["args"]["why"], "type");
    assert_eq!(hq.command("setting_write", setting("moon", "a", json!("b"))).await.1["args"]["field"], "group");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_list_is_exported_and_the_description_names_every_route() {
    let site = Site::new("export").await;
    let hq = chain(&site).await;
    for list in [
        "sales",
        "branches",
        "members",
        "products",
        "categories",
        "calls",
        "conflicts",
        "claims",
        "exceptions",
        "staff",
        "roles",
        "levels",
        "settings",
    ] {
        let (name, cells) = hq.sheet(&format!("/api/export/{list}.xlsx?limit=1&offset=5&reason=x")).await.expect(list);
        assert!(name.starts_with(&format!("attachment; filename=\"{list}.xlsx\"; filename*=UTF-8''%E6%A0%B7")), "{list}: {name}");
        assert!(matches!(&cells[0][0], Data::String(title) if title.starts_with("样板连锁 · ")), "{list}");
    }
    let (_, goods) = hq.sheet("/api/export/products.xlsx?text=6921").await.expect("a file");
    assert_eq!((goods[1][0].to_string(), goods[1][1].to_string()), ("查找".into(), "6921".into()), "the filter stands on the sheet");
    let first: Vec<String> = goods[5].iter().map(ToString::to_string).collect();
    assert_eq!(first, ["1", "农夫山泉", "", "6921168509256", "01", "瓶", "2.5", "", "0"]);
    let (_, described) = site.page().get("/api/openapi.json").await;
    for route in hub::http::declared() {
        assert!(described["paths"][&route.path].is_object(), "{}", route.path);
    }
    for named in described.to_string().split("#/components/schemas/").skip(1) {
        let name = named.split('"').next().expect("a name");
        assert!(described["components"]["schemas"][name].is_object(), "{name} is named and not described");
    }
    assert_eq!(site.page().text("/healthz").await, (200, "ok".into()));
    let metrics = site.page().text("/metrics").await.1;
    for line in ["catena_branch_up{branch=\"001\"} 0", "catena_writes_waiting{queue=\"till\"} 0", "catena_commit_us_count "] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    assert_eq!(site.page().get("/api/hub").await.1["session"], Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_setting_is_listed_with_its_default_and_what_it_may_hold() {
    let site = Site::new("settings").await;
    let hq = site.head_office().await;
    let one = async |key: &str| {
        let rows = hq.get("/api/settings").await.1["rows"].as_array().expect("rows").clone();
        rows.into_iter().find(|row| row["key"] == key)
    };
    let lock = json!({"group": "till", "key": "lock_minutes", "value": null, "default": "10", "holds": {"kind": "number", "least": 1, "most": 480}});
    assert_eq!(one("lock_minutes").await, Some(lock));
    hq.done("setting_write", json!({"group": "till", "key": "lock_minutes", "value": "5"})).await;
    assert_eq!(one("lock_minutes").await.expect("a row")["value"], "5");
    hq.done("setting_write", json!({"group": "till", "key": "lock_minutes", "value": null})).await;
    assert_eq!(one("lock_minutes").await.expect("a row")["value"], Value::Null);
    assert_eq!(one("cap_registered_minor").await.expect("a row")["default"], Value::Null);
    assert_eq!(one("prefix:22").await, None);
    hq.done("setting_write", json!({"group": "codes", "key": "prefix:22", "value": "weight"})).await;
    assert_eq!(one("prefix:22").await.expect("a row")["holds"], json!({"kind": "word", "words": ["amount", "weight"]}));
    let (status, no) = hq.command("setting_write", json!({"group": "till", "key": "lock_minutes", "value": "481"})).await;
    assert_eq!((status, &no["args"]["why"]), (422, &json!("range")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_account_remembers_its_language_and_files_speak_it() {
    let site = Site::new("language").await;
    let hq = chain(&site).await;
    assert_eq!(hq.get("/api/hub").await.1["language"], Value::Null);
    let head = async || {
        let (_, cells) = hq.sheet("/api/export/branches.xlsx").await.expect("a file");
        cells[3].iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    };
    assert_eq!(head().await, "编码,名称,英文名,地址,电话,连接,最近联系,未上传,价格版本");
    assert_eq!(hq.post("/api/session/language", &json!({"language": "en"})).await.1["language"], "en");
    assert_eq!(head().await, "Code,Name,English name,Address,Phone,Link,Last contact,Unsent,Price list");
    assert_eq!(hq.post("/api/session/language", &json!({"language": "fr"})).await.0, 422);
    let mut again = site.page();
    assert_eq!(again.sign_in("hq", &site.password.clone()).await.1["language"], "en", "at another browser too");
}
