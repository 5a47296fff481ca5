//! Goods as tiles and candidates show them.
use super::Viewer;
use super::member::MemberHit;
use crate::base::{Account, BusinessDay, Holder, Money, Purpose, Quantity, Unit};
use crate::catalog;
use crate::desk::bill::priced::House;
use crate::journal::{Fault, Read};
use crate::ledger::balance;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Product {
    pub number: u32,
    pub name: String,
    pub name_en: String,
    pub code: String,
    pub category: String,
    pub unit: String,
    pub weighed: bool,
    #[schema(required)]
    pub price: Option<Money>,
    #[schema(required)]
    pub member_price: Option<Money>,
    #[schema(required)]
    pub stock: Option<Quantity>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Category {
    pub code: String,
    #[schema(required)]
    pub parent: Option<String>,
    pub name: String,
    pub name_en: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CandidateKind {
    Product,
    Member,
    Receipt,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CandidateWhy {
    Barcode,
    Weighed,
    Plu,
    Card,
    Phone,
    Name,
    Receipt,
}

/// One thing that a keyed text may mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Candidate {
    pub choice: String,
    pub kind: CandidateKind,
    #[schema(required)]
    pub product: Option<Product>,
    #[schema(required)]
    pub member: Option<MemberHit>,
    pub why: CandidateWhy,
}

/// A product with today's price and what the books hold here.
///
/// # Errors
/// A fault of the store.
pub fn product(db: &dyn Read, product: &catalog::Product, house: &House, viewer: &Viewer) -> Result<Product, Fault> {
    let price = catalog::price(db, &house.list, product.number, BusinessDay(viewer.day))?;
    let holder = Holder::House(house.branch, Purpose::Stock);
    let stock = balance::amount(db, &Account { holder, unit: Unit::Goods(product.number), place: viewer.here })?;
    Ok(Product {
        number: product.number.0,
        name: product.name.clone(),
        name_en: product.name_en.clone(),
        code: product.code.clone(),
        category: product.category.clone(),
        unit: product.unit.clone(),
        weighed: product.weighed,
        price: price.map(|price| price.price),
        member_price: price.and_then(|price| price.member_price),
        stock: Some(Quantity::from_thousandths(stock)),
    })
}

/// Goods of a category, or found by a text; with how many there are in all.
///
/// # Errors
/// A fault of the store.
pub fn list(db: &dyn Read, category: &str, text: &str, page: (u32, u32), viewer: &Viewer) -> Result<(i64, Vec<Product>), Fault> {
    let house = House::load(db, viewer.branch)?;
    let (offset, limit) = page;
    let (total, found) = match text.trim().is_empty() {
        true => catalog::in_category(db, category, offset, limit)?,
        false => {
            let found = catalog::search(db, text, (offset + limit) as usize)?;
            (found.len() as i64, found.into_iter().skip(offset as usize).collect())
        }
    };
    Ok((total, found.iter().map(|found| product(db, found, &house, viewer)).collect::<Result<_, _>>()?))
}

/// The tree of goods.
///
/// # Errors
/// A fault of the store.
pub fn categories(db: &dyn Read) -> Result<Vec<Category>, Fault> {
    let shown = |category: catalog::Category| Category {
        parent: (!category.parent.is_empty()).then_some(category.parent),
        code: category.code,
        name: category.name,
        name_en: category.name_en,
    };
    Ok(catalog::categories(db)?.into_iter().map(shown).collect())
}
