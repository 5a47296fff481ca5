//! Counted packages at the till: sold, used, undone, extended, paid back.
use super::Shared;
use super::answer::No;
use super::asked::{Answer, Asked, Command, json};
use super::members::PaidIn;
use super::seat::{Here, Seat};
use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};
use shared::base::{CommandId, DocumentId, MemberId, Money, PackageId, ProductNo, StaffId};
use shared::desk::package::{extend::ExtendPackage, refund::RefundPackage, sell::SellPackage, undo::UndoUses, use_up::TakeUses};
use shared::desk::shown::package::{KindShown, TakenShown, for_sale, used};
use shared::journal::{Refusal, Right};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PackageSale {
    pub member: MemberId,
    pub kind: DocumentId,
    pub price: Money,
    pub tender: String,
    #[schema(required)]
    pub tendered: Option<Money>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct UsesTake {
    pub member: MemberId,
    /// Number of the product.
    pub service: u32,
    pub uses: i64,
    /// Who served; none: nobody is named.
    #[serde(default)]
    pub server: Option<StaffId>,
    /// The customer asked for that person.
    #[serde(default)]
    pub asked_for: bool,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct UsesUndo {
    pub member: MemberId,
    pub of: CommandId,
    pub reason: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PackageExtend {
    pub member: MemberId,
    pub package: PackageId,
    pub months: u32,
    pub fee: Money,
    pub tender: String,
    pub reason: String,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PackageRefund {
    pub member: MemberId,
    pub package: PackageId,
    pub by_list_price: bool,
    pub tender: String,
    pub amount: Money,
    pub reason: String,
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct OfWhom {
    pub member: String,
}

/// What is for sale, and what the member used last.
#[derive(Debug, Serialize, ToSchema)]
pub struct PackageDesk {
    pub kinds: Vec<KindShown>,
    pub used: Vec<TakenShown>,
}

#[utoipa::path(get, path = "/api/packages", params(OfWhom), responses((status = 200, body = PackageDesk)))]
pub async fn package_desk(State(http): Shared, seat: Seat, Query(of): Query<OfWhom>) -> Result<Json<PackageDesk>, No> {
    let member: MemberId = of.member.parse().map_err(|_| Refusal::UnknownMember)?;
    let shown =
        http.ask(&seat, &[Right::Sell, Right::TopUp], move |db, _| Ok(Ok(PackageDesk { kinds: for_sale(db)?, used: used(db, member)? })));
    Ok(json(shown.await?))
}

#[utoipa::path(post, path = "/api/commands/package_sell", request_body = Command<PackageSale>, responses((status = 200, body = PaidIn)))]
pub async fn package_sell(State(http): Shared, asked: Asked<PackageSale>) -> Result<Answer, No> {
    let PackageSale { member, kind, price, tender, tendered } = &asked.body;
    let (member, kind, price, tender, tendered) = (*member, *kind, *price, tender.clone(), *tendered);
    let make = move |here: &Here| SellPackage { who: here.who.clone(), member, kind, price, tender: tender.clone(), tendered };
    http.at_desk(&asked, member, make).await
}

#[utoipa::path(post, path = "/api/commands/uses_take", request_body = Command<UsesTake>, responses((status = 200, body = PaidIn)))]
pub async fn uses_take(State(http): Shared, asked: Asked<UsesTake>) -> Result<Answer, No> {
    let UsesTake { member, service, uses, server, asked_for } = asked.body;
    let make = move |here: &Here| TakeUses { who: here.who.clone(), member, service: ProductNo(service), uses, server, asked_for };
    http.at_desk(&asked, member, make).await
}

#[utoipa::path(post, path = "/api/commands/uses_undo", request_body = Command<UsesUndo>, responses((status = 200, body = PaidIn)))]
pub async fn uses_undo(State(http): Shared, asked: Asked<UsesUndo>) -> Result<Answer, No> {
    let (member, of, reason) = (asked.body.member, asked.body.of, asked.body.reason.clone());
    let make = move |here: &Here| UndoUses { who: here.who.clone(), member, of, reason: reason.clone() };
    http.at_desk(&asked, member, make).await
}

#[utoipa::path(post, path = "/api/commands/package_extend", request_body = Command<PackageExtend>, responses((status = 200, body = PaidIn)))]
pub async fn package_extend(State(http): Shared, asked: Asked<PackageExtend>) -> Result<Answer, No> {
    let PackageExtend { member, package, months, fee, tender, reason } = &asked.body;
    let (member, package, months, fee, tender, reason) = (*member, *package, *months, *fee, tender.clone(), reason.clone());
    let make = move |here: &Here| ExtendPackage {
        who: here.who.clone(),
        member,
        package,
        months,
        fee,
        tender: tender.clone(),
        reason: reason.clone(),
    };
    http.at_desk(&asked, member, make).await
}

#[utoipa::path(post, path = "/api/commands/package_refund", request_body = Command<PackageRefund>, responses((status = 200, body = PaidIn)))]
pub async fn package_refund(State(http): Shared, asked: Asked<PackageRefund>) -> Result<Answer, No> {
    let PackageRefund { member, package, by_list_price, tender, amount, reason } = &asked.body;
    let (member, package, by_list_price, amount) = (*member, *package, *by_list_price, *amount);
    let (tender, reason) = (tender.clone(), reason.clone());
    let make = move |here: &Here| RefundPackage {
        who: here.who.clone(),
        member,
        package,
        by_list_price,
        tender: tender.clone(),
        amount,
        reason: reason.clone(),
    };
    http.at_desk(&asked, member, make).await
}
