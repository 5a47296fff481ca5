//! A member: as a row, and with the balance by place.
use crate::http::refused::No;
use crate::http::route::Scene;
use crate::http::shown::Coded;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::base::{Holder, MemberId, StreamId, Unit, text};
use shared::journal::{Fault, Read, Right};
use shared::ledger::{balance, person};
use shared::members::member::Member as Known;
use shared::members::opening::opening;
use shared::members::purse::{Purse, by_place};
use shared::members::visit::last_visit_ms;
use shared::members::{self, Why};
use shared::messages::consent::wanted;
use shared::reports::conflicts;
use shared::reports::names::{self, BranchRef, MemberRef, Names};
use shared::staff;
use shared::store::writer::stream_head;
use shared::views::generations::is_erased;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct MemberRow {
    pub id: MemberId,
    pub name: String,
    /// Masked without the right `see_phones`.
    pub phone: String,
    pub cards: Vec<String>,
    #[schema(required)]
    pub level: Option<Coded>,
    #[schema(required)]
    pub home: Option<BranchRef>,
    #[schema(required)]
    pub why: Option<Why>,
    #[schema(required)]
    pub last_visit_ms: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Member {
    #[serde(flatten)]
    pub row: MemberRow,
    #[schema(required)]
    pub birthday: Option<String>,
    #[schema(required)]
    pub birth_year: Option<i64>,
    #[schema(required)]
    pub gender: Option<Gender>,
    pub note: String,
    pub value: ValueTotal,
    pub points: PointsTotal,
    pub debt: i64,
    pub places: Vec<Place>,
    pub blocked: Vec<BlockedCard>,
    pub pin_set: bool,
    /// Whether short messages are wanted; none: the member did not say.
    #[schema(required)]
    pub sms_wanted: Option<bool>,
    /// The level a person gave, where one did; purchases may have reached a higher one.
    #[schema(required)]
    pub level_given: Option<LevelGiven>,
    #[schema(required)]
    pub opening: Option<Opening>,
    /// Fields of it in conflict.
    pub conflicts: i64,
    /// Who stands for it; none: itself.
    #[schema(required)]
    pub survivor: Option<MemberRef>,
    /// Who else is the same person.
    pub merged: Vec<MemberRow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gender {
    F,
    M,
    Other,
}

impl Gender {
    /// From the word of a member's document.
    fn of(word: &str) -> Option<Gender> {
        match word {
            "" => None,
            "female" => Some(Gender::F),
            "male" => Some(Gender::M),
            _ => Some(Gender::Other),
        }
    }

    /// The word of a member's document.
    pub fn word(self) -> &'static str {
        match self {
            Gender::F => "female",
            Gender::M => "male",
            Gender::Other => "other",
        }
    }
}

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ValueTotal {
    pub principal: i64,
    pub bonus: i64,
    pub total: i64,
}

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct PointsTotal {
    pub usable: i64,
    pub pending: i64,
}

/// What lies at one place.
#[derive(Debug, Serialize, ToSchema)]
pub struct Place {
    pub place: StreamId,
    /// None: head office.
    #[schema(required)]
    pub branch: Option<BranchRef>,
    pub principal: i64,
    pub bonus: i64,
    pub points: i64,
    pub pending: i64,
    pub reachable: bool,
    /// Not reachable since then.
    #[schema(required)]
    pub since_ms: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BlockedCard {
    pub number: String,
    pub since_ms: i64,
    pub reason: String,
}

/// A level by hand.
#[derive(Debug, Serialize, ToSchema)]
pub struct LevelGiven {
    pub level: Coded,
    /// Last business day, yyyymmdd; 0: no end.
    pub ends: u32,
    /// Who gave it; empty: it came with an import.
    pub by: String,
}

/// What was brought from an older system.
#[derive(Debug, Serialize, ToSchema)]
pub struct Opening {
    pub value: i64,
    pub bonus: i64,
    pub points: i64,
    pub at_ms: i64,
}

/// A phone as this person may see it.
pub fn phone(scene: &Scene<'_>, phone: &str) -> String {
    match scene.may(Right::SeePhones) || phone.is_empty() {
        true => phone.to_owned(),
        false => text::masked_phone(phone),
    }
}

/// A row of a list.
///
/// # Errors
/// A fault of the store.
pub fn row(scene: &Scene<'_>, names: &Names, known: &Known, why: Option<Why>) -> Result<MemberRow, Fault> {
    let level = members::level(scene.db, known.id)?;
    let visit = last_visit_ms(scene.db, known.id)?;
    Ok(MemberRow {
        id: known.id,
        name: known.name.clone(),
        phone: phone(scene, &known.phone),
        cards: known.cards.clone(),
        level: level.map(|level| Coded { code: level.code, name: level.name, name_en: level.name_en }),
        home: known.home.map(|home| names.branch(home)),
        why,
        last_visit_ms: (visit > 0).then_some(visit),
    })
}

/// Rows of members by id.
///
/// # Errors
/// A fault of the store.
pub fn rows(scene: &Scene<'_>, names: &Names, ids: &[MemberId], why: Option<Why>) -> Result<Vec<MemberRow>, Fault> {
    let mut rows = Vec::new();
    for id in ids {
        if let Some(known) = members::member(scene.db, *id)? {
            rows.push(row(scene, names, &known, why)?);
        }
    }
    Ok(rows)
}

/// One member with everything that lies anywhere.
///
/// # Errors
/// `not_found`, `member_erased`; a fault of the store.
pub fn whole(scene: &Scene<'_>, id: MemberId) -> Result<Member, No> {
    let db = scene.db;
    let Some(known) = members::member(db, id)? else {
        let erased = is_erased(db, id.into())?;
        return Err(if erased { No::here(StatusCode::GONE, "member_erased", json!({})) } else { No::not_found("member") });
    };
    let names = Names::load(db)?;
    let mut places = Vec::new();
    for (place, purse) in by_place(db, id, scene.today())? {
        places.push(self::place(scene, &names, place, &purse)?);
    }
    let sum = |of: fn(&Place) -> i64| places.iter().map(of).sum::<i64>();
    let (principal, bonus) = (sum(|place| place.principal), sum(|place| place.bonus));
    let mut blocked = Vec::new();
    for number in &known.cards {
        if let Some(found) = members::blocked(db, number)? {
            blocked.push(BlockedCard { number: number.clone(), since_ms: found.since_ms, reason: found.reason });
        }
    }
    let person = person::of(db, id)?;
    let survivor = if person[0] == id { None } else { names::member(db, person[0])? };
    let others: Vec<MemberId> = person.into_iter().filter(|other| *other != id).collect();
    let owed = balance::everywhere(db, Holder::Debt(id))?;
    let full = known.birthday.is_some_and(|birthday| birthday > 10_000);
    Ok(Member {
        birthday: known.birthday_shown(),
        birth_year: known.birthday.filter(|_| full).map(|birthday| birthday / 10_000),
        gender: Gender::of(&known.gender),
        note: known.note.clone(),
        value: ValueTotal { principal, bonus, total: principal + bonus },
        points: PointsTotal { usable: sum(|place| place.points), pending: sum(|place| place.pending) },
        debt: owed.iter().filter(|(unit, ..)| matches!(unit, Unit::Value(_) | Unit::Bonus(_))).map(|(_, _, amount)| amount.abs()).sum(),
        blocked,
        pin_set: members::sealed_pin(db, id)?.is_some(),
        sms_wanted: wanted(db, id, "sms")?,
        level_given: level_given(db, id)?,
        opening: opening(db, id)?.map(|[value, bonus, points, at_ms]| Opening { value, bonus, points, at_ms }),
        conflicts: conflicts::of_document(db, id.into())?,
        survivor,
        merged: rows(scene, &names, &others, None)?,
        row: row(scene, &names, &known, None)?,
        places,
    })
}

fn level_given(db: &dyn Read, id: MemberId) -> Result<Option<LevelGiven>, Fault> {
    let Some(given) = members::level::given(db, id)? else { return Ok(None) };
    let level = members::levels(db)?.into_iter().find(|level| level.id == given.level);
    let by = given.by.map(|by| staff::person::person(db, by)).transpose()?.flatten().map_or(String::new(), |person| person.name);
    let shown = |level: members::Level| LevelGiven {
        level: Coded { code: level.code, name: level.name, name_en: level.name_en },
        ends: given.ends,
        by,
    };
    Ok(level.map(shown))
}

fn place(scene: &Scene<'_>, names: &Names, place: StreamId, purse: &Purse) -> Result<Place, Fault> {
    let head = stream_head(scene.db, place)?;
    let branch = head.as_ref().and_then(|head| head.branch);
    let sealed = head.as_ref().is_some_and(|head| head.sealed != 0);
    // What lies at a sealed place is the hub's to take from.
    let reachable = sealed || branch.is_none_or(|branch| scene.http.app.exchange.linked().contains(&branch));
    Ok(Place {
        place,
        branch: branch.map(|branch| names.branch(branch)),
        principal: purse.principal.minor(),
        bonus: purse.bonus.minor(),
        points: purse.points,
        pending: purse.pending,
        reachable,
        since_ms: head.filter(|_| !reachable).map(|head| head.heard_ms),
    })
}
