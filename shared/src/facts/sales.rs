//! A sale: one fact, with lines, tenders, points and the balance after as known here.
//! Money of a tender lies in the drawer account under a number that follows from the tender's code ([`money`]), so that no replica looks it up.
pub use super::returns::{Returned, ReturnedLine};
use super::{Fact, Writer, transfer};
use crate::base::{
    BranchId, Holder, MemberId, Money, Posting, ProductNo, Purpose, Quantity, Rate, SaleId, ShiftId, StaffId, StreamId, Unit,
};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// The rules a sale was reckoned by: raised when R1 to R13 change, so that an old receipt stays explainable.
pub const RULES: u16 = 1;

/// Code of cash in tenders and settings.
pub const CASH: &str = "cash";
/// Code of stored value.
pub const VALUE: &str = "value";
/// Code of the member's points as money (R12).
pub const POINTS: &str = "points";

/// Where, when and by whom something happened at a till.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Occasion {
    #[n(0)]
    pub branch: BranchId,
    /// Number of the till within its branch, from 1.
    #[n(1)]
    pub till: u16,
    #[n(2)]
    pub shift: Option<ShiftId>,
    /// Business day, yyyymmdd: that of the shift's opening.
    #[n(3)]
    pub day: u32,
    /// Hour of the branch's clock, 0 to 23.
    #[n(4)]
    pub hour: u8,
    /// What the device's clock showed, UTC ms.
    #[n(5)]
    pub at_ms: i64,
    #[n(6)]
    pub by: StaffId,
    /// The supervisor who stood beside and allowed it.
    #[n(7)]
    pub allowed_by: Option<StaffId>,
    /// The clock had been set by hand since the last hub time (K1).
    #[n(8)]
    pub clock_by_hand: bool,
}

impl Occasion {
    /// Postings of money that comes into the drawer; none of nothing.
    pub(super) fn takes_in(&self, tender: &str, amount: Money, here: StreamId) -> Vec<Posting> {
        let drawer = Holder::House(self.branch, Purpose::Drawer);
        if amount.is_zero() { Vec::new() } else { transfer(money(tender), Holder::Outside, drawer, amount.minor(), here).into() }
    }

    /// Postings of money that leaves the drawer; none of nothing.
    pub(super) fn pays_out(&self, tender: &str, amount: Money, here: StreamId) -> Vec<Posting> {
        let drawer = Holder::House(self.branch, Purpose::Drawer);
        if amount.is_zero() { Vec::new() } else { transfer(money(tender), drawer, Holder::Outside, amount.minor(), here).into() }
    }
}

/// How a line came to its price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Priced {
    #[n(0)]
    List,
    #[n(1)]
    Level,
    #[n(2)]
    Member,
    #[n(3)]
    Promotion,
    #[n(4)]
    HandPrice,
    #[n(5)]
    HandRate,
    #[n(6)]
    Free,
}

/// One line: `gross` less the discounts less `rounding` is `net`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SoldLine {
    /// Within the sale, from 1.
    #[n(0)]
    pub no: u16,
    /// None: goods without a code.
    #[n(1)]
    pub product: Option<ProductNo>,
    #[n(2)]
    pub quantity: Quantity,
    /// Of one unit, without any advantage.
    #[n(3)]
    pub list_price: Money,
    #[n(4)]
    pub gross: Money,
    #[n(5)]
    pub net: Money,
    #[n(6)]
    pub priced: Priced,
    #[n(7)]
    pub earns_points: bool,
    /// Off by another unit price.
    #[n(8)]
    pub price_discount: Money,
    /// Off by a rate, of the level or by hand.
    #[n(9)]
    pub rate_discount: Money,
    /// Share of the discount on the bill.
    #[n(10)]
    pub bill_discount: Money,
    /// Share of 抹零.
    #[n(11)]
    pub rounding: Money,
    #[n(12)]
    pub rate: Option<Rate>,
    /// Cost of the whole line as known here; none if not known.
    #[n(13)]
    pub cost: Option<Money>,
    /// Of goods without a code.
    #[n(14)]
    pub name: Option<String>,
    /// Why the price was changed by hand.
    #[n(15)]
    pub reason: Option<String>,
    /// The weight was reckoned back from an amount on the label (折算).
    #[n(16)]
    pub converted: bool,
}

/// An amount of one unit: key bytes of `Unit`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Part {
    #[n(0)]
    pub unit: ByteVec,
    #[n(1)]
    pub amount: i64,
}

/// What proved the member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Proven {
    #[n(0)]
    NotAsked,
    #[n(1)]
    Pin,
    #[n(2)]
    Signature,
}

/// One tender of a sale, or what one gives back in a return.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Paid {
    /// `cash`, `value`, or a code of the chain's settings.
    #[n(0)]
    pub code: String,
    /// What it pays of the due: of cash what was handed over less the change. Of a return: what it gives back.
    #[n(1)]
    pub amount: Money,
    /// The part of `amount` that is bonus.
    #[n(2)]
    pub bonus: Money,
    /// Notes and coins handed over; zero for everything but cash.
    #[n(3)]
    pub handed: Money,
    /// Of stored value: what each issuer's value and bonus gave. Of points: what each issuer's points of each month gave.
    #[n(4)]
    pub parts: Vec<Part>,
    #[n(5)]
    pub proven: Proven,
}

