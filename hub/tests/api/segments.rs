//! Members are asked for by what they are, have and do, and what was asked is kept under a name.
use crate::desk::chain;
use crate::site::{Page, Site};
use serde_json::{Value, json};
use shared::base::BusinessDay;
use shared::branches::HOUSE_ZONE;

/// Beside 王小明 (VIP, 001, 900.00, 386 points) and 张三 (nothing) of the chain.
async fn people(site: &Site) -> Page {
    let hq = chain(site).await;
    let born = |days: i64| BusinessDay::at(hub::app::now_ms(), HOUSE_ZONE).plus_days(days).0 % 10_000 + 19_900_000;
    let text = format!(
        "name,phone,card,home,level,value,points,birthday,gender\n李雷,13600136000,7001,002,vip,100.00,50,{},male\n\
         李蕾,13600136001,7002,002,,,,{},female\n",
        born(3),
        born(-2)
    );
    assert_eq!(hq.import("members", &text).await["rejected"], 0);
    hq
}

async fn asked(hq: &Page, filter: &str) -> Vec<String> {
    let (status, list) = hq.get(&format!("/api/members?{filter}")).await;
    assert_eq!(status, 200, "{list}");
    let rows = list["rows"].as_array().expect("rows");
    assert_eq!(list["total"], rows.len());
    rows.iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn members_are_found_by_what_they_are_have_and_do() {
    let site = Site::new("filter").await;
    let hq = people(&site).await;
    let branch = |code: &str| {
        let code = code.to_owned();
        let hq = &hq;
        async move {
            let (_, branches) = hq.get("/api/branches").await;
            let row = branches["rows"].as_array().and_then(|rows| rows.iter().find(|row| row["code"] == code).cloned());
            row.expect("a branch")["id"].as_str().expect("an id").to_owned()
        }
    };
    let (first, second) = (branch("001").await, branch("002").await);
    let all: &[&str] = &["张三", "李蕾", "李雷", "王小明"];
    for (filter, wanted) in [
        (String::new(), all),
        ("level=vip".into(), &["李雷", "王小明"]),
        ("level=normal".into(), &["张三", "李蕾"]),
        (format!("home={first}"), &["王小明"]),
        (format!("home={second}&level=vip"), &["李雷"]),
        (format!("home={second}&gender=f"), &["李蕾"]),
        ("value_from=10000".into(), &["李雷", "王小明"]),
        ("value_from=10001&value_until=90000".into(), &["王小明"]),
        ("value_until=0".into(), &["张三", "李蕾"]),
        ("value_until=10000".into(), &["张三", "李蕾", "李雷"]),
        ("points_from=51".into(), &["王小明"]),
        ("points_from=0".into(), all),
        ("spent_from=1".into(), &[]),
        ("unseen_for=30".into(), all),
        ("seen_within=30".into(), &[]),
        ("birthday_within=3".into(), &["李雷"]),
        ("birthday_within=2".into(), &[]),
        ("birthday_within=364&gender=f".into(), &["李蕾"]),
    ] {
        let mut found = asked(&hq, &filter).await;
        found.sort();
        assert_eq!(found, wanted, "{filter}");
    }
    assert_eq!(hq.get("/api/members?level=none").await.0, 404);
    assert_eq!(hq.get("/api/members?value_from=x").await.0, 422);
    assert_eq!(hq.get("/api/members?value_from=1&limit=1").await.1["total"], 2, "the page is one row, the count is of all");

    // Two that are one person count together, and once.
    let id = async |text: &str| hq.get(&format!("/api/members?text={text}")).await.1["rows"][0]["id"].clone();
    hq.done("merge_members", json!({"survivor": id("7002").await, "members": [id("6001").await]})).await;
    assert_eq!(asked(&hq, "value_from=90000").await, ["李蕾"]);
    assert_eq!(asked(&hq, "value_until=0").await, ["张三"]);
    assert_eq!(asked(&hq, &format!("level=vip&home={second}")).await, ["李蕾", "李雷"], "by name, and of the better level");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_asked_is_kept_under_a_name_and_forgotten() {
    let site = Site::new("segments").await;
    let hq = people(&site).await;
    let keep = |name: &str, asked: Value| json!({"name": name, "asked": asked});
    hq.done("segment_write", keep("大客户", json!("level=vip&value_from=10000"))).await;
    let kept = hq.done("segment_write", keep("沉睡会员", json!("unseen_for=90"))).await;
    assert_eq!(kept["rows"].as_array().map(Vec::len), Some(2));
    assert_eq!(hq.get("/api/segments").await.1["rows"][0], json!({"name": "大客户", "asked": "level=vip&value_from=10000"}));
    for (name, asked, wrong) in [
        ("", "level=vip", "not_sound"),
        ("a\nb", "level=vip", "not_sound"),
        ("无此等级", "level=gold", "not_found"),
        ("坏", "value_from=many", "not_sound"),
    ] {
        assert_eq!(hq.command("segment_write", keep(name, json!(asked))).await.1["code"], wrong, "{name:?}");
    }
    let settings = hq.get("/api/settings").await.1;
    assert!(settings["rows"].as_array().expect("rows").iter().all(|row| row["group"] != "segments"), "they are no settings to edit");
    let left = hq.done("segment_write", keep("大客户", Value::Null)).await;
    assert_eq!(left["rows"], json!([{"name": "沉睡会员", "asked": "unseen_for=90"}]));
}
