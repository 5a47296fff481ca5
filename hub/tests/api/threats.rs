//! Goal: what `docs/threats.md` says that nobody gets at head office is not got. Method: bytes of the store, headers of the pages, what is logged.
use crate::desk::chain;
use crate::site::Site;
use serde_json::json;
use shared::staff::by_code;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

const SECRET: &str = "correct horse battery 42";

/// Everything that is logged, of every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What an authenticator shows that was given this secret (RFC 4648, RFC 6238), for the step of 30 seconds.
fn authenticator(secret: &str, step: i64) -> String {
    let letters = secret.bytes().map(|letter| u32::from(if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' }));
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0, 0_u32);
    for five in letters {
        (held, bits) = ((held << 5 | five) & 0xfff, bits + 5);
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff) as u8);
        }
    }
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    let tag = ring::hmac::sign(&key, &step.to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let four: [u8; 4] = tag.as_ref()[at..at + 4].try_into().expect("four bytes");
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_stands_in_no_entry_no_page_of_the_feed_no_statement_and_no_log() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).init();
    let site = Site::new("password-stays").await;
    let hq = site.head_office().await;
    let body = json!({"staff": null, "code": "7001", "name": "财务", "branch": null, "roles": []});
    let staff = hq.done("staff_write", body).await["staff"]["id"].clone();
    hq.done("staff_password", json!({"staff": staff, "password": SECRET})).await;
    assert_eq!(site.page().sign_in("7001", SECRET).await.0, 200);
    assert_eq!(site.page().sign_in("7001", "another wrong one").await.0, 401);
    let verifier =
        site.app.read(|db| hub::password::verifier(db, by_code(db, "7001")?.expect("there").id)).await.expect("read").expect("set");
    let tables = ["entry", "statement", "page", "feed", "job", "set_aside", "staff", "staff_pin"];
    for table in tables {
        let sql: &'static str = format!("select * from {table}").leak();
        let rows = site.app.read(move |db| db.rows(sql, &[])).await.expect("read");
        for cell in rows.iter().flat_map(|row| (0..row.0.len()).map(|i| [row.blob(i), row.text(i).as_bytes()].concat())) {
            for secret in [SECRET.as_bytes(), verifier.bytes(), site.password.as_bytes()] {
                assert!(!holds(&cell, secret), "a password in {table}");
            }
        }
    }
    let logged = log.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert!(holds(&logged, b"TRACE") || holds(&logged, b"DEBUG"), "something is logged");
    for secret in [SECRET.as_bytes(), b"another wrong one", site.password.as_bytes()] {
        assert!(!holds(&logged, secret), "a password in the log");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_dashboard_runs_its_own_scripts_only_and_is_framed_by_nobody() {
    let site = Site::new("content-policy").await;
    for path in ["/", "/members", "/exceptions"] {
        let policy = site.page().header(path, "content-security-policy").await.expect("a policy");
        assert!(
            policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'") && policy.contains("object-src 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("script-src") && !policy.contains("unsafe-eval"), "scripts fall under default-src: {policy}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_who_asks_for_it_is_erased_after_what_is_owed_was_shown() {
    let site = Site::new("erase").await;
    let hq = chain(&site).await;
    let member = hq.get("/api/members?text=6001").await.1["rows"][0]["id"].clone();
    let erase = |confirmed: bool| json!({"member": member, "why": "本人申请，个人信息保护法第四十七条", "confirmed": confirmed});
    let (status, asked) = hq.command("erase_member", erase(false)).await;
    assert_eq!((status, &asked["args"]["value"], &asked["args"]["name"]), (409, &json!(90_000), &json!("王小明")));
    assert_eq!(hq.done("erase_member", erase(true)).await["member"]["name"], "已注销");
    assert_eq!(hq.get("/api/members?text=6001").await.1["rows"], json!([]));
    assert_eq!(hq.command("erase_member", erase(true)).await.1["code"], "not_sound", "once");
    let (status, gone) = hq.get(&format!("/api/members/{}", member.as_str().expect("an id"))).await;
    assert_eq!((status, &gone["code"]), (410, &json!("member_erased")), "who opens an old link is told why nothing is there");
    let rows = site.app.read(|db| db.rows("select body from entry", &[])).await.expect("read");
    assert!(rows.iter().all(|row| !holds(row.blob(0), "王小明".as_bytes()) && !holds(row.blob(0), b"13800138000")));
    let other = hq.get("/api/members?text=13900139000").await.1["rows"][0]["id"].as_str().expect("there").replace("mem_", "doc_");
    assert_eq!(hq.done("begin_anew", json!({"document": other})).await["generation"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_is_asked_for_once_it_was_proven_and_each_code_counts_once() {
    let site = Site::new("second").await;
    let hq = site.head_office().await;
    let begun = hq.post("/api/session/second/begin", &json!({})).await.1;
    assert!(begun["address"].as_str().expect("an address").starts_with("otpauth://totp/"), "{begun}");
    assert_eq!(hq.post("/api/session/second/prove", &json!({"code": "000000"})).await.1["code"], "wrong_second");
    assert_eq!(site.page().sign_in("hq", &site.password).await.0, 200, "not asked for before it was proven");
    let secret = begun["secret"].as_str().expect("a secret").to_owned();
    let step = hub::app::now_ms() / 30_000;
    let code = authenticator(&secret, step - 1);
    let (status, proven) = hq.post("/api/session/second/prove", &json!({"code": code})).await;
    let recovery = proven["recovery"].as_array().cloned().unwrap_or_default();
    assert_eq!((status, recovery.len()), (200, 8), "{proven}");
    let mut page = site.page();
    assert_eq!(page.sign_in("hq", &site.password).await.1["code"], "needs_second");
    let with = async |second: &str| {
        let body = json!({"code": "hq", "password": site.password, "second": second}).to_string().into_bytes();
        site.page().send("/api/session/sign_in", body, true).await.0
    };
    assert_eq!(with(&code).await.1["code"], "wrong_second", "used already");
    assert_eq!(with(&authenticator(&secret, step)).await.0, 200);
    let lost = recovery[3].as_str().expect("a code").to_lowercase();
    assert_eq!(with(&lost).await.0, 200);
    assert_eq!(with(&lost).await.0, 401, "a recovery code counts once, too");
    assert_eq!(hq.post("/api/session/second/end", &json!({"password": "a wrong guess"})).await.1["code"], "wrong_password");
    assert_eq!(hq.post("/api/session/second/end", &json!({"password": site.password})).await.0, 200);
    assert_eq!(page.sign_in("hq", &site.password).await.0, 200);
}
