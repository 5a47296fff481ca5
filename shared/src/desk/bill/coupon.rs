//! Puts a coupon on the bill, or takes it off. It is used where it lies, once, in its days, by its member, for a bill that comes to enough; what the
//! bill comes to is judged when it is paid. Refusals, in order: HasTenders, NoCoupon, NoMember, OtherMember, CouponNotNow, CouponUsed, LiesElsewhere.
use super::{Bill, OnBill};
use crate::base::{Account, CommandId, MemberId, Money};
use crate::branches;
use crate::coupons::{self, Coupon, Used};
use crate::desk::till::Who;
use crate::facts::coupons::{CouponReturned, CouponSpent, HOLDER, right};
use crate::facts::sales::{Returned, Sold};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::{balance, person};
use crate::sales::payment::Settlement;

/// Puts a coupon on the bill, in place of one that was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutCoupon {
    pub who: Who,
    /// Its id, or its code as typed.
    pub coupon: String,
}

/// A coupon as it stands here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stands {
    pub coupon: Coupon,
    /// Who its member is now.
    pub member: Option<MemberId>,
    pub used: Option<Used>,
    /// The right to use it lies here.
    pub here: bool,
    /// Name of the branch it was used at, or was sent to.
    pub lies: String,
}

pub struct State {
    bill: Option<Bill>,
    found: Option<Stands>,
}

/// The coupon of an id or a code.
///
/// # Errors
/// A fault of the store.
pub fn named(db: &dyn Read, text: &str) -> Result<Option<Coupon>, Fault> {
    match text.parse::<CommandId>() {
        Ok(id) => coupons::coupon(db, id),
        Err(_) => coupons::by_code(db, text),
    }
}

impl Stands {
    /// # Errors
    /// A fault of the store.
    pub fn load(db: &dyn Read, coupon: Coupon, moment: &Moment) -> Result<Stands, Fault> {
        let used = coupons::used(db, coupon.id)?;
        let account = Account { holder: HOLDER, unit: right(coupon.id), place: moment.here };
        let branch = used.as_ref().map(|used| used.branch).or(coupon.branch);
        let known = branch.map(|branch| branches::branch(db, branch)).transpose()?.flatten();
        Ok(Stands {
            member: coupon.member.map(|member| person::survivor(db, member)).transpose()?,
            here: balance::amount(db, &account)? > 0,
            lies: known.map_or_else(|| "总部".into(), |branch| branch.name),
            used,
            coupon,
        })
    }

    /// Whether it may be used now for a bill of this member.
    ///
    /// # Errors
    /// NoMember, OtherMember, CouponNotNow, CouponUsed, LiesElsewhere.
    pub fn usable(&self, member: Option<MemberId>, cut_off_since_ms: i64, day: u32) -> Result<(), Refusal> {
        if let Some(of) = self.member {
            let member = member.ok_or(Refusal::NoMember)?;
            if member != of {
                return Err(Refusal::OtherMember);
            }
        }
        if day < self.coupon.from || day > self.coupon.until {
            return Err(Refusal::CouponNotNow { from: self.coupon.from, until: self.coupon.until });
        }
        if let Some(used) = self.used.as_ref().filter(|_| !self.here) {
            return Err(Refusal::CouponUsed { at_ms: used.at_ms, name: self.lies.clone() });
        }
        if !self.here {
            let since_ms = Some(cut_off_since_ms).filter(|since| *since > 0);
            return Err(Refusal::LiesElsewhere { name: self.lies.clone(), reachable: since_ms.is_none(), since_ms });
        }
        Ok(())
    }
}

impl Command for PutCoupon {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(206_u8, self.coupon.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let found = named(db, &self.coupon)?.map(|coupon| Stands::load(db, coupon, moment)).transpose()?;
        Ok(State { bill: super::open(db, self.who.till)?, found })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let mut bill = state.bill.clone().unwrap_or_else(|| Bill::new(moment, self.who.till, self.who.staff));
        if !bill.tenders.is_empty() {
            return Err(Refusal::HasTenders);
        }
        let found = state.found.as_ref().ok_or(Refusal::NoCoupon)?;
        found.usable(bill.member.as_ref().map(|attached| attached.member), self.who.cut_off_since_ms, moment.day)?;
        let Coupon { id, name, name_en, off, least, member, .. } = found.coupon.clone();
        bill.coupon = Some(OnBill { id, name, name_en, off, least, of_member: member.is_some() });
        Ok(bill.saved(Decided::nothing()))
    }
}

/// Takes the coupon off the bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeCouponOff {
    pub who: Who,
}

impl Command for TakeCouponOff {
    type State = Option<Bill>;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(207_u8,))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Option<Bill>, Fault> {
        super::open(db, self.who.till)
    }

    fn decide(&self, state: &Option<Bill>, _: &Moment) -> Result<Decided, Refusal> {
        let Some(mut bill) = state.clone() else { return Ok(Decided::nothing()) };
        if !bill.tenders.is_empty() {
            return Err(Refusal::HasTenders);
        }
        bill.coupon = None;
        Ok(bill.saved(Decided::nothing()))
    }
}

/// The coupon of a bill as it stands now.
///
/// # Errors
/// A fault of the store.
pub fn of_bill(db: &dyn Read, bill: Option<&Bill>, moment: &Moment) -> Result<Option<Stands>, Fault> {
    let Some(on) = bill.and_then(|bill| bill.coupon.as_ref()) else { return Ok(None) };
    coupons::coupon(db, on.id)?.map(|coupon| Stands::load(db, coupon, moment)).transpose()
}

/// What a completed bill says of its coupon.
///
/// # Errors
/// Why it may not be used; CouponLeast where the bill does not come to enough.
pub fn spent(bill: &Bill, stands: Option<&Stands>, settled: &Settlement, sold: &Sold, who: &Who) -> Result<Option<CouponSpent>, Refusal> {
    let Some(on) = &bill.coupon else { return Ok(None) };
    let stands = stands.ok_or(Refusal::NoCoupon)?;
    stands.usable(bill.member.as_ref().map(|attached| attached.member), who.cut_off_since_ms, sold.at.day)?;
    let off = Money::sum(settled.priced.lines.iter().map(|line| line.coupon))?;
    if !off.is_positive() {
        return Err(Refusal::CouponLeast { least: on.least.minor() });
    }
    Ok(Some(CouponSpent { coupon: on.id, sale: sold.sale, at: sold.at.clone(), receipt_no: sold.receipt_no.clone(), off }))
}

/// What a return says of the coupon of its sale: it comes back if nothing of the sale is left and it is still in date (A8).
pub fn given_back(coupon: Option<&Coupon>, returned: &Returned, whole: bool) -> Option<CouponReturned> {
    let coupon = coupon.filter(|coupon| whole && coupon.until >= returned.at.day)?;
    let (sale, at, receipt_no) = (returned.sale, returned.at.clone(), returned.receipt_no.clone());
    Some(CouponReturned { coupon: coupon.id, sale, at, receipt_no })
}
