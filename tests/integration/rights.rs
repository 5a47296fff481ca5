//! Goal: every route of the edge refuses whoever has no right, whoever is not signed in, and every foreign page. Method: each route of the
//! described API is tried with each role; a route that is not in the table fails the test.
use crate::till::{Page, fresh, stocked};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const SELL: &[&str] = &["sell"];
const MEMBERS: &[&str] = &["sell", "enrol", "top_up"];
const TECHNICIAN: &[&str] = &["technician"];
const SLIPS: &[&str] = &["sell", "technician"];
const ANYBODY: &[&str] = &[];

/// Method, path, and of which rights one is enough.
const ROUTES: &[(&str, &str, &[&str])] = &[
    ("get", "/api/bill", SELL),
    ("get", "/api/held", SELL),
    ("get", "/api/search", SELL),
    ("get", "/api/categories", SELL),
    ("get", "/api/products", SELL),
    ("get", "/api/members", MEMBERS),
    ("get", "/api/members/{id}", MEMBERS),
    ("get", "/api/top_up", &["top_up"]),
    ("get", "/api/value", SELL),
    ("get", "/api/card", &["enrol", "withdraw"]),
    ("get", "/api/coupons", SELL),
    ("post", "/api/commands/coupon_put", SELL),
    ("post", "/api/commands/coupon_off", SELL),
    ("get", "/api/packages", &["sell", "top_up"]),
    ("get", "/api/timed", SELL),
    ("get", "/api/gifts", SELL),
    ("get", "/api/sales", SELL),
    ("get", "/api/sales/{receipt_no}", SELL),
    ("get", "/api/sales_clerks", SELL),
    ("get", "/api/sales/{receipt_no}/refund", SELL),
    ("get", "/api/sales/{receipt_no}/swap", SELL),
    ("get", "/api/shift", &["sell", "shift", "see_takings"]),
    ("get", "/api/shifts/{id}", &["see_takings"]),
    ("get", "/api/days", &["day_end", "see_takings"]),
    ("get", "/api/status", ANYBODY),
    ("get", "/api/calls", SELL),
    ("get", "/api/ports", TECHNICIAN),
    ("get", "/api/devices", TECHNICIAN),
    ("get", "/api/devices/{id}/bytes", TECHNICIAN),
    ("get", "/api/slips", SLIPS),
    ("get", "/api/tills", TECHNICIAN),
    ("post", "/api/session/language", ANYBODY),
    ("post", "/api/commands/enter", SELL),
    ("post", "/api/commands/add", SELL),
    ("post", "/api/commands/open_item", &["open_item"]),
    ("post", "/api/commands/quantity", SELL),
    ("post", "/api/commands/remove", SELL),
    ("post", "/api/commands/line_discount", SELL),
    ("post", "/api/commands/bill_discount", SELL),
    ("post", "/api/commands/round_off", SELL),
    ("post", "/api/commands/sales_clerks", SELL),
    ("post", "/api/commands/void_bill", &["void_bill"]),
    ("post", "/api/commands/hold", &["hold"]),
    ("post", "/api/commands/recall", &["hold"]),
    ("post", "/api/commands/attach", SELL),
    ("post", "/api/commands/detach", SELL),
    ("post", "/api/commands/enrol", &["enrol"]),
    ("post", "/api/commands/member_pin", &["enrol"]),
    ("post", "/api/commands/member_edit", &["enrol"]),
    ("post", "/api/commands/top_up", &["top_up"]),
    ("post", "/api/commands/card_report", &["enrol"]),
    ("post", "/api/commands/card_issue", &["enrol"]),
    ("post", "/api/commands/withdraw", &["withdraw"]),
    ("post", "/api/commands/give_value", &["withdraw"]),
    ("post", "/api/commands/adjust_value", &["withdraw"]),
    ("post", "/api/commands/card_close", &["withdraw"]),
    ("post", "/api/commands/package_sell", &["top_up"]),
    ("post", "/api/commands/uses_take", SELL),
    ("post", "/api/commands/uses_undo", &["return"]),
    ("post", "/api/commands/package_extend", &["withdraw"]),
    ("post", "/api/commands/package_refund", &["withdraw"]),
    ("post", "/api/commands/gifts_take", SELL),
    ("post", "/api/commands/redemption_cancel", &["return"]),
    ("post", "/api/commands/sitting_start", SELL),
    ("post", "/api/commands/sitting_pause", SELL),
    ("post", "/api/commands/sitting_stop", SELL),
    ("post", "/api/commands/sitting_cancel", &["void_bill"]),
    ("post", "/api/commands/sitting_charge", SELL),
    ("post", "/api/commands/tender", SELL),
    ("post", "/api/commands/tender_remove", SELL),
    ("post", "/api/commands/top_up_pay", &["top_up"]),
    ("post", "/api/commands/swap", &["return"]),
    ("post", "/api/commands/take_back", &["return"]),
    ("post", "/api/commands/return_without", &["return_without"]),
    ("post", "/api/commands/correct_tender", &["correct"]),
    ("post", "/api/commands/attach_after", &["correct"]),
    ("post", "/api/commands/change_clerks", &["correct"]),
    ("post", "/api/commands/reverse_top_up", &["correct"]),
    ("post", "/api/commands/adjust_points", &["points"]),
    ("post", "/api/commands/reprint", &["reprint"]),
    ("post", "/api/commands/print", SELL),
    ("post", "/api/commands/shift_reprint", &["reprint"]),
    ("post", "/api/commands/open_drawer", &["open_drawer"]),
    ("post", "/api/commands/set_clock", &["set_clock"]),
    ("post", "/api/commands/shift_open", &["shift"]),
    ("post", "/api/commands/cash_move", &["cash_move"]),
    ("post", "/api/commands/hand_in", &["cash_move"]),
    ("post", "/api/commands/day_close", &["day_end"]),
    ("post", "/api/commands/shift_count", &["shift"]),
    ("post", "/api/commands/shift_close", &["shift"]),
    ("post", "/api/commands/bind_device", TECHNICIAN),
    ("post", "/api/commands/unbind_device", TECHNICIAN),
    ("post", "/api/commands/pairing_code", TECHNICIAN),
    ("post", "/api/commands/unpair", TECHNICIAN),
    ("post", "/api/commands/test_print", TECHNICIAN),
    ("post", "/api/commands/slip_print", SLIPS),
    ("post", "/api/commands/slip_drop", SLIPS),
];

