//! Goods and members to choose from. Nothing is changed.
use super::Shared;
use super::answer::No;
use super::asked::json;
use super::seat::Seat;
use axum::Json;
use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};
use shared::base::MemberId;
use shared::desk::bill::reading::{CANDIDATES_MAX, ahead};
use shared::desk::shown::goods::{self, Candidate, Category, Product};
use shared::desk::shown::member::{self, MemberCard, MemberHit};
use shared::journal::{Refusal, Right};
use utoipa::{IntoParams, ToSchema};

/// Products of one page at most.
const PAGE_MAX: u32 = 200;

#[derive(Debug, Serialize, ToSchema)]
pub struct Candidates {
    pub candidates: Vec<Candidate>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Categories {
    pub categories: Vec<Category>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Products {
    pub total: i64,
    pub products: Vec<Product>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Members {
    pub members: Vec<MemberHit>,
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct Text {
    #[serde(default)]
    pub text: String,
}

#[derive(Debug, Deserialize, IntoParams)]
pub struct Page {
    #[serde(default)]
    pub category: String,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub offset: u32,
    pub limit: Option<u32>,
}

#[utoipa::path(get, path = "/api/search", params(Text), responses((status = 200, body = Candidates)))]
pub async fn search(State(http): Shared, seat: Seat, Query(wanted): Query<Text>) -> Result<Json<Candidates>, No> {
    let found = http.ask(&seat, &[Right::Sell], move |db, here| {
        let candidates = if wanted.text.trim().is_empty() { Vec::new() } else { ahead(db, &wanted.text, &here.viewer)? };
        Ok(Ok(Candidates { candidates }))
    });
    Ok(json(found.await?))
}

#[utoipa::path(get, path = "/api/categories", responses((status = 200, body = Categories)))]
pub async fn categories(State(http): Shared, seat: Seat) -> Result<Json<Categories>, No> {
    let found = http.ask(&seat, &[Right::Sell], |db, _| Ok(Ok(Categories { categories: goods::categories(db)? })));
    Ok(json(found.await?))
}

#[utoipa::path(get, path = "/api/products", params(Page), responses((status = 200, body = Products)))]
pub async fn products(State(http): Shared, seat: Seat, Query(page): Query<Page>) -> Result<Json<Products>, No> {
    let found = http.ask(&seat, &[Right::Sell], move |db, here| {
        let limit = page.limit.unwrap_or(PAGE_MAX).min(PAGE_MAX);
        let (total, products) = goods::list(db, &page.category, &page.text, (page.offset.min(100_000), limit), &here.viewer)?;
        Ok(Ok(Products { total, products }))
    });
    Ok(json(found.await?))
}

#[utoipa::path(get, path = "/api/members", params(Text), responses((status = 200, body = Members)))]
pub async fn members(State(http): Shared, seat: Seat, Query(wanted): Query<Text>) -> Result<Json<Members>, No> {
    let found = http.ask(&seat, &[Right::Sell, Right::Enrol, Right::TopUp], move |db, here| {
        Ok(Ok(Members { members: member::search(db, &wanted.text, &here.viewer, CANDIDATES_MAX)? }))
    });
    Ok(json(found.await?))
}

#[utoipa::path(get, path = "/api/members/{id}", params(("id" = String, Path,)), responses((status = 200, body = MemberCard)))]
pub async fn member(State(http): Shared, seat: Seat, Path(id): Path<String>) -> Result<Json<MemberCard>, No> {
    let id: MemberId = id.parse().map_err(|_| Refusal::UnknownMember)?;
    let found = http.ask(&seat, &[Right::Sell, Right::Enrol, Right::TopUp], move |db, here| {
        Ok(member::card(db, id, &here.viewer)?.ok_or(Refusal::UnknownMember))
    });
    Ok(json(found.await?))
}
