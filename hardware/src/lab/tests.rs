//! The lab as an edge sees it: drivers of this crate over real ptys and TCP, and its HTTP side as a person uses it.

use super::*;
use crate::{
    Device, Health, LineSettings, Meaning, Open, PortAddress, PortFault, Trouble,
    caller_id::{self, CallEvent, CallerId, Modem, normalise},
    printer::{self, Outcome, Printer, Profile, ReceiptPrinter, Slip, render},
    reader::{Card, CardReader, Reader, Reading, protocol::StripeRule},
};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

const WAIT: Duration = Duration::from_secs(20);

fn folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    std::env::temp_dir().join(format!("lab-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)))
}

async fn lab() -> Lab {
    Lab::start(&folder(), Scene { printer_tcp: true, ..Scene::default() }).await.expect("a lab in the temporary folder")
}

fn serial(lab: &Lab, which: Which) -> Arc<PortAddress> {
    Arc::new(PortAddress::Serial { path: lab.path(which), line: LineSettings::default() })
}

fn job(text: &str) -> Vec<u8> {
    let mut slip = Slip::new();
    slip.line(text).cut();
    render(&slip, &Profile::wide())
}

async fn until(device: &dyn Device, health: Health) {
    let mut now = device.health();
    timeout(WAIT, now.wait_for(|state| *state == health)).await.expect("the state is reached").expect("the driver lives");
}

#[tokio::test]
async fn cards_over_a_pty() {
    let lab = lab().await;
    let mut reader = Reader::start(serial(&lab, Which::Reader), StripeRule::default());
    until(&reader, Health::Ok).await;
    lab.command("swipe 6001").expect("a command");
    lab.command("swipe 0C000621A5").expect("a command");
    assert_eq!(timeout(WAIT, reader.next()).await.expect("in time"), Some(Reading::Card(Card::stripe("6001"))));
    assert_eq!(timeout(WAIT, reader.next()).await.expect("in time"), Some(Reading::Card(Card::em4100([0x0C, 0, 0x06, 0x21, 0xA5]))));
    lab.unplug(Which::Reader);
    until(&reader, Health::Failed { trouble: Trouble::NotThere }).await;
    lab.replug(Which::Reader).expect("a fresh pty");
    until(&reader, Health::Ok).await;
    lab.swipe("6002");
    assert_eq!(timeout(WAIT, reader.next()).await.expect("in time"), Some(Reading::Card(Card::stripe("6002"))));
}

// The same printer through a serial line, as a device file of the printer class, and through TCP.
#[tokio::test]
async fn receipts_over_each_port() {
    let lab = lab().await;
    let address = lab.printer_tcp().expect("the scene has it").to_string();
    let ports: [Arc<PortAddress>; 3] = [
        serial(&lab, Which::Printer),
        Arc::new(PortAddress::Usb { path: lab.path(Which::Printer) }),
        Arc::new(PortAddress::Tcp { address }),
    ];
    for (at, port) in ports.into_iter().enumerate() {
        let printer = Printer::start(port, Profile::wide(), printer::driver::Patience::default());
        assert_eq!(timeout(WAIT, printer.print(job("一"))).await.expect("in time"), Outcome::Printed);
        let receipt = lab.receipt_within(at as u64 + 1, WAIT).await.expect("it was printed");
        assert_eq!(receipt.bytes, job("一"));
    }
}

// A second program does not get the printer; a person sees which trouble it is.
#[tokio::test]
async fn one_program_at_a_time() {
    let lab = lab().await;
    let port = serial(&lab, Which::Printer);
    let held = port.open().await.expect("a free port");
    assert!(matches!(port.open().await, Err(PortFault::Busy)));
    let usb = PortAddress::Usb { path: lab.path(Which::Printer) };
    assert!(matches!(usb.open().await, Err(PortFault::Busy)));
    drop(held);
    drop(usb.open().await.expect("free again"));
    assert!(matches!(PortAddress::Usb { path: "/no/such/port".into() }.open().await, Err(PortFault::NotThere)));
    assert!(matches!(PortAddress::Tcp { address: "127.0.0.1:1".into() }.open().await, Err(PortFault::Unreachable)));
}

#[tokio::test]
async fn unplugged_in_a_receipt_and_power_back() {
    let lab = lab().await;
    let printer = Printer::start(serial(&lab, Which::Printer), Profile::wide(), printer::driver::Patience::default());
    until(&printer, Health::Ok).await;
    lab.command("power loss 400").expect("a command");
    let outcome = timeout(WAIT, printer.print(job(&"长".repeat(500)))).await.expect("in time");
    assert!(matches!(outcome, Outcome::Failed { trouble: Trouble::Unplugged, sent_bytes: 1.. }), "{outcome:?}");
    assert!(!lab.devices()[1].plugged);
    lab.command("replug printer").expect("a command");
    until(&printer, Health::Ok).await;
    assert_eq!(timeout(WAIT, printer.print(job("二"))).await.expect("in time"), Outcome::Printed);
    let endings: Vec<_> = lab.receipts_after(0).into_iter().map(|receipt| receipt.ending).collect();
    assert_eq!(endings, [printer::simulator::Ending::PowerLoss, printer::simulator::Ending::Whole]);
}

#[tokio::test]
async fn calls_over_a_pty() {
    let lab = lab().await;
    let mut modem = Modem::start(serial(&lab, Which::Modem), caller_id::driver::Patience::default());
    until(&modem, Health::Ok).await;
    lab.command("ring 13800138000 1").expect("a command");
    let event = timeout(WAIT, modem.next()).await.expect("in time");
    assert_eq!(event, Some(CallEvent::Ringing { call: 1, caller: normalise("13800138000"), name: None }));
    let lines: Vec<Meaning> = modem.trace().after(0).into_iter().map(|piece| piece.meaning).collect();
    assert!(lines.contains(&Meaning::Caller("NMBR = 13800138000".into())), "{lines:?}");
}

#[tokio::test]
async fn links_are_listed_and_go() {
    let lab = lab().await;
    let found = crate::ports::list(&[lab.dir().to_owned()]);
    let names: Vec<_> = found.iter().filter(|port| port.stable.starts_with(lab.dir())).filter_map(|port| port.stable.file_name()).collect();
    assert_eq!(names, ["modem", "printer", "reader"]);
    let dir = lab.dir().to_owned();
    drop(lab);
    assert_eq!(fs::read_dir(&dir).expect("the folder stays").count(), 0);
    fs::remove_dir(dir).expect("removing what was made");
}

/// One request, the whole answer.
async fn http(address: SocketAddr, request: &str, body: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.expect("the lab listens");
    let head = format!("{request} HTTP/1.1\r\nhost: lab\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(head.as_bytes()).await.expect("the lab reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("the lab answers");
    answer
}

#[tokio::test]
async fn http_side() {
    let lab = lab().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let server = tokio::spawn(http::serve(lab.clone(), listener));
    let mut reader = Reader::start(serial(&lab, Which::Reader), StripeRule::default());
    until(&reader, Health::Ok).await;
    let status = async |request: &str, body: &str| String::from_utf8_lossy(&http(address, request, body).await[9..12]).into_owned();

    assert_eq!(status("POST /swipe/6001", "").await, "200");
    assert_eq!(timeout(WAIT, reader.next()).await.expect("in time"), Some(Reading::Card(Card::stripe("6001"))));
    for (request, body, expected) in [
        ("POST /ring/13800138000", "", "200"),
        ("POST /hangup", "", "200"),
        ("POST /paper/out", "", "200"),
        ("POST /paper/in", "", "200"),
        ("POST /cover/open", "", "200"),
        ("POST /cover/closed", "", "200"),
        ("POST /unplug/modem", "", "200"),
        ("POST /replug/modem", "", "200"),
        ("POST /late/modem/3000", "", "200"),
        ("POST /command", "calm modem", "200"),
        ("POST /command", "nonsense", "400"),
        ("POST /paper/sideways", "", "400"),
        ("GET /", "", "200"),
        ("GET /devices", "", "200"),
        ("GET /receipts/1.png", "", "404"),
    ] {
        assert_eq!(status(request, body).await, expected, "{request}");
    }

    let printer = Printer::start(serial(&lab, Which::Printer), Profile::wide(), printer::driver::Patience::default());
    assert_eq!(timeout(WAIT, printer.print(job("张三"))).await.expect("in time"), Outcome::Printed);
    let list = String::from_utf8_lossy(&http(address, "GET /receipts?after=0", "").await).into_owned();
    let body = list.split("\r\n\r\n").nth(1).expect("a body");
    let rows: serde_json::Value = serde_json::from_str(body).expect("JSON");
    let hex: String = job("张三").iter().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!(rows, serde_json::json!([{ "number": 1, "ending": "whole", "hex": hex, "text": "张三\n[cut]\n" }]));
    assert!(http(address, "GET /receipts/1.png", "").await.windows(4).any(|part| part == b"\x89PNG"));
    assert!(http(address, "GET /bytes", "").await.windows(3).any(|part| part == [0x1D, 0x72, 0x01]));
    server.abort();
}
