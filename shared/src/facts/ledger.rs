//! Balances on the move between places, and what is asked of a place.
use super::members::HEAD_OFFICE;
use super::{Audience, Fact, Writer, transfer};
use crate::base::{Account, AskId, Holder, MemberId, PackageId, Posting, Purpose, StreamId, Unit};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// One balance on the move: key bytes of holder and unit, and how much. Always positive.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Carried {
    #[n(0)]
    pub holder: ByteVec,
    #[n(1)]
    pub unit: ByteVec,
    #[n(2)]
    pub amount: i64,
}

/// Carries balances to another stream's place: a grant of the hub, a return to the hub, or what lay at a sealed place.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Moved {
    #[n(0)]
    pub to: StreamId,
    #[n(1)]
    pub accounts: Vec<Carried>,
    /// The asking it answers.
    #[n(2)]
    pub ask: Option<AskId>,
    /// Only the hub, and only for a place it sealed: the place that gives. Otherwise the stream's own.
    #[n(3)]
    pub sealed_from: Option<StreamId>,
    /// More follows (a place of more than the limit of accounts): "still arriving".
    #[n(4)]
    pub more: bool,
}

/// What a till needs and does not have here.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Wanted {
    /// Stored value, principal and bonus together, minor units.
    #[n(0)]
    Value(#[n(0)] MemberId, #[n(1)] i64),
    /// Points spendable now.
    #[n(1)]
    Points(#[n(0)] MemberId, #[n(1)] i64),
    /// The right to take back every line of a sale.
    #[n(2)]
    Returnable(#[n(0)] crate::base::SaleId),
    /// All uses left of a member's package: they lie at one place.
    #[n(3)]
    Uses(#[n(0)] MemberId, #[n(1)] PackageId),
}

/// The hub asks a place to give what an asker needs.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Recalled {
    #[n(0)]
    pub ask: AskId,
    #[n(1)]
    pub asker: StreamId,
    #[n(2)]
    pub giver: StreamId,
    #[n(3)]
    pub wanted: Wanted,
    /// UTC ms; what comes back later than this and a little stays at `Hq`.
    #[n(4)]
    pub until_ms: i64,
}

/// Credit that one entry gave a member above the limits.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct IssueHeld {
    #[n(0)]
    pub member: MemberId,
    #[n(1)]
    pub seq: u64,
    /// Head office's business day of the entry's stamp, yyyymmdd.
    #[n(2)]
    pub day: u32,
    /// Principal and bonus, minor units.
    #[n(3)]
    pub amount: i64,
}

/// Booked, but above the limits of a clerk's or a branch's day: head office passes nothing of these members' credit on until it confirms.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct IssuesHeld {
    #[n(0)]
    pub stream: StreamId,
    #[n(1)]
    pub issues: Vec<IssueHeld>,
}

/// Head office knows of it: the credit counts like any other.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct IssuesConfirmed {
    #[n(0)]
    pub stream: StreamId,
    #[n(1)]
    pub issues: Vec<IssueHeld>,
}

/// What a member owed at a sealed place, given up: head office bears it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DebtWrittenOff {
    #[n(0)]
    pub place: StreamId,
    /// Of the member, as much as was below zero.
    #[n(1)]
    pub accounts: Vec<Carried>,
    /// By what right and for what reason; no names of persons.
    #[n(2)]
    pub why: String,
}

/// What a decision of the same command takes from a member is another's of the same person: that one's comes first to the one it names.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Drawn {
    #[n(0)]
    pub to: MemberId,
    /// Of the members who give, at the place of the stream.
    #[n(1)]
    pub accounts: Vec<Carried>,
}

/// What a member owes at head office is paid by what the member has there.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DebtPaid {
    #[n(0)]
    pub member: MemberId,
    /// Of the member.
    #[n(1)]
    pub accounts: Vec<Carried>,
}

impl Carried {
    pub fn new(holder: Holder, unit: Unit, amount: i64) -> Carried {
        Carried { holder: holder.key().into(), unit: unit.key().into(), amount }
    }

