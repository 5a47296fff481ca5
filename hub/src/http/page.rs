//! Sign-in, what every page needs first, and what machines ask.
use super::Http;
use super::refused::No;
use super::session::{self, Asker, Language};
use super::shown::{self, branch::LinkState};
use crate::app::now_ms;
use crate::install::random;
use crate::second_factor;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::base::{BusinessDay, StaffId};
use shared::branches::{HOUSE_ZONE, branches};
use shared::catalog::release::price_release;
use shared::exchange::recovery;
use shared::journal::{Fault, Read, Right};
use shared::reports::status;
use shared::store::Priority;
use shared::store::writer::meta;
use std::fmt::Write;
use std::sync::Arc;
use utoipa::ToSchema;

use super::shown::Named;

/// What a page needs before anything else.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hub {
    chain: String,
    host: String,
    version: String,
    /// What the person who is signed in chose; none: nobody chose yet.
    #[schema(required)]
    language: Option<Language>,
    #[schema(required)]
    session: Option<Session>,
    now_ms: i64,
    /// Business day at head office.
    day: u32,
    /// Minutes east of UTC of head office's clock, in which pages show every time.
    zone_minutes: i32,
    /// Minutes after midnight at which its business day begins.
    cutoff_minutes: i32,
    price_release: i64,
    recovering: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    person: Person,
    rights: Vec<Right>,
    /// Whether a second factor is asked for.
    second: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Person {
    id: StaffId,
    code: String,
    name: String,
    roles: Vec<Named>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SignIn {
    code: String,
    password: String,
    /// A code of the authenticator or a recovery code, where one is asked for.
    #[serde(default)]
    second: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ProveSecond {
    code: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct EndSecond {
    password: String,
}

/// A new second factor, before its first code was typed.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondBegun {
    /// As people type it.
    secret: String,
    /// For the picture that an authenticator reads.
    address: String,
}

/// From now on it is asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct SecondProven {
    /// Shown once; each is good once.
    recovery: Vec<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangePassword {
    old: String,
    new: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ChooseLanguage {
    language: Language,
}

fn first(db: &dyn Read, asker: Option<Asker>) -> Result<Hub, Fault> {
    let now_ms = now_ms();
    let role = |role: &shared::staff::RoleName| Named { name: role.name.clone(), name_en: role.name_en.clone() };
    let language = asker.as_ref().and_then(|asker| asker.language);
    let second = asker.as_ref().map_or(Ok(false), |asker| second_factor::is_asked(db, asker.person.id))?;
    let session = asker.map(|asker| Session {
        person: Person {
            id: asker.person.id,
            code: asker.person.code.clone(),
            name: asker.person.name.clone(),
            roles: asker.roles.iter().map(role).collect(),
        },
        rights: asker.rights,
        second,
    });
    let chain = meta(db, "chain")?.map(|name| String::from_utf8_lossy(&name).into_owned());
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    Ok(Hub {
        chain: chain.unwrap_or_default(),
        host: host.trim().to_owned(),
        version: env!("CARGO_PKG_VERSION").into(),
        language,
        session,
        now_ms,
        day: BusinessDay::at(now_ms, HOUSE_ZONE).0,
        zone_minutes: HOUSE_ZONE.zone_minutes,
        cutoff_minutes: HOUSE_ZONE.cutoff_minutes,
        price_release: price_release(db)?,
        recovering: !recovery::outstanding(db)?.is_empty(),
    })
}

pub async fn hub(State(http): State<Arc<Http>>, headers: HeaderMap) -> Result<Json<Hub>, No> {
    let key = session::key(&headers);
    let answer = http.app.read(move |db| {
        let asker = key.map(|key| session::find(db, &key)).transpose()?.flatten();
        first(db, asker)
    });
    Ok(Json(answer.await?))
}

pub async fn sign_in(State(http): State<Arc<Http>>, body: axum::body::Bytes) -> Result<impl IntoResponse, No> {
    let SignIn { code, password, second } = read(&body)?;
    let (cookie, asker) = session::sign_in(&http, code, password, second).await?;
    let hub = http.app.read(move |db| first(db, Some(asker))).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(hub)))
}

pub async fn sign_out(State(http): State<Arc<Http>>, headers: HeaderMap) -> Result<impl IntoResponse, No> {
    let cookie = session::sign_out(&http, &headers).await?;
    let hub = http.app.read(move |db| first(db, None)).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(hub)))
}

pub async fn password(State(http): State<Arc<Http>>, headers: HeaderMap, body: axum::body::Bytes) -> Result<Json<Hub>, No> {
    let asker = session::asker(&http, &headers).await?;
    let ChangePassword { old, new } = read(&body)?;
    session::change_password(&http, &asker, old, new).await?;
    Ok(Json(http.app.read(move |db| first(db, Some(asker))).await?))
}

