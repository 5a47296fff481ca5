//! Shifts. The count is blind: nothing here tells takings before it was made.
use super::Shared;
use super::answer::No;
use super::asked::{Answer, Asked, Command, json};
use super::seat::{Here, Seat};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::base::BusinessDay;
use shared::base::{Money, ShiftId};
use shared::desk::shift::{cash_move::MoveCash, close::CloseShift, count::CountDrawer, day::CloseDay, hand_in::HandIn, open::OpenShift};
use shared::desk::shown::day::{Day, days};
use shared::desk::shown::shift::{self as shown, Shift, Z, ZPieces};
use shared::facts::shifts::Pieces;
use shared::journal::{Command as Decide, Fault, Refusal, Right};
use shared::store::Writer;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftAndLast {
    #[schema(required)]
    pub shift: Option<Shift>,
    #[schema(required)]
    pub last: Option<Z>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OneShift {
    #[schema(required)]
    pub shift: Option<Shift>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OneZ {
    pub z: Z,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Float {
    pub float: Money,
}

#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    In,
    Out,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct CashMove {
    pub direction: Direction,
    pub amount: Money,
    pub reason: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Count {
    pub counted: Money,
    /// By denomination, which then come to `counted`; or empty.
    #[serde(default)]
    pub pieces: Vec<ZPieces>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Close {
    #[schema(required)]
    pub note: Option<String>,
    /// Held bills of this till go to whoever takes over.
    #[serde(default)]
    pub hand_on: bool,
}

/// The last Z is shown to whoever made it, and to whoever may see takings.
#[utoipa::path(get, path = "/api/shift", responses((status = 200, body = ShiftAndLast)))]
pub async fn shift(State(http): Shared, seat: Seat) -> Result<Json<ShiftAndLast>, No> {
    let mine = seat.session.staff.to_string();
    let found = http.ask(&seat, &[Right::Sell, Right::Shift, Right::SeeTakings], move |db, here| {
        let last = shown::last(db, &here.viewer)?;
        let last = last.filter(|z| here.moment.may(Right::SeeTakings) || z.cashier.id == mine);
        Ok(Ok(ShiftAndLast { shift: shown::current(db, &here.viewer)?, last }))
    });
    Ok(json(found.await?))
}

fn decided<C: Decide>(writer: &mut Writer<'_>, here: &Here, command: &C) -> Result<Result<OneShift, Refusal>, Fault> {
    Ok(match writer.decide(command, &here.moment)? {
        Ok(_) => Ok(OneShift { shift: shown::current(writer, &here.viewer)? }),
        Err(refusal) => Err(refusal),
    })
}

#[utoipa::path(post, path = "/api/commands/shift_open", request_body = Command<Float>, responses((status = 200, body = OneShift)))]
pub async fn open(State(http): Shared, asked: Asked<Float>) -> Result<Answer, No> {
    let float = asked.body.float;
    http.carry_out(&asked, move |writer, here| decided(writer, here, &OpenShift { who: here.who.clone(), float })).await
}

#[utoipa::path(post, path = "/api/commands/cash_move", request_body = Command<CashMove>, responses((status = 200, body = OneShift)))]
pub async fn cash_move(State(http): Shared, asked: Asked<CashMove>) -> Result<Answer, No> {
    if !asked.body.amount.is_positive() {
        return Err(Refusal::BadAmount.into());
    }
    let amount = match asked.body.direction {
        Direction::In => asked.body.amount,
        Direction::Out => asked.body.amount.negated().map_err(Refusal::from)?,
    };
    let reason = asked.body.reason.clone();
    http.carry_out(&asked, move |writer, here| decided(writer, here, &MoveCash { who: here.who.clone(), amount, reason: reason.clone() }))
        .await
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct HandedIn {
    pub amount: Money,
    /// Number of the envelope, or who took it.
    #[serde(default)]
    pub note: String,
}

/// Hands cash in while the shift goes on.
#[utoipa::path(post, path = "/api/commands/hand_in", request_body = Command<HandedIn>, responses((status = 200, body = OneShift)))]
pub async fn hand_in(State(http): Shared, asked: Asked<HandedIn>) -> Result<Answer, No> {
    let (amount, note) = (asked.body.amount, asked.body.note.clone());
    http.carry_out(&asked, move |writer, here| decided(writer, here, &HandIn { who: here.who.clone(), amount, note: note.clone() })).await
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Days {
    pub days: Vec<Day>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct WhichDay {
    /// yyyymmdd.
    pub day: u32,
}

/// The last business days of the branch, and what keeps them open.
#[utoipa::path(get, path = "/api/days", responses((status = 200, body = Days)))]
pub async fn business_days(State(http): Shared, seat: Seat) -> Result<Json<Days>, No> {
    let found = http.ask(&seat, &[Right::DayEnd, Right::SeeTakings], |db, here| {
        Ok(Ok(Days { days: days(db, &here.viewer, BusinessDay(here.moment.day))? }))
    });
    Ok(json(found.await?))
}

/// Ends a business day of the branch.
#[utoipa::path(post, path = "/api/commands/day_close", request_body = Command<WhichDay>, responses((status = 200, body = Days)))]
pub async fn day_close(State(http): Shared, asked: Asked<WhichDay>) -> Result<Answer, No> {
    let day = asked.body.day;
    http.carry_out(&asked, move |writer, here| {
        Ok(match writer.decide(&CloseDay { who: here.who.clone(), day }, &here.moment)? {
            Ok(_) => Ok(Days { days: days(writer, &here.viewer, BusinessDay(here.moment.day))? }),
            Err(refusal) => Err(refusal),
        })
    })
    .await
}

/// Counts the drawer; what should lie there is told in the answer.
#[utoipa::path(post, path = "/api/commands/shift_count", request_body = Command<Count>, responses((status = 200, body = OneShift)))]
pub async fn count(State(http): Shared, asked: Asked<Count>) -> Result<Answer, No> {
    let counted = asked.body.counted;
    let pieces: Vec<Pieces> = asked.body.pieces.iter().map(|one| Pieces { face: one.face, pieces: one.pieces }).collect();
    http.carry_out(&asked, move |writer, here| {
        decided(writer, here, &CountDrawer { who: here.who.clone(), counted, pieces: pieces.clone() })
    })
    .await
}

#[utoipa::path(post, path = "/api/commands/shift_close", request_body = Command<Close>, responses((status = 200, body = OneZ)))]
pub async fn close(State(http): Shared, asked: Asked<Close>) -> Result<Answer, No> {
    let (hand_on, note) = (asked.body.hand_on, asked.body.note.clone().unwrap_or_default());
    http.carry_out(&asked, move |writer, here| {
        let shift = here.moment.shift;
        let command = CloseShift { who: here.who.clone(), note: note.clone(), hand_on };
        Ok(match writer.decide(&command, &here.moment)? {
            Ok(_) => shown::z(writer, shift.unwrap_or(ShiftId([0; 16])))?.map(|z| OneZ { z }).ok_or(Refusal::NoShift),
            Err(refusal) => Err(refusal),
        })
    })
    .await
}
