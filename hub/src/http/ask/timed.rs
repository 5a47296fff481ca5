//! Tariffs of timed consumption.
use crate::http::refused::No;
use crate::http::route::{Ask, Scene};
use crate::http::shown::Rows;
use serde::{Deserialize, Serialize};
use shared::base::{BranchId, DocumentId, Money};
use shared::journal::Right;
use shared::timed::rooms::{self, tariffs};
use utoipa::{IntoParams, ToSchema};

/// Every tariff, by code.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskTariffs {}

/// A room or seat of a branch.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Room {
    pub branch: BranchId,
    /// Within its branch: letters and digits.
    pub code: String,
    pub name: String,
}

/// Minutes that are free for a level.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct FreeMinutes {
    pub level: DocumentId,
    pub minutes: i64,
}

/// Amounts in minor units.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Prices {
    pub first_minutes: i64,
    pub first: i64,
    pub step_minutes: i64,
    pub step: i64,
    pub grace_minutes: i64,
    pub night_step: i64,
    /// Minutes of the day.
    pub night_from: i64,
    pub night_until: i64,
    /// For each 24 hours of running; none: no limit.
    #[schema(required)]
    pub cap: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Tariff {
    pub id: DocumentId,
    pub code: String,
    pub name: String,
    pub name_en: String,
    /// Number of the service.
    pub product: u32,
    pub prices: Prices,
    pub free: Vec<FreeMinutes>,
    pub rooms: Vec<Room>,
    pub retired: bool,
}

/// A tariff as pages show it.
pub fn shown(tariff: rooms::Tariff) -> Tariff {
    let terms = tariff.terms;
    Tariff {
        id: tariff.id,
        code: tariff.code,
        name: tariff.name,
        name_en: tariff.name_en,
        product: tariff.product.0,
        prices: Prices {
            first_minutes: terms.first_minutes,
            first: terms.first.minor(),
            step_minutes: terms.step_minutes,
            step: terms.step.minor(),
            grace_minutes: terms.grace_minutes,
            night_step: terms.night_step.minor(),
            night_from: terms.night_from,
            night_until: terms.night_until,
            cap: terms.cap.map(Money::minor),
        },
        free: tariff.free.into_iter().map(|free| FreeMinutes { level: free.level, minutes: free.minutes }).collect(),
        rooms: tariff.rooms.into_iter().map(|room| Room { branch: room.branch, code: room.code, name: room.name }).collect(),
        retired: tariff.retired,
    }
}

impl Ask for AskTariffs {
    const PATH: &'static str = "/api/tariffs";
    const ANY: &'static [Right] = &[Right::Catalogue];
    type Answer = Rows<Tariff>;

    fn answer(self, scene: &Scene<'_>) -> Result<Rows<Tariff>, No> {
        Ok(Rows { rows: tariffs(scene.db)?.into_iter().map(shown).collect() })
    }
}
