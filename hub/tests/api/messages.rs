//! Messages to members go out once each, by a gateway that listens here, and what is not known is said to be unknown.
use crate::desk::chain;
use crate::site::{Page, Site, id};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use ring::hmac;
use serde_json::{Value, json};
use shared::base::{CommandId, MemberId, StreamId};
use shared::desk::messages::send::{MESSAGE, Task};
use shared::journal::Job;
use shared::journal::command::encoded;
use shared::store::Priority;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const KEY: &str = "a key of this test";

/// A gateway: takes what is signed, says no to numbers that end in 1, and breaks down at numbers that end in 2 as long as it is ill.
#[derive(Clone, Default)]
struct Gateway {
    heard: Arc<Mutex<Vec<Value>>>,
    well: Arc<Mutex<bool>>,
}

async fn hear(State(gateway): State<Gateway>, headers: HeaderMap, body: Bytes) -> Response {
    let text = |name: &str| headers[name].to_str().expect("ascii").to_owned();
    let signed = [text("x-catena-time").as_bytes(), b".", &body].concat();
    let key = hmac::Key::new(hmac::HMAC_SHA256, KEY.as_bytes());
    let wanted: String = hmac::sign(&key, &signed).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(text("x-catena-signature"), wanted);
    let said: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(said["id"], text("idempotency-key"));
    let to = said["to"].as_str().expect("a number").to_owned();
    gateway.heard.lock().expect("whole").push(said);
    match to.chars().last() {
        Some('1') => (StatusCode::BAD_REQUEST, axum::Json(json!({"reason": format!("no route to {to}")}))).into_response(),
        Some('2') if !*gateway.well.lock().expect("whole") => StatusCode::BAD_GATEWAY.into_response(),
        _ => axum::Json(json!({"id": "g77"})).into_response(),
    }
}

impl Gateway {
    async fn listen(&self, site: &Site) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let text = format!("[sms]\naddress = \"http://{}/send\"\nkey = \"{KEY}\"\n", listener.local_addr().expect("bound"));
        std::fs::write(site.folder().join("gateways.toml"), text).expect("written");
        let router = axum::Router::new().route("/send", axum::routing::post(hear)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
    }

    fn heard(&self) -> usize {
        self.heard.lock().expect("whole").len()
    }
}

/// A chain whose members want short messages, at any hour.
async fn willing(site: &Site) -> (Page, Vec<String>) {
    let hq = chain(site).await;
    let more = "name,phone,card,home,value\n甲,13600136003,8001,002,1.00\n乙,13600136001,8002,002,2.00\n丙,13600136002,8003,002,3.00\n丁,,8004,002,\n";
    assert_eq!(hq.import("members", more).await["rejected"], 0);
    let (_, branches) = hq.get("/api/branches").await;
    let second = branches["rows"].as_array().and_then(|rows| rows.iter().find(|row| row["code"] == "002")).expect("a branch")["id"].clone();
    let twice = json!({"member": null, "name": "戊", "phone": "13600136003", "birthday": null, "gender": null, "note": "", "home": second,
                       "cards": ["8005"], "although_taken": true});
    hq.done("member_edit", twice).await;
    for (key, value) in [
        ("message_quiet_from", "0"),
        ("message_quiet_until", "0"),
        ("message_signature", "好店"),
        ("template:wish", "生日祝福|SMS_1|{name}，余额{value}元，积分{points}分"),
    ] {
        hq.done("setting_write", json!({"group": "messages", "key": key, "value": value})).await;
    }
    let mut members = Vec::new();
    for card in ["8001", "8002", "8003", "8004", "8005"] {
        let found = hq.get(&format!("/api/members?text={card}")).await.1["rows"][0]["id"].as_str().expect("an id").to_owned();
        let done = hq.done("member_contact", json!({"member": found, "channel": "sms", "wanted": true})).await;
        assert_eq!(done["member"]["sms_wanted"], true);
        members.push(found);
    }
    (hq, members)
}

async fn home(hq: &Page) -> String {
    let (_, branches) = hq.get("/api/branches").await;
    let row = branches["rows"].as_array().and_then(|rows| rows.iter().find(|row| row["code"] == "002").cloned()).expect("a branch");
    format!("home={}", row["id"].as_str().expect("an id"))
}

