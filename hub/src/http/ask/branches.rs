//! Branches, and how the hub itself is.
use crate::http::refused::No;
use crate::http::route::{Ask, Scene};
use crate::http::shown::Rows;
use crate::http::shown::branch::{self, Branch, LinkState};
use serde::{Deserialize, Serialize};
use shared::branches;
use shared::exchange::recovery;
use shared::journal::Right;
use shared::reports::{conflicts, status};
use utoipa::{IntoParams, ToSchema};

/// All branches, by code.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskBranches {}

impl Ask for AskBranches {
    const PATH: &'static str = "/api/branches";
    const ANY: &'static [Right] = &[Right::Branches, Right::SeeTakings, Right::Devices];
    type Answer = Rows<Branch>;

    fn answer(self, scene: &Scene<'_>) -> Result<Rows<Branch>, No> {
        let known = branches::branches(scene.db)?;
        let rows = known.iter().map(|known| branch::shown(scene.db, scene.http, known, scene.now_ms)).collect::<Result<_, _>>()?;
        Ok(Rows { rows })
    }
}

/// How the hub is.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskStatus {}

#[derive(Debug, Serialize, ToSchema)]
pub struct Status {
    now_ms: i64,
    entries: i64,
    streams: i64,
    branches_up: usize,
    branches_down: usize,
    /// Entries kept and not folded.
    waiting: i64,
    exceptions_open: i64,
    conflicts: i64,
    recovering: bool,
    disk_low: bool,
}

impl Ask for AskStatus {
    const PATH: &'static str = "/api/status";
    const ANY: &'static [Right] = &[];
    type Answer = Status;

    fn answer(self, scene: &Scene<'_>) -> Result<Status, No> {
        let links = AskBranches {}.answer(scene)?.rows;
        let up = links.iter().filter(|branch| branch.link == LinkState::Up).count();
        Ok(Status {
            now_ms: scene.now_ms,
            entries: status::entries(scene.db)?,
            streams: status::streams(scene.db)?,
            branches_up: up,
            branches_down: links.len() - up,
            waiting: status::waiting(scene.db)?,
            exceptions_open: status::exceptions_open(scene.db)?,
            conflicts: conflicts::count(scene.db)?,
            recovering: !recovery::outstanding(scene.db)?.is_empty(),
            disk_low: shared::store::disk::nearly_full(&scene.http.app.folder),
        })
    }
}
