//! Every route with each role and without a session; what another site may not send; sign-ins that are tried out.
use crate::site::{Page, Site};
use hub::http::{Verb, declared};
use serde_json::json;
use shared::journal::Right;
use std::collections::BTreeMap;

const PASSWORD: &str = "correct horse 42";

/// Routes beside the one list, with the rights of which one is needed.
const OTHERS: [(Verb, &str, &[Right]); 15] = [
    (Verb::Post, "/api/import/levels", &[Right::Import]),
    (Verb::Get, "/api/import/none/rejected.csv", &[Right::Import]),
    (Verb::Get, "/api/export/sales.xlsx", &[Right::SeeTakings]),
    (Verb::Get, "/api/export/members.xlsx", &[Right::Members]),
    (Verb::Get, "/api/export/products.xlsx", &[Right::Catalogue, Right::Prices]),
    (Verb::Get, "/api/export/exceptions.xlsx", &[Right::Exceptions]),
    (Verb::Get, "/api/export/staff.xlsx", &[Right::Staff]),
    (Verb::Get, "/api/export/report-journal.xlsx", &[Right::Exceptions, Right::Staff]),
    (Verb::Post, "/api/export", &[]),
    (Verb::Get, "/api/events", &[]),
    (Verb::Post, "/api/session/password", &[]),
    (Verb::Post, "/api/session/language", &[]),
    (Verb::Post, "/api/session/second/begin", &[]),
    (Verb::Post, "/api/session/second/prove", &[]),
    (Verb::Post, "/api/session/second/end", &[]),
];

fn routes() -> Vec<(Verb, String, &'static [Right])> {
    let listed = declared().into_iter().map(|route| (route.verb, route.path, route.any));
    listed.chain(OTHERS.map(|(verb, path, any)| (verb, path.to_owned(), any))).collect()
}

/// A path with something in the places of its names.
fn filled(path: &str) -> String {
    path.replace("{id}", "mem_00000000000000000000000000000001").replace("{number}", "1").replace("{job}", "none").replace("{name}", "none")
}

async fn status(page: &Page, verb: Verb, path: &str) -> u16 {
    match verb {
        Verb::Get => page.status(path).await,
        Verb::Post => page.post(path, &json!({})).await.0,
    }
}

