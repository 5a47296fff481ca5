//! A branch's line to a real hub, as plain as can be: one request, one connection; and the live link read line by line.
use shared::exchange::sign::{Keys, PublicKey};
use shared::exchange::wire::{self, REQUEST, RESPONSE, Request, Response};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long one answer may take before the branch gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the hub is and who it is.
#[derive(Clone, Copy)]
pub struct Line {
    pub to: SocketAddr,
    pub hub: PublicKey,
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as i64
}

impl Line {
    /// One exchange; none if the hub says that it is too busy, or ends.
    pub fn exchange(&self, keys: &Keys, request: &Request) -> Option<Response> {
        self.send(&self.seal(keys, request))
    }

    /// A request as it goes over the wire; good for five minutes.
    pub fn seal(&self, keys: &Keys, request: &Request) -> Vec<u8> {
        wire::seal(REQUEST, request, now_ms(), keys, &self.hub)
    }

    pub fn send(&self, sealed: &[u8]) -> Option<Response> {
        let mut answer = Vec::new();
        self.post("/exchange", sealed).read_to_end(&mut answer).expect("an answer");
        if answer.is_empty() {
            return None;
        }
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let status = String::from_utf8_lossy(&answer[9..12]).into_owned();
        if status == "503" {
            return None;
        }
        assert_eq!(status, "200", "{}", String::from_utf8_lossy(&answer[..end]));
        let response = wire::open(RESPONSE, &answer[end + 4..], &self.key_of(sealed)).expect("signed");
        Some(response.message().expect("an answer"))
    }

    /// The device that sealed a request.
    fn key_of(&self, sealed: &[u8]) -> PublicKey {
        *minicbor::decode::<wire::Envelope>(sealed).expect("sealed here").key
    }

    fn post(&self, path: &str, body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.to).expect("the hub listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        stream.set_nodelay(true).expect("set");
        let head = format!("POST {path} HTTP/1.1\r\nhost: hub\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(&[head.as_bytes(), body].concat()).expect("sent");
        stream
    }

    /// Calls `nudged` whenever the hub says that there is something, as long as that answers true.
    pub fn live(&self, keys: &Keys, mut nudged: impl FnMut() -> bool) {
        let hello = wire::seal(REQUEST, &0_u8, now_ms(), keys, &self.hub);
        let lines = BufReader::new(self.post("/exchange/live", &hello)).lines();
        for line in lines.map_while(Result::ok) {
            if line.starts_with("data:") && !nudged() {
                return;
            }
        }
    }

    /// Whether the hub serves.
    pub fn serves(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(self.to) else { return false };
        let asked = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: hub\r\nconnection: close\r\n\r\n");
        let mut answer = String::new();
        asked.is_ok() && stream.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.1 200")
    }
}
