//! Signing in, locking, unlocking, leaving; the quick switch keeps the bill, because the bill is the till's.
use super::answer::No;
use super::asked::json;
use super::seat::{COOKIE, Caller, SESSION, Seat, Session, is_locked};
use super::{Http, Shared};
use crate::app::now_ms;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shared::base::ids::derived;
use shared::base::{Money, Rate};
use shared::branches;
use shared::desk::bill::priced::House;
use shared::desk::shown::{self, Person, TenderKind, shift::Shift};
use shared::desk::{prove, slips};
use shared::facts::sales::{POINTS, VALUE};
use shared::journal::command::encoded;
use shared::journal::{Fault, Read, Refusal};
use shared::staff;
use shared::store::{Identity, Priority};
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Till {
    pub chain: String,
    pub branch: BranchName,
    pub till: TillName,
    pub host: String,
    pub version: String,
    pub language: Spoken,
    #[schema(required)]
    pub session: Option<SignedIn>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BranchName {
    pub id: String,
    pub code: String,
    pub name: String,
    pub name_en: String,
    /// Minutes that the branch's clocks are ahead of UTC: pages show every time as it is there.
    pub zone_minutes: i32,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TillName {
    pub number: u16,
    pub name: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub struct SignedIn {
    pub person: Person,
    pub locked: bool,
    pub rights: Vec<String>,
    pub limits: Limits,
    #[schema(required)]
    pub shift: Option<Shift>,
    pub settings: Settings,
    pub language: Spoken,
}

/// What the pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Spoken {
    Zh,
    En,
}

impl Spoken {
    fn of(session: &Session) -> Spoken {
        if session.english { Spoken::En } else { Spoken::Zh }
    }
}

/// How the selling page is laid out unless the till chose otherwise: a wide bill, or goods to tap on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    Scan,
    Tiles,
}

/// Whether a slip comes out by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PrintPolicy {
    Always,
    Ask,
    Never,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Limits {
    pub line_discount: Rate,
    pub bill_discount: Rate,
    #[schema(required)]
    pub refund: Option<Money>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Settings {
    pub tenders: Vec<TenderKind>,
    pub lock_after_s: i64,
    pub layout: Layout,
    pub print: PrintPolicy,
    pub top_up_tenders: Vec<TenderKind>,
    pub top_up_amounts: Vec<Money>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SignIn {
    pub code: String,
    pub pin: String,
    #[schema(required)]
    pub till: Option<u16>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Unlock {
    pub pin: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ChosenLanguage {
    pub language: Spoken,
}

/// Amounts that a member pays in most.
const TOP_UP_AMOUNTS: [i64; 5] = [10_000, 20_000, 50_000, 100_000, 300_000];

/// The till, and who is signed in.
#[utoipa::path(get, path = "/api/till", responses((status = 200, body = Till)))]
pub async fn till(State(http): Shared, caller: Caller) -> Result<Json<Till>, No> {
    Ok(json(shown_till(&http, caller).await?))
}

#[utoipa::path(post, path = "/api/session/sign_in", request_body = SignIn, responses((status = 200, body = Till)))]
pub async fn sign_in(State(http): Shared, caller: Caller, Json(wanted): Json<SignIn>) -> Result<Response, No> {
    let code = wanted.code.clone();
    let person = http.app.read(move |db| staff::by_code(db, code.trim())).await?;
    // A wrong code is told like a wrong PIN: nobody learns which codes there are.
    let person = person.ok_or(Refusal::WrongPin { tries_left: 0 })?;
    http.prove(prove::Who::Staff(person.id), wanted.pin).await?;
    if person.disabled {
        return Err(Refusal::StaffDisabled.into());
    }
    if let Some(home) = person.branch.filter(|home| *home != http.app.link.branch) {
        let name = http.app.read(move |db| branches::branch(db, home)).await?.map_or(String::new(), |branch| branch.name);
        return Err(Refusal::NotHere { branch: name }.into());
    }
    let token = token()?;
    let fresh = derived("session", &[token.as_bytes()]);
    let first = http.app.config.till.unwrap_or(1);
    http.app
        .write(Priority::Till, move |writer| {
            let earlier = caller.session(writer)?;
            let till = match caller.lan {
                Some(paired) => paired.till,
                None => wanted.till.or(earlier.as_ref().map(|(_, earlier)| earlier.till)).unwrap_or(first).clamp(1, 99),
            };
            let english = shared::store::drafts::draft(writer, LANGUAGE, person.id.bytes())?.is_some();
            let lan = caller.lan.map(|till| till.key);
            let body = encoded(&Session { staff: person.id, till, locked: false, english, lan });
            if let Some((before, _)) = earlier {
                writer.set_draft(SESSION, &before, None)?;
            }
            writer.set_draft(SESSION, &fresh, Some(&body))
        })
        .await?;
    if let Some(before) = caller.key {
        http.seen.forget(&before);
    }
    http.seen.touch(fresh, now_ms());
    let mut answer = json(shown_till(&http, Caller { key: Some(fresh), ..caller }).await?).into_response();
    set_cookie(&mut answer, &caller.cookie(COOKIE, &token));
    Ok(answer)
}

/// 32 random bytes in hex.
///
/// # Errors
/// The system has none.
pub fn token() -> Result<String, No> {
    let token: [u8; 32] = crate::install::random().map_err(|_| No::Fault(Fault::Stopped))?;
    Ok(token.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Gives the browser a cookie.
pub fn set_cookie(answer: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Draft kind of people who chose English.
const LANGUAGE: &str = "language";

#[utoipa::path(post, path = "/api/session/unlock", request_body = Unlock, responses((status = 200, body = Till)))]
pub async fn unlock(State(http): Shared, caller: Caller, Json(wanted): Json<Unlock>) -> Result<Json<Till>, No> {
    let found = http.app.read(move |db| caller.session(db)).await?;
    let (key, found) = found.ok_or_else(No::signed_out)?;
    http.prove(prove::Who::Staff(found.staff), wanted.pin).await?;
    keep(&http, key, Session { locked: false, ..found }).await?;
    http.seen.touch(key, now_ms());
    Ok(json(shown_till(&http, caller).await?))
}

#[utoipa::path(post, path = "/api/session/lock", responses((status = 200, body = Till)))]
pub async fn lock(State(http): Shared, caller: Caller) -> Result<Json<Till>, No> {
    if let Some((key, found)) = http.app.read(move |db| caller.session(db)).await? {
        keep(&http, key, Session { locked: true, ..found }).await?;
    }
    Ok(json(shown_till(&http, caller).await?))
}

#[utoipa::path(post, path = "/api/session/sign_out", responses((status = 200, body = Till)))]
pub async fn sign_out(State(http): Shared, caller: Caller) -> Result<Json<Till>, No> {
    if let Some((key, _)) = http.app.read(move |db| caller.session(db)).await? {
        http.app.write(Priority::Till, move |writer| writer.set_draft(SESSION, &key, None)).await?;
        http.seen.forget(&key);
    }
    Ok(json(shown_till(&http, Caller { key: None, ..caller }).await?))
}

/// Kept per person.
#[utoipa::path(post, path = "/api/session/language", request_body = ChosenLanguage, responses((status = 200, body = Till)))]
pub async fn language(State(http): Shared, caller: Caller, seat: Seat, Json(wanted): Json<ChosenLanguage>) -> Result<Json<Till>, No> {
    let english = wanted.language == Spoken::En;
    let staff = seat.session.staff;
    let mark = english.then_some(&b"en"[..]);
    http.app.write(Priority::Till, move |writer| writer.set_draft(LANGUAGE, staff.bytes(), mark)).await?;
    keep(&http, seat.key, Session { english, ..seat.session }).await?;
    Ok(json(shown_till(&http, caller).await?))
}

async fn keep(http: &Http, key: [u8; 16], session: Session) -> Result<(), No> {
    let body = encoded(&session);
    Ok(http.app.write(Priority::Till, move |writer| writer.set_draft(SESSION, &key, Some(&body))).await?)
}

pub(super) async fn shown_till(http: &Arc<Http>, caller: Caller) -> Result<Till, No> {
    let facts = http.facts(shared::base::CommandId([0; 16]))?;
    let asked = http.clone();
    let first = http.app.config.till.unwrap_or(1);
    let id = http.app.link.branch;
    let shown = http.app.read(move |db| {
        let found = caller.session(db)?;
        let branch = branches::branch(db, id)?;
        let unsigned = caller.lan.map_or(first, |paired| paired.till);
        let number = found.as_ref().map_or(unsigned, |(_, session)| session.till);
        let signed_in = match &found {
            Some((key, session)) => Some(signed_in(db, &asked, key, session, &facts)?),
            None => None,
        };
        let text = |of: fn(&branches::Branch) -> &String| branch.as_ref().map_or(String::new(), |branch| of(branch).clone());
        Ok(Till {
            chain: slips::chain_name(db)?,
            branch: BranchName {
                id: id.to_string(),
                code: text(|branch| &branch.code),
                name: text(|branch| &branch.name),
                name_en: text(|branch| &branch.name_en),
                zone_minutes: branch.as_ref().map_or(branches::HOUSE_ZONE, |branch| branch.zone).zone_minutes,
            },
            till: TillName { number, name: format!("{number}") },
            host: host(),
            version: env!("CARGO_PKG_VERSION").into(),
            language: found.as_ref().map_or(Spoken::Zh, |(_, session)| Spoken::of(session)),
            session: signed_in,
        })
    });
    Ok(shown.await?)
}

fn signed_in(db: &dyn Read, http: &Http, key: &[u8; 16], session: &Session, facts: &super::seat::Facts) -> Result<SignedIn, Fault> {
    let identity = Identity::load(db)?.ok_or_else(|| Fault::Damaged("this install has no stream".into()))?;
    let house = House::load(db, identity.branch)?;
    let rights = staff::rights(db, session.staff)?;
    let seat = Seat { key: *key, session: session.clone() };
    let here = super::seat::here(db, facts, &seat, None)?;
    let tenders = shown::tender_kinds(&house);
    Ok(SignedIn {
        person: shown::person(db, session.staff)?,
        locked: is_locked(db, http, key, session)?,
        rights: rights.rights.iter().map(|right| right.name().to_owned()).collect(),
        limits: Limits {
            line_discount: rights.limits.line_discount,
            bill_discount: rights.limits.bill_discount,
            refund: rights.limits.refund,
        },
        shift: shown::shift::current(db, &here.viewer)?,
        settings: Settings {
            top_up_tenders: tenders.iter().filter(|tender| tender.code != VALUE && tender.code != POINTS).cloned().collect(),
            tenders,
            lock_after_s: house.till.lock_minutes.saturating_mul(60),
            layout: Layout::Scan,
            print: PrintPolicy::Always,
            top_up_amounts: TOP_UP_AMOUNTS.map(Money::from_minor).into(),
        },
        language: Spoken::of(session),
    })
}

/// The name of this box, for the page that cannot find it any more.
fn host() -> String {
    std::fs::read_to_string("/etc/hostname").map_or_else(|_| "edge".into(), |name| name.trim().to_owned())
}
