//! A shift: one person's drawer from its float to the blind count. Nobody edits a closed shift.
use super::sales::{CASH, Occasion, money};
use super::{Fact, Writer, transfer};
use crate::base::{Holder, Money, Posting, Purpose, SaleId, ShiftId, StaffId, StreamId};
use minicbor::{Decode, Encode};

/// A shift began with this float (备用金) in the drawer. `at.shift` is the shift itself.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ShiftOpened {
    #[n(0)]
    pub shift: ShiftId,
    #[n(1)]
    pub at: Occasion,
    /// Counts the shifts of the till's business day, from 1.
    #[n(2)]
    pub number: u32,
    #[n(3)]
    pub float: Money,
}

/// Cash went into the drawer or out of it without a sale: change, an expense.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CashMoved {
    #[n(0)]
    pub shift: ShiftId,
    #[n(1)]
    pub at: Occasion,
    /// In above zero, out below.
    #[n(2)]
    pub amount: Money,
    #[n(3)]
    pub reason: String,
}

/// What a figure of the Z counts. The number is part of stored keys and never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
#[repr(u8)]
pub enum Figure {
    /// Sales by tender; of stored value `more` is the bonus.
    #[n(1)]
    Sales = 1,
    /// Top-ups by tender; `more` is the bonus given.
    #[n(2)]
    TopUps = 2,
    /// Paid back by tender; of stored value `more` is the bonus.
    #[n(3)]
    Refunds = 3,
    #[n(4)]
    Float = 4,
    #[n(5)]
    PaidIn = 5,
    #[n(6)]
    PaidOut = 6,
    /// All discounts but free items, without 抹零.
    #[n(7)]
    Discounts = 7,
    #[n(8)]
    Free = 8,
    #[n(9)]
    Rounding = 9,
    #[n(10)]
    Voids = 10,
    #[n(11)]
    RemovedLines = 11,
    /// Returns: how many and their worth.
    #[n(12)]
    Returns = 12,
    #[n(13)]
    DrawerOpenings = 13,
    #[n(14)]
    Reprints = 14,
    #[n(15)]
    Overrides = 15,
    /// Bills: how many and their due (营业额).
    #[n(16)]
    Bills = 16,
    /// Card fees and deposits taken by tender; `more` is the deposits.
    #[n(17)]
    Cards = 17,
    /// Stored value and deposits paid out by tender; `more` is the bonus forfeited.
    #[n(18)]
    Withdrawals = 18,
    /// Packages sold by tender, with fees of extending them.
    #[n(19)]
    Packages = 19,
    /// Packages paid back by tender.
    #[n(20)]
    PackageRefunds = 20,
    /// The part of `Rounding` that was taken off by hand.
    #[n(21)]
    OffByHand = 21,
    /// Cash handed in while the shift went on (中途缴款).
    #[n(22)]
    HandIns = 22,
}

impl Figure {
    pub const ALL: [Figure; 22] = {
        use Figure::*;
        [
            Sales,
            TopUps,
            Refunds,
            Float,
            PaidIn,
            PaidOut,
            Discounts,
            Free,
            Rounding,
            Voids,
            RemovedLines,
            Returns,
            DrawerOpenings,
            Reprints,
            Overrides,
            Bills,
            Cards,
            Withdrawals,
            Packages,
            PackageRefunds,
            OffByHand,
            HandIns,
        ]
    };

    pub fn from_number(number: i64) -> Option<Figure> {
        Figure::ALL.into_iter().find(|figure| *figure as i64 == number)
    }
}

/// One figure of the Z.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Counted {
    #[n(0)]
    pub figure: Figure,
    /// Tender code; empty where the figure has none.
    #[n(1)]
    pub tender: String,
    #[n(2)]
    pub count: i64,
    #[n(3)]
    pub amount: Money,
    #[n(4)]
    pub more: Money,
}

/// Notes or coins of one face in the drawer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Pieces {
    #[n(0)]
    pub face: Money,
    #[n(1)]
    pub pieces: u32,
}

/// One count of the drawer, made before the difference was told.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DrawerCount {
    #[n(0)]
    pub counted: Money,
    /// What should have lain there at that time.
    #[n(1)]
    pub expected: Money,
    #[n(2)]
    pub at_ms: i64,
    /// By denomination; empty where only the sum was keyed.
    #[n(3)]
    pub pieces: Vec<Pieces>,
}