    /// Holder and unit; none if the bytes are no keys or the amount is not positive.
    pub fn account(&self) -> Option<(Holder, Unit)> {
        let holder = Holder::from_key(&self.holder)?;
        let unit = Unit::from_key(&self.unit)?;
        (self.amount > 0).then_some((holder, unit))
    }
}

impl Fact for Moved {
    const KIND: u16 = 10;
    const NAME: &'static str = "moved";
    const WRITER: Writer = Writer::Both;

    /// Unreadable accounts post nothing; the gate refuses such a fact before it is folded (`ledger::sound`).
    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let from = self.sealed_from.unwrap_or(here);
        let accounts = self.accounts.iter().filter_map(|carried| carried.account().map(|(holder, unit)| (holder, unit, carried.amount)));
        accounts
            .flat_map(|(holder, unit, amount)| {
                [
                    Posting { account: Account { holder, unit, place: from }, amount: -amount },
                    Posting { account: Account { holder, unit, place: self.to }, amount },
                ]
            })
            .collect()
    }

    fn audience(&self) -> Audience {
        Audience::Place(self.to)
    }
}

impl Fact for Recalled {
    const KIND: u16 = 11;
    const NAME: &'static str = "recalled";
    const WRITER: Writer = Writer::Hub;

    fn postings(&self, _: StreamId) -> Vec<Posting> {
        Vec::new()
    }

    fn audience(&self) -> Audience {
        Audience::Place(self.giver)
    }
}

impl Fact for DebtWrittenOff {
    const KIND: u16 = 14;
    const NAME: &'static str = "debt_written_off";
    const WRITER: Writer = Writer::Hub;

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let accounts = self.accounts.iter().filter_map(|carried| carried.account().map(|(holder, unit)| (holder, unit, carried.amount)));
        accounts
            .flat_map(|(holder, unit, amount)| {
                let bears = Holder::House(HEAD_OFFICE, Purpose::Issued);
                [
                    Posting { account: Account { holder: bears, unit, place: here }, amount: -amount },
                    Posting { account: Account { holder, unit, place: self.place }, amount },
                ]
            })
            .collect()
    }

    /// Its branch keeps it for a hub that was put back.
    fn audience(&self) -> Audience {
        Audience::Place(self.place)
    }
}

impl Fact for Drawn {
    const KIND: u16 = 15;
    const NAME: &'static str = "drawn";
    const WRITER: Writer = Writer::Both;

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let accounts = self.accounts.iter().filter_map(|carried| carried.account().map(|(holder, unit)| (holder, unit, carried.amount)));
        accounts.flat_map(|(holder, unit, amount)| transfer(unit, holder, Holder::Member(self.to), amount, here)).collect()
    }
}

impl Fact for DebtPaid {
    const KIND: u16 = 17;
    const NAME: &'static str = "debt_paid";
    const WRITER: Writer = Writer::Hub;

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let accounts = self.accounts.iter().filter_map(|carried| carried.account().map(|(holder, unit)| (holder, unit, carried.amount)));
        accounts.flat_map(|(holder, unit, amount)| transfer(unit, holder, Holder::Debt(self.member), amount, here)).collect()
    }
}

macro_rules! of_issues {
    ($($fact:ty, $kind:literal, $name:literal;)*) => {$(
        impl Fact for $fact {
            const KIND: u16 = $kind;
            const NAME: &'static str = $name;
            const WRITER: Writer = Writer::Hub;

            fn postings(&self, _: StreamId) -> Vec<Posting> {
                Vec::new()
            }

            /// Its branch keeps it for a hub that was put back.
            fn audience(&self) -> Audience {
                Audience::Place(self.stream)
            }
        }
    )*};
}

of_issues! {
    IssuesHeld, 12, "issues_held";
    IssuesConfirmed, 13, "issues_confirmed";
}

#[cfg(test)]
#[path = "ledger_golden.rs"]
mod golden;