/// What everybody may ask, signed in or not.
const OPEN: [(&str, &str); 6] = [
    ("get", "/api/till"),
    ("post", "/api/session/sign_in"),
    ("post", "/api/session/pair"),
    ("post", "/api/session/unlock"),
    ("post", "/api/session/lock"),
    ("post", "/api/session/sign_out"),
];

/// Every field that some command wants; each reads its own.
fn body() -> Value {
    let text = r#"{
        "text": "6901234567939", "choice": null, "product": 15, "quantity": null, "amount": 100, "name": "名", "line": "line_1",
        "rate": null, "price": null, "free": false, "reason": "试", "label": null, "prices": null, "phone": "13800000000",
        "birthday": null, "gender": null, "card": null, "pin": "123456", "old": null, "attach": false, "although_taken": false,
        "tender": "cash", "tendered": null, "gift": 0, "code": "cash", "due": 1, "proof": null, "pay_code": null, "float": 0,
        "receipt_no": "001-1-1-261121-0001-4", "direction": "in", "counted": 0, "note": "", "coupon": "NONE", "day": 20261121, "now_ms": 0, "kind": "printer",
        "goods": [], "gifts": [], "money": 0, "refund": 1, "no": 1, "points": 1, "address": "tcp:127.0.0.1:9", "baud": null, "profile": null, "language": "zh",
        "member": "mem_00000000000000000000000000000001", "held": "sal_00000000000000000000000000000001",
        "shift": "shf_00000000000000000000000000000001", "device": "dev_00000000000000000000000000000001",
        "slip": "job_00000000000000000000000000000001", "number": "6001", "instead_of": null, "fee": 0, "deposit": 0, "forfeit": 0,
        "to": "mem_00000000000000000000000000000002", "principal": 1, "bonus": 0, "paid_out": 0, "lost": true, "till": 2,
        "service": 7, "uses": 1, "of": "cmd_00000000000000000000000000000001", "package": "pkg_00000000000000000000000000000001",
        "months": 1, "by_list_price": false, "clerks": [], "pairing": "00000000000000000000000000000001",
        "tariff": "doc_00000000000000000000000000000001", "room": "A1", "guest": null, "pause": true, "until_ms": null,
        "sitting": "sit_00000000000000000000000000000001"
    }"#;
    serde_json::from_str(text).expect("json")
}

fn path(template: &str) -> String {
    let id = match template {
        "/api/members/{id}" => "mem_00000000000000000000000000000001",
        "/api/shifts/{id}" => "shf_00000000000000000000000000000001",
        _ => "dev_00000000000000000000000000000001",
    };
    let path = template.replace("{id}", id).replace("{receipt_no}", "001-1-1-261121-0001-4");
    if ["/api/top_up", "/api/card", "/api/packages", "/api/gifts", "/api/coupons"].contains(&template) {
        format!("{path}?member=mem_00000000000000000000000000000001&amount=100")
    } else {
        path
    }
}

