//! The call list.
use super::fifty;
use crate::http::refused::No;
use crate::http::route::{Ask, Scene};
use crate::http::shown::List;
use crate::http::shown::call::{self, Call};
use serde::Deserialize;
use shared::base::BranchId;
use shared::journal::Right;
use shared::reports::calls;
use shared::reports::names::Names;
use utoipa::IntoParams;

/// Calls of all branches, newest first.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskCalls {
    #[serde(default)]
    offset: u32,
    #[serde(default = "fifty")]
    limit: u32,
}

impl Ask for AskCalls {
    const PATH: &'static str = "/api/calls";
    const ANY: &'static [Right] = &[Right::Members];
    type Answer = List<Call>;

    fn answer(self, scene: &Scene<'_>) -> Result<List<Call>, No> {
        let names = Names::load(scene.db)?;
        let branches: Vec<BranchId> = names.branches().into_iter().map(|branch| branch.id).collect();
        let (total, calls) = calls::list(scene.db, &branches, self.offset, scene.rows(self.limit))?;
        let rows = calls.iter().map(|row| call::shown(scene, &names, row)).collect::<Result<_, _>>()?;
        Ok(List { total, rows })
    }
}
