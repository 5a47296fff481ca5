//! Coupons on a bill.
use super::Shared;
use super::answer::No;
use super::asked::{Answer, Asked, Command, json};
use super::bill::{Nothing, OfBill, decided};
use super::packages::OfWhom;
use super::seat::{Here, Seat};
use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use shared::base::{Account, MemberId, SaleId};
use shared::coupons::used;
use shared::desk::bill::coupon::{PutCoupon, TakeCouponOff, named};
use shared::desk::shown::coupon::{CouponShown, of_member};
use shared::facts::coupons::{HOLDER, right};
use shared::facts::ledger::Wanted;
use shared::journal::{Refusal, Right};
use shared::ledger::balance;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Coupons {
    pub coupons: Vec<CouponShown>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct OneCoupon {
    /// Its id, or its code as typed.
    pub coupon: String,
}

#[utoipa::path(get, path = "/api/coupons", params(OfWhom), responses((status = 200, body = Coupons)))]
pub async fn coupons(State(http): Shared, seat: Seat, Query(of): Query<OfWhom>) -> Result<Json<Coupons>, No> {
    let member: MemberId = of.member.parse().map_err(|_| Refusal::UnknownMember)?;
    let shown = http.ask(&seat, &[Right::Sell], move |db, here| Ok(Ok(Coupons { coupons: of_member(db, member, &here.viewer)? })));
    Ok(json(shown.await?))
}

#[utoipa::path(post, path = "/api/commands/coupon_put", request_body = Command<OneCoupon>, responses((status = 200, body = OfBill)))]
pub async fn coupon_put(State(http): Shared, asked: Asked<OneCoupon>) -> Result<Answer, No> {
    let text = asked.body.coupon.clone();
    // One that lies elsewhere and was not used is fetched before anything is decided.
    let wanted = text.clone();
    let away = http.ask(&asked.seat, &[Right::Sell], move |db, here| {
        let Some(coupon) = named(db, &wanted)? else { return Ok(Ok(None)) };
        let lies = balance::amount(db, &Account { holder: HOLDER, unit: right(coupon.id), place: here.viewer.here })? > 0;
        Ok(Ok(Some(coupon.id).filter(|_| !lies).filter(|_| used(db, coupon.id).is_ok_and(|used| used.is_none()))))
    });
    if let Ok(Some(coupon)) = away.await {
        http.app.uplink.ask(Wanted::Returnable(SaleId::from(coupon))).await;
    }
    http.carry_out(&asked, move |writer, here: &Here| decided(writer, here, &PutCoupon { who: here.who.clone(), coupon: text.clone() }))
        .await
}

#[utoipa::path(post, path = "/api/commands/coupon_off", request_body = Command<Nothing>, responses((status = 200, body = OfBill)))]
pub async fn coupon_off(State(http): Shared, asked: Asked<Nothing>) -> Result<Answer, No> {
    http.carry_out(&asked, move |writer, here: &Here| decided(writer, here, &TakeCouponOff { who: here.who.clone() })).await
}
