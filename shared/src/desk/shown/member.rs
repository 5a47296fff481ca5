//! Members as a till shows them: masked before a person was chosen, never a full phone number.
use super::package::{HeldPackage, packages};
use super::{Viewer, sum};
use crate::base::text::masked_phone;
use crate::base::{BusinessDay, MemberId, Money, Rate};
use crate::branches;
use crate::desk::bill::priced::House;
use crate::desk::keep_level::Rules;
use crate::journal::refusal::Elsewhere;
use crate::journal::{Fault, Read};
use crate::ledger::statement;
use crate::members::blocked::{CLOSED, REPLACED};
use crate::members::{self, Hit, Why, masked_name};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LevelName {
    pub name: String,
    pub name_en: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HitWhy {
    Card,
    Phone,
    Name,
    Pinyin,
}

/// Somebody who may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MemberHit {
    pub id: String,
    pub name: String,
    pub phone: String,
    pub level: LevelName,
    pub why: HitWhy,
    pub home: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CardLevel {
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub rate: Rate,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CardPoints {
    pub usable: i64,
    pub pending: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CardValue {
    /// Here.
    pub principal: Money,
    pub bonus: Money,
    /// Here and, by hearsay, elsewhere.
    pub total: Money,
    pub usable_here: Money,
    pub elsewhere: Vec<Elsewhere>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NextLevel {
    pub name: String,
    pub name_en: String,
    /// Still to be spent; zero where only the number of purchases is missing.
    pub spend: Money,
    /// Purchases still missing.
    pub purchases: i64,
}

/// How a card stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CardStands {
    Good,
    /// Reported lost, or blocked by head office.
    Lost,
    /// Another took its place.
    Replaced,
    Closed,
}

/// One card of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldCard {
    /// Last digits.
    pub end: String,
    pub stands: CardStands,
}

/// The member on the bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MemberCard {
    pub id: String,
    pub name: String,
    pub phone: String,
    /// Last digits of each card.
    pub cards: Vec<String>,
    pub held: Vec<HeldCard>,
    /// Counted packages with uses left, the first to end first.
    pub packages: Vec<HeldPackage>,
    pub level: CardLevel,
    #[schema(required)]
    pub birthday: Option<String>,
    pub birthday_today: bool,
    /// What points are multiplied by because today is the birthday or a member day; none on other days, or where the house gives nothing more.
    #[schema(required)]
    pub occasion_points: Option<Rate>,
    pub points: CardPoints,
    pub value: CardValue,
    #[schema(required)]
    pub last_visit_ms: Option<i64>,
    #[schema(required)]
    pub next_level: Option<NextLevel>,
    #[schema(required)]
    pub note: Option<String>,
    pub home: String,
    pub pin_set: bool,
    pub debt: Money,
}

fn home(db: &dyn Read, member: &members::Member) -> Result<String, Fault> {
    let branch = member.home.map(|home| branches::branch(db, home)).transpose()?.flatten();
    Ok(branch.map_or(String::new(), |branch| branch.name))
}

/// A member found, masked.
///
/// # Errors
/// A fault of the store.
pub fn hit(db: &dyn Read, hit: &Hit) -> Result<MemberHit, Fault> {
    let level = members::level(db, hit.member.id)?;
    Ok(MemberHit {
        id: hit.member.id.to_string(),
        name: masked_name(&hit.member.name),
        phone: masked_phone(&hit.member.phone),
        level: level.map_or(LevelName { name: String::new(), name_en: String::new() }, |level| LevelName {
            name: level.name,
            name_en: level.name_en,
        }),
        why: match hit.why {
            Why::Card => HitWhy::Card,
            Why::Phone => HitWhy::Phone,
            Why::Name => HitWhy::Name,
            Why::Pinyin => HitWhy::Pinyin,
        },
        home: home(db, &hit.member)?,
    })
}

/// Members found by a text; never a balance.
///
/// # Errors
/// A fault of the store.
pub fn search(db: &dyn Read, text: &str, viewer: &Viewer, limit: usize) -> Result<Vec<MemberHit>, Fault> {
    members::search(db, text, viewer.branch, limit)?.iter().map(|found| hit(db, found)).collect()
}

/// The card of one member; none if there is no such member.
///
/// # Errors
/// A fault of the store.
pub fn card(db: &dyn Read, id: MemberId, viewer: &Viewer) -> Result<Option<MemberCard>, Fault> {
    let house = House::load(db, viewer.branch)?;
    let Some(member) = members::member(db, id)? else { return Ok(None) };
    let level = members::level(db, id)?;
    let purse = members::purse(db, id, viewer.here, BusinessDay(viewer.day))?;
    let elsewhere = statement::elsewhere(db, id, viewer.here, viewer.cut_off_since_ms)?;
    let visit_ms = members::visit::last_visit_ms(db, id)?;
    let here = purse.total();
    Ok(Some(MemberCard {
        id: id.to_string(),
        name: member.name.clone(),
        phone: masked_phone(&member.phone),
        cards: member.cards.iter().map(|card| end_of(card)).collect(),
        held: held(db, &member)?,
        packages: packages(db, id, viewer)?,
        level: level.map_or(CardLevel { code: String::new(), name: String::new(), name_en: String::new(), rate: Rate::WHOLE }, |level| {
            CardLevel { code: level.code, name: level.name, name_en: level.name_en, rate: level.discount }
        }),
        birthday: member.birthday_shown(),
        birthday_today: member.has_birthday_on(viewer.day),
        occasion_points: house.occasion_factor(&member, viewer.day),
        points: CardPoints { usable: purse.points, pending: purse.pending },
        value: CardValue {
            principal: purse.principal,
            bonus: purse.bonus,
            total: Money::from_minor(here.minor().saturating_add(sum(&elsewhere))),
            usable_here: here,
            elsewhere,
        },
        last_visit_ms: (visit_ms > 0).then_some(visit_ms),
        next_level: next_level(db, id, viewer)?,
        note: (!member.note.is_empty()).then(|| member.note.clone()),
        home: home(db, &member)?,
        pin_set: members::sealed_pin(db, id)?.is_some(),
        debt: purse.debt,
    }))
}

/// The next level and what is still missing for it by what this branch knows; none for whoever has the highest.
fn next_level(db: &dyn Read, id: MemberId, viewer: &Viewer) -> Result<Option<NextLevel>, Fault> {
    let Some(now) = members::level(db, id)? else { return Ok(None) };
    let rules = Rules::load(db)?;
    let Some(next) = rules.levels.iter().find(|level| level.rank > now.rank && rules.may_be_reached(level)) else { return Ok(None) };
    let spent = rules.spent(db, id, BusinessDay(viewer.day))?;
    let (spend, purchases) = rules.missing(next, spent);
    Ok(Some(NextLevel { name: next.name.clone(), name_en: next.name_en.clone(), spend, purchases }))
}

fn held(db: &dyn Read, member: &members::Member) -> Result<Vec<HeldCard>, Fault> {
    let stands = |blocked: Option<members::Blocked>| match blocked.as_ref().map(|blocked| blocked.reason.as_str()) {
        None => CardStands::Good,
        Some(REPLACED) => CardStands::Replaced,
        Some(CLOSED) => CardStands::Closed,
        Some(_) => CardStands::Lost,
    };
    member.cards.iter().map(|card| Ok(HeldCard { end: end_of(card), stands: stands(members::blocked(db, card)?) })).collect()
}

fn end_of(card: &str) -> String {
    let from = card.chars().count().saturating_sub(4);
    card.chars().skip(from).collect()
}
