//! Counted packages (计次卡): sold, used, undone, extended, paid back. What is left of one is a guarded unit that lies at one place.
use super::sales::Occasion;
use super::{Audience, Fact, Writer, transfer};
use crate::base::{
    BranchId, CommandId, DocumentId, Holder, MemberId, Money, PackageId, Posting, ProductNo, Purpose, SaleId, StaffId, StreamId, Unit,
};
use minicbor::{Decode, Encode};

/// One thing a package holds uses of: a service, or a group of which any counts (通用次卡).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PackageItem {
    #[n(0)]
    pub services: Vec<ProductNo>,
    /// Uses paid for; of a time card (月卡) its days.
    #[n(1)]
    pub paid: i64,
    #[n(2)]
    pub gift: i64,
    /// Its share of the package's price.
    #[n(3)]
    pub price: Money,
    /// Of one use without a package: what refund rule B reckons with.
    #[n(4)]
    pub list_price: Money,
    /// A time card: each day takes its use whether somebody comes or not, so it is good once a day.
    #[n(5)]
    pub daily: bool,
    /// Minutes of the local day between which it is good.
    #[n(6)]
    pub from_minute: u16,
    #[n(7)]
    pub until_minute: u16,
}

/// A member bought a package.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PackageSold {
    #[n(0)]
    pub id: PackageId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub receipt_no: String,
    #[n(3)]
    pub member: MemberId,
    /// The kind that was sold, as head office describes it.
    #[n(4)]
    pub kind: DocumentId,
    #[n(5)]
    pub name: String,
    #[n(6)]
    pub items: Vec<PackageItem>,
    #[n(7)]
    pub price: Money,
    /// Last business day, yyyymmdd; 0: no end.
    #[n(8)]
    pub ends: u32,
    /// Where it is good; empty: everywhere.
    #[n(9)]
    pub branches: Vec<BranchId>,
    #[n(10)]
    pub tender: String,
    /// Of cash what was handed over.
    #[n(11)]
    pub tendered: Money,
}

/// Uses of one package.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct TakenUses {
    #[n(0)]
    pub package: PackageId,
    #[n(1)]
    pub item: u16,
    #[n(2)]
    pub uses: i64,
    /// How many of them are gifts.
    #[n(3)]
    pub gift: i64,
    /// What they are worth (R16): income here, owed by `issuer`.
    #[n(4)]
    pub worth: Money,
    #[n(5)]
    pub issuer: BranchId,
    /// Left of it here afterwards.
    #[n(6)]
    pub left: i64,
}

/// A member used services of packages (扣次).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct UsesTaken {
    #[n(0)]
    pub id: CommandId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub receipt_no: String,
    #[n(3)]
    pub member: MemberId,
    #[n(4)]
    pub service: ProductNo,
    #[n(5)]
    pub taken: Vec<TakenUses>,
    /// Who served.
    #[n(6)]
    pub server: Option<StaffId>,
    /// The customer asked for whoever served (点钟); none: served by turn (轮钟), or of an earlier version.
    #[n(7)]
    pub asked_for: Option<bool>,
}

/// Uses were taken by mistake and are back in their own package (撤销扣次).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct UsesUndone {
    #[n(0)]
    pub of: CommandId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub receipt_no: String,
    #[n(3)]
    pub member: MemberId,
    #[n(4)]
    pub taken: Vec<TakenUses>,
    /// The branch where they were taken.
    #[n(5)]
    pub branch: BranchId,
    #[n(6)]
    pub reason: String,
}

/// A package holds until another day; also one that had ended (R24).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PackageExtended {
    #[n(0)]
    pub id: PackageId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub receipt_no: String,
    #[n(3)]
    pub member: MemberId,
    /// The old last day and the new one.
    #[n(4)]
    pub ended: u32,
    #[n(5)]
    pub ends: u32,
    #[n(6)]
    pub fee: Money,
    #[n(7)]
    pub tender: String,
    #[n(8)]
    pub reason: String,
}

