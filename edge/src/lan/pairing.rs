//! Which tills of the shop's network may ask this box anything. A technician makes a code for a till's number; whoever types it within ten minutes is
//! that till until the technician ends it. A guest in the same network gets as far as the page that asks for the code.
use crate::app::App;
use minicbor::{Decode, Encode};
use serde::Serialize;
use shared::base::StaffId;
use shared::base::ids::derived;
use shared::journal::command::encoded;
use shared::journal::{Fault, Read};
use shared::store::Writer;
use shared::store::drafts::{draft, drafts};

/// Draft kinds: the one open code, and the tills by the hash of their cookie.
const CODE: &str = "pairing_code";
pub const PAIRED: &str = "pairing";
/// How long a code is good, ms.
pub const CODE_LASTS_MS: i64 = 10 * 60_000;
/// Wrong codes before the open one is void: of 10^8 codes a stranger tries five.
const TRIES: u8 = 5;
/// Digits of a code.
const DIGITS: usize = 8;

/// A code that was given out.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Offer {
    #[cbor(n(0), with = "minicbor::bytes")]
    hash: [u8; 16],
    #[n(1)]
    till: u16,
    #[n(2)]
    until_ms: i64,
    #[n(3)]
    tries_left: u8,
    #[n(4)]
    by: StaffId,
}

/// A till of the shop's network.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Paired {
    #[n(0)]
    pub till: u16,
    #[n(1)]
    pub since_ms: i64,
    /// Who gave the code out.
    #[n(2)]
    pub by: StaffId,
}

/// The till that a request came from; in a request's extensions when it came over the shop's network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LanTill {
    pub key: [u8; 16],
    pub till: u16,
}

/// A code as a technician reads it out.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PairingCode {
    /// Eight digits.
    pub code: String,
    pub from_ms: i64,
    pub until_ms: i64,
}

/// Gives a code out for a till; the one before is void.
///
/// # Errors
/// A fault of the store.
pub fn offer(writer: &mut Writer<'_>, till: u16, by: StaffId, random: u64, now_ms: i64) -> Result<PairingCode, Fault> {
    let code = format!("{:08}", random % 10_u64.pow(DIGITS as u32));
    let until_ms = now_ms.saturating_add(CODE_LASTS_MS);
    let offer = Offer { hash: hash(&code), till, until_ms, tries_left: TRIES, by };
    writer.set_draft(CODE, &[], Some(&encoded(&offer)))?;
    Ok(PairingCode { code, from_ms: now_ms, until_ms })
}

/// Makes the holder of `token` the till that the code is for; a till that had the number before is one no more. None: wrong, too late or void.
///
/// # Errors
/// A fault of the store.
pub fn pair(writer: &mut Writer<'_>, code: &str, token: &str, now_ms: i64) -> Result<Option<LanTill>, Fault> {
    let Some(offer) = draft(writer, CODE, &[])?.and_then(|body| minicbor::decode::<Offer>(&body).ok()) else { return Ok(None) };
    if now_ms > offer.until_ms {
        writer.set_draft(CODE, &[], None)?;
        return Ok(None);
    }
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    if hash(&code) != offer.hash {
        let left = Offer { tries_left: offer.tries_left.saturating_sub(1), ..offer };
        let body = (left.tries_left > 0).then(|| encoded(&left));
        writer.set_draft(CODE, &[], body.as_deref())?;
        return Ok(None);
    }
    writer.set_draft(CODE, &[], None)?;
    for (key, before) in all(writer)? {
        if before.till == offer.till {
            end(writer, &key)?;
        }
    }
    let key = key(token);
    writer.set_draft(PAIRED, &key, Some(&encoded(&Paired { till: offer.till, since_ms: now_ms, by: offer.by })))?;
    Ok(Some(LanTill { key, till: offer.till }))
}

/// Ends a till.
///
/// # Errors
/// A fault of the store.
pub fn end(writer: &mut Writer<'_>, key: &[u8; 16]) -> Result<(), Fault> {
    writer.set_draft(PAIRED, key, None)
}

/// Whether a till is one still.
///
/// # Errors
/// A fault of the store.
pub fn is_paired(db: &dyn Read, key: &[u8; 16]) -> Result<bool, Fault> {
    Ok(draft(db, PAIRED, key)?.is_some())
}

/// The tills of the shop's network.
///
/// # Errors
/// A fault of the store.
pub fn all(db: &dyn Read) -> Result<Vec<([u8; 16], Paired)>, Fault> {
    let found = drafts(db, PAIRED)?.into_iter();
    Ok(found.filter_map(|(key, body)| Some((key.try_into().ok()?, minicbor::decode(&body).ok()?))).collect())
}

/// The till that holds a token.
///
/// # Errors
/// A fault of the store.
pub async fn of(app: &App, token: &str) -> Result<Option<LanTill>, Fault> {
    let key = key(token);
    app.read(move |db| {
        Ok(draft(db, PAIRED, &key)?
            .and_then(|body| minicbor::decode::<Paired>(&body).ok())
            .map(|paired| LanTill { key, till: paired.till }))
    })
    .await
}

fn key(token: &str) -> [u8; 16] {
    derived("pairing", &[token.as_bytes()])
}

fn hash(code: &str) -> [u8; 16] {
    derived("pairing code", &[code.as_bytes()])
}
