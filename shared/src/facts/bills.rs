//! What happened at a till beside sales: bills given up, lines removed after a tender was keyed, overrides, drawer openings, copies of slips.
//! All are counted on the shift's Z.
use super::sales::Occasion;
use super::{Fact, Writer};
use crate::base::{CommandId, MemberId, Money, Posting, ProductNo, Quantity, Rate, SaleId, StreamId};
use minicbor::{Decode, Encode};

/// A bill was given up (整单取消).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct BillVoided {
    #[n(0)]
    pub bill: SaleId,
    #[n(1)]
    pub at: Occasion,
    /// How many lines it had, and what they came to.
    #[n(2)]
    pub lines: u16,
    #[n(3)]
    pub total: Money,
    #[n(4)]
    pub member: Option<MemberId>,
    #[n(5)]
    pub reason: String,
}

/// A line was removed after a tender had been keyed (删行).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LineRemoved {
    #[n(0)]
    pub bill: SaleId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub line: u16,
    #[n(3)]
    pub product: Option<ProductNo>,
    #[n(4)]
    pub quantity: Quantity,
    #[n(5)]
    pub net: Money,
}

/// What was allowed on the spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Allowed {
    #[n(0)]
    LineDiscount,
    #[n(1)]
    BillDiscount,
    #[n(2)]
    Price,
    #[n(3)]
    Free,
}

/// A price went further down than the cashier's own right, because somebody with a wider right stood beside (授权).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Overridden {
    #[n(0)]
    pub bill: SaleId,
    /// `by` asked, `allowed_by` allowed.
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub what: Allowed,
    /// None: the whole bill.
    #[n(3)]
    pub line: Option<u16>,
    /// The rate that remains.
    #[n(4)]
    pub rate: Rate,
    /// Given away.
    #[n(5)]
    pub given: Money,
    #[n(6)]
    pub reason: String,
}

/// The drawer was opened without a sale.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DrawerOpened {
    #[n(0)]
    pub at: Occasion,
    #[n(1)]
    pub reason: String,
}

/// A slip was printed again (补打).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Reprinted {
    /// What the slip is of: a sale, a top-up, a return, a shift.
    #[n(0)]
    pub of: CommandId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub receipt_no: String,
    /// 1 for the first copy.
    #[n(3)]
    pub copy: u16,
}

macro_rules! posts_nothing {
    ($($fact:ty, $kind:literal, $name:literal;)*) => {$(
        impl Fact for $fact {
            const KIND: u16 = $kind;
            const NAME: &'static str = $name;
            const WRITER: Writer = Writer::Edge;
            fn postings(&self, _: StreamId) -> Vec<Posting> {
                Vec::new()
            }
        }
    )*};
}

posts_nothing! {
    BillVoided, 22, "bill_voided";
    LineRemoved, 23, "line_removed";
    Overridden, 24, "overridden";
    DrawerOpened, 25, "drawer_opened";
    Reprinted, 26, "reprinted";
}

#[cfg(test)]
#[path = "bills_golden.rs"]
mod golden;
