//! Gifts for points as a till shows them, with what the member had last.
use super::Viewer;
use crate::base::{BusinessDay, Holder, MemberId, Money, ProductNo, Purpose, Quantity, Unit};
use crate::catalog;
use crate::catalog::gift::{self, Gift};
use crate::journal::{Fault, Read};
use crate::ledger::balance;
use crate::members;
use crate::sales::redeemed;
use serde::Serialize;
use utoipa::ToSchema;

/// Gifts that are listed, and redemptions of a member.
const GIFTS_SHOWN: u32 = 200;
const REDEEMED_SHOWN: u32 = 20;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct GiftShown {
    pub product: u32,
    pub name: String,
    pub name_en: String,
    pub points: i64,
    /// Beside the points.
    pub money: Money,
    /// What the books say lies here; below zero where more was given than was booked in.
    pub stock: Quantity,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Redeemed {
    pub receipt_no: String,
    pub at_ms: i64,
    pub name: String,
    pub name_en: String,
    pub quantity: Quantity,
    pub points: i64,
    pub money: Money,
    pub cancelled: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct GiftDesk {
    pub gifts: Vec<GiftShown>,
    /// Points that are usable here today.
    pub usable: i64,
    /// Gift by gift, newest first.
    pub redeemed: Vec<Redeemed>,
}

/// What a member may have for points at this till.
///
/// # Errors
/// A fault of the store.
pub fn desk(db: &dyn Read, member: MemberId, viewer: &Viewer) -> Result<GiftDesk, Fault> {
    let shown = |gift: Gift| {
        let holder = viewer.branch.map(|branch| Holder::House(branch, Purpose::Stock));
        let account = holder.map(|holder| crate::base::Account { holder, unit: Unit::Goods(gift.product.number), place: viewer.here });
        let stock = account.map_or(Ok(0), |account| balance::amount(db, &account))?;
        let (product, points, money) = (gift.product.number.0, gift.points, gift.money);
        let (name, name_en) = (gift.product.name, gift.product.name_en);
        Ok(GiftShown { product, name, name_en, points, money, stock: Quantity::from_thousandths(stock) })
    };
    let listed = |taken: redeemed::Taken| {
        let product = catalog::product(db, ProductNo(taken.product))?;
        let (name, name_en) = product.map_or_else(|| (taken.product.to_string(), String::new()), |product| (product.name, product.name_en));
        let (receipt_no, at_ms, quantity) = (taken.receipt_no, taken.at_ms, Quantity::from_thousandths(taken.quantity));
        Ok(Redeemed { receipt_no, at_ms, name, name_en, quantity, points: taken.points, money: taken.money, cancelled: taken.cancelled })
    };
    Ok(GiftDesk {
        gifts: gift::gifts(db, GIFTS_SHOWN)?.into_iter().map(shown).collect::<Result<_, Fault>>()?,
        usable: members::purse(db, member, viewer.here, BusinessDay(viewer.day))?.points,
        redeemed: redeemed::of_member(db, member, REDEEMED_SHOWN)?.into_iter().map(listed).collect::<Result<_, Fault>>()?,
    })
}
