//! The gateway that a channel sends by: one HTTP request for each message. The body is JSON; `X-Catena-Signature` is the hex HMAC-SHA256, with the
//! channel's key, over the header `X-Catena-Time` (UTC ms), a dot and the body; `Idempotency-Key` is the same however often a message is sent.
use ring::hmac;
use serde::{Deserialize, Serialize};
use shared::messages::text::Said;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// In the hub's data folder, readable by the hub only: `[sms]` and `[webhook]` with `address` and `key`.
const FILE: &str = "gateways.toml";
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(20);
/// Bytes of an answer that are read.
const ANSWER_BYTES_MAX: usize = 16 * 1024;

/// Where messages of one channel go. The key is never printed.
#[derive(Clone, Deserialize)]
pub struct Gateway {
    address: String,
    key: String,
}

/// What is asked of a gateway.
#[derive(Debug, Serialize)]
pub struct Wanted {
    /// Of the message.
    pub id: String,
    pub channel: String,
    pub to: String,
    pub signature: String,
    /// The gateway's own id of the template; empty: it takes the text.
    pub template: String,
    pub text: String,
    pub variables: Variables,
}

#[derive(Debug, Serialize)]
pub struct Variables {
    name: String,
    /// Minor units.
    value: i64,
    points: i64,
}

impl From<Said> for Variables {
    fn from(said: Said) -> Variables {
        Variables { name: said.name, value: said.value.minor(), points: said.points }
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// With the gateway's number of it.
    Taken(String),
    /// With its reason.
    Refused(String),
    /// Nothing left the house, or the gateway wants it later.
    NotReached,
    /// It may have been sent.
    Unknown,
}

#[derive(Default, Deserialize)]
struct Told {
    #[serde(default)]
    id: String,
    #[serde(default)]
    reason: String,
}

impl Gateway {
    /// The gateway of a channel, read anew for each message: a changed file needs no restart. None where none is set up.
    pub fn of(folder: &Path, channel: &str) -> Option<Gateway> {
        let text = std::fs::read_to_string(folder.join(FILE)).ok()?;
        match toml::from_str::<BTreeMap<String, Gateway>>(&text) {
            Ok(mut gateways) => gateways.remove(channel),
            Err(error) => {
                // Its message shows the line, and the key may stand in it.
                tracing::warn!(at = ?error.span(), "gateways.toml is not sound");
                None
            }
        }
    }

    /// Asks the gateway to send a message.
    pub async fn say(&self, wanted: &Wanted, now_ms: i64) -> Answer {
        let Ok(body) = serde_json::to_vec(wanted) else { return Answer::Refused("form".into()) };
        // Another process of the house may have done so.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let Ok(client) = reqwest::Client::builder().connect_timeout(CONNECT).timeout(ANSWER).build() else { return Answer::NotReached };
        let request = client
            .post(&self.address)
            .header("content-type", "application/json")
            .header("idempotency-key", &wanted.id)
            .header("x-catena-time", now_ms.to_string())
            .header("x-catena-signature", self.signature(now_ms, &body))
            .body(body);
        match request.send().await {
            Ok(response) => heard(response).await,
            Err(error) if error.is_connect() || error.is_builder() => Answer::NotReached,
            Err(_) => Answer::Unknown,
        }
    }

    fn signature(&self, now_ms: i64, body: &[u8]) -> String {
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, self.key.as_bytes()));
        context.update(format!("{now_ms}.").as_bytes());
        context.update(body);
        context.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

async fn heard(mut response: reqwest::Response) -> Answer {
    let status = response.status();
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            break;
        }
        body.extend_from_slice(&chunk);
    }
    let said: Told = serde_json::from_slice(&body).unwrap_or_default();
    match status.as_u16() {
        200..300 => Answer::Taken(said.id),
        // It asks for patience, and has not taken it.
        429 => Answer::NotReached,
        408 => Answer::Unknown,
        400..500 => Answer::Refused(if said.reason.is_empty() { status.as_u16().to_string() } else { said.reason }),
        _ => Answer::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By `printf '5.{}' | openssl dgst -sha256 -hmac key`.
    #[test]
    fn the_signature_is_that_of_openssl() {
        let gateway = Gateway { address: String::new(), key: "key".into() };
        assert_eq!(gateway.signature(5, b"{}"), "9be615aec64f0d044b5ad6854ab1d893ec88617fb728d2149dcd3a3428e8c45d");
    }
}
