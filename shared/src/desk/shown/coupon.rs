//! Coupons of the bill's member as a till shows them.
use super::Viewer;
use crate::base::{Account, MemberId, Money};
use crate::branches;
use crate::coupons::{self, Coupon};
use crate::facts::coupons::{HOLDER, right};
use crate::journal::{Fault, Read};
use crate::ledger::balance;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CouponState {
    /// It lies here, and today is one of its days.
    Usable,
    /// Its days are still to come.
    Later,
    Used,
    Elsewhere,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CouponShown {
    pub id: String,
    pub name: String,
    pub name_en: String,
    pub off: Money,
    pub least: Money,
    /// yyyymmdd.
    pub from: u32,
    pub until: u32,
    pub state: CouponState,
    /// Where it was used or sent; empty: head office.
    pub branch: String,
    pub branch_en: String,
    #[schema(required)]
    pub used_ms: Option<i64>,
}

/// Coupons of a member that have not run out.
///
/// # Errors
/// A fault of the store.
pub fn of_member(db: &dyn Read, member: MemberId, viewer: &Viewer) -> Result<Vec<CouponShown>, Fault> {
    coupons::of_member(db, member, viewer.day)?.into_iter().map(|coupon| shown(db, coupon, viewer)).collect()
}

fn shown(db: &dyn Read, coupon: Coupon, viewer: &Viewer) -> Result<CouponShown, Fault> {
    let used = coupons::used(db, coupon.id)?;
    let here = balance::amount(db, &Account { holder: HOLDER, unit: right(coupon.id), place: viewer.here })? > 0;
    let at = used.as_ref().map(|used| used.branch).or(coupon.branch);
    let (branch, branch_en) =
        at.map(|at| branches::branch(db, at)).transpose()?.flatten().map_or_else(Default::default, |at| (at.name, at.name_en));
    Ok(CouponShown {
        id: coupon.id.to_string(),
        name: coupon.name,
        name_en: coupon.name_en,
        off: coupon.off,
        least: coupon.least,
        from: coupon.from,
        until: coupon.until,
        state: match (here, &used) {
            (true, _) if viewer.day < coupon.from => CouponState::Later,
            (true, _) => CouponState::Usable,
            (false, Some(_)) => CouponState::Used,
            (false, None) => CouponState::Elsewhere,
        },
        branch,
        branch_en,
        used_ms: used.filter(|_| !here).map(|used| used.at_ms),
    })
}