/// Points of one maturing date and month of lapse.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Points {
    #[n(0)]
    pub issuer: BranchId,
    /// First business day on which they count, yyyymmdd; 0 of a debt.
    #[n(1)]
    pub from: u32,
    /// First month in which they no longer count, yyyymm; 0 of a debt.
    #[n(2)]
    pub until: u32,
    #[n(3)]
    pub amount: i64,
}

/// The member of a sale and the terms under which points were reckoned.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Buyer {
    #[n(0)]
    pub member: MemberId,
    /// Discount of the level when the member was attached (K6).
    #[n(1)]
    pub rate: Rate,
    /// Money for one point; zero: none are given.
    #[n(2)]
    pub per: Money,
    #[n(3)]
    pub factor: Rate,
    /// What the points were reckoned on; counts for the level.
    #[n(4)]
    pub basis: Money,
    /// Principal and bonus that lie here afterwards.
    #[n(5)]
    pub principal_after: Money,
    #[n(6)]
    pub bonus_after: Money,
    #[n(7)]
    pub points: Vec<Points>,
    /// ×2 on the birthday; none on other days.
    #[n(8)]
    pub occasion: Option<Rate>,
}

/// A sales clerk (导购) of a sale, and the share of it that counts as theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct SalesClerk {
    #[n(0)]
    pub staff: StaffId,
    #[n(1)]
    pub share: Rate,
}

/// Goods were sold and paid.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Sold {
    #[n(0)]
    pub sale: SaleId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub receipt_no: String,
    #[n(3)]
    pub lines: Vec<SoldLine>,
    #[n(4)]
    pub tenders: Vec<Paid>,
    #[n(5)]
    pub subtotal: Money,
    /// All discounts without 抹零.
    #[n(6)]
    pub discount: Money,
    #[n(7)]
    pub rounding: Money,
    #[n(8)]
    pub due: Money,
    #[n(9)]
    pub change: Money,
    #[n(10)]
    pub rules: u16,
    #[n(11)]
    pub buyer: Option<Buyer>,
    /// The part of `rounding` that the cashier took off by hand; none: nothing.
    #[n(12)]
    pub off_by_hand: Option<Money>,
    /// In the order named, their shares come to the whole; none: nobody.
    #[n(13)]
    pub sales_clerks: Option<Vec<SalesClerk>>,
}

/// Under which number a tender's money is kept in the ledger: cash 1, the usual ones 2 to 4, every other code a number that follows from
/// its text. Two codes may meet in one number; figures by tender are therefore read from the tenders' own tables.
pub fn money(code: &str) -> Unit {
    Unit::Money(money_number(code))
}

/// The number of [`money`].
pub fn money_number(code: &str) -> u8 {
    match code {
        CASH => 1,
        "wechat" => 2,
        "alipay" => 3,
        "bank" => 4,
        other => 16 + blake3::hash(other.as_bytes()).as_bytes()[0] % 240,
    }
}

/// Who holds points: those without dates are a debt.
pub(super) fn holder(member: MemberId, points: &Points) -> Holder {
    if points.until == 0 { Holder::Debt(member) } else { Holder::Member(member) }
}

pub(super) fn points_unit(points: &Points) -> Unit {
    Unit::Points { issuer: points.issuer, from: points.from, until: points.until }
}

/// Postings of tenders, `sign` 1 for a sale, -1 for a return.
pub(super) fn paid(tenders: &[Paid], member: Option<MemberId>, branch: BranchId, sign: i64, here: StreamId) -> Vec<Posting> {
    let house = |purpose| Holder::House(branch, purpose);
    let mut postings = Vec::new();
    for tender in tenders {
        if tender.code != VALUE && (tender.code != POINTS || tender.parts.is_empty()) {
            postings.extend(transfer(money(&tender.code), Holder::Outside, house(Purpose::Drawer), sign * tender.amount.minor(), here));
            continue;
        }
        for part in &tender.parts {
            if let (Some(unit), Some(member)) = (Unit::from_key(&part.unit), member) {
                postings.extend(transfer(unit, Holder::Member(member), house(Purpose::Redeemed), sign * part.amount, here));
            }
        }
    }
    postings
}

impl Fact for Sold {
    const KIND: u16 = 20;
    const NAME: &'static str = "sold";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let branch = self.at.branch;
        let house = |purpose| Holder::House(branch, purpose);
        let member = self.buyer.as_ref().map(|buyer| buyer.member);
        let mut postings = Vec::new();
        for line in &self.lines {
            let quantity = line.quantity.thousandths();
            postings.extend(transfer(Unit::Right(self.sale, line.no), Holder::Outside, house(Purpose::Returnable), quantity, here));
            if let Some(product) = line.product {
                postings.extend(transfer(Unit::Goods(product), house(Purpose::Stock), house(Purpose::Sold), quantity, here));
            }
        }
        postings.extend(paid(&self.tenders, member, branch, 1, here));
        if let Some(buyer) = &self.buyer {
            let given = buyer.points.iter();
            postings.extend(given.flat_map(|points| {
                transfer(points_unit(points), house(Purpose::Issued), holder(buyer.member, points), points.amount, here)
            }));
        }
        postings
    }
}

#[cfg(test)]
#[path = "sales_golden.rs"]
pub(crate) mod golden;
