//! Branches: their documents, enrolment, sealing, the end of a recovery.
use super::{Wanted, needs_branch};
use crate::http::Http;
use crate::http::refused::No;
use crate::http::route::{Order, Scene, decide};
use crate::http::shown::branch::{self, Branch as Shown};
use crate::install::random;
use crate::moment::Asking;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::base::limits::ENROL_CODE_MINUTES;
use shared::base::{BranchId, DocumentId};
use shared::desk::write::Write;
use shared::desk::write::branch::Branch;
use shared::exchange::enrol::{Code, file};
use shared::exchange::recovery::{self, LOST, REVOKED, TAKEN_OVER};
use shared::journal::{Moment, Right};
use shared::reports::installs;
use shared::store::Writer;
use utoipa::ToSchema;

/// A one-use code for a new install of a branch.
#[derive(Deserialize, ToSchema)]
pub struct EnrolCode {
    branch: BranchId,
    #[serde(skip)]
    #[schema(ignore)]
    code: Option<Code>,
}

/// Shown once.
#[derive(Debug, Serialize, ToSchema)]
pub struct Enrolment {
    code: String,
    until_ms: i64,
}

impl Order for EnrolCode {
    const NAME: &'static str = "enrol_code";
    const RIGHT: Right = Right::Branches;
    type Made = Enrolment;
    type Answer = Enrolment;

    fn prepare(&mut self, http: &Http) -> Result<(), No> {
        self.code = Some(Code::new(random()?, &http.app.exchange.keys.public()));
        Ok(())
    }

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<Enrolment, No> {
        let branch = needs_branch(writer, self.branch)?;
        let code = self.code.as_ref().ok_or_else(No::signed_out)?;
        file(writer, code, branch.id, asking.now_ms)?;
        Ok(Enrolment { code: code.to_string(), until_ms: asking.now_ms + ENROL_CODE_MINUTES * 60_000 })
    }

    fn shown(made: Enrolment, _: &Scene<'_>) -> Result<Enrolment, No> {
        Ok(made)
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OfBranch {
    branch: Shown,
}

fn of_branch(branch: BranchId, scene: &Scene<'_>) -> Result<OfBranch, No> {
    let known = needs_branch(scene.db, branch)?;
    Ok(OfBranch { branch: branch::shown(scene.db, scene.http, &known, scene.now_ms)? })
}

/// Opens a branch, or changes what is known of it.
#[derive(Deserialize, ToSchema)]
pub struct BranchWrite {
    /// None: a new one.
    #[schema(required)]
    branch: Option<BranchId>,
    code: String,
    name: String,
    #[schema(required)]
    name_en: Option<String>,
    address: String,
    phone: String,
    zone_minutes: i32,
    cutoff_minutes: i32,
    price_list: String,
}

impl Order for BranchWrite {
    const NAME: &'static str = "branch_write";
    const RIGHT: Right = Right::Branches;
    type Made = BranchId;
    type Answer = OfBranch;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<BranchId, No> {
        if let Some(branch) = self.branch {
            needs_branch(writer, branch)?;
        }
        let branch = self.branch.map_or(DocumentId(asking.command.0), DocumentId::from);
        let wanted = Wanted::default()
            .text("code", &self.code)
            .text("name", &self.name)
            .text("name_en", self.name_en.as_deref().unwrap_or_default())
            .text("address", &self.address)
            .text("phone", &self.phone)
            .number("zone_minutes", Some(self.zone_minutes.into()))
            .number("cutoff_minutes", Some(self.cutoff_minutes.into()))
            .text("price_list", &self.price_list);
        decide(writer, &Write::<Branch>::new(Some(branch), wanted.set, wanted.removed), asking, 0)?;
        Ok(branch.into())
    }

    fn shown(made: BranchId, scene: &Scene<'_>) -> Result<OfBranch, No> {
        of_branch(made, scene)
    }
}

/// Why an install ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Replaced,
    Revoked,
    Lost,
}

/// Ends the install of a branch at the last entry held here, and carries on what lies there. What it sold since and nobody heard may come
/// late: HQ sees what lies at stake before it confirms.
#[derive(Deserialize, ToSchema)]
pub struct SealInstall {
    branch: BranchId,
    reason: Reason,
    confirmed: bool,
}

impl Order for SealInstall {
    const NAME: &'static str = "seal_install";
    const RIGHT: Right = Right::Branches;
    type Made = BranchId;
    type Answer = OfBranch;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<BranchId, No> {
        needs_branch(writer, self.branch)?;
        let install = installs::install(writer, self.branch)?.ok_or_else(|| No::not_found("install"))?;
        if install.sealed {
            return Ok(self.branch);
        }
        let ending = installs::ending(writer, self.branch, self.reason != Reason::Replaced)?;
        if !self.confirmed {
            let (mut value, mut members) = (0, 0);
            for (stream, _) in &ending {
                let (principal, bonus, of) = installs::lying(writer, *stream)?;
                (value, members) = (value + principal + bonus, members + of);
            }
            let args = json!({"what": "seal", "value": value, "members": members});
            return Err(No::here(StatusCode::CONFLICT, "needs_confirmation", args));
        }
        let reason = match self.reason {
            Reason::Replaced => TAKEN_OVER,
            Reason::Revoked => REVOKED,
            Reason::Lost => LOST,
        };
        for (n, (stream, device)) in (0..).zip(&ending) {
            let moment = Moment { command: asking.part(n), ..asking.moment(writer)? };
            recovery::seal(writer, *stream, reason, &moment)??;
            if self.reason != Reason::Replaced {
                writer.execute("update device set revoked = 1 where device_key = ?1", &[(*device).into()])?;
            }
        }
        Ok(self.branch)
    }

    fn shown(made: BranchId, scene: &Scene<'_>) -> Result<OfBranch, No> {
        of_branch(made, scene)
    }
}

/// The recovery goes on without what this branch would give back.
#[derive(Deserialize, ToSchema)]
pub struct AcceptMissing {
    branch: BranchId,
    confirmed: bool,
}

impl Order for AcceptMissing {
    const NAME: &'static str = "accept_missing";
    const RIGHT: Right = Right::Branches;
    type Made = BranchId;
    type Answer = OfBranch;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<BranchId, No> {
        needs_branch(writer, self.branch)?;
        let owes = recovery::outstanding(writer)?.contains(&self.branch);
        if owes && !self.confirmed {
            return Err(No::here(StatusCode::CONFLICT, "needs_confirmation", json!({"what": "accept_missing"})));
        }
        if owes {
            recovery::accept_missing(writer, self.branch, asking.now_ms)?;
        }
        Ok(self.branch)
    }

    fn shown(made: BranchId, scene: &Scene<'_>) -> Result<OfBranch, No> {
        of_branch(made, scene)
    }
}
