//! Coupons.
use crate::http::ask::coupons::{CouponIssue, shown};
use crate::http::refused::No;
use crate::http::route::{Order, Scene, decide};
use crate::moment::Asking;
use serde::{Deserialize, Serialize};
use shared::base::{BranchId, CommandId, MemberId, Money};
use shared::coupons::coupon::issues;
use shared::desk::coupons::issue::{IssueCoupons, To};
use shared::facts::coupons::Terms;
use shared::journal::Right;
use shared::store::Writer;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub struct OfCoupons {
    issue: CouponIssue,
}

/// Gives coupons out: one to each of these members, or so many codes.
#[derive(Deserialize, ToSchema)]
pub struct CouponsIssue {
    name: String,
    #[schema(required)]
    name_en: Option<String>,
    /// Minor units.
    off: i64,
    /// What the bill must come to; minor units.
    least: i64,
    /// yyyymmdd.
    from: u32,
    until: u32,
    members: Vec<MemberId>,
    /// Codes for whoever has them; with members 0.
    codes: u16,
    /// Where they are sent; none: they stay at head office.
    #[schema(required)]
    branch: Option<BranchId>,
}

impl Order for CouponsIssue {
    const NAME: &'static str = "coupons_issue";
    const RIGHT: Right = Right::Catalogue;
    type Made = CommandId;
    type Answer = OfCoupons;

    fn write(&self, writer: &mut Writer<'_>, asking: &Asking) -> Result<CommandId, No> {
        let terms = Terms {
            name: self.name.trim().into(),
            name_en: self.name_en.clone().unwrap_or_default().trim().into(),
            off: Money::from_minor(self.off),
            least: Money::from_minor(self.least),
            from: self.from,
            until: self.until,
        };
        let to = if self.codes > 0 { To::Codes(self.codes) } else { To::Members(self.members.clone()) };
        decide(writer, &IssueCoupons { terms, to, branch: self.branch }, asking, 0)
    }

    fn shown(made: CommandId, scene: &Scene<'_>) -> Result<OfCoupons, No> {
        let issue = issues(scene.db, scene.rows_max)?.into_iter().find(|issue| issue.first.issue == made);
        Ok(OfCoupons { issue: shown(issue.ok_or_else(|| No::not_found("coupons"))?) })
    }
}
