//! What puts a day right before it is closed, and what comes in without a receipt. Nothing old is altered: each says what it changes, and posts
//! the difference.
use super::sales::{Buyer, Occasion, POINTS, Points, ReturnedLine, SalesClerk, VALUE, holder, points_unit};
use super::{Fact, Writer, transfer};
use crate::base::{CommandId, Holder, MemberId, Money, Posting, Purpose, SaleId, StreamId, Unit};
use minicbor::{Decode, Encode};

/// A tender of a sale had been keyed as another (改支付方式, A15). Sale, points and time stay.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct TenderCorrected {
    #[n(0)]
    pub sale: SaleId,
    #[n(1)]
    pub at: Occasion,
    /// Of the sale.
    #[n(2)]
    pub receipt_no: String,
    /// Which correction of this sale it is, from 0.
    #[n(3)]
    pub nth: u16,
    /// Which tender of the sale, from 1.
    #[n(4)]
    pub no: u16,
    #[n(5)]
    pub from: String,
    #[n(6)]
    pub to: String,
    #[n(7)]
    pub amount: Money,
    #[n(8)]
    pub reason: String,
}

/// A top-up of the running shift never was (充值冲正): money out, principal and gift back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct TopUpReversed {
    #[n(0)]
    pub top_up: CommandId,
    #[n(1)]
    pub at: Occasion,
    /// Of the top-up.
    #[n(2)]
    pub receipt_no: String,
    #[n(3)]
    pub member: MemberId,
    #[n(4)]
    pub tender: String,
    #[n(5)]
    pub principal: Money,
    #[n(6)]
    pub bonus: Money,
    #[n(7)]
    pub principal_after: Money,
    #[n(8)]
    pub bonus_after: Money,
    #[n(9)]
    pub reason: String,
}

/// Goods came back without a receipt (无单退货). They earn nothing and take no right, so it needs a right of its own.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ReturnedWithout {
    #[n(0)]
    pub at: Occasion,
    #[n(1)]
    pub receipt_no: String,
    #[n(2)]
    pub lines: Vec<ReturnedLine>,
    #[n(3)]
    pub tender: String,
    #[n(4)]
    pub paid_back: Money,
    #[n(5)]
    pub reason: String,
}

/// Points were given or taken by hand (积分调整).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PointsAdjusted {
    #[n(0)]
    pub member: MemberId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub given: Vec<Points>,
    #[n(3)]
    pub taken: Vec<Points>,
    #[n(4)]
    pub reason: String,
}

/// A member who had not been named was put on a sale (补登会员): the bill's points are earned, its price stays. From then on it is this member's sale.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct MemberAttached {
    #[n(0)]
    pub sale: SaleId,
    #[n(1)]
    pub at: Occasion,
    /// Of the sale.
    #[n(2)]
    pub receipt_no: String,
    /// As a sale carries it; the level's discount was not given.
    #[n(3)]
    pub buyer: Buyer,
    #[n(4)]
    pub reason: String,
}

/// Other sales clerks stand for a sale (改导购). Commission follows `after`; what was reckoned for `before` goes back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SalesClerksChanged {
    #[n(0)]
    pub sale: SaleId,
    #[n(1)]
    pub at: Occasion,
    /// Of the sale.
    #[n(2)]
    pub receipt_no: String,
    #[n(3)]
    pub before: Vec<SalesClerk>,
    #[n(4)]
    pub after: Vec<SalesClerk>,
    #[n(5)]
    pub reason: String,
}

impl Fact for MemberAttached {
    const KIND: u16 = 200;
    const NAME: &'static str = "member_attached";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let issued = Holder::House(self.at.branch, Purpose::Issued);
        let given = self.buyer.points.iter();
        given.flat_map(|points| transfer(points_unit(points), issued, holder(self.buyer.member, points), points.amount, here)).collect()
    }
}

impl Fact for SalesClerksChanged {
    const KIND: u16 = 201;
    const NAME: &'static str = "sales_clerks_changed";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, _: StreamId) -> Vec<Posting> {
        Vec::new()
    }
}

impl Fact for TenderCorrected {
    const KIND: u16 = 27;
    const NAME: &'static str = "tender_corrected";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        [self.at.pays_out(&self.from, self.amount, here), self.at.takes_in(&self.to, self.amount, here)].concat()
    }
}

impl Fact for TopUpReversed {
    const KIND: u16 = 28;
    const NAME: &'static str = "top_up_reversed";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let house = |purpose| Holder::House(self.at.branch, purpose);
        let member = Holder::Member(self.member);
        let mut postings = self.at.pays_out(&self.tender, self.principal, here);
        postings.extend(transfer(Unit::Value(self.at.branch), member, house(Purpose::Issued), self.principal.minor(), here));
        if !self.bonus.is_zero() {
            postings.extend(transfer(Unit::Bonus(self.at.branch), member, house(Purpose::Issued), self.bonus.minor(), here));
        }
        postings
    }
}

impl Fact for ReturnedWithout {
    const KIND: u16 = 29;
    const NAME: &'static str = "returned_without";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let house = |purpose| Holder::House(self.at.branch, purpose);
        let mut postings = Vec::new();
        for line in &self.lines {
            if let Some(product) = line.product {
                let quantity = line.quantity.thousandths();
                postings.extend(transfer(Unit::Goods(product), house(Purpose::Sold), house(Purpose::Stock), quantity, here));
            }
        }
        postings.extend(self.at.pays_out(&self.tender, self.paid_back, here));
        postings
    }
}

impl Fact for PointsAdjusted {
    const KIND: u16 = 30;
    const NAME: &'static str = "points_adjusted";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let (issued, member) = (Holder::House(self.at.branch, Purpose::Issued), Holder::Member(self.member));
        let unit = |points: &Points| Unit::Points { issuer: points.issuer, from: points.from, until: points.until };
        let given = self.given.iter().flat_map(|points| transfer(unit(points), issued, member, points.amount, here));
        let taken = self.taken.iter().flat_map(|points| transfer(unit(points), member, issued, points.amount, here));
        given.chain(taken).collect()
    }
}

/// Whether money of this tender lies in a drawer or at a provider: what a correction may turn into another.
pub fn is_money(code: &str) -> bool {
    code != VALUE && code != POINTS
}

#[cfg(test)]
#[path = "corrections_golden.rs"]
mod golden;
