//! A product: as a row with today's price, and whole.
use crate::http::refused::No;
use crate::http::route::Scene;
use serde::Serialize;
use shared::base::{DocumentId, ProductNo};
use shared::branches;
use shared::catalog::price::{Dated, history};
use shared::catalog::{self, MAIN_LIST, Product as Known};
use shared::documents::field;
use shared::journal::Fault;
use shared::reports::names::BranchRef;
use shared::reports::{conflicts, stock};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct ProductRow {
    pub number: u32,
    pub name: String,
    pub name_en: String,
    pub code: String,
    pub category: String,
    pub unit: String,
    pub weighed: bool,
    /// Of list `main`, today.
    #[schema(required)]
    pub price: Option<i64>,
    #[schema(required)]
    pub member_price: Option<i64>,
    #[schema(required)]
    pub next: Option<Next>,
    /// Thousandths, of all branches.
    pub stock: i64,
    pub retired: bool,
}

/// The next change of price on list `main`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Next {
    pub from: u32,
    #[schema(required)]
    pub price: Option<i64>,
    #[schema(required)]
    pub member_price: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Product {
    #[serde(flatten)]
    pub row: ProductRow,
    pub document: DocumentId,
    pub plu: String,
    pub barcodes: Vec<String>,
    pub discountable: bool,
    pub earns_points: bool,
    #[schema(required)]
    pub cost: Option<i64>,
    #[schema(required)]
    pub gift_points: Option<i64>,
    #[schema(required)]
    pub gift_money: Option<i64>,
    pub prices: Vec<DatedPrice>,
    pub stocks: Vec<Stock>,
    /// Fields of it in conflict.
    pub conflicts: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DatedPrice {
    pub list: String,
    pub from: u32,
    pub price: i64,
    pub for_members: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Stock {
    pub branch: BranchRef,
    /// Thousandths.
    pub stock: i64,
}

/// A row of a list.
///
/// # Errors
/// A fault of the store.
pub fn row(scene: &Scene<'_>, known: &Known) -> Result<ProductRow, Fault> {
    let stocks = stocks(scene, known.number)?;
    with_stock(scene, known, stocks.iter().map(|stock| stock.stock).sum())
}

fn with_stock(scene: &Scene<'_>, known: &Known, stock: i64) -> Result<ProductRow, Fault> {
    let today = catalog::price(scene.db, MAIN_LIST, known.number, scene.today())?;
    Ok(ProductRow {
        number: known.number.0,
        name: known.name.clone(),
        name_en: known.name_en.clone(),
        code: known.code.clone(),
        category: known.category.clone(),
        unit: known.unit.clone(),
        weighed: known.weighed,
        price: today.map(|price| price.price.minor()),
        member_price: today.and_then(|price| price.member_price).map(|price| price.minor()),
        next: next(scene, &history(scene.db, known.number)?),
        stock,
        retired: known.retired,
    })
}

fn next(scene: &Scene<'_>, dated: &[Dated]) -> Option<Next> {
    let later = || dated.iter().filter(|price| price.list == MAIN_LIST && price.from > scene.today());
    let from = later().map(|price| price.from).min()?;
    let of = |members: bool| later().find(|price| price.from == from && price.for_members == members).map(|price| price.price.minor());
    Some(Next { from: from.0, price: of(false), member_price: of(true) })
}

fn stocks(scene: &Scene<'_>, number: ProductNo) -> Result<Vec<Stock>, Fault> {
    let mut stocks = Vec::new();
    for branch in branches::branches(scene.db)? {
        let stock = stock::at_branch(scene.db, branch.id, number)?;
        stocks.push(Stock { branch: BranchRef { id: branch.id, code: branch.code, name: branch.name, name_en: branch.name_en }, stock });
    }
    Ok(stocks)
}

/// One product with prices and stocks.
///
/// # Errors
/// `not_found`; a fault of the store.
pub fn whole(scene: &Scene<'_>, number: ProductNo) -> Result<Product, No> {
    let known = catalog::product(scene.db, number)?.ok_or_else(|| No::not_found("product"))?;
    let stocks = stocks(scene, number)?;
    let fields = shared::desk::write::standing(scene.db, known.document)?;
    let dated = history(scene.db, number)?.into_iter();
    Ok(Product {
        row: with_stock(scene, &known, stocks.iter().map(|stock| stock.stock).sum())?,
        document: known.document,
        plu: known.plu,
        barcodes: field::tails(&fields, "barcode:").map(str::to_owned).collect(),
        discountable: known.discountable,
        earns_points: known.earns_points,
        cost: known.cost.map(|cost| cost.minor()),
        gift_points: field::int(&fields, "gift_points"),
        gift_money: field::int(&fields, "gift_money_minor"),
        prices: dated
            .map(|price| DatedPrice { list: price.list, from: price.from.0, price: price.price.minor(), for_members: price.for_members })
            .collect(),
        stocks,
        conflicts: conflicts::of_document(scene.db, known.document)?,
    })
}