/// How the messages of a batch stand, by name, once none waits.
async fn stands(hq: &Page, batch: &Value) -> Vec<(String, String)> {
    for _ in 0..500 {
        let (_, list) = hq.get(&format!("/api/messages/{}", batch.as_str().expect("an id"))).await;
        let rows = list["rows"].as_array().expect("rows");
        if rows.iter().all(|row| row["stands"] != "waiting" && row["stands"] != "sending") {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let mut rows: Vec<_> = rows.iter().map(|row| (text(&row["member"]["name"]), text(&row["stands"]))).collect();
            rows.sort();
            return rows;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("messages went on waiting");
}

async fn until(what: impl Fn() -> bool) {
    for _ in 0..500 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not come");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_member_meant_is_written_to_once_and_every_result_is_told() {
    let site = Site::new("messages").await;
    let (hq, members) = willing(&site).await;
    let filter = home(&hq).await;
    let asked = format!("channel=sms&template=wish&filter={}", filter.replace('=', "%3D"));
    let (_, sending) = hq.get(&format!("/api/sending?{asked}")).await;
    let counts = ["meant", "to", "without_phone", "unwilling", "often", "same_phone"].map(|name| sending[name].as_i64());
    assert_eq!(counts, [Some(5), Some(3), Some(1), Some(0), Some(0), Some(1)]);
    assert_eq!((&sending["parts"], &sending["cost_milli"]), (&json!(3), &json!(150)));
    assert!(sending["sample"].as_str().expect("a text").starts_with("【好店】"), "{sending}");

    let gateway = Gateway::default();
    gateway.listen(&site).await;
    tokio::spawn(hub::messages::send(site.app.clone()));
    let (command, body) = (id(), json!({"channel": "sms", "template": "wish", "filter": filter}));
    let (status, made) = hq.command_as(&command, "message_send", body.clone()).await;
    assert_eq!(status, 200, "{made}");
    until(|| gateway.heard() == 3).await;
    let batch = made["batch"]["batch"].clone();
    let rows = stands(&hq, &batch).await;
    let same: Vec<_> = rows.iter().filter(|(name, _)| name == "甲" || name == "戊").collect();
    assert_eq!((rows.len(), same.len(), same[0].1.as_str()), (3, 1, "sent"), "of two with one phone one is written to: {rows:?}");
    assert!(rows.contains(&("乙".into(), "refused".into())) && rows.contains(&("丙".into(), "unknown".into())), "{rows:?}");
    let heard = gateway.heard.lock().expect("whole").clone();
    let to_third = heard.iter().find(|said| said["to"] == "13600136002").expect("it was asked");
    assert_eq!(
        (&to_third["text"], &to_third["template"], &to_third["variables"]),
        (&json!("【好店】丙，余额3.00元，积分0分"), &json!("SMS_1"), &json!({"name": "丙", "value": 300, "points": 0}))
    );
    let (_, list) = hq.get("/api/messages").await;
    let row = &list["rows"][0];
    let told = ["members", "sent", "refused", "dropped", "open", "parts"].map(|name| row[name].as_i64());
    assert_eq!(told, [Some(3), Some(1), Some(1), Some(0), Some(1), Some(1)]);
    let (_, people) = hq.get(&format!("/api/messages/{}", batch.as_str().expect("an id"))).await;
    let note = |stands: &str| {
        people["rows"].as_array().and_then(|rows| rows.iter().find(|row| row["stands"] == stands)).expect("a row")["note"].clone()
    };
    assert_eq!((note("sent"), note("refused")), (json!("g77"), json!("no route to 136********")));

    // Asked again it is the same batch; nothing goes out again, not after a restart either.
    assert_eq!(hq.command_as(&command, "message_send", body.clone()).await.1["batch"]["batch"], batch);
    let site = site.restarted().await;
    tokio::spawn(hub::messages::send(site.app.clone()));
    let hq = hq.at(&site);
    assert_eq!(hq.command_as(&command, "message_send", body.clone()).await.1["batch"]["batch"], batch);
    assert_eq!(stands(&hq, &batch).await, rows);
    assert_eq!(gateway.heard(), 3);

    // A person has it sent again, and answers for that.
    *gateway.well.lock().expect("whole") = true;
    assert_eq!(hq.command("message_again", json!({"batch": batch, "member": members[1]})).await.0, 404, "it has ended");
    hq.done("message_again", json!({"batch": batch, "member": members[2]})).await;
    until(|| gateway.heard() == 4).await;
    assert!(stands(&hq, &batch).await.contains(&("丙".into(), "sent".into())));

    // Twice a week is the most; who says no is left alone.
    hq.done("message_send", body.clone()).await;
    hq.done("member_contact", json!({"member": members[1], "channel": "sms", "wanted": false})).await;
    let (_, sending) = hq.get(&format!("/api/sending?{asked}")).await;
    let counts = ["to", "without_phone", "unwilling", "often"].map(|name| sending[name].as_i64());
    assert_eq!(counts[1..], [Some(1), Some(1), Some(2)], "{sending}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_and_what_came_from_before_a_restore_is_not_sent_by_itself() {
    let site = Site::new("messages-held").await;
    let (hq, members) = willing(&site).await;
    let filter = home(&hq).await;
    let gateway = Gateway::default();
    *gateway.well.lock().expect("whole") = true;
    gateway.listen(&site).await;
    let made = hq.done("message_send", json!({"channel": "sms", "template": "wish", "filter": filter})).await;
    let batch = made["batch"]["batch"].clone();
    // The process ends after it began with one and before it heard the answer.
    let leased = site.app.write(Priority::Till, |writer| writer.lease_job(MESSAGE, "sms", 5)).await.expect("written").expect("one waits");
    // Another one was asked for before head office was put back: its stream is not this one's.
    let old = Task { batch: CommandId([7; 16]), member: MemberId([8; 16]), stream: StreamId([9; 16]) };
    let job =
        Job { id: shared::desk::messages::send::job_id(old.batch, old.member), kind: MESSAGE, queue: "sms".into(), body: encoded(&old) };
    site.app.write(Priority::Till, move |writer| writer.add_job(&job, 6)).await.expect("written");

    let site = site.restarted().await;
    let hq = hq.at(&site);
    tokio::spawn(hub::messages::send(site.app.clone()));
    until(|| gateway.heard() == 2).await;
    let rows = stands(&hq, &batch).await;
    assert_eq!(
        rows.iter().filter(|(_, stands)| stands == "sent").count() + rows.iter().filter(|(_, stands)| stands == "refused").count(),
        2
    );
    assert_eq!(rows.iter().filter(|(_, stands)| stands == "unknown").count(), 1, "{rows:?}");
    let held = move |db: &dyn shared::journal::Read| shared::store::jobs::open_jobs(db, MESSAGE);
    let open = site.app.read(held).await.expect("read");
    let notes: Vec<_> = open.iter().map(|job| (job.id == leased.id, job.note.as_str())).collect();
    assert!(notes.contains(&(true, "ended_between")) && notes.contains(&(false, "put_back")), "{notes:?}");
    assert_eq!((gateway.heard(), members.len()), (2, 5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_cannot_be_written_to_and_what_cannot_be_sent_is_refused() {
    let site = Site::new("messages-refused").await;
    let (hq, members) = willing(&site).await;
    let send = |channel: &str, template: &str, filter: &str| json!({"channel": channel, "template": template, "filter": filter});
    for (body, field) in [
        (send("pigeon", "wish", ""), "channel"),
        (send("sms", "none", ""), "template"),
        (send("sms", "wish", "value_from=99999999"), "members"),
    ] {
        let (status, no) = hq.command("message_send", body).await;
        assert_eq!((status, &no["code"], &no["args"]["field"]), (422, &json!("not_sound"), &json!(field)));
    }
    assert_eq!(hq.command("message_send", send("sms", "wish", "value_from=x")).await.1["code"], "not_sound");
    let contact = |member: &str, channel: &str| json!({"member": member, "channel": channel, "wanted": true});
    assert_eq!(hq.command("member_contact", contact(&members[0], "pigeon")).await.1["code"], "not_sound");
    let nobody = "mem_00000000000000000000000000000009";
    assert_eq!(hq.command("member_contact", contact(nobody, "sms")).await.1["code"], "unknown_member");
    let write = |value: &str| json!({"group": "messages", "key": "template:x", "value": value});
    assert_eq!(hq.command("setting_write", write("坏|SMS|{phone}")).await.1["code"], "not_sound", "no such word in braces");
    assert_eq!(hq.get("/api/message_house").await.1["channels"], json!([]), "nothing is set up");
}
