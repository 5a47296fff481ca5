//! The open bill of a till: a draft, saved line by line, so that it is there after a power cut. Its id becomes the sale's.
//! One open bill per till; held bills lie under their own ids and are seen at every till of the branch.
pub mod add;
pub mod attach;
pub mod bill_discount;
pub mod coupon;
pub mod hold;
pub mod line_discount;
pub mod priced;
pub mod quantity;
pub mod reading;
pub mod recall;
pub mod remove;
pub mod round_off;
pub mod sales_clerks;
pub mod tender_remove;
pub mod void;

use crate::base::ids::time_ordered;
use crate::base::{CommandId, MemberId, Money, ProductNo, Quantity, Rate, SaleId, SittingId, StaffId};
use crate::facts::sales::{Proven, SalesClerk};
use crate::journal::Refusal;
use crate::journal::{Decided, Fault, Moment, Read};
use crate::sales::price::{BillDiscount, ByHand};
use crate::store::drafts;
use minicbor::{Decode, Encode};
use std::sync::Arc;

/// Draft kinds.
pub const OPEN: &str = "bill";
pub const HELD: &str = "held";

/// A bill before it is paid.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Bill {
    #[n(0)]
    pub id: SaleId,
    #[n(1)]
    pub till: u16,
    /// Rises with every change.
    #[n(2)]
    pub revision: u32,
    #[n(3)]
    pub opened_ms: i64,
    #[n(4)]
    pub cashier: StaffId,
    #[n(5)]
    pub member: Option<Attached>,
    #[n(6)]
    pub lines: Vec<Line>,
    #[n(7)]
    pub discount: BillDiscount,
    #[n(8)]
    pub reason: String,
    #[n(9)]
    pub tenders: Vec<Keyed>,
    /// Numbers of lines and tenders given so far.
    #[n(10)]
    pub numbered: u16,
    /// 抹零 by hand, above zero.
    #[n(11)]
    pub round_off: Option<Money>,
    /// 导购, in the order named; their shares come to the whole.
    #[n(12)]
    pub sales_clerks: Option<Vec<SalesClerk>>,
    /// The coupon that is to come off.
    #[n(13)]
    pub coupon: Option<OnBill>,
}

/// A coupon on a bill, as it was when it was put there.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OnBill {
    #[n(0)]
    pub id: CommandId,
    #[n(1)]
    pub name: String,
    #[n(2)]
    pub name_en: String,
    #[n(3)]
    pub off: Money,
    /// What the bill must come to before it.
    #[n(4)]
    pub least: Money,
    /// It is its member's, and goes with them.
    #[n(5)]
    pub of_member: bool,
}

/// The member on a bill, with the level as it was when attached (K6).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Attached {
    #[n(0)]
    pub member: MemberId,
    #[n(1)]
    pub rate: Rate,
    #[n(2)]
    pub factor: Rate,
    /// None on a bill of an earlier version.
    #[n(3)]
    pub called: Option<Called>,
    /// What points are multiplied by because it is the birthday or a member day; none on other days.
    #[n(4)]
    pub occasion: Option<Rate>,
    /// The card that named the member, if it names another one too: who of the two it is was said and not shown, so nothing of theirs is spent
    /// (design 6). None where they were found by anything else.
    #[n(5)]
    pub claimed_card: Option<String>,
}

impl Attached {
    /// # Errors
    /// `ClaimedCardSpends`.
    pub fn spends(&self) -> Result<(), Refusal> {
        self.claimed_card.clone().map_or(Ok(()), |number| Err(Refusal::ClaimedCardSpends { number }))
    }
}

/// What a slip shows of a member, as it was when attached.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Called {
    #[n(0)]
    pub name: String,
    /// Masked.
    #[n(1)]
    pub phone: String,
    /// Name of the level; empty in a chain without levels.
    #[n(2)]
    pub level: String,
    #[n(3)]
    pub level_en: String,
}

/// One line, with the prices that were valid when it was keyed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Line {
    #[n(0)]
    pub no: u16,
    #[n(1)]
    pub product: Option<ProductNo>,
    #[n(2)]
    pub name: String,
    #[n(3)]
    pub name_en: String,
    #[n(4)]
    pub code: String,
    #[n(5)]
    pub unit: String,
    #[n(6)]
    pub weighed: bool,
    #[n(7)]
    pub quantity: Quantity,
    #[n(8)]
    pub list_price: Money,
    #[n(9)]
    pub member_price: Option<Money>,
    /// What a scale printed on the label.
    #[n(10)]
    pub label_amount: Option<Money>,
    /// The weight was reckoned back from the label's amount.
    #[n(11)]
    pub converted: bool,
    #[n(12)]
    pub by_hand: ByHand,
    #[n(13)]
    pub reason: String,
    #[n(14)]
    pub discountable: bool,
    #[n(15)]
    pub earns_points: bool,
    /// Cost of one unit.
    #[n(16)]
    pub cost: Option<Money>,
    /// Business day on which it was keyed, yyyymmdd (A16).
    #[n(17)]
    pub day: u32,
    /// It kept a price that has changed since.
    #[n(18)]
    pub held_price: bool,
    /// What it charges is the time of a sitting: one of it, at the price it came to.
    #[n(19)]
    pub sitting: Option<SittingId>,
}