/// A fresh secret for whoever is signed in and has no second factor yet.
pub async fn second_begin(State(http): State<Arc<Http>>, headers: HeaderMap) -> Result<Json<SecondBegun>, No> {
    let asker = session::asker(&http, &headers).await?;
    let (staff, random) = (asker.person.id, random()?);
    let begun = http.app.write(Priority::Till, move |writer| {
        let chain = meta(writer, "chain")?.map(|name| String::from_utf8_lossy(&name).into_owned()).unwrap_or_default();
        Ok((second_factor::begin(writer, staff, random)?, chain))
    });
    let (secret, chain) = begun.await?;
    let secret = secret.ok_or_else(|| No::here(StatusCode::CONFLICT, "second_there", json!({})))?;
    Ok(Json(SecondBegun { address: second_factor::address(&chain, &asker.person.code, &secret), secret }))
}

pub async fn second_prove(State(http): State<Arc<Http>>, headers: HeaderMap, body: axum::body::Bytes) -> Result<Json<SecondProven>, No> {
    let asker = session::asker(&http, &headers).await?;
    let ProveSecond { code } = read(&body)?;
    let (staff, random) = (asker.person.id, random()?);
    let proven = http.app.write(Priority::Till, move |writer| second_factor::prove(writer, staff, &code, now_ms(), random)).await?;
    let recovery = proven.ok_or_else(|| No::here(StatusCode::UNPROCESSABLE_ENTITY, "wrong_second", json!({})))?;
    Ok(Json(SecondProven { recovery }))
}

pub async fn second_end(State(http): State<Arc<Http>>, headers: HeaderMap, body: axum::body::Bytes) -> Result<Json<Hub>, No> {
    let asker = session::asker(&http, &headers).await?;
    let EndSecond { password } = read(&body)?;
    session::end_second(&http, &asker, password).await?;
    Ok(Json(http.app.read(move |db| first(db, Some(asker))).await?))
}

/// Kept per person.
pub async fn language(State(http): State<Arc<Http>>, headers: HeaderMap, body: axum::body::Bytes) -> Result<Json<Hub>, No> {
    let mut asker = session::asker(&http, &headers).await?;
    let ChooseLanguage { language } = read(&body)?;
    session::speak(&http, asker.person.id, language).await?;
    asker.language = Some(language);
    Ok(Json(http.app.read(move |db| first(db, Some(asker))).await?))
}

fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, No> {
    serde_json::from_slice(body).map_err(|error| No::not_sound("body", &error.to_string()))
}

/// The store answers.
pub async fn healthz(State(http): State<Arc<Http>>) -> Result<&'static str, No> {
    http.app.read(|db| meta(db, "chain")).await?;
    Ok("ok")
}

/// Prometheus' text form: entries, what waits, and per branch whether it is heard, how late, and what it has not sent.
pub async fn metrics(State(http): State<Arc<Http>>) -> Result<impl IntoResponse, No> {
    let asked = http.clone();
    let text = http.app.read(move |db| {
        let mut text = String::new();
        let numbers = [
            ("catena_entries", status::entries(db)?),
            ("catena_streams", status::streams(db)?),
            ("catena_entries_waiting", status::waiting(db)?),
            ("catena_set_aside", status::set_aside(db)?),
            ("catena_exceptions_open", status::exceptions_open(db)?),
            ("catena_recovery_outstanding", recovery::outstanding(db)?.len() as i64),
        ];
        for (name, number) in numbers {
            line(&mut text, name, "", number);
        }
        let now = now_ms();
        for branch in branches(db)? {
            let label = format!("{{branch=\"{}\"}}", branch.code.replace(['"', '\\', '\n'], ""));
            let seen = shown::branch::shown(db, &asked, &branch, now)?;
            line(&mut text, "catena_branch_up", &label, i64::from(seen.link == LinkState::Up));
            if seen.install.is_some() {
                line(&mut text, "catena_branch_silent_ms", &label, now - seen.seen_ms);
                line(&mut text, "catena_branch_entries", &label, seen.heard_seq as i64);
            }
            let told = [("catena_branch_lag_ms", seen.lag_ms), ("catena_branch_unsent", seen.unsent)];
            for (name, number) in told {
                number.into_iter().for_each(|number| line(&mut text, name, &label, number));
            }
        }
        Ok(text)
    });
    let text = text.await? + &http.app.clerk.figures();
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text))
}

fn line(text: &mut String, name: &str, label: &str, number: i64) {
    // Writing to memory cannot fail.
    let _ = writeln!(text, "{name}{label} {number}");
}
