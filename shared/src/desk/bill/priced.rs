//! What a bill comes to: its draft under the chain's settings, with tenders and the member's purse.
use super::{Attached, Bill};
use crate::base::{BranchId, BusinessDay, MemberId, Money, Rate, StreamId, Zone};
use crate::branches::{self, Branch, HOUSE_ZONE};
use crate::desk::slips::chain_name;
use crate::documents::settings::{PointsSettings, TillSettings, ValueSettings};
use crate::journal::memory::kept;
use crate::journal::refusal::Elsewhere;
use crate::journal::{Fault, Moment, Read, Refusal};
use crate::members;
use crate::sales::back::kind;
use crate::sales::payment::{self, Purse, Settlement, Tender};
use crate::sales::points::Terms;
use crate::sales::price::{self, BillLine, RoundOff};
use crate::sales::settings::{rounding, value_policy};
use crate::settings;
use std::sync::Arc;

/// The chain's settings as a bill meets them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct House {
    pub branch: BranchId,
    /// What the branch's document says; none before it came.
    pub shop: Option<Branch>,
    /// The chain's name, told at enrolment.
    pub chain: String,
    pub zone: Zone,
    /// Price list of the branch.
    pub list: String,
    pub till: TillSettings,
    pub value: ValueSettings,
    pub points: PointsSettings,
}

impl House {
    /// # Errors
    /// A fault of the store.
    pub fn load(db: &dyn Read, branch: Option<BranchId>) -> Result<Arc<House>, Fault> {
        let id = branch.unwrap_or(BranchId([0; 16]));
        kept(db, id.0, || {
            let shop = branches::branch(db, id)?;
            Ok(Arc::new(House {
                branch: id,
                zone: shop.as_ref().map_or(HOUSE_ZONE, |shop| shop.zone),
                list: shop.as_ref().map_or(String::new(), |shop| shop.price_list.clone()),
                shop,
                chain: chain_name(db)?,
                till: settings::till(db)?,
                value: settings::value(db)?,
                points: settings::points(db)?,
            }))
        })
    }

    /// How points are reckoned for the member of a bill.
    pub fn terms(&self, member: &Attached) -> Terms {
        let occasion_factor = member.occasion.unwrap_or(Rate::WHOLE);
        Terms { per: Money::from_minor(self.points.per_minor), level_factor: member.factor, occasion_factor }
    }

    /// What a member's points are multiplied by on this day, the birthday or a member day (R8); of both the greater counts, not one times the
    /// other. None where it is neither, or nothing more is given.
    pub fn occasion_factor(&self, member: &members::Member, day: u32) -> Option<Rate> {
        let birthday = member.has_birthday_on(day).then_some(self.points.birthday_bp);
        let member_days = self.points.member_days.iter().filter(|(of, _)| of.is(BusinessDay(day))).map(|(_, bp)| *bp);
        let greatest = member_days.chain(birthday).max()?;
        u32::try_from(greatest).ok().map(Rate::from_bp).filter(|factor| *factor != Rate::WHOLE)
    }
}

/// The bill as the price rules take it.
pub fn bill(draft: &Bill, house: &House) -> price::Bill {
    let line = |line: &super::Line| BillLine {
        quantity: line.quantity,
        list_price: line.list_price,
        label_amount: line.label_amount,
        member_price: line.member_price,
        promotion_price: None,
        by_hand: line.by_hand,
        discountable: line.discountable,
        earns_points: line.earns_points,
    };
    let mut bill = price::Bill {
        lines: draft.lines.iter().map(line).collect(),
        level_rate: draft.member.as_ref().map(|member| member.rate),
        discount: draft.discount,
        spend_and_save: Money::ZERO,
        coupon: Money::ZERO,
        round_off: RoundOff { mode: rounding(&house.till), by_hand: draft.round_off.unwrap_or_default() },
    };
    // A coupon counts where the bill comes to enough before it (R2).
    if let Some(coupon) = &draft.coupon
        && price::price(&bill, RoundOff::NONE).is_ok_and(|priced| priced.due >= coupon.least)
    {
        bill.coupon = coupon.off;
    }
    bill
}

/// Price and tenders of a bill together.
///
/// # Errors
/// That of a tender that no longer fits.
pub fn settle(draft: &Bill, house: &House, purse: Option<&Purse>) -> Result<Settlement, Refusal> {
    let tenders: Vec<Tender> = draft.tenders.iter().map(|keyed| Tender { kind: kind(&keyed.code), amount: keyed.amount }).collect();
    Ok(payment::settle(&bill(draft, house), &tenders, purse, value_policy(&house.value))?)
}

/// What a member can spend here. What lies elsewhere is told only where it is missed: [`short`].
///
/// # Errors
/// A fault of the store.
pub fn purse(db: &dyn Read, member: MemberId, here: StreamId, day: u32) -> Result<Purse, Fault> {
    let mine = members::purse(db, member, here, BusinessDay(day))?;
    Ok(Purse { principal: mine.principal, bonus: mine.bonus, elsewhere: Vec::new() })
}

/// The purse of the bill's member, if there is one.
///
/// # Errors
/// A fault of the store.
pub fn purse_of(db: &dyn Read, draft: &Bill, moment: &Moment) -> Result<Option<Purse>, Fault> {
    draft.member.as_ref().map(|attached| purse(db, attached.member, moment.here, moment.day)).transpose()
}

/// The same refusal with the places where the rest lies.
pub fn short(refusal: Refusal, places: &[Elsewhere]) -> Refusal {
    match refusal {
        Refusal::NotEnoughHere { wanted, here, .. } => Refusal::NotEnoughHere { wanted, here, elsewhere: places.to_vec() },
        other => other,
    }
}
