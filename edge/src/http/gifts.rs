//! Gifts for points.
use super::Shared;
use super::answer::No;
use super::asked::{Answer, Asked, Command, json};
use super::members::PaidIn;
use super::packages::OfWhom;
use super::seat::{Here, Seat};
use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use shared::base::{MemberId, Money, ProductNo};
use shared::desk::gifts::cancel::CancelRedemption;
use shared::desk::gifts::redeem::Redeem;
use shared::desk::shown::gift::{GiftDesk, desk};
use shared::facts::ledger::Wanted;
use shared::journal::{Refusal, Right};
use utoipa::ToSchema;

/// Pieces of one gift.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
pub struct GiftWanted {
    pub product: u32,
    pub pieces: i64,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct GiftsTake {
    pub member: MemberId,
    pub gifts: Vec<GiftWanted>,
    /// What the page said all of it costs.
    pub points: i64,
    pub money: Money,
    pub tender: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct RedemptionCancel {
    pub member: MemberId,
    pub receipt_no: String,
    pub reason: String,
}

#[utoipa::path(get, path = "/api/gifts", params(OfWhom), responses((status = 200, body = GiftDesk)))]
pub async fn gifts(State(http): Shared, seat: Seat, Query(of): Query<OfWhom>) -> Result<Json<GiftDesk>, No> {
    let member: MemberId = of.member.parse().map_err(|_| Refusal::UnknownMember)?;
    Ok(json(http.ask(&seat, &[Right::Sell], move |db, here| Ok(Ok(desk(db, member, &here.viewer)?))).await?))
}

#[utoipa::path(post, path = "/api/commands/gifts_take", request_body = Command<GiftsTake>, responses((status = 200, body = PaidIn)))]
pub async fn gifts_take(State(http): Shared, asked: Asked<GiftsTake>) -> Result<Answer, No> {
    let GiftsTake { member, gifts, points, money, tender } = &asked.body;
    let gifts: Vec<(ProductNo, i64)> = gifts.iter().map(|gift| (ProductNo(gift.product), gift.pieces)).collect();
    let (member, points, money, tender) = (*member, *points, *money, tender.clone());
    // Points that lie elsewhere are fetched before anything is decided: the whole price at once.
    let here = http.ask(&asked.seat, &[Right::Sell], move |db, here| Ok(Ok(desk(db, member, &here.viewer)?.usable)));
    if let Ok(usable) = here.await
        && usable < points
    {
        http.app.uplink.ask(Wanted::Points(member, points - usable)).await;
    }
    let make = move |here: &Here| Redeem { who: here.who.clone(), member, gifts: gifts.clone(), points, money, tender: tender.clone() };
    http.at_desk(&asked, member, make).await
}

#[utoipa::path(post, path = "/api/commands/redemption_cancel", request_body = Command<RedemptionCancel>, responses((status = 200, body = PaidIn)))]
pub async fn redemption_cancel(State(http): Shared, asked: Asked<RedemptionCancel>) -> Result<Answer, No> {
    let (member, receipt_no, reason) = (asked.body.member, asked.body.receipt_no.clone(), asked.body.reason.clone());
    let make = move |here: &Here| CancelRedemption { who: here.who.clone(), receipt_no: receipt_no.clone(), reason: reason.clone() };
    http.at_desk(&asked, member, make).await
}
