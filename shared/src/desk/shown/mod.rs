//! What pages are shown of drafts and views: totals, marks, names, what may still be done. Pages compute nothing. Amounts are minor units,
//! quantities thousandths, rates basis points that remain, times UTC ms.
pub mod bill;
pub mod call;
pub mod coupon;
pub mod day;
pub mod done;
pub mod gift;
pub mod goods;
pub mod member;
pub mod package;
pub mod sale;
pub mod shift;
pub mod timed;
pub mod value;

use crate::base::{BranchId, StaffId, StreamId};
use crate::desk::bill::priced::House;
use crate::facts::sales::{CASH, POINTS, VALUE};
use crate::journal::refusal::Elsewhere;
use crate::journal::{Fault, Read};
use crate::staff;
use serde::Serialize;
use utoipa::ToSchema;

/// For whom something is shown: the place, the business day, whether the hub is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    pub here: StreamId,
    pub branch: Option<BranchId>,
    pub till: u16,
    pub day: u32,
    /// Since when the hub is out of reach, UTC ms; 0 while it is heard.
    pub cut_off_since_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Person {
    pub id: String,
    pub code: String,
    pub name: String,
    pub roles: Vec<RoleName>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoleName {
    pub name: String,
    pub name_en: String,
}

/// Whoever this id names; a person not known here is shown by an empty name.
///
/// # Errors
/// A fault of the store.
pub fn person(db: &dyn Read, id: StaffId) -> Result<Person, Fault> {
    let found = staff::person(db, id)?;
    let rights = staff::rights(db, id)?;
    let roles = rights.roles.into_iter().map(|role| RoleName { name: role.name, name_en: role.name_en });
    let (code, name) = found.map_or((String::new(), String::new()), |person| (person.code, person.name));
    Ok(Person { id: id.to_string(), code, name, roles: roles.collect() })
}

/// Chinese and English name of a tender.
pub fn tender_names(house: &House, code: &str) -> (String, String) {
    match (code, house.till.tenders.get(code)) {
        (CASH, _) => ("现金".into(), "Cash".into()),
        (VALUE, _) => ("储值".into(), "Stored value".into()),
        (POINTS, None) => ("积分抵现".into(), "Points".into()),
        (_, Some(tender)) => (tender.name.clone(), tender.name_en.clone()),
        (code, None) => (code.into(), code.into()),
    }
}

/// A way to pay, as the till's keys show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TenderKind {
    pub code: String,
    pub name: String,
    pub name_en: String,
    /// `value`, `cash`, `points` or `other`.
    pub kind: String,
    #[schema(required)]
    pub key: Option<String>,
}

/// All tenders in the order of the page: stored value, cash, then the shop's own.
pub fn tender_kinds(house: &House) -> Vec<TenderKind> {
    let kind = |code: &str, kind: &str| {
        let (name, name_en) = tender_names(house, code);
        TenderKind { code: code.into(), name, name_en, kind: kind.into(), key: None }
    };
    let mut own: Vec<_> = house.till.tenders.iter().collect();
    own.sort_by_key(|(code, tender)| (tender.order, code.as_str()));
    let fixed = [kind(VALUE, "value"), kind(CASH, "cash")];
    let points = (house.points.money_bp > 0).then(|| kind(POINTS, "points"));
    fixed.into_iter().chain(own.into_iter().map(|(code, _)| kind(code, "other"))).chain(points).collect()
}

/// Where the rest of a member's value lies, and its sum.
pub fn sum(elsewhere: &[Elsewhere]) -> i64 {
    elsewhere.iter().map(|lies| lies.amount).sum()
}
