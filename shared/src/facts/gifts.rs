//! What members get for points at the counter (积分兑换), and that it was taken back.
use super::sales::{Occasion, Points, points_unit};
use super::{Fact, Writer, transfer};
use crate::base::{BranchId, CommandId, Holder, MemberId, Money, Posting, ProductNo, Purpose, Quantity, SaleId, StreamId, Unit};
use minicbor::{Decode, Encode};

/// Pieces of one gift.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RedeemedGift {
    #[n(0)]
    pub product: ProductNo,
    #[n(1)]
    pub quantity: Quantity,
    /// Points for all of them.
    #[n(2)]
    pub points: i64,
    /// Money for all of them beside the points.
    #[n(3)]
    pub money: Money,
    /// Cost of all of them as known here; none if it is not known.
    #[n(4)]
    pub cost: Option<Money>,
}

/// A member took gifts for points, or for points and money. What takes it back is a right that lies where this was done.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PointsRedeemed {
    #[n(0)]
    pub id: CommandId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub receipt_no: String,
    #[n(3)]
    pub member: MemberId,
    #[n(4)]
    pub gifts: Vec<RedeemedGift>,
    /// Points that went, those that lapse first before others (R13).
    #[n(5)]
    pub taken: Vec<Points>,
    #[n(6)]
    pub money: Money,
    /// Code of the tender of the money; empty where there is none.
    #[n(7)]
    pub tender: String,
}

/// The gifts came back: points to their months, those of a lapsed month to the end of the present one (C6), money as it came.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RedemptionCancelled {
    #[n(0)]
    pub of: CommandId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub receipt_no: String,
    /// Of the redemption.
    #[n(3)]
    pub of_receipt_no: String,
    #[n(4)]
    pub member: MemberId,
    #[n(5)]
    pub gifts: Vec<RedeemedGift>,
    #[n(6)]
    pub given: Vec<Points>,
    #[n(7)]
    pub money: Money,
    #[n(8)]
    pub tender: String,
    #[n(9)]
    pub reason: String,
    /// Branch of the redemption: its right is used up.
    #[n(10)]
    pub redeemed_at: BranchId,
}

/// The right to take a redemption back.
pub fn cancel_right(of: CommandId) -> Unit {
    Unit::Right(SaleId::from(of), 0)
}

impl Fact for PointsRedeemed {
    const KIND: u16 = 202;
    const NAME: &'static str = "points_redeemed";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let house = |purpose| Holder::House(self.at.branch, purpose);
        let member = Holder::Member(self.member);
        let mut postings = self.at.takes_in(&self.tender, self.money, here);
        postings.extend(transfer(cancel_right(self.id), Holder::Outside, house(Purpose::Returnable), 1, here));
        for gift in &self.gifts {
            let goods = Unit::Goods(gift.product);
            postings.extend(transfer(goods, house(Purpose::Stock), house(Purpose::Sold), gift.quantity.thousandths(), here));
        }
        let taken = self.taken.iter();
        postings.extend(taken.flat_map(|lot| transfer(points_unit(lot), member, house(Purpose::Redeemed), lot.amount, here)));
        postings
    }
}

impl Fact for RedemptionCancelled {
    const KIND: u16 = 203;
    const NAME: &'static str = "redemption_cancelled";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let house = |purpose| Holder::House(self.at.branch, purpose);
        let member = Holder::Member(self.member);
        let mut postings = self.at.pays_out(&self.tender, self.money, here);
        let held = Holder::House(self.redeemed_at, Purpose::Returnable);
        postings.extend(transfer(cancel_right(self.of), held, Holder::Outside, 1, here));
        for gift in &self.gifts {
            let goods = Unit::Goods(gift.product);
            postings.extend(transfer(goods, house(Purpose::Sold), house(Purpose::Stock), gift.quantity.thousandths(), here));
        }
        let given = self.given.iter();
        postings.extend(given.flat_map(|lot| transfer(points_unit(lot), house(Purpose::Redeemed), member, lot.amount, here)));
        postings
    }
}

#[cfg(test)]
#[path = "gifts_golden.rs"]
mod golden;
