//! Timed consumption (计时消费): what a sitting came to, or that it was given up. The money is taken by a sale whose line it becomes, and minutes
//! of a package by `UsesTaken`: these facts post nothing.
use super::sales::Occasion;
use super::{Fact, Writer};
use crate::base::{DocumentId, MemberId, Money, Posting, ProductNo, SittingId, StaffId, StreamId};
use minicbor::{Decode, Encode};

/// The tariff a sitting began with (R17). Minutes are whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct TimedTerms {
    #[n(0)]
    pub first_minutes: i64,
    #[n(1)]
    pub first: Money,
    #[n(2)]
    pub step_minutes: i64,
    #[n(3)]
    pub step: Money,
    #[n(4)]
    pub grace_minutes: i64,
    #[n(5)]
    pub night_step: Money,
    /// Minutes of the local day.
    #[n(6)]
    pub night_from: i64,
    #[n(7)]
    pub night_until: i64,
    #[n(8)]
    pub cap: Option<Money>,
}

/// A time without a pause in which the clock ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Stretch {
    /// UTC ms.
    #[n(0)]
    pub from_ms: i64,
    #[n(1)]
    pub ran_ms: i64,
}

/// What the clock said of a sitting whose end was set by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct ByClock {
    #[n(0)]
    pub minutes: i64,
    #[n(1)]
    pub amount: Money,
}

/// A guest left (结台).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SittingStopped {
    #[n(0)]
    pub id: SittingId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub tariff: DocumentId,
    /// The service that stands on the bill.
    #[n(3)]
    pub product: ProductNo,
    /// Name of the room or seat.
    #[n(4)]
    pub seat: String,
    #[n(5)]
    pub member: Option<MemberId>,
    #[n(6)]
    pub started_ms: i64,
    #[n(7)]
    pub started_by: StaffId,
    #[n(8)]
    pub terms: TimedTerms,
    /// As charged; pauses lie between.
    #[n(9)]
    pub stretches: Vec<Stretch>,
    #[n(10)]
    pub minutes: i64,
    /// Minutes that came off the start.
    #[n(11)]
    pub free: i64,
    #[n(12)]
    pub from_package: i64,
    #[n(13)]
    pub amount: Money,
    /// The cap took something off.
    #[n(14)]
    pub capped: bool,
    /// None: the end is the clock's.
    #[n(15)]
    pub by_clock: Option<ByClock>,
    /// The machine's clock jumped meanwhile: minutes are those that truly ran (E9).
    #[n(16)]
    pub clock_jumped: bool,
    /// Why the end was set by hand.
    #[n(17)]
    pub reason: String,
}

/// A sitting was given up and costs nothing (E10).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SittingCancelled {
    #[n(0)]
    pub id: SittingId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub tariff: DocumentId,
    #[n(3)]
    pub product: ProductNo,
    #[n(4)]
    pub seat: String,
    #[n(5)]
    pub member: Option<MemberId>,
    #[n(6)]
    pub started_ms: i64,
    #[n(7)]
    pub minutes: i64,
    #[n(8)]
    pub reason: String,
}

impl Fact for SittingStopped {
    const KIND: u16 = 130;
    const NAME: &'static str = "sitting_stopped";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, _: StreamId) -> Vec<Posting> {
        Vec::new()
    }
}

impl Fact for SittingCancelled {
    const KIND: u16 = 131;
    const NAME: &'static str = "sitting_cancelled";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, _: StreamId) -> Vec<Posting> {
        Vec::new()
    }
}

#[cfg(test)]
#[path = "timed_golden.rs"]
mod golden;
