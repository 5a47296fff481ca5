//! The status bar, calls, and figures for whoever watches the machine.
use super::Shared;
use super::answer::No;
use super::asked::json;
use super::seat::Seat;
use crate::app::now_ms;
use crate::devices::shown::DeviceState;
use axum::Json;
use axum::extract::{Query, State};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use shared::catalog::release::price_release;
use shared::desk::bill;
use shared::desk::print::PRINT;
use shared::desk::shown::call::{self, Call};
use shared::journal::Right;
use shared::reports::status;
use shared::store::clock::{self, Wrong};
use shared::store::disk::nearly_full;
use shared::store::jobs::open_jobs;
use shared::store::writer::{Identity, meta_number, stream_head};
use utoipa::{IntoParams, ToSchema};

/// Whether head office is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    Up,
    Down,
    Unenrolled,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LinkStatus {
    pub state: LinkState,
    pub since_ms: i64,
    #[schema(required)]
    pub seen_ms: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ClockStatus {
    pub ok: bool,
    #[schema(required)]
    pub why: Option<String>,
    #[schema(required)]
    pub last_ms: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Status {
    pub link: LinkStatus,
    pub unsent: i64,
    #[schema(required)]
    pub unsent_since_ms: Option<i64>,
    pub devices: Vec<DeviceState>,
    pub price_release: i64,
    pub now_ms: i64,
    pub clock: ClockStatus,
    pub slips_waiting: usize,
    pub disk_low: bool,
    pub held: usize,
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct Limit {
    pub limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Calls {
    pub calls: Vec<Call>,
}

#[utoipa::path(get, path = "/api/status", responses((status = 200, body = Status)))]
pub async fn status(State(http): Shared, seat: Seat) -> Result<Json<Status>, No> {
    let (link, own_ms) = (http.app.uplink.state(), now_ms());
    let (devices, disk_low) = (http.app.devices.clone(), nearly_full(&http.app.folder));
    let found = http.ask(&seat, &[], move |db, here| {
        let (last_ms, hub_ms, now) = (meta_number(db, "last_ms")?, here.moment.hub_ms, here.moment.now_ms);
        let why = clock::wrong(last_ms, now, hub_ms).map(|wrong| match wrong {
            Wrong::BehindLastEntry => "behind_last_entry",
            Wrong::FarFromHub => "far_from_hub",
        });
        // What was noted by the machine's clock is told by the corrected one.
        let corrected = |ms: i64| ms.saturating_add(now - own_ms);
        let (head, acknowledged) = stream_head(db, here.moment.here)?.map_or((0, 0), |head| (head.seq, head.acked));
        let unsent = head.saturating_sub(acknowledged);
        // When was the first entry made that the hub lacks?
        let sql = "select stamp from entry where stream = ?1 and seq = ?2";
        let since = db.row(sql, &[here.moment.here.into(), (acknowledged + 1).into()])?.map(|row| row.int(0) >> 16);
        Ok(Ok(Status {
            link: LinkStatus {
                state: if link.up { LinkState::Up } else { LinkState::Down },
                since_ms: corrected(link.since_ms),
                seen_ms: Some(hub_ms).filter(|ms| *ms > 0),
            },
            unsent: unsent as i64,
            unsent_since_ms: since.filter(|_| unsent > 0),
            devices: devices.states().into_iter().map(|device| DeviceState { since_ms: corrected(device.since_ms), ..device }).collect(),
            price_release: price_release(db)?,
            now_ms: now,
            clock: ClockStatus { ok: why.is_none(), why: why.map(Into::into), last_ms: Some(last_ms).filter(|ms| *ms > 0) },
            slips_waiting: devices.slips_waiting(db)?,
            disk_low,
            held: bill::all_held(db)?.len(),
        }))
    });
    Ok(json(found.await?))
}

#[utoipa::path(get, path = "/api/calls", params(Limit), responses((status = 200, body = Calls)))]
pub async fn calls(State(http): Shared, seat: Seat, Query(wanted): Query<Limit>) -> Result<Json<Calls>, No> {
    let limit = wanted.limit.unwrap_or(20).min(100);
    let ringing = http.app.calls.ringing();
    let found = http.ask(&seat, &[Right::Sell], move |db, here| Ok(Ok(Calls { calls: call::newest(db, &here.viewer, &ringing, limit)? })));
    Ok(json(found.await?))
}

/// Figures for Prometheus; no names, no amounts.
pub async fn metrics(State(http): Shared) -> Result<impl IntoResponse, No> {
    let link = http.app.uplink.state();
    let found = http.app.read(move |db| {
        let own = Identity::load(db)?.map(|own| stream_head(db, own.stream)).transpose()?.flatten();
        let (seq, unsent) = own.map_or((0, 0), |head| (head.seq as i64, head.seq.saturating_sub(head.acked) as i64));
        Ok([
            ("entries", seq),
            ("entries_unsent", unsent),
            ("entries_waiting", status::waiting(db)?),
            ("slips_waiting", open_jobs(db, PRINT)?.len() as i64),
            ("bills_held", bill::all_held(db)?.len() as i64),
            ("link_up", i64::from(link.up)),
        ])
    });
    let found = found.await?;
    let text: String = found.iter().map(|(name, number)| format!("catena_{name} {number}\n")).collect();
    Ok(([(axum::http::header::CONTENT_TYPE, "text/plain; version=0.0.4")], text + &http.app.clerk.figures()))
}
