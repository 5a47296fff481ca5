//! Categories and products.
use super::fifty;
use crate::http::refused::No;
use crate::http::route::{Ask, Scene};
use crate::http::shown::product::{self, Product, ProductRow};
use crate::http::shown::{List, Rows};
use serde::{Deserialize, Serialize};
use shared::base::ProductNo;
use shared::base::limits::RANKED_MAX;
use shared::catalog;
use shared::journal::Right;
use utoipa::{IntoParams, ToSchema};

/// The tree of goods, parents before children.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskCategories {}

#[derive(Debug, Serialize, ToSchema)]
pub struct Category {
    code: String,
    #[schema(required)]
    parent: Option<String>,
    name: String,
    name_en: String,
}

const GOODS: &[Right] = &[Right::Catalogue, Right::Prices];

impl Ask for AskCategories {
    const PATH: &'static str = "/api/categories";
    const ANY: &'static [Right] = GOODS;
    type Answer = Rows<Category>;

    fn answer(self, scene: &Scene<'_>) -> Result<Rows<Category>, No> {
        let shown = |known: catalog::Category| Category {
            code: known.code,
            parent: Some(known.parent).filter(|parent| !parent.is_empty()),
            name: known.name,
            name_en: known.name_en,
        };
        Ok(Rows { rows: catalog::categories(scene.db)?.into_iter().map(shown).collect() })
    }
}

/// Products of a category and all below it, or by text.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskProducts {
    #[serde(default)]
    category: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    offset: u32,
    #[serde(default = "fifty")]
    limit: u32,
}

impl Ask for AskProducts {
    const PATH: &'static str = "/api/products";
    const ANY: &'static [Right] = GOODS;
    type Answer = List<ProductRow>;

    fn answer(self, scene: &Scene<'_>) -> Result<List<ProductRow>, No> {
        let limit = scene.rows(self.limit);
        let (total, known) = if self.text.trim().is_empty() {
            catalog::in_category(scene.db, &self.category, self.offset, limit)?
        } else {
            let mut found = catalog::search(scene.db, &self.text, RANKED_MAX)?;
            found.retain(|product| product.category.starts_with(&self.category));
            let total = found.len() as i64;
            (total, found.into_iter().skip(self.offset as usize).take(limit as usize).collect())
        };
        let rows = known.iter().map(|known| product::row(scene, known)).collect::<Result<_, _>>()?;
        Ok(List { total, rows })
    }
}

/// One product with prices and stocks.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskProduct {
    number: u32,
}

impl Ask for AskProduct {
    const PATH: &'static str = "/api/products/{number}";
    const ANY: &'static [Right] = GOODS;
    type Answer = Product;

    fn answer(self, scene: &Scene<'_>) -> Result<Product, No> {
        product::whole(scene, ProductNo(self.number))
    }
}
