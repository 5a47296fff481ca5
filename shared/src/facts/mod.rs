//! What happened: one file per domain, each fact with what it posts. Facts are plain, in the past tense and complete: price, rate, rounding,
//! rule version, day, shift and the balance after as known here are inside, so that a fold never looks anything up.
//! A field once released keeps its index; a new field is a new index; a mistake is corrected by a new fact.
pub mod bills;
pub mod calls;
pub mod cards;
pub mod catalog;
pub mod corrections;
pub mod coupons;
pub mod days;
pub mod exceptions;
pub mod exports;
pub mod gifts;
pub mod journal;
pub mod ledger;
pub mod members;
pub mod messages;
pub mod openings;
pub mod packages;
pub mod returns;
pub mod sales;
pub mod shifts;
pub mod staff;
pub mod stock;
pub mod timed;

use crate::base::{Account, DocumentId, Holder, Posting, StreamId, Unit};

/// Who may write a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    Edge,
    Hub,
    Both,
}

/// Which replicas beside its own and the hub need an entry. A sale reaches no other branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Nobody,
    /// Every branch.
    Chain,
    /// The branch whose stream this is.
    Place(StreamId),
}

/// A kind of fact. `KIND` is chain-wide, below 0x8000 and never reused; `VERSION` changes only with the meaning or the postings.
pub trait Fact: for<'b> minicbor::Decode<'b, ()> + minicbor::Encode<()> + Clone + Send + Sync + 'static {
    const KIND: u16;
    const VERSION: u8 = 1;
    const NAME: &'static str;
    const WRITER: Writer;
    /// The body holds personal data: it carries a salt and can be erased.
    const PERSONAL: bool = false;
    /// Its business day, yyyymmdd; none: it has none of its own, the day on which it was written counts.
    const DAY: fn(&Self) -> Option<u32> = |_| None;

    /// What it posts at the place `here` of its own stream; per unit the amounts sum to zero.
    fn postings(&self, here: StreamId) -> Vec<Posting>;

    /// The document of the person whose data a personal body holds: the body goes when that is erased.
    fn about(&self) -> Option<DocumentId> {
        None
    }

    /// Who else needs it.
    fn audience(&self) -> Audience {
        Audience::Nobody
    }
}

/// Moves `amount` of `unit` from one holder to another, both at `here`.
pub fn transfer(unit: Unit, from: Holder, to: Holder, amount: i64, here: StreamId) -> [Posting; 2] {
    [
        Posting { account: Account { holder: from, unit, place: here }, amount: -amount },
        Posting { account: Account { holder: to, unit, place: here }, amount },
    ]
}

/// Lower-case digits, for golden bytes.
#[cfg(test)]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