/// One tender as keyed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Keyed {
    #[n(0)]
    pub no: u16,
    #[n(1)]
    pub code: String,
    /// Of cash what was handed over.
    #[n(2)]
    pub amount: Money,
    #[n(3)]
    pub proven: Proven,
}

/// A held bill.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Held {
    #[n(0)]
    pub bill: Bill,
    #[n(1)]
    pub held_ms: i64,
    #[n(2)]
    pub label: String,
    #[n(3)]
    pub cashier: StaffId,
    /// Business day, yyyymmdd.
    #[n(4)]
    pub day: u32,
}

impl Bill {
    /// A new bill of a till; its id is fresh and time-ordered.
    pub fn new(moment: &Moment, till: u16, cashier: StaffId) -> Bill {
        let mut random = [0; 10];
        random.copy_from_slice(&moment.fresh(255)[..10]);
        Bill {
            id: SaleId(time_ordered(moment.now_ms, random)),
            till,
            revision: 0,
            opened_ms: moment.now_ms,
            cashier,
            member: None,
            lines: Vec::new(),
            discount: BillDiscount::Nothing,
            reason: String::new(),
            tenders: Vec::new(),
            numbered: 0,
            round_off: None,
            sales_clerks: None,
            coupon: None,
        }
    }

    /// A number that no line or tender of this bill had before.
    pub fn number(&mut self) -> u16 {
        self.numbered += 1;
        self.numbered
    }

    pub fn line(&self, no: u16) -> Option<&Line> {
        self.lines.iter().find(|line| line.no == no)
    }

    pub fn line_mut(&mut self, no: u16) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.no == no)
    }

    /// Nothing on it and nobody named.
    pub fn is_bare(&self) -> bool {
        self.lines.is_empty() && self.member.is_none() && self.tenders.is_empty() && self.sales_clerks.is_none() && self.coupon.is_none()
    }

    /// Takes the coupon of a member off who is no longer the bill's.
    pub fn without_theirs(&mut self) {
        self.coupon = self.coupon.take().filter(|coupon| !coupon.of_member);
    }

    /// Written as the till's open bill; a bare one is taken away.
    pub fn saved(mut self, decided: Decided) -> Decided {
        self.revision += 1;
        let key = key(self.till);
        if self.is_bare() { decided.draft(OPEN, &key, None) } else { decided.draft_of(OPEN, &key, self) }
    }
}

/// The draft id of a till's open bill.
pub fn key(till: u16) -> [u8; 2] {
    till.to_be_bytes()
}

/// The open bill of a till.
///
/// # Errors
/// A fault of the store; `Damaged` if the draft cannot be read.
pub fn open(db: &dyn Read, till: u16) -> Result<Option<Bill>, Fault> {
    Ok(current(db, till)?.map(Arc::unwrap_or_clone))
}

/// The same, shared with the writer's memory.
///
/// # Errors
/// A fault of the store; `Damaged` if the draft cannot be read.
pub fn current(db: &dyn Read, till: u16) -> Result<Option<Arc<Bill>>, Fault> {
    drafts::decoded(db, OPEN, &key(till), read)
}

/// A held bill.
///
/// # Errors
/// A fault of the store; `Damaged` if the draft cannot be read.
pub fn held(db: &dyn Read, bill: SaleId) -> Result<Option<Held>, Fault> {
    drafts::draft(db, HELD, &bill.0)?.map(|body| read(&body)).transpose()
}

/// Every sitting that stands on an open or held bill of the branch.
///
/// # Errors
/// A fault of the store; `Damaged` if a draft cannot be read.
pub fn sittings(db: &dyn Read) -> Result<Vec<SittingId>, Fault> {
    let mut bills = drafts::drafts(db, OPEN)?.iter().map(|(_, body)| read(body)).collect::<Result<Vec<Bill>, Fault>>()?;
    bills.extend(all_held(db)?.into_iter().map(|held| held.bill));
    Ok(bills.iter().flat_map(|bill| &bill.lines).filter_map(|line| line.sitting).collect())
}

/// All held bills of the branch, oldest first.
///
/// # Errors
/// A fault of the store; `Damaged` if a draft cannot be read.
pub fn all_held(db: &dyn Read) -> Result<Vec<Held>, Fault> {
    let mut held = drafts::drafts(db, HELD)?.iter().map(|(_, body)| read(body)).collect::<Result<Vec<Held>, Fault>>()?;
    held.sort_by_key(|held| held.held_ms);
    Ok(held)
}

fn read<T: for<'b> Decode<'b, ()>>(body: &[u8]) -> Result<T, Fault> {
    minicbor::decode(body).map_err(|error| Fault::Damaged(format!("a bill cannot be read: {error}")))
}
