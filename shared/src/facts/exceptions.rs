//! What a person must look at: raised by a rule, owned by somebody, closed with what was found.
use super::{Fact, Writer};
use crate::base::{BranchId, CommandId, MemberId, Posting, StaffId, StreamId};
use minicbor::{Decode, Encode};

/// A rule found something that a person must judge. Its id is that of the command, `hash(rule, cause)`: the same cause raises once.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ExceptionRaised {
    /// What was found, as a code that pages have words for: `negative_balance`, `claimed_twice`, `fork`, `command_twice`.
    #[n(0)]
    pub what: String,
    #[n(1)]
    pub branch: Option<BranchId>,
    #[n(2)]
    pub member: Option<MemberId>,
    /// The entry it is about.
    #[n(3)]
    pub stream: Option<StreamId>,
    #[n(4)]
    pub seq: u64,
    /// Minor units at stake; 0 where it is not about money.
    #[n(5)]
    pub amount: i64,
    /// Numbers and names of things, never of persons: a receipt, a card's end.
    #[n(6)]
    pub note: String,
    #[n(7)]
    pub at_ms: i64,
}

/// Somebody takes care of it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ExceptionOwned {
    #[n(0)]
    pub exception: CommandId,
    #[n(1)]
    pub owner: StaffId,
    #[n(2)]
    pub at_ms: i64,
}

/// It is settled.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ExceptionClosed {
    #[n(0)]
    pub exception: CommandId,
    #[n(1)]
    pub owner: StaffId,
    #[n(2)]
    pub note: String,
    #[n(3)]
    pub at_ms: i64,
}

macro_rules! posts_nothing {
    ($($fact:ty, $kind:literal, $name:literal;)*) => {$(
        impl Fact for $fact {
            const KIND: u16 = $kind;
            const NAME: &'static str = $name;
            const WRITER: Writer = Writer::Hub;
            fn postings(&self, _: StreamId) -> Vec<Posting> {
                Vec::new()
            }
        }
    )*};
}

posts_nothing! {
    ExceptionRaised, 100, "exception_raised";
    ExceptionOwned, 101, "exception_owned";
    ExceptionClosed, 102, "exception_closed";
}

#[cfg(test)]
mod golden {
    //! Released bytes. A line here is never changed.
    use super::*;
    use crate::facts::hex;
    use crate::journal::command::encoded;
    use rstest::rstest;

    fn raised() -> ExceptionRaised {
        ExceptionRaised {
            what: "negative_balance".into(),
            branch: Some(BranchId([0x11; 16])),
            member: None,
            stream: Some(StreamId([0x22; 16])),
            seq: 9,
            amount: -500,
            note: "R1".into(),
            at_ms: 5,
        }
    }

    #[rstest]
    #[case(encoded(&raised()), "88706e656761746976655f62616c616e63655011111111111111111111111111111111f65022222222222222222222222222222222093901f362523105")]
    #[case(encoded(&ExceptionOwned { exception: CommandId([1; 16]), owner: StaffId([2; 16]), at_ms: 6 }), "835001010101010101010101010101010101500202020202020202020202020202020206")]
    #[case(encoded(&ExceptionClosed { exception: CommandId([1; 16]), owner: StaffId([2; 16]), note: "ok".into(), at_ms: 7 }), "8450010101010101010101010101010101015002020202020202020202020202020202626f6b07")]
    fn bytes_and_no_postings(#[case] body: Vec<u8>, #[case] wanted: &str) {
        assert_eq!(hex(&body), wanted);
    }
}
