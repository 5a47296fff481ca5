//! A telephone call with the members who may be calling.
use crate::http::route::Scene;
use crate::http::shown::member::{self, MemberRow};
use serde::Serialize;
use shared::base::{CallId, text};
use shared::facts::calls::Hidden;
use shared::journal::Fault;
use shared::members::{Why, by_phone};
use shared::reports::calls::CallRow;
use shared::reports::names::{BranchRef, Names};
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct Call {
    pub id: CallId,
    pub at_ms: i64,
    pub branch: BranchRef,
    /// Masked without the right `see_phones`; none if hidden.
    #[schema(required)]
    pub number: Option<String>,
    #[schema(required)]
    pub hidden: Option<Hidden>,
    pub members: Vec<MemberRow>,
}

/// # Errors
/// A fault of the store.
pub fn shown(scene: &Scene<'_>, names: &Names, row: &CallRow) -> Result<Call, Fault> {
    let callers = match row.number.as_deref().and_then(text::normal_phone) {
        Some(phone) => by_phone(scene.db, &phone)?,
        None => Vec::new(),
    };
    Ok(Call {
        id: row.id,
        at_ms: row.at_ms,
        branch: names.branch(row.branch),
        number: row.number.as_deref().map(|number| member::phone(scene, number)),
        hidden: row.hidden,
        members: member::rows(scene, names, &callers, Some(Why::Phone))?,
    })
}
