//! Kinds of packages.
use crate::http::refused::No;
use crate::http::route::{Ask, Scene};
use crate::http::shown::Rows;
use serde::{Deserialize, Serialize};
use shared::base::{BranchId, DocumentId};
use shared::journal::Right;
use shared::packages::kind::{PackageKind, kinds};
use utoipa::{IntoParams, ToSchema};

/// Every kind of package, by code.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskPackages {}

/// What a kind holds uses of.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PackageItem {
    /// Numbers of products; of several, any counts.
    pub services: Vec<u32>,
    /// Uses paid for; of a daily item its days.
    pub uses: i64,
    pub gift: i64,
    /// Good once a day.
    pub daily: bool,
    /// Minutes of the day between which it is good.
    pub from_minute: i64,
    pub until_minute: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Package {
    pub id: DocumentId,
    pub code: String,
    pub name: String,
    pub name_en: String,
    /// Minor units.
    pub price: i64,
    /// Days it holds, that of the sale counted; 0: no end.
    pub days: i64,
    pub items: Vec<PackageItem>,
    /// Where it is good; empty: everywhere.
    pub branches: Vec<BranchId>,
    pub retired: bool,
}

/// A kind as pages show it.
pub fn shown(kind: PackageKind) -> Package {
    let item = |item: shared::packages::kind::KindItem| PackageItem {
        services: item.services.iter().map(|number| number.0).collect(),
        uses: item.uses,
        gift: item.gift,
        daily: item.daily,
        from_minute: item.from,
        until_minute: item.until,
    };
    Package {
        id: kind.id,
        code: kind.code,
        name: kind.name,
        name_en: kind.name_en,
        price: kind.price.minor(),
        days: kind.days,
        items: kind.items.into_iter().map(item).collect(),
        branches: kind.branches,
        retired: kind.retired,
    }
}

impl Ask for AskPackages {
    const PATH: &'static str = "/api/packages";
    const ANY: &'static [Right] = &[Right::Catalogue];
    type Answer = Rows<Package>;

    fn answer(self, scene: &Scene<'_>) -> Result<Rows<Package>, No> {
        Ok(Rows { rows: kinds(scene.db)?.into_iter().map(shown).collect() })
    }
}
