//! Coupons (优惠券): head office gives them to members or as codes, a sale takes one, its whole return gives it back (A8, C15). A coupon is a right
//! like any other: one of it lies at one place, and whoever uses it takes it there.
use super::members::HEAD_OFFICE;
use super::sales::Occasion;
use super::{Audience, Fact, Writer, transfer};
use crate::base::{BranchId, CommandId, Holder, MemberId, Money, Posting, Purpose, SaleId, StreamId, Unit};
use minicbor::{Decode, Encode};

/// What a coupon is good for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Terms {
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub name_en: String,
    /// Off the bill, above zero.
    #[n(2)]
    pub off: Money,
    /// What the bill must come to before it; zero: anything.
    #[n(3)]
    pub least: Money,
    /// First and last business day, yyyymmdd.
    #[n(4)]
    pub from: u32,
    #[n(5)]
    pub until: u32,
}

/// One coupon: a member's, or whoever's has the code.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Coupon {
    #[n(0)]
    pub id: CommandId,
    #[n(1)]
    pub member: Option<MemberId>,
    /// Empty of a member's.
    #[n(2)]
    pub code: String,
}

/// Head office gave out coupons. They lie with it until they are moved; `branch` says where they were sent at once.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CouponsIssued {
    #[n(0)]
    pub id: CommandId,
    #[n(1)]
    pub at_ms: i64,
    #[n(2)]
    pub terms: Terms,
    #[n(3)]
    pub coupons: Vec<Coupon>,
    #[n(4)]
    pub branch: Option<BranchId>,
}

/// A sale used a coupon; decided with it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CouponSpent {
    #[n(0)]
    pub coupon: CommandId,
    #[n(1)]
    pub sale: SaleId,
    #[n(2)]
    pub at: Occasion,
    /// Of the sale.
    #[n(3)]
    pub receipt_no: String,
    #[n(4)]
    pub off: Money,
}

/// All of a sale came back while its coupon was still in date: the coupon may be used again, and lies where the goods came back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CouponReturned {
    #[n(0)]
    pub coupon: CommandId,
    #[n(1)]
    pub sale: SaleId,
    #[n(2)]
    pub at: Occasion,
    /// Of the return.
    #[n(3)]
    pub receipt_no: String,
}

/// Who holds coupons, wherever they lie: whose one is, is written in its issue.
pub const HOLDER: Holder = Holder::House(HEAD_OFFICE, Purpose::Returnable);

/// The right to use a coupon.
pub fn right(coupon: CommandId) -> Unit {
    Unit::Right(SaleId::from(coupon), 0)
}

impl Fact for CouponsIssued {
    const KIND: u16 = 204;
    const NAME: &'static str = "coupons_issued";
    const WRITER: Writer = Writer::Hub;

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        self.coupons.iter().flat_map(|coupon| transfer(right(coupon.id), Holder::Outside, HOLDER, 1, here)).collect()
    }

    /// Every till knows every coupon: what it does not have it can name.
    fn audience(&self) -> Audience {
        Audience::Chain
    }
}

impl Fact for CouponSpent {
    const KIND: u16 = 205;
    const NAME: &'static str = "coupon_spent";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        transfer(right(self.coupon), HOLDER, Holder::Outside, 1, here).into()
    }

    /// Every till may be shown it once more.
    fn audience(&self) -> Audience {
        Audience::Chain
    }
}

impl Fact for CouponReturned {
    const KIND: u16 = 206;
    const NAME: &'static str = "coupon_returned";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        transfer(right(self.coupon), Holder::Outside, HOLDER, 1, here).into()
    }

    fn audience(&self) -> Audience {
        Audience::Chain
    }
}

#[cfg(test)]
#[path = "coupons_golden.rs"]
mod golden;
