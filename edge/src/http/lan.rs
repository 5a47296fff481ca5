//! Tills of the shop's network: the gate before everything they ask, the code that lets one in, and the technician's list of them.
use super::answer::No;
use super::asked::{Answer, Asked, Command, json};
use super::bill::Nothing;
use super::seat::{Caller, Seat, cookie};
use super::session::{Till, set_cookie, shown_till, token};
use super::{Http, Shared};
use crate::app::now_ms;
use crate::lan::certificate::addresses;
use crate::lan::pairing::{self, PairingCode};
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shared::desk::shown::{self, Person};
use shared::journal::{Refusal, Right};
use shared::store::Priority;
use utoipa::ToSchema;

/// Marks a request that came over the shop's network.
#[derive(Debug, Clone, Copy)]
pub struct OverLan;

/// Name of the cookie that makes a browser a till.
const COOKIE: &str = "catena_paired";
/// How long a browser keeps it, s: until a technician ends the till, or ten years.
const COOKIE_LASTS_S: u32 = 10 * 365 * 86_400;
/// What a browser that is no till yet may ask: to become one.
const PAIR: &str = "/api/session/pair";
/// Where it finds the certificate of the box's authority.
pub const AUTHORITY: &str = "/api/lan/authority.crt";
/// Numbers that a till may have.
const TILLS: std::ops::RangeInclusive<u16> = 1..=99;

#[derive(Debug, Serialize, ToSchema)]
pub struct LanTills {
    /// None: this box does not listen on the shop's network.
    #[schema(required)]
    pub lan: Option<LanAddress>,
    pub tills: Vec<PairedTill>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LanAddress {
    pub address: String,
    /// SHA-256 of the authority's certificate.
    pub fingerprint: String,
    /// Whether the network finds the name; else tills need the box's number.
    pub named: bool,
    /// The same address by the numbers that the box has now.
    pub numbers: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PairedTill {
    pub id: String,
    pub till: u16,
    pub since_ms: i64,
    pub by: Person,
    /// When it last asked something; none since this box started.
    #[schema(required)]
    pub seen_ms: Option<i64>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct OfTill {
    pub till: u16,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct OnePairing {
    /// As the list names it.
    pub pairing: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Pair {
    /// Eight digits; spaces between them do not count.
    pub code: String,
}

/// Over the shop's network nothing is answered but to paired tills. Requests of the box itself pass.
pub async fn paired_only(State(http): Shared, mut request: Request, next: Next) -> Result<Response, No> {
    if request.extensions().get::<OverLan>().is_none() || [PAIR, AUTHORITY, "/healthz"].contains(&request.uri().path()) {
        return Ok(next.run(request).await);
    }
    let unpaired = || No::plain(StatusCode::UNAUTHORIZED, "unpaired");
    let token = cookie(request.headers(), COOKIE).ok_or_else(unpaired)?.to_owned();
    let till = pairing::of(&http.app, &token).await?.ok_or_else(unpaired)?;
    http.seen.touch(till.key, now_ms());
    request.extensions_mut().insert(till);
    Ok(next.run(request).await)
}

/// A browser with the right code is a till from now on.
#[utoipa::path(post, path = "/api/session/pair", request_body = Pair, responses((status = 200, body = Till)))]
pub async fn pair(State(http): Shared, Json(wanted): Json<Pair>) -> Result<Response, No> {
    let token = token()?;
    let paired = {
        let token = token.clone();
        http.app.write(Priority::Till, move |writer| pairing::pair(writer, &wanted.code, &token, now_ms()))
    };
    let till = paired.await?.ok_or_else(|| No::plain(StatusCode::FORBIDDEN, "pairing_wrong"))?;
    let caller = Caller { key: None, lan: Some(till) };
    let mut answer = json(shown_till(&http, caller).await?).into_response();
    set_cookie(&mut answer, &format!("{}; Max-Age={COOKIE_LASTS_S}", caller.cookie(COOKIE, &token)));
    Ok(answer)
}

/// Who trusts this trusts the box; nothing in it is secret.
pub async fn authority(State(http): Shared) -> Result<Response, No> {
    let lan = http.app.lan.get().ok_or(Refusal::NotFound { what: "lan".into() })?;
    let kind = [(header::CONTENT_TYPE, "application/x-x509-ca-cert"), (header::CONTENT_DISPOSITION, "attachment; filename=\"catena.crt\"")];
    Ok((kind, lan.authority.certificate.clone()).into_response())
}

/// The tills of the shop's network.
#[utoipa::path(get, path = "/api/tills", responses((status = 200, body = LanTills)))]
pub async fn tills(State(http): Shared, seat: Seat) -> Result<Json<LanTills>, No> {
    let asked = http.clone();
    let found = http.ask(&seat, &[Right::Technician], move |db, _| {
        let mut tills = Vec::new();
        for (key, paired) in pairing::all(db)? {
            let seen = asked.seen.last_ms(&key);
            tills.push(PairedTill {
                id: hex(&key),
                till: paired.till,
                since_ms: paired.since_ms,
                by: shown::person(db, paired.by)?,
                seen_ms: (seen > 0).then_some(seen),
            });
        }
        tills.sort_by_key(|till| till.till);
        Ok(Ok(LanTills { lan: address(&asked), tills }))
    });
    Ok(json(found.await?))
}

fn address(http: &Http) -> Option<LanAddress> {
    let lan = http.app.lan.get()?;
    let numbers = addresses().into_iter().filter(|ip| !ip.is_loopback()).map(|ip| format!("https://{ip}:{}", lan.port));
    Some(LanAddress {
        address: format!("https://{}:{}", lan.host, lan.port),
        fingerprint: lan.authority.fingerprint.clone(),
        named: lan.is_told(),
        numbers: numbers.collect(),
    })
}

/// Gives out the code with which a browser becomes a till.
#[utoipa::path(post, path = "/api/commands/pairing_code", request_body = Command<OfTill>, responses((status = 200, body = PairingCode)))]
pub async fn pairing_code(State(http): Shared, asked: Asked<OfTill>) -> Result<Answer, No> {
    let till = asked.body.till;
    let random = u64::from_be_bytes(crate::install::random().map_err(|_| No::Fault(shared::journal::Fault::Stopped))?);
    http.carry_out(&asked, move |writer, here| {
        if !here.moment.may(Right::Technician) {
            return Ok(Err(Refusal::NotAllowed { right: Right::Technician }));
        }
        if !TILLS.contains(&till) {
            return Ok(Err(Refusal::NotSound { field: "till".into(), why: "unknown".into() }));
        }
        pairing::offer(writer, till, here.who.staff, random, now_ms()).map(Ok)
    })
    .await
}

/// Ends a till at once: whoever is signed in there is asked for a code.
#[utoipa::path(post, path = "/api/commands/unpair", request_body = Command<OnePairing>, responses((status = 200, body = Nothing)))]
pub async fn unpair(State(http): Shared, asked: Asked<OnePairing>) -> Result<Answer, No> {
    let id = asked.body.pairing.clone();
    http.carry_out(&asked, move |writer, here| {
        if !here.moment.may(Right::Technician) {
            return Ok(Err(Refusal::NotAllowed { right: Right::Technician }));
        }
        let Some((key, _)) = pairing::all(writer)?.into_iter().find(|(key, _)| hex(key) == id) else {
            return Ok(Err(Refusal::Gone));
        };
        pairing::end(writer, &key)?;
        Ok(Ok(Nothing {}))
    })
    .await
}

fn hex(key: &[u8; 16]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}
