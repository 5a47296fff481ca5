//! Calls as the page's card shows them: a member's number masked, a stranger's in full, to enrol.
use super::Viewer;
use super::member::{MemberHit, hit};
use crate::base::text::masked_phone;
use crate::base::{BranchId, CallId};
use crate::facts::calls::Hidden;
use crate::journal::{Fault, Read, Row};
use crate::members::{self, Hit, Why};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    Ringing,
    Ended,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Call {
    pub id: String,
    pub at_ms: i64,
    pub state: CallState,
    #[schema(required)]
    pub number: Option<String>,
    #[schema(required)]
    pub hidden: Option<Hidden>,
    /// Of unknown callers only.
    #[schema(required)]
    pub raw_number: Option<String>,
    pub members: Vec<MemberHit>,
}

/// Calls of the branch, newest first. `ringing`: those whose line still rings.
///
/// # Errors
/// A fault of the store.
pub fn newest(db: &dyn Read, viewer: &Viewer, ringing: &BTreeSet<CallId>, limit: u32) -> Result<Vec<Call>, Fault> {
    let branch = viewer.branch.unwrap_or(BranchId([0; 16]));
    // Who rang last?
    let sql = "select call, at_ms, number, hidden from call where branch = ?1 order by at_ms desc, call limit ?2";
    db.rows(sql, &[branch.into(), limit.into()])?.iter().map(|row| shown(db, row, ringing)).collect()
}

/// One call; none if not known.
///
/// # Errors
/// A fault of the store.
pub fn one(db: &dyn Read, call: CallId, ringing: &BTreeSet<CallId>) -> Result<Option<Call>, Fault> {
    // What is known of this call?
    let row = db.row("select call, at_ms, number, hidden from call where call = ?1", &[call.into()])?;
    row.map(|row| shown(db, &row, ringing)).transpose()
}

fn shown(db: &dyn Read, row: &Row, ringing: &BTreeSet<CallId>) -> Result<Call, Fault> {
    let (call, number) = (CallId(row.raw(0)), row.text(2));
    let mut hits = Vec::new();
    if !number.is_empty() {
        for id in members::by_phone(db, number)? {
            if let Some(member) = members::member(db, id)? {
                hits.push(hit(db, &Hit { member, why: Why::Phone })?);
            }
        }
    }
    let known = !hits.is_empty();
    let shown = if known { masked_phone(number) } else { number.to_owned() };
    Ok(Call {
        id: call.to_string(),
        at_ms: row.int(1),
        state: if ringing.contains(&call) { CallState::Ringing } else { CallState::Ended },
        number: (!number.is_empty()).then_some(shown),
        hidden: match row.int(3) {
            1 => Some(Hidden::Private),
            2 => Some(Hidden::OutOfArea),
            _ => None,
        },
        raw_number: (!known && !number.is_empty()).then(|| number.to_owned()),
        members: hits,
    })
}
