//! A sale comes back, whole or in part: one fact, with what every tender gives back.
use super::sales::{Occasion, Paid, Points, holder, paid, points_unit};
use super::{Fact, Writer, transfer};
use crate::base::{BranchId, Holder, MemberId, Money, Posting, ProductNo, Purpose, Quantity, SaleId, StreamId, Unit};
use minicbor::{Decode, Encode};

/// One line that came back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ReturnedLine {
    #[n(0)]
    pub no: u16,
    #[n(1)]
    pub product: Option<ProductNo>,
    #[n(2)]
    pub quantity: Quantity,
    #[n(3)]
    pub net: Money,
    #[n(4)]
    pub cost: Option<Money>,
}

/// A sale was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Returned {
    #[n(0)]
    pub sale: SaleId,
    #[n(1)]
    pub at: Occasion,
    /// Of the return's own slip.
    #[n(2)]
    pub receipt_no: String,
    /// Of the sale.
    #[n(3)]
    pub of_receipt_no: String,
    #[n(4)]
    pub lines: Vec<ReturnedLine>,
    /// What every tender gives back.
    #[n(5)]
    pub tenders: Vec<Paid>,
    /// Value of the goods; `paid_back` plus what missing points cost.
    #[n(6)]
    pub value: Money,
    #[n(7)]
    pub paid_back: Money,
    #[n(8)]
    pub reason: String,
    #[n(9)]
    pub member: Option<MemberId>,
    /// Points taken from what lay here.
    #[n(10)]
    pub points: Vec<Points>,
    /// Points that become a debt.
    #[n(11)]
    pub points_debt: i64,
    #[n(12)]
    pub principal_after: Money,
    #[n(13)]
    pub bonus_after: Money,
    /// What the sale counted for the level, and no longer does.
    #[n(14)]
    pub basis: Money,
    /// Branch of the sale: its right to take back is used up, wherever the goods come back.
    #[n(15)]
    pub sold_at: BranchId,
}

impl Fact for Returned {
    const KIND: u16 = 21;
    const NAME: &'static str = "returned";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let branch = self.at.branch;
        let house = |purpose| Holder::House(branch, purpose);
        let mut postings = Vec::new();
        for line in &self.lines {
            let quantity = line.quantity.thousandths();
            let right = Holder::House(self.sold_at, Purpose::Returnable);
            postings.extend(transfer(Unit::Right(self.sale, line.no), right, Holder::Outside, quantity, here));
            if let Some(product) = line.product {
                postings.extend(transfer(Unit::Goods(product), house(Purpose::Sold), house(Purpose::Stock), quantity, here));
            }
        }
        postings.extend(paid(&self.tenders, self.member, branch, -1, here));
        if let Some(member) = self.member {
            for points in &self.points {
                postings.extend(transfer(points_unit(points), holder(member, points), house(Purpose::Issued), points.amount, here));
            }
            if self.points_debt != 0 {
                let unit = Unit::Points { issuer: branch, from: 0, until: 0 };
                postings.extend(transfer(unit, Holder::Debt(member), house(Purpose::Issued), self.points_debt, here));
            }
        }
        postings
    }
}

#[cfg(test)]
#[path = "returns_golden.rs"]
mod golden;
