//! Tariffs of timed consumption.
use crate::http::ask::timed::{FreeMinutes, Prices, Room, Tariff as Shown, shown};
use crate::http::refused::No;
use crate::http::route::{Order, Scene, decide};
use crate::moment::Asking;
use serde::{Deserialize, Serialize};
use shared::base::{BranchId, DocumentId};
use shared::desk::write::tariff::Tariff;
use shared::desk::write::{Write, standing};
use shared::documents::tariff::Tariff as Written;
use shared::journal::Right;
use shared::members::member::home_field;
use shared::store::Writer;
use shared::timed::rooms::tariffs;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct OfTariff {
    tariff: Shown,
}

/// Makes a tariff, or changes one; guests who sit keep the one they began with.
#[derive(Deserialize, ToSchema)]
pub struct TariffWrite {
    /// None: a new one.
    #[schema(required)]
    tariff: Option<DocumentId>,
    code: String,
    name: String,
    #[schema(required)]
    name_en: Option<String>,
    /// Number of the service.
    product: u32,
    prices: Prices,
    free: Vec<FreeMinutes>,
    rooms: Vec<Room>,
    retired: bool,
}

impl TariffWrite {
    fn written(&self) -> Written {
        let prices = &self.prices;
        let room = |room: &Room| ((home_field(room.branch), room.code.trim().to_owned()), room.name.trim().to_owned());
        Written {
            code: self.code.trim().into(),
            name: self.name.trim().into(),
            name_en: self.name_en.clone().unwrap_or_default().trim().into(),
            product: self.product.into(),
            first_minutes: prices.first_minutes,
            first_minor: prices.first,
            step_minutes: prices.step_minutes,
            step_minor: prices.step,
            grace_minutes: prices.grace_minutes,
            night_minor: prices.night_step,
            night_from: prices.night_from,
            night_until: prices.night_until,
            cap_minor: prices.cap,
            free: self.free.iter().map(|free| (home_field(BranchId::from(free.level)), free.minutes)).collect(),
            seats: self.rooms.iter().map(room).collect(),
            retired: self.retired,
        }
    }
}

impl Order for TariffWrite {
    const NAME: &'static str = "tariff_write";
    const RIGHT: Right = Right::Catalogue;
    type Made = DocumentId;
    type Answer = OfTariff;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<DocumentId, No> {
        let document = self.tariff.unwrap_or(DocumentId(asking.command.0));
        let old = standing(writer, document)?;
        if self.tariff.is_some() && old.is_empty() {
            return Err(No::not_found("tariff"));
        }
        let set = self.written().to_fields();
        let removed = old.into_keys().filter(|key| !set.contains_key(key)).collect();
        decide(writer, &Write::<Tariff>::new(Some(document), set, removed), asking, 0)?;
        Ok(document)
    }

    fn shown(made: DocumentId, scene: &Scene<'_>) -> Result<OfTariff, No> {
        let tariff = tariffs(scene.db)?.into_iter().find(|tariff| tariff.id == made);
        Ok(OfTariff { tariff: shown(tariff.ok_or_else(|| No::not_found("tariff"))?) })
    }
}
