//! What a person must look at.
use super::fifty;
use crate::http::refused::No;
use crate::http::route::{Ask, Scene};
use crate::http::shown::List;
use serde::{Deserialize, Serialize};
use shared::base::{CommandId, StreamId, Unit};
use shared::exceptions::{self, Listed, Progress};
use shared::exchange::debts;
use shared::facts::journal::Conflicted;
use shared::journal::{Fault, Right};
use shared::reports::installs;
use shared::reports::names::{self, BranchRef, MemberRef, Names, PersonRef};
use shared::views::registry::decoded;
use utoipa::{IntoParams, ToSchema};

/// Exceptions, the open ones first, then newest first.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskExceptions {
    /// Only those that nobody closed, or only closed ones.
    open: Option<bool>,
    #[serde(default)]
    offset: u32,
    #[serde(default = "fifty")]
    limit: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Exception {
    id: CommandId,
    at_ms: i64,
    age_ms: i64,
    /// A code that pages have words for.
    what: String,
    #[schema(required)]
    branch: Option<BranchRef>,
    #[schema(required)]
    member: Option<MemberRef>,
    /// Minor units at stake; 0 where it is not about money.
    amount: i64,
    note: String,
    /// What is still owed of a balance below zero, minor units or points; 0 once it was collected or written off.
    owed: i64,
    progress: Progress,
    #[schema(required)]
    owner: Option<PersonRef>,
    touched_ms: i64,
    /// What whoever closed it wrote.
    found: String,
}

/// Exceptions looked at for one page.
const LOOKED_AT_MAX: u32 = 10_000;

impl Ask for AskExceptions {
    const PATH: &'static str = "/api/exceptions";
    const ANY: &'static [Right] = &[Right::Exceptions];
    type Answer = List<Exception>;

    fn answer(self, scene: &Scene<'_>) -> Result<List<Exception>, No> {
        let mut listed = exceptions::list(scene.db, LOOKED_AT_MAX)?;
        listed.retain(|one| self.open.is_none_or(|open| open == (one.progress != Progress::Closed)));
        let (total, limit) = (listed.len() as i64, scene.rows(self.limit) as usize);
        let page = listed.iter().skip(self.offset as usize).take(limit);
        Ok(List { total, rows: page.map(|one| shown(scene, one)).collect::<Result<_, _>>()? })
    }
}

/// One exception as pages show it.
///
/// # Errors
/// A fault of the store.
pub fn shown(scene: &Scene<'_>, one: &Listed) -> Result<Exception, Fault> {
    let names = Names::load(scene.db)?;
    Ok(Exception {
        id: one.id,
        at_ms: one.at_ms,
        age_ms: (scene.now_ms - one.at_ms).max(0),
        what: one.what.clone(),
        branch: one.branch.map(|branch| names.branch(branch)),
        member: one.member.map(|member| names::member(scene.db, member)).transpose()?.flatten(),
        amount: at_stake(scene, one)?,
        note: note(scene, one)?,
        owed: owed(scene, one)?,
        progress: one.progress,
        owner: one.owner.map(|staff| names::person(scene.db, staff)).transpose()?.flatten(),
        touched_ms: one.touched_ms,
        found: one.found.clone(),
    })
}

/// Of a box that sold on after its end: all that is below zero at its place now, in one sum.
fn at_stake(scene: &Scene<'_>, one: &Listed) -> Result<i64, Fault> {
    match (one.what.as_str(), one.stream) {
        ("late_entries", Some(place)) => Ok(-installs::missing(scene.db, place)?),
        _ => Ok(one.amount),
    }
}

/// What the member of a balance below zero owes there now, in all units of the exception's kind.
fn owed(scene: &Scene<'_>, one: &Listed) -> Result<i64, Fault> {
    let Some((member, place)) = one.member.zip(one.stream).filter(|_| one.what == "negative_balance") else { return Ok(0) };
    let of_kind = |unit: &Unit| match unit {
        Unit::Value(_) => one.note == "value",
        Unit::Bonus(_) => one.note == "bonus",
        Unit::Points { .. } => one.note == "points",
        _ => one.note == "uses",
    };
    Ok(debts::owed(scene.db, member, place)?.iter().filter(|(unit, _)| of_kind(unit)).map(|(_, owes)| owes).sum())
}

/// Of a late edit also the two values, for whoever may see members; they are personal and stand in no exception.
fn note(scene: &Scene<'_>, one: &Listed) -> Result<String, Fault> {
    if one.what != "late_edit" || !scene.may(Right::SeePhones) {
        return Ok(one.note.clone());
    }
    let sql = "select body from entry where stream = ?1 and seq = ?2 and erased = 0";
    let row = scene.db.row(sql, &[one.stream.unwrap_or(StreamId([0; 16])).into(), one.seq.into()])?;
    let late = row.and_then(|row| decoded::<Conflicted>(row.blob(0)).ok());
    Ok(late.map_or(one.note.clone(), |late| {
        let said = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".into());
        format!("{}: {} → {}", late.key, said(&late.stands), said(&late.mine))
    }))
}
