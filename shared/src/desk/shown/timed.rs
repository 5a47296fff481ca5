//! The board of rooms and seats: who sits where, since when, and what it comes to; and what ended and is not paid.
use super::Viewer;
use crate::base::text::masked_phone;
use crate::base::{BranchId, BusinessDay, MemberId, Money, SittingId};
use crate::branches::{self, HOUSE_ZONE};
use crate::desk::bill;
use crate::desk::timed::{Sitting, runs, sittings, tariff};
use crate::journal::{Fault, Read};
use crate::members;
use crate::timed::rooms::tariffs;
use crate::timed::tariff::charge;
use serde::Serialize;
use utoipa::ToSchema;

/// A sitting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SittingShown {
    pub id: SittingId,
    /// Name of the room or seat.
    pub seat: String,
    #[schema(required)]
    pub member: Option<MemberId>,
    /// Name and masked phone; empty: a walk-in.
    pub member_name: String,
    pub started_ms: i64,
    pub minutes: i64,
    /// Off by the member's level.
    pub free: i64,
    /// What it comes to now, without minutes of a package.
    pub amount: Money,
    pub paused: bool,
    /// Began on an earlier business day: forgotten (E6).
    pub forgotten: bool,
    /// The machine's clock jumped meanwhile (E9).
    pub jumped: bool,
    /// It stands on a bill already.
    pub on_bill: bool,
}

/// A room or seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoomShown {
    pub tariff: String,
    /// Of the tariff.
    pub name: String,
    pub name_en: String,
    pub code: String,
    pub seat: String,
    /// Price of the first stretch, and its minutes.
    pub first: Money,
    pub first_minutes: i64,
    #[schema(required)]
    pub sitting: Option<SittingShown>,
}

/// Every room of the branch, and what ended and is to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Board {
    pub rooms: Vec<RoomShown>,
    pub due: Vec<SittingShown>,
}

/// The board of a branch.
///
/// # Errors
/// A fault of the store.
pub fn board(db: &dyn Read, viewer: &Viewer, now_ms: i64) -> Result<Board, Fault> {
    let branch = viewer.branch.unwrap_or(BranchId([0; 16]));
    let zone = branches::branch(db, branch)?.map_or(HOUSE_ZONE, |branch| branch.zone);
    let today = BusinessDay::at(now_ms, zone);
    let (all, on_bills) = (sittings(db)?, bill::sittings(db)?);
    let shown = |sitting: &Sitting| -> Result<SittingShown, Fault> {
        let called = sitting.member.map(|member| members::member::called(db, member)).transpose()?.flatten();
        let stretches = sitting.stretches(now_ms);
        let now = charge(&tariff(&sitting.terms), &runs(&stretches, zone.zone_minutes), sitting.free, 0).ok();
        let (minutes, amount) = match (sitting.due, now) {
            (Some(due), _) => (due.minutes, due.amount),
            (None, now) => now.map_or((0, Money::ZERO), |now| (now.ran, now.amount)),
        };
        Ok(SittingShown {
            id: sitting.id,
            seat: sitting.seat.clone(),
            member: sitting.member,
            member_name: called.map_or_else(String::new, |(name, phone)| format!("{name} {}", masked_phone(&phone)).trim().to_owned()),
            started_ms: sitting.started.at_ms,
            minutes,
            free: sitting.free,
            amount,
            paused: sitting.since_ms.is_none() && sitting.due.is_none(),
            forgotten: BusinessDay::at(sitting.started.at_ms, zone) < today,
            jumped: sitting.jumped,
            on_bill: on_bills.contains(&sitting.id),
        })
    };
    let mut rooms = Vec::new();
    for one in tariffs(db)? {
        for room in one.rooms.iter().filter(|room| room.branch == branch) {
            let sits = all.iter().find(|sitting| sitting.due.is_none() && sitting.tariff == one.id && sitting.room == room.code);
            if one.retired && sits.is_none() {
                continue;
            }
            rooms.push(RoomShown {
                tariff: one.id.to_string(),
                name: one.name.clone(),
                name_en: one.name_en.clone(),
                code: room.code.clone(),
                seat: room.name.clone(),
                first: one.terms.first,
                first_minutes: one.terms.first_minutes,
                sitting: sits.map(shown).transpose()?,
            });
        }
    }
    // A room that head office took away meanwhile still has its guest.
    let known = |sitting: &Sitting| rooms.iter().any(|room| room.sitting.as_ref().is_some_and(|sits| sits.id == sitting.id));
    let stray: Vec<&Sitting> = all.iter().filter(|sitting| sitting.due.is_none() && !known(sitting)).collect();
    for sitting in stray {
        rooms.push(RoomShown {
            tariff: sitting.tariff.to_string(),
            name: sitting.name.clone(),
            name_en: sitting.name_en.clone(),
            code: sitting.room.clone(),
            seat: sitting.seat.clone(),
            first: sitting.terms.first,
            first_minutes: sitting.terms.first_minutes,
            sitting: Some(shown(sitting)?),
        });
    }
    let due = all.iter().filter(|sitting| sitting.due.is_some()).map(shown).collect::<Result<_, _>>()?;
    Ok(Board { rooms, due })
}
