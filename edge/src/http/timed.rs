//! Timed consumption at the till: the board of rooms and seats, and what may be done with a sitting.
use super::Shared;
use super::answer::No;
use super::asked::{Answer, Asked, Command, json};
use super::seat::{Here, Seat};
use crate::http::Http;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::base::{DocumentId, MemberId, SittingId};
use shared::desk::shown::bill::{Bill, open};
use shared::desk::shown::timed::{Board, board};
use shared::desk::timed::{cancel::CancelSitting, charge::ChargeSitting, pause::PauseSitting, start::StartSitting, stop::StopSitting};
use shared::journal::{self, Fault, Refusal, Right};
use shared::store::Writer;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SittingStart {
    pub tariff: DocumentId,
    /// Code of the room or seat.
    pub room: String,
    #[schema(required)]
    pub guest: Option<MemberId>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SittingPause {
    pub sitting: SittingId,
    /// False: it goes on.
    pub pause: bool,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SittingStop {
    pub sitting: SittingId,
    /// The end of a forgotten clock, UTC ms; none: now.
    #[schema(required)]
    pub until_ms: Option<i64>,
    #[schema(required)]
    pub reason: Option<String>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct SittingCancel {
    pub sitting: SittingId,
    pub reason: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct OneSitting {
    pub sitting: SittingId,
}

/// The board and the bill afterwards.
#[derive(Debug, Serialize, ToSchema)]
pub struct Seated {
    pub board: Board,
    #[schema(required)]
    pub bill: Option<Bill>,
}

fn decided<C: journal::Command>(writer: &mut Writer<'_>, here: &Here, command: &C) -> Result<Result<Seated, Refusal>, Fault> {
    Ok(match writer.decide(command, &here.moment)? {
        Ok(_) => Ok(Seated { board: board(writer, &here.viewer, here.moment.now_ms)?, bill: open(writer, &here.viewer)? }),
        Err(refusal) => Err(refusal),
    })
}

impl Http {
    async fn seated<B, C, M>(&self, asked: &Asked<B>, make: M) -> Result<Answer, No>
    where
        C: journal::Command,
        M: Fn(&Here) -> C + Clone + Send + 'static,
    {
        self.carry_out(asked, move |writer, here| decided(writer, here, &make(here))).await
    }
}

#[utoipa::path(get, path = "/api/timed", responses((status = 200, body = Board)))]
pub async fn timed_board(State(http): Shared, seat: Seat) -> Result<Json<Board>, No> {
    Ok(json(http.ask(&seat, &[Right::Sell], |db, here| Ok(Ok(board(db, &here.viewer, here.moment.now_ms)?))).await?))
}

#[utoipa::path(post, path = "/api/commands/sitting_start", request_body = Command<SittingStart>, responses((status = 200, body = Seated)))]
pub async fn sitting_start(State(http): Shared, asked: Asked<SittingStart>) -> Result<Answer, No> {
    let (tariff, room, member) = (asked.body.tariff, asked.body.room.clone(), asked.body.guest);
    http.seated(&asked, move |here| StartSitting { who: here.who.clone(), tariff, room: room.clone(), member }).await
}

#[utoipa::path(post, path = "/api/commands/sitting_pause", request_body = Command<SittingPause>, responses((status = 200, body = Seated)))]
pub async fn sitting_pause(State(http): Shared, asked: Asked<SittingPause>) -> Result<Answer, No> {
    let (sitting, pause) = (asked.body.sitting, asked.body.pause);
    http.seated(&asked, move |here| PauseSitting { who: here.who.clone(), sitting, pause }).await
}

#[utoipa::path(post, path = "/api/commands/sitting_stop", request_body = Command<SittingStop>, responses((status = 200, body = Seated)))]
pub async fn sitting_stop(State(http): Shared, asked: Asked<SittingStop>) -> Result<Answer, No> {
    let (sitting, until_ms, reason) = (asked.body.sitting, asked.body.until_ms, asked.body.reason.clone().unwrap_or_default());
    http.seated(&asked, move |here| StopSitting { who: here.who.clone(), sitting, until_ms, reason: reason.clone() }).await
}

#[utoipa::path(post, path = "/api/commands/sitting_cancel", request_body = Command<SittingCancel>, responses((status = 200, body = Seated)))]
pub async fn sitting_cancel(State(http): Shared, asked: Asked<SittingCancel>) -> Result<Answer, No> {
    let (sitting, reason) = (asked.body.sitting, asked.body.reason.clone());
    http.seated(&asked, move |here| CancelSitting { who: here.who.clone(), sitting, reason: reason.clone() }).await
}

#[utoipa::path(post, path = "/api/commands/sitting_charge", request_body = Command<OneSitting>, responses((status = 200, body = Seated)))]
pub async fn sitting_charge(State(http): Shared, asked: Asked<OneSitting>) -> Result<Answer, No> {
    let sitting = asked.body.sitting;
    http.seated(&asked, move |here| ChargeSitting { who: here.who.clone(), sitting }).await
}
