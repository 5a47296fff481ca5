//! Goal: tills on the shop's network come in over TLS that others can check, paired once; whoever else is in that network gets nothing.
//! Method: the real sockets; the certificate is judged by rustls' verifier, the name is asked for by bytes that this test writes itself.
use crate::chain::Chain;
use crate::till::{Page, stocked};
use serde_json::json;
use socket2::{Domain, Socket, Type};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// A branch that listens on the loopback as if it were the shop's network.
struct Shop {
    chain: Chain,
    /// The technician at the box itself.
    technician: Page,
    address: SocketAddr,
    authority: reqwest::Certificate,
}

const HOST: &str = "catena-b1.local";

impl Shop {
    async fn open(name: &str) -> Shop {
        let chain = stocked(name).await;
        let app = chain.branches[0].edge.clone();
        let router = edge::serve::router(app.clone());
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let served = edge::lan::serve(&app, loopback, router.clone(), std::future::pending()).await;
        tokio::spawn(served.expect("it listens"));
        let lan = app.lan.get().expect("told");
        let address = SocketAddr::from(([127, 0, 0, 1], lan.port));
        let authority = reqwest::Certificate::from_pem(lan.authority.certificate.as_bytes()).expect("a certificate");
        let mut technician = Page::serving(router).await;
        technician.sign_in("7001", "444444").await;
        Shop { chain, technician, address, authority }
    }

    /// A device in the shop's network that trusts the box's authority and nobody else's.
    fn device(&self) -> Page {
        self.device_at(HOST)
    }

    fn device_at(&self, host: &str) -> Page {
        let client = reqwest::Client::builder().tls_certs_only([self.authority.clone()]).resolve(host, self.address);
        Page::through(client.build().expect("a client"), format!("https://{host}:{}", self.address.port()))
    }

    async fn code(&mut self, till: u16) -> String {
        let code = self.technician.done("pairing_code", json!({ "till": till })).await;
        code["code"].as_str().expect("digits").to_owned()
    }