/// What a refund took back of one item.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RefundedItem {
    #[n(0)]
    pub item: u16,
    /// Uses that lapse with it.
    #[n(1)]
    pub uses: i64,
    #[n(2)]
    pub paid: Money,
    /// What of the liability becomes income.
    #[n(3)]
    pub income: Money,
}

/// What was left of a package was paid back; its gift uses lapse.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PackageRefunded {
    #[n(0)]
    pub id: PackageId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub receipt_no: String,
    #[n(3)]
    pub member: MemberId,
    #[n(4)]
    pub items: Vec<RefundedItem>,
    #[n(5)]
    pub paid: Money,
    #[n(6)]
    pub tender: String,
    /// By the list price of what was used (rule B), instead of by unused paid uses.
    #[n(7)]
    pub by_list_price: bool,
    #[n(8)]
    pub reason: String,
}

fn undo_right(of: CommandId) -> Unit {
    Unit::Right(SaleId::from(of), 0)
}

impl Fact for PackageSold {
    const KIND: u16 = 50;
    const NAME: &'static str = "package_sold";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let house = |purpose| Holder::House(self.at.branch, purpose);
        let mut postings = self.at.takes_in(&self.tender, self.price, here);
        for (no, item) in (0_u16..).zip(&self.items) {
            let (uses, member) = (Unit::Uses(self.id, no), Holder::Member(self.member));
            postings.extend(transfer(uses, house(Purpose::Issued), member, item.paid + item.gift, here));
        }
        postings
    }

    /// Its uses may come to any branch, which must know what they are good for.
    fn audience(&self) -> Audience {
        Audience::Chain
    }
}

impl Fact for UsesTaken {
    const KIND: u16 = 51;
    const NAME: &'static str = "uses_taken";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let house = |purpose| Holder::House(self.at.branch, purpose);
        let member = Holder::Member(self.member);
        let taken = self
            .taken
            .iter()
            .flat_map(|taken| transfer(Unit::Uses(taken.package, taken.item), member, house(Purpose::Redeemed), taken.uses, here));
        taken.chain(transfer(undo_right(self.id), Holder::Outside, house(Purpose::Returnable), 1, here)).collect()
    }
}

impl Fact for UsesUndone {
    const KIND: u16 = 52;
    const NAME: &'static str = "uses_undone";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let house = |purpose| Holder::House(self.branch, purpose);
        let member = Holder::Member(self.member);
        let back = self
            .taken
            .iter()
            .flat_map(|taken| transfer(Unit::Uses(taken.package, taken.item), house(Purpose::Redeemed), member, taken.uses, here));
        back.chain(transfer(undo_right(self.of), house(Purpose::Returnable), Holder::Outside, 1, here)).collect()
    }
}

impl Fact for PackageExtended {
    const KIND: u16 = 53;
    const NAME: &'static str = "package_extended";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    /// Until when a package holds is a fact about it, not part of the unit: only the fee is posted.
    fn postings(&self, here: StreamId) -> Vec<Posting> {
        self.at.takes_in(&self.tender, self.fee, here)
    }

    fn audience(&self) -> Audience {
        Audience::Chain
    }
}

impl Fact for PackageRefunded {
    const KIND: u16 = 54;
    const NAME: &'static str = "package_refunded";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let house = |purpose| Holder::House(self.at.branch, purpose);
        let mut postings = self.at.pays_out(&self.tender, self.paid, here);
        for item in self.items.iter().filter(|item| item.uses > 0) {
            let (uses, member) = (Unit::Uses(self.id, item.item), Holder::Member(self.member));
            postings.extend(transfer(uses, member, house(Purpose::Issued), item.uses, here));
        }
        postings
    }

    fn audience(&self) -> Audience {
        Audience::Chain
    }
}

#[cfg(test)]
#[path = "packages_golden.rs"]
mod golden;
