//! Packages as a till shows them: what is left here and elsewhere, until when, what a refund would pay.
use super::Viewer;
use crate::base::{BusinessDay, MemberId, Money};
use crate::catalog;
use crate::desk::package::{Held, has_ended, refund};
use crate::journal::{Fault, Read};
use crate::ledger::balance;
use crate::packages::kind::{PackageKind, kinds};
use crate::packages::sold::{Package, taken};
use serde::Serialize;
use utoipa::ToSchema;

/// Rows of what was used last.
const TAKEN_SHOWN: u32 = 10;

/// A service by its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Service {
    pub number: u32,
    pub name: String,
    pub name_en: String,
}

/// One item of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldUses {
    pub services: Vec<Service>,
    pub here: i64,
    pub elsewhere: i64,
    pub paid: i64,
    pub gift: i64,
    /// A time card: once a day.
    pub daily: bool,
}

/// One package of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldPackage {
    pub id: String,
    pub name: String,
    /// Last business day, yyyymmdd; 0: no end.
    pub ends: u32,
    pub ended: bool,
    pub items: Vec<HeldUses>,
    /// What rule A and rule B would pay back.
    pub refund: Money,
    pub refund_by_list_price: Money,
}

/// What was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TakenShown {
    pub id: String,
    pub at_ms: i64,
    pub service: Service,
    pub uses: i64,
    pub undone: bool,
}

/// A kind of package for sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct KindShown {
    pub id: String,
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub price: Money,
    pub days: i64,
    pub uses: i64,
    pub gift: i64,
}

fn service(db: &dyn Read, number: crate::base::ProductNo) -> Result<Service, Fault> {
    let product = catalog::product(db, number)?;
    let (name, name_en) = product.map_or_else(|| (number.0.to_string(), String::new()), |product| (product.name, product.name_en));
    Ok(Service { number: number.0, name, name_en })
}

fn shown(db: &dyn Read, package: &Package, held: &Held, day: BusinessDay) -> Result<HeldPackage, Fault> {
    let mut items = Vec::new();
    for (no, item) in (0_u16..).zip(&package.items) {
        let services = item.services.iter().map(|number| service(db, *number)).collect::<Result<_, _>>()?;
        let (here, elsewhere) = (held.left_here(package.id, no), held.left_elsewhere(package.id, no));
        items.push(HeldUses { services, here, elsewhere, paid: item.paid, gift: item.gift, daily: item.daily });
    }
    let back = |by_list_price| {
        let items = refund::items(package, held, by_list_price).unwrap_or_default();
        Money::from_minor(items.iter().map(|item| item.paid.minor()).sum())
    };
    Ok(HeldPackage {
        id: package.id.to_string(),
        name: package.name.clone(),
        ends: package.ends,
        ended: has_ended(package, day),
        items,
        refund: back(false),
        refund_by_list_price: back(true),
    })
}

/// The packages of a member with uses left, the first to end first.
///
/// # Errors
/// A fault of the store.
pub fn packages(db: &dyn Read, member: MemberId, viewer: &Viewer) -> Result<Vec<HeldPackage>, Fault> {
    let holdings = balance::of_person(db, member, viewer.here)?;
    let held = Held::load(db, member, &holdings, viewer.here)?;
    let day = BusinessDay(viewer.day);
    let mut left = held.packages.iter().map(|package| shown(db, package, &held, day)).collect::<Result<Vec<_>, _>>()?;
    left.retain(|package| package.items.iter().any(|item| item.here + item.elsewhere > 0));
    left.sort_by_key(|package| if package.ends == 0 { u32::MAX } else { package.ends });
    Ok(left)
}

/// What a member used last, newest first.
///
/// # Errors
/// A fault of the store.
pub fn used(db: &dyn Read, member: MemberId) -> Result<Vec<TakenShown>, Fault> {
    let row = |taken: crate::packages::sold::Taken| {
        let service = service(db, taken.service)?;
        Ok(TakenShown { id: taken.id.to_string(), at_ms: taken.at_ms, service, uses: taken.uses, undone: taken.undone })
    };
    taken(db, member, TAKEN_SHOWN)?.into_iter().map(row).collect()
}

/// The kinds for sale, by code.
///
/// # Errors
/// A fault of the store.
pub fn for_sale(db: &dyn Read) -> Result<Vec<KindShown>, Fault> {
    let shown = |kind: PackageKind| KindShown {
        id: kind.id.to_string(),
        uses: kind.items.iter().map(|item| item.uses).sum(),
        gift: kind.items.iter().map(|item| item.gift).sum(),
        code: kind.code,
        name: kind.name,
        name_en: kind.name_en,
        price: kind.price,
        days: kind.days,
    };
    Ok(kinds(db)?.into_iter().filter(|kind| !kind.retired).map(shown).collect())
}