/// Roles with one right each, one with a cashier's rights and one with none; each held by one person.
async fn people(site: &Site) -> BTreeMap<String, (Vec<Right>, Page)> {
    let hq = site.head_office().await;
    let mut roles: Vec<(String, Vec<Right>)> =
        hub::init::RIGHTS.iter().map(|right| (format!("only_{}", right.name()), vec![*right])).collect();
    roles.push(("cashier".into(), vec![Right::Sell, Right::Enrol, Right::TopUp, Right::Shift]));
    roles.push(("technician".into(), vec![Right::Technician, Right::SetClock]));
    roles.push(("nothing".into(), vec![]));
    let names = |rights: &[Right]| rights.iter().map(|right| right.name()).collect::<Vec<_>>().join(" ");
    let lines =
        roles.iter().map(|(code, rights)| format!("{code},{code},{}\n", if rights.is_empty() { "sell".into() } else { names(rights) }));
    let import = hq.import("roles", &format!("code,name,rights\n{}", lines.collect::<String>())).await;
    assert_eq!(import["rejected"], 0, "{import}");
    let mut people = BTreeMap::new();
    for (n, (code, rights)) in roles.into_iter().enumerate() {
        let number = format!("7{n:03}");
        let held = if code == "nothing" { json!([]) } else { json!([code]) };
        let body = json!({"staff": null, "code": number, "name": code, "branch": null, "roles": held});
        let staff = hq.done("staff_write", body).await["staff"]["id"].clone();
        hq.done("staff_password", json!({"staff": staff, "password": PASSWORD})).await;
        let mut page = site.page();
        assert_eq!(page.sign_in(&number, PASSWORD).await.0, 200);
        people.insert(code, (rights, page));
    }
    people
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_is_open_to_its_rights_and_to_nobody_else() {
    let site = Site::new("rights").await;
    let people = people(&site).await;
    let routes = routes();
    assert!(routes.len() > 45, "{} routes", routes.len());
    for (verb, path, any) in routes {
        let asked = filled(&path);
        assert_eq!(status(&site.page(), verb, &asked).await, 401, "{path} without a session");
        for (name, (rights, page)) in &people {
            let may = any.is_empty() || any.iter().any(|right| rights.contains(right));
            let got = status(page, verb, &asked).await;
            match may {
                true => assert!(![401, 403].contains(&got), "{path} is shut to {name}: {got}"),
                false => assert_eq!(got, 403, "{path} for {name}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_of_another_site_is_refused() {
    let site = Site::new("csrf").await;
    let hq = site.head_office().await;
    for (verb, path, _) in routes() {
        if verb == Verb::Post {
            let ((status, answer), _) = hq.send(&filled(&path), b"{}".to_vec(), false).await;
            assert_eq!((status, answer["code"].as_str()), (403, Some("csrf")), "{path}");
        }
    }
    let ((status, _), cookie) = hq.send("/api/session/sign_out", b"{}".to_vec(), false).await;
    assert_eq!((status, cookie), (403, None));
    assert_eq!(hq.get("/api/status").await.0, 200, "still signed in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_wrong_passwords_shut_the_door_also_over_a_restart() {
    let site = Site::new("tries").await;
    let mut page = site.page();
    for left in [4, 3, 2, 1, 0] {
        let (status, answer) = page.sign_in("hq", "a wrong guess").await;
        assert_eq!((status, &answer["code"], &answer["args"]["left"]), (401, &json!("wrong_password"), &json!(left)));
    }
    let shut = |(status, answer): (u16, serde_json::Value)| {
        assert_eq!((status, &answer["code"]), (403, &json!("password_locked")));
        assert!(answer["args"]["until_ms"].as_i64().expect("a time") > hub::app::now_ms());
    };
    shut(page.sign_in("hq", &site.password.clone()).await);
    let site = site.restarted().await;
    shut(site.page().sign_in("hq", &site.password.clone()).await);
    assert_eq!(site.page().sign_in("nobody", "a wrong guess").await.1["code"], "wrong_password");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_outlives_a_restart_and_ends_when_it_should() {
    let site = Site::new("session").await;
    let hq = site.head_office().await;
    let body = json!({"staff": null, "code": "7001", "name": "李四", "branch": null, "roles": ["hq"]});
    let staff = hq.done("staff_write", body).await["staff"]["id"].clone();
    hq.done("staff_password", json!({"staff": staff, "password": PASSWORD})).await;
    let mut other = site.page();
    assert_eq!(other.sign_in("7001", PASSWORD).await.0, 200);
    assert_eq!(other.get("/api/hub").await.1["session"]["person"]["name"], "李四");

    let short = json!({"staff": staff, "password": "short"});
    assert_eq!(hq.command("staff_password", short).await.1, json!({"code": "bad_password", "args": {"least": 10}}));
    let (status, answer) = other.post("/api/session/password", &json!({"old": "wrong", "new": "another horse 43"})).await;
    assert_eq!((status, &answer["code"]), (422, &json!("wrong_password")));
    assert_eq!(other.post("/api/session/password", &json!({"old": PASSWORD, "new": "another horse 43"})).await.0, 200);
    assert_eq!(other.get("/api/status").await.0, 200, "the session that changed it goes on");

    hq.done("staff_disable", json!({"staff": staff, "disabled": true, "reason": "left"})).await;
    assert_eq!(other.get("/api/status").await.0, 401);
    assert_eq!(other.sign_in("7001", "another horse 43").await.1["code"], "staff_disabled");
    let own = hq.get("/api/hub").await.1["session"]["person"]["id"].clone();
    assert_eq!(hq.command("staff_disable", json!({"staff": own, "disabled": true, "reason": ""})).await.0, 422);

    let site = site.restarted().await;
    let again = hq.at(&site);
    assert_eq!(again.get("/api/status").await.0, 200, "the cookie is still good");
    assert_eq!(again.post("/api/session/sign_out", &json!({})).await.0, 200);
    assert_eq!(again.get("/api/status").await.0, 401);
}
