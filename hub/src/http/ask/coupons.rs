//! Coupons that were given out.
use crate::http::refused::No;
use crate::http::route::{Ask, Scene};
use crate::http::shown::Rows;
use serde::{Deserialize, Serialize};
use shared::base::{BranchId, CommandId};
use shared::coupons::coupon::{Issue, issues};
use shared::journal::Right;
use utoipa::{IntoParams, ToSchema};

/// What was given out, newest first.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskCoupons {}

/// Coupons given out at once.
#[derive(Debug, Serialize, ToSchema)]
pub struct CouponIssue {
    pub id: CommandId,
    pub at_ms: i64,
    pub name: String,
    pub name_en: String,
    /// Minor units.
    pub off: i64,
    /// What the bill must come to; minor units.
    pub least: i64,
    /// yyyymmdd.
    pub from: u32,
    pub until: u32,
    /// Where they were sent; none: they stayed at head office.
    #[schema(required)]
    pub branch: Option<BranchId>,
    pub coupons: i64,
    pub used: i64,
    /// What their uses took off; minor units.
    pub taken_off: i64,
    /// Of coupons without a member.
    pub codes: Vec<String>,
}

/// An issue as pages show it.
pub fn shown(issue: Issue) -> CouponIssue {
    let coupon = issue.first;
    CouponIssue {
        id: coupon.issue,
        at_ms: issue.at_ms,
        name: coupon.name,
        name_en: coupon.name_en,
        off: coupon.off.minor(),
        least: coupon.least.minor(),
        from: coupon.from,
        until: coupon.until,
        branch: coupon.branch,
        coupons: issue.coupons,
        used: issue.used,
        taken_off: issue.off.minor(),
        codes: issue.codes,
    }
}

impl Ask for AskCoupons {
    const PATH: &'static str = "/api/coupons";
    const ANY: &'static [Right] = &[Right::Catalogue];
    type Answer = Rows<CouponIssue>;

    fn answer(self, scene: &Scene<'_>) -> Result<Rows<CouponIssue>, No> {
        Ok(Rows { rows: issues(scene.db, scene.rows_max)?.into_iter().map(shown).collect() })
    }
}