async fn ask(page: &mut Page, method: &str, template: &str) -> (u16, String) {
    let (status, answer) = match method {
        "get" => page.get(&path(template)).await,
        _ => {
            let mut body = body();
            body["id"] = fresh().into();
            if template.ends_with("/quantity") {
                body["quantity"] = 1_000.into();
            }
            if template.ends_with("/bill_discount") {
                // Taking a discount off is within everybody's limit.
                body["amount"] = Value::Null;
            }
            if template.ends_with("/card_report") {
                body["card"] = "6001".into();
            }
            if template.ends_with("/package_sell") {
                body["kind"] = "doc_00000000000000000000000000000001".into();
                body["price"] = 0.into();
            }
            if template.ends_with("/tender_remove") {
                body["tender"] = "tender_1".into();
            }
            page.post(template, body).await
        }
    };
    (status, answer["code"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn the_table_knows_every_route() {
    let described = serde_json::to_value(edge::http::openapi()).expect("json");
    let described: BTreeSet<(String, String)> = described["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, methods)| methods.as_object().into_iter().flatten().map(move |(method, _)| (method.clone(), path.clone())))
        .collect();
    let known = ROUTES.iter().map(|(method, path, _)| (*method, *path)).chain(OPEN);
    let known: BTreeSet<(String, String)> = known.map(|(method, path)| (method.into(), path.into())).collect();
    assert_eq!(described, known);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_refuses_who_has_no_right() {
    let chain = stocked("rights").await;
    let mut nobody = Page::new(&chain).await;
    for (method, path, _) in ROUTES {
        let (status, code) = ask(&mut nobody, method, path).await;
        assert_eq!((status, code.as_str()), (401, "signed_out"), "{method} {path} without a session");
    }
    for (code, pin) in [("1001", "111111"), ("9001", "333333"), ("7001", "444444")] {
        let mut page = nobody.another();
        page.sign_in(code, pin).await;
        let (_, till) = page.get("/api/till").await;
        let rights: BTreeSet<&str> = till["session"]["rights"].as_array().expect("rights").iter().filter_map(Value::as_str).collect();
        for (method, path, any_of) in ROUTES {
            let may = any_of.is_empty() || any_of.iter().any(|right| rights.contains(right));
            let (status, answer) = ask(&mut page, method, path).await;
            let denied = status == 403;
            assert_eq!(denied, !may, "{code} {method} {path}: {status} {answer}");
            if denied {
                assert!(["forbidden", "needs_override"].contains(&answer.as_str()), "{code} {method} {path}: {answer}");
            }
            assert_ne!(answer, "bad_body", "{method} {path}: the body of this test");
        }
        page.post("/api/session/lock", json!({})).await;
        for (method, path, _) in ROUTES {
            let (status, answer) = ask(&mut page, method, path).await;
            assert_eq!((status, answer.as_str()), (401, "locked"), "{code} {method} {path} locked");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_page_posts_nothing_and_five_wrong_pins_lock() {
    let chain = stocked("doors").await;
    let mut page = Page::new(&chain).await;
    for (_, path) in ROUTES.iter().map(|(method, path, _)| (*method, *path)).chain(OPEN).filter(|(method, _)| *method == "post") {
        let (status, answer) = page.foreign(path).await;
        assert_eq!((status, &answer["code"]), (403, &json!("csrf")), "{path}");
    }
    for left in (0..5).rev() {
        let (status, answer) = page.post("/api/session/sign_in", json!({ "code": "1002", "pin": "999999", "till": 1 })).await;
        assert_eq!((status, &answer["code"], &answer["args"]["left"]), (401, &json!("wrong_pin"), &json!(left)));
    }
    let (status, answer) = page.post("/api/session/sign_in", json!({ "code": "1002", "pin": "222222", "till": 1 })).await;
    assert_eq!((status, &answer["code"]), (403, &json!("pin_locked")), "even the right one");
    // A quick switch keeps the bill; a lock does too.
    page.sign_in("1001", "111111").await;
    page.enter("6901234567939").await;
    page.post("/api/session/lock", json!({})).await;
    let (status, answer) = page.post("/api/session/unlock", json!({ "pin": "111111" })).await;
    assert_eq!((status, &answer["session"]["locked"]), (200, &json!(false)), "{answer}");
    page.sign_in("9001", "333333").await;
    assert_eq!(page.get("/api/bill").await.1["bill"]["totals"]["due"], 10_000);
}
