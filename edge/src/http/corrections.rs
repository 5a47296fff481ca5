//! What puts a running day right, points by hand, and goods that come without a receipt.
use super::Shared;
use super::answer::No;
use super::asked::{Answer, Asked, Command};
use super::bill::{ClerkNamed, Nothing, named};
use super::receipts::WasDone;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::base::{MemberId, Money, ProductNo, Quantity};
use shared::desk::adjust_points::AdjustPoints;
use shared::desk::attach_after::AttachAfter;
use shared::desk::change_sales_clerks::ChangeSalesClerks;
use shared::desk::correct_tender::CorrectTender;
use shared::desk::return_without::{Piece, ReturnWithout};
use shared::desk::reverse_top_up::ReverseTopUp;
use shared::desk::shown::done::done;
use shared::desk::shown::sale;
use shared::journal::Refusal;
use utoipa::ToSchema;

/// A tender of a sale had been keyed as another.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TrueTender {
    pub receipt_no: String,
    /// Which tender of the sale, from 1.
    pub no: u16,
    /// Code of what it truly was.
    pub to: String,
    pub reason: String,
}

/// A member is put on a sale who had not been named.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct MemberOfSale {
    pub receipt_no: String,
    pub member: MemberId,
    pub reason: String,
}

/// Others sold it.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ClerksOfSale {
    pub receipt_no: String,
    /// Nobody: takes them off.
    pub clerks: Vec<ClerkNamed>,
    pub reason: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct OneTopUp {
    pub receipt_no: String,
    pub reason: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PointsByHand {
    pub member: MemberId,
    /// Given; taken where negative.
    pub points: i64,
    pub reason: String,
}

/// Goods of one kind and what is given for all of them.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Goods {
    pub product: u32,
    pub quantity: Quantity,
    pub amount: Money,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct GoodsBack {
    pub goods: Vec<Goods>,
    pub tender: String,
    pub reason: String,
}

#[utoipa::path(post, path = "/api/commands/correct_tender", request_body = Command<TrueTender>, responses((status = 200, body = Nothing)))]
pub async fn correct_tender(State(http): Shared, asked: Asked<TrueTender>) -> Result<Answer, No> {
    let receipt_no = sale::number(&asked.body.receipt_no)?;
    let (no, to, reason) = (asked.body.no, asked.body.to.clone(), asked.body.reason.clone());
    http.carry_out(&asked, move |writer, here| {
        let command = CorrectTender { who: here.who.clone(), receipt_no: receipt_no.clone(), no, to: to.clone(), reason: reason.clone() };
        Ok(writer.decide(&command, &here.moment)?.map(|_| Nothing {}))
    })
    .await
}

#[utoipa::path(post, path = "/api/commands/attach_after", request_body = Command<MemberOfSale>, responses((status = 200, body = Nothing)))]
pub async fn attach_after(State(http): Shared, asked: Asked<MemberOfSale>) -> Result<Answer, No> {
    let receipt_no = sale::number(&asked.body.receipt_no)?;
    let (member, reason) = (asked.body.member, asked.body.reason.clone());
    http.carry_out(&asked, move |writer, here| {
        let command = AttachAfter { who: here.who.clone(), receipt_no: receipt_no.clone(), member, reason: reason.clone() };
        Ok(writer.decide(&command, &here.moment)?.map(|_| Nothing {}))
    })
    .await
}

#[utoipa::path(post, path = "/api/commands/change_clerks", request_body = Command<ClerksOfSale>, responses((status = 200, body = Nothing)))]
pub async fn change_clerks(State(http): Shared, asked: Asked<ClerksOfSale>) -> Result<Answer, No> {
    let receipt_no = sale::number(&asked.body.receipt_no)?;
    let (clerks, reason) = (named(&asked.body.clerks), asked.body.reason.clone());
    http.carry_out(&asked, move |writer, here| {
        let (receipt_no, clerks, reason) = (receipt_no.clone(), clerks.clone(), reason.clone());
        let command = ChangeSalesClerks { who: here.who.clone(), receipt_no, clerks, reason };
        Ok(writer.decide(&command, &here.moment)?.map(|_| Nothing {}))
    })
    .await
}

#[utoipa::path(post, path = "/api/commands/reverse_top_up", request_body = Command<OneTopUp>, responses((status = 200, body = Nothing)))]
pub async fn reverse_top_up(State(http): Shared, asked: Asked<OneTopUp>) -> Result<Answer, No> {
    let receipt_no = sale::number(&asked.body.receipt_no)?;
    let reason = asked.body.reason.clone();
    http.carry_out(&asked, move |writer, here| {
        let command = ReverseTopUp { who: here.who.clone(), receipt_no: receipt_no.clone(), reason: reason.clone() };
        Ok(writer.decide(&command, &here.moment)?.map(|_| Nothing {}))
    })
    .await
}

#[utoipa::path(post, path = "/api/commands/adjust_points", request_body = Command<PointsByHand>, responses((status = 200, body = Nothing)))]
pub async fn adjust_points(State(http): Shared, asked: Asked<PointsByHand>) -> Result<Answer, No> {
    let (member, points, reason) = (asked.body.member, asked.body.points, asked.body.reason.clone());
    http.carry_out(&asked, move |writer, here| {
        let command = AdjustPoints { who: here.who.clone(), member, points, reason: reason.clone() };
        Ok(writer.decide(&command, &here.moment)?.map(|_| Nothing {}))
    })
    .await
}

#[utoipa::path(post, path = "/api/commands/return_without", request_body = Command<GoodsBack>, responses((status = 200, body = WasDone)))]
pub async fn return_without(State(http): Shared, asked: Asked<GoodsBack>) -> Result<Answer, No> {
    let piece = |goods: &Goods| Piece { product: ProductNo(goods.product), quantity: goods.quantity, amount: goods.amount };
    let pieces: Vec<Piece> = asked.body.goods.iter().map(piece).collect();
    let (tender, reason, devices) = (asked.body.tender.clone(), asked.body.reason.clone(), http.app.devices.clone());
    http.carry_out(&asked, move |writer, here| {
        let command = ReturnWithout { who: here.who.clone(), pieces: pieces.clone(), tender: tender.clone(), reason: reason.clone() };
        Ok(match writer.decide(&command, &here.moment)? {
            Ok(_) => {
                let done = done(writer, here.moment.command, &here.viewer)?;
                done.map(|done| WasDone { done: devices.with_print(done) }).ok_or(Refusal::Gone)
            }
            Err(refusal) => Err(refusal),
        })
    })
    .await
}
