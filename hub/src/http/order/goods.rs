//! Products and their prices.
use super::Wanted;
use crate::http::refused::No;
use crate::http::route::{Order, Scene, decide};
use crate::http::shown::product::{self, Product as Shown};
use crate::moment::Asking;
use serde::{Deserialize, Serialize};
use shared::base::{BusinessDay, DocumentId, ProductNo};
use shared::catalog::release::price_release;
use shared::catalog::{self, product::highest_number};
use shared::desk::change_price::ChangePrice as Change;
use shared::desk::write::product::Product;
use shared::desk::write::{Write, standing};
use shared::documents::field;
use shared::journal::Right;
use shared::store::Writer;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct OfProduct {
    product: Shown,
}

/// Lists a product, or changes what is known of one. Prices have a command of their own.
#[derive(Deserialize, ToSchema)]
pub struct ProductWrite {
    /// None: a new one, under the next number.
    #[schema(required)]
    number: Option<u32>,
    name: String,
    #[schema(required)]
    name_en: Option<String>,
    #[schema(required)]
    category: Option<String>,
    unit: String,
    weighed: bool,
    #[schema(required)]
    plu: Option<String>,
    barcodes: Vec<String>,
    discountable: bool,
    earns_points: bool,
    /// Minor units.
    #[schema(required)]
    cost: Option<i64>,
    /// What one costs in points; none: it is no gift.
    #[serde(default)]
    gift_points: Option<i64>,
    /// Minor units beside the points.
    #[serde(default)]
    gift_money: Option<i64>,
    retired: bool,
}

impl ProductWrite {
    /// The document it is about, and the product's number. A retry finds the number it took.
    fn named(&self, writer: &Writer<'_>, asking: &Asking) -> Result<(DocumentId, i64), No> {
        if let Some(number) = self.number {
            let known = catalog::product(writer, ProductNo(number))?.ok_or_else(|| No::not_found("product"))?;
            return Ok((known.document, number.into()));
        }
        let document = DocumentId(asking.command.0);
        let taken = field::int(&standing(writer, document)?, "number");
        Ok((document, taken.map_or_else(|| highest_number(writer).map(|highest| highest + 1), Ok)?))
    }
}

impl Order for ProductWrite {
    const NAME: &'static str = "product_write";
    const RIGHT: Right = Right::Catalogue;
    type Made = ProductNo;
    type Answer = OfProduct;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<ProductNo, No> {
        let (document, number) = self.named(writer, asking)?;
        let old = standing(writer, document)?;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let wanted = Wanted::default()
            .number("number", Some(number))
            .text("name", &self.name)
            .text("name_en", &text(&self.name_en))
            .text("category", &text(&self.category))
            .text("unit", &self.unit)
            .yes("weighed", self.weighed)
            .text("plu", &text(&self.plu))
            .only("barcode:", &self.barcodes, &old)
            .yes("discountable", self.discountable)
            .yes("earns_points", self.earns_points)
            .number("cost_minor", self.cost)
            .number("gift_points", self.gift_points)
            .number("gift_money_minor", self.gift_money)
            .yes("retired", self.retired);
        decide(writer, &Write::<Product>::new(Some(document), wanted.set, wanted.removed), asking, 0)?;
        Ok(ProductNo(u32::try_from(number).unwrap_or_default()))
    }

    fn shown(made: ProductNo, scene: &Scene<'_>) -> Result<OfProduct, No> {
        Ok(OfProduct { product: product::whole(scene, made)? })
    }
}

/// Another price from a business day on. What holds today reaches the tills at once and is confirmed first.
#[derive(Deserialize, ToSchema)]
pub struct ChangePrice {
    product: u32,
    list: String,
    /// Minor units; none leaves it as it is.
    #[schema(required)]
    price: Option<i64>,
    #[schema(required)]
    member_price: Option<i64>,
    /// yyyymmdd; none: the next business day.
    #[schema(required)]
    from: Option<u32>,
    /// From today.
    now: bool,
    confirmed: bool,
}

/// The product with its prices, and the release that tills show once they have them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Priced {
    product: Shown,
    release: i64,
}

impl Order for ChangePrice {
    const NAME: &'static str = "change_price";
    const RIGHT: Right = Right::Prices;
    type Made = ProductNo;
    type Answer = Priced;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<ProductNo, No> {
        let product = ProductNo(self.product);
        let (list, price, member_price) = (self.list.clone(), self.price, self.member_price);
        let (from, now, confirmed) = (self.from.map(BusinessDay), self.now, self.confirmed);
        decide(writer, &Change { product, list, price, member_price, from, now, confirmed }, asking, 0)?;
        Ok(product)
    }

    fn shown(made: ProductNo, scene: &Scene<'_>) -> Result<Priced, No> {
        Ok(Priced { product: product::whole(scene, made)?, release: price_release(scene.db)? })
    }
}