/// A held bill that whoever takes the till over goes on with.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HandedOn {
    #[n(0)]
    pub bill: SaleId,
    #[n(1)]
    pub label: String,
    #[n(2)]
    pub lines: u16,
    #[n(3)]
    pub total: Money,
    #[n(4)]
    pub cashier: StaffId,
}

/// What one of several cashiers took at this drawer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CashierSum {
    #[n(0)]
    pub cashier: StaffId,
    #[n(1)]
    pub bills: u32,
    /// Due of those bills.
    #[n(2)]
    pub amount: Money,
}

/// How the drawer changed hands.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HandOver {
    /// Whose shift it was; another than `at.by` where somebody closed it for them (代交班).
    #[n(0)]
    pub of: StaffId,
    /// Every count in its order; the last one stands.
    #[n(1)]
    pub counts: Vec<DrawerCount>,
    #[n(2)]
    pub handed_on: Vec<HandedOn>,
    /// In the order of their first bill; empty where one cashier alone sold.
    #[n(3)]
    pub cashiers: Vec<CashierSum>,
}

/// A shift ended with a count made blind. The whole Z is inside, so that every copy of the slip is the same.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ShiftClosed {
    #[n(0)]
    pub shift: ShiftId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub number: u32,
    #[n(3)]
    pub opened_ms: i64,
    /// Cash that should lie in the drawer.
    #[n(4)]
    pub expected: Money,
    #[n(5)]
    pub counted: Money,
    #[n(6)]
    pub note: String,
    #[n(7)]
    pub figures: Vec<Counted>,
    /// The stream's last entry before this one: a Z on paper pins the chain up to here.
    #[n(8)]
    pub head_seq: u64,
    #[cbor(n(9), with = "minicbor::bytes")]
    pub head_hash: [u8; 32],
    /// None in shifts of an earlier version.
    #[n(10)]
    pub hand_over: Option<HandOver>,
}

impl ShiftClosed {
    /// 长款 above zero, 短款 below.
    pub fn over_short_minor(&self) -> i64 {
        self.counted.minor().saturating_sub(self.expected.minor())
    }

    /// Money of a tender that the shift took, net of what it gave back; cash with float and moves.
    fn left(&self) -> Vec<(String, i64)> {
        let mut left: std::collections::BTreeMap<String, i64> = std::collections::BTreeMap::new();
        for counted in &self.figures {
            let sign = match counted.figure {
                Figure::Sales | Figure::TopUps => 1,
                Figure::Refunds => -1,
                _ => continue,
            };
            if counted.tender != CASH && counted.tender != super::sales::VALUE {
                *left.entry(counted.tender.clone()).or_default() += sign * counted.amount.minor();
            }
        }
        left.insert(CASH.into(), self.expected.minor());
        left.into_iter().collect()
    }
}

impl Fact for ShiftOpened {
    const KIND: u16 = 60;
    const NAME: &'static str = "shift_opened";
    const WRITER: Writer = Writer::Edge;

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        transfer(money(CASH), Holder::Outside, Holder::House(self.at.branch, Purpose::Drawer), self.float.minor(), here).into()
    }
}

impl Fact for CashMoved {
    const KIND: u16 = 61;
    const NAME: &'static str = "cash_moved";
    const WRITER: Writer = Writer::Edge;

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        transfer(money(CASH), Holder::Outside, Holder::House(self.at.branch, Purpose::Drawer), self.amount.minor(), here).into()
    }
}

impl Fact for ShiftClosed {
    const KIND: u16 = 62;
    const NAME: &'static str = "shift_closed";
    const WRITER: Writer = Writer::Edge;

    /// What the shift took is handed in: the drawer account goes back to what other open shifts hold.
    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let drawer = Holder::House(self.at.branch, Purpose::Drawer);
        self.left().into_iter().flat_map(|(code, amount)| transfer(money(&code), drawer, Holder::Outside, amount, here)).collect()
    }
}

#[cfg(test)]
#[path = "shifts_golden.rs"]
mod golden;