    /// A device that is a till.
    async fn till(&mut self, number: u16) -> Page {
        let code = self.code(number).await;
        let mut page = self.device();
        let (status, answer) = page.post("/api/session/pair", json!({ "code": code })).await;
        assert_eq!((status, &answer["till"]["number"]), (200, &json!(number)), "{answer}");
        page
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_in_the_network_gets_nothing_but_the_question_for_a_code() {
    let shop = Shop::open("lan-stranger").await;
    let mut stranger = shop.device();
    for path in ["/api/till", "/api/status", "/api/events", "/api/calls", "/api/openapi.json", "/metrics", "/api/devices"] {
        let (status, answer) = stranger.get(path).await;
        assert_eq!((status, answer["code"].as_str()), (401, Some("unpaired")), "{path}");
    }
    let (status, answer) = stranger.post("/api/session/sign_in", json!({ "code": "1001", "pin": "111111", "till": 1 })).await;
    assert_eq!((status, answer["code"].as_str()), (401, Some("unpaired")), "not even with a right PIN");
    assert_eq!(stranger.post("/api/session/pair", json!({ "code": "12345678" })).await.0, 403, "no code is given out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_pairs_one_device_once_and_dies_after_five_wrong_tries() {
    let mut shop = Shop::open("lan-code").await;
    let code = shop.code(2).await;
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    for _ in 0..4 {
        assert_eq!(shop.device().post("/api/session/pair", json!({ "code": wrong })).await.0, 403);
    }
    let spaced = format!("{} {}", &code[..4], &code[4..]);
    assert_eq!(shop.device().post("/api/session/pair", json!({ "code": spaced })).await.0, 200, "the fifth try may be right");
    assert_eq!(shop.device().post("/api/session/pair", json!({ "code": code })).await.0, 403, "once");
    let code = shop.code(3).await;
    for _ in 0..5 {
        assert_eq!(shop.device().post("/api/session/pair", json!({ "code": wrong })).await.0, 403);
    }
    assert_eq!(shop.device().post("/api/session/pair", json!({ "code": code })).await.0, 403, "void after five");
    let refused = shop.technician.refused("pairing_code", json!({ "till": 100 })).await;
    assert_eq!(refused.1, "not_sound", "there is no till 100");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paired_till_sells_as_its_own_number_and_its_cookies_are_good_together_only() {
    let mut shop = Shop::open("lan-till").await;
    let mut till = shop.till(2).await;
    let (status, answer) = till.post("/api/session/sign_in", json!({ "code": "1001", "pin": "111111", "till": 9 })).await;
    assert_eq!((status, &answer["till"]["number"]), (200, &json!(2)), "the number is the pairing's, not the page's");
    till.done("shift_open", json!({ "float": 50_000 })).await;
    till.enter("6901234567915").await;
    let sold = till.pay("wechat", json!(null)).await;
    assert!(sold["done"]["receipt_no"].as_str().is_some_and(|number| number.contains("-2-")), "{sold}");
    assert_eq!(till.with_only("catena_till").get("/api/till").await.0, 401, "a session without its till");
    let (_, answer) = till.with_only("catena_paired").get("/api/till").await;
    assert_eq!((&answer["till"]["number"], &answer["session"]), (&json!(2), &json!(null)), "a till without a session");
    let mut other = shop.till(3).await;
    other.post("/api/session/sign_in", json!({ "code": "1002", "pin": "222222", "till": null })).await;
    assert_eq!(other.carrying(&till, "catena_till").get("/api/bill").await.1["code"], "signed_out", "another till's session");
    let at_the_box = Page::new(&shop.chain).await;
    assert_eq!(at_the_box.carrying(&till, "catena_till").get("/api/bill").await.1["code"], "signed_out", "nor at the box itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_that_was_ended_or_replaced_is_out_at_once() {
    let mut shop = Shop::open("lan-end").await;
    let mut till = shop.till(2).await;
    till.sign_in("1001", "111111").await;
    let stream = till.events().await;
    let (_, known) = shop.technician.get("/api/tills").await;
    assert_eq!(known["tills"][0]["till"], 2, "{known}");
    assert!(known["tills"][0]["seen_ms"].is_i64(), "{known}");
    shop.technician.done("unpair", json!({ "pairing": known["tills"][0]["id"] })).await;
    tokio::time::timeout(Duration::from_secs(5), stream.bytes()).await.expect("its events end").expect("in order");
    assert_eq!(till.get("/api/bill").await.1["code"], "unpaired");
    let first = shop.till(4).await;
    let second = shop.till(4).await;
    assert_eq!(first.get("/api/till").await.0, 401, "a number is one device's");
    assert_eq!(second.get("/api/till").await.0, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_certificate_is_good_for_the_box_and_for_nothing_else() {
    let shop = Shop::open("lan-certificate").await;
    assert_eq!(shop.device().get("/healthz").await.0, 200, "by its name");
    assert_eq!(shop.device_at("127.0.0.1").get("/healthz").await.0, 200, "by its number");
    let other = reqwest::Client::builder().tls_certs_only([shop.authority.clone()]).resolve("catena-b2.local", shop.address).build();
    let asked = other.expect("a client").get(format!("https://catena-b2.local:{}/healthz", shop.address.port())).send().await;
    assert!(asked.expect_err("another name").is_connect());
    let stranger = reqwest::Client::builder().tls_certs_only([]).resolve(HOST, shop.address).build().expect("a client");
    let asked = stranger.get(format!("https://{HOST}:{}/healthz", shop.address.port())).send().await;
    assert!(asked.expect_err("nobody trusts it unasked").is_connect());
    let before = std::fs::read(shop.chain.folder.join("edge1/lan-authority.crt")).expect("kept");
    let install = edge::install::Install::new(&shop.chain.folder.join("edge1"));
    let again = edge::lan::certificate::Authority::load(&install, HOST).expect("read");
    assert_eq!(again.certificate.as_bytes(), before, "trusted once, trusted after a restart");
    let key = std::fs::metadata(shop.chain.folder.join("edge1/lan-authority.key")).expect("kept");
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&key.permissions()) & 0o077, 0, "nobody else reads the key");
}

const GROUP: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 251);

/// A question for the IPv4 address of a name (RFC 1035 4.1, RFC 6762 5).
fn question(host: &str) -> Vec<u8> {
    let mut bytes = vec![0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in host.split('.') {
        bytes.push(label.len() as u8);
        bytes.extend(label.as_bytes());
    }
    bytes.extend([0, 0, 1, 0, 1]);
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_network_finds_the_box_by_its_name() {
    let shop = Shop::open("lan-name").await;
    assert!(shop.chain.branches[0].edge.lan.get().expect("listens").is_told());
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, None).expect("a socket");
    // Resolvers share the port.
    socket.set_reuse_address(true).expect("set");
    socket.set_reuse_port(true).expect("set");
    socket.bind(&SocketAddr::from((Ipv4Addr::UNSPECIFIED, 5353)).into()).expect("the port");
    socket.join_multicast_v4(&GROUP, &Ipv4Addr::LOCALHOST).expect("joined");
    socket.set_multicast_if_v4(&Ipv4Addr::LOCALHOST).expect("set");
    let socket = UdpSocket::from(socket);
    socket.set_read_timeout(Some(Duration::from_millis(300))).expect("set");
    let asked = question(HOST);
    let record = [&[0, 1, 0x80, 1][..], &[0, 0, 0, 120, 0, 4, 127, 0, 0, 1]].concat();
    let (mut bytes, until) = ([0; 1500], Instant::now() + Duration::from_secs(10));
    while Instant::now() < until {
        socket.send_to(&asked, (GROUP, 5353)).expect("sent");
        while let Ok((length, _)) = socket.recv_from(&mut bytes) {
            if bytes[..length].windows(record.len()).any(|part| part == record) {
                return;
            }
        }
    }
    panic!("nobody answers for {HOST}");
}
