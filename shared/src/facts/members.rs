//! What happens to members beside sales: top-ups, opening balances from an older system, levels, blocked cards, PINs.
use super::{Audience, Fact, Writer, transfer};
use crate::base::{BranchId, CommandId, DocumentId, Holder, MemberId, Posting, Purpose, ShiftId, StaffId, StreamId, TillId, Unit};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// Issuer of what head office gave out itself: no branch has this id.
pub const HEAD_OFFICE: BranchId = BranchId([0; 16]);

/// A member paid money in and received principal, and a gift with it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ToppedUp {
    #[n(0)]
    pub member: MemberId,
    /// The branch that issues: it owes what was paid in.
    #[n(1)]
    pub branch: BranchId,
    #[n(2)]
    pub till: TillId,
    #[n(3)]
    pub shift: ShiftId,
    /// Business day of the shift, yyyymmdd.
    #[n(4)]
    pub day: u32,
    /// Local hour, 0 to 23.
    #[n(5)]
    pub hour: u8,
    /// What the clock showed, UTC ms.
    #[n(6)]
    pub at_ms: i64,
    #[n(7)]
    pub receipt: String,
    #[n(8)]
    pub clerk: StaffId,
    /// Code of the tender, `cash` or that of a setting.
    #[n(9)]
    pub tender: String,
    /// Its number in `Unit::Money`.
    #[n(10)]
    pub money: u8,
    /// Paid in, minor units; above zero.
    #[n(11)]
    pub principal: i64,
    /// The gift, minor units.
    #[n(12)]
    pub bonus: i64,
    /// Cash handed over before change; equal to `principal` for other tenders.
    #[n(13)]
    pub tendered: i64,
    /// Principal of the member at this place afterwards.
    #[n(14)]
    pub principal_after: i64,
    /// Bonus of the member at this place afterwards.
    #[n(15)]
    pub bonus_after: i64,
}

/// What a member brings from an older system; booked once, at head office.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OpeningBooked {
    #[n(0)]
    pub member: MemberId,
    /// The home branch, or `HEAD_OFFICE`.
    #[n(1)]
    pub issuer: BranchId,
    #[n(2)]
    pub value: i64,
    #[n(3)]
    pub bonus: i64,
    #[n(4)]
    pub points: i64,
    /// From this business day the points may be spent.
    #[n(5)]
    pub from: u32,
    /// From this month (yyyymm) they no longer count.
    #[n(6)]
    pub until: u32,
    /// The file it came with; none before files were told apart.
    #[n(7)]
    pub batch: Option<CommandId>,
}

/// A member has a level from now on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LevelGiven {
    #[n(0)]
    pub member: MemberId,
    /// Id of the level's document; zeros: no level by hand any more.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub level: [u8; 16],
    /// Last business day on which it holds, yyyymmdd; none: no end.
    #[n(2)]
    pub ends: Option<u32>,
}

/// What a member's purchases come to is worth another level, from the next bill on (R14). Written at head office alone.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LevelReached {
    #[n(0)]
    pub member: MemberId,
    /// Id of the level's document.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub level: [u8; 16],
    /// The level before; zeros: none was ever reached.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub before: [u8; 16],
    /// What counted in the window, minor units, and how many purchases it was.
    #[n(3)]
    pub basis: i64,
    #[n(4)]
    pub purchases: i64,
    /// Business day of the look, yyyymmdd.
    #[n(5)]
    pub day: u32,
}

/// A card no longer buys anything: lost, stolen, misused.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CardBlocked {
    #[n(0)]
    pub number: String,
    #[n(1)]
    pub reason: String,
    #[n(2)]
    pub at_ms: i64,
}

/// It does again.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CardUnblocked {
    #[n(0)]
    pub number: String,
    #[n(1)]
    pub at_ms: i64,
}

/// A member's PIN was set: its verifier, sealed with the chain's vault key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct MemberPinSet {
    #[n(0)]
    pub member: MemberId,
    #[n(1)]
    pub sealed: ByteVec,
}

/// These members are one person with the survivor, who stands for all of them. One level: nobody is merged into a member who is merged.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Merged {
    #[n(0)]
    pub survivor: MemberId,
    #[n(1)]
    pub members: Vec<MemberId>,
    #[n(2)]
    pub at_ms: i64,
}

/// This member is a person of its own again; it has what the postings name.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Unmerged {
    #[n(0)]
    pub member: MemberId,
    #[n(1)]
    pub at_ms: i64,
}

impl Fact for ToppedUp {
    const KIND: u16 = 40;
    const NAME: &'static str = "topped_up";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let (issued, member) = (Holder::House(self.branch, Purpose::Issued), Holder::Member(self.member));
        let drawer = Holder::House(self.branch, Purpose::Drawer);
        let mut postings = Vec::with_capacity(6);
        postings.extend(transfer(Unit::Money(self.money), Holder::Outside, drawer, self.principal, here));
        postings.extend(transfer(Unit::Value(self.branch), issued, member, self.principal, here));
        if self.bonus != 0 {
            postings.extend(transfer(Unit::Bonus(self.branch), issued, member, self.bonus, here));
        }
        postings
    }
}

impl Fact for OpeningBooked {
    const KIND: u16 = 45;
    const NAME: &'static str = "opening_booked";
    const WRITER: Writer = Writer::Hub;

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let (issued, member) = (Holder::House(self.issuer, Purpose::Issued), Holder::Member(self.member));
        let points = Unit::Points { issuer: self.issuer, from: self.from, until: self.until };
        let given = [(Unit::Value(self.issuer), self.value), (Unit::Bonus(self.issuer), self.bonus), (points, self.points)];
        given
            .into_iter()
            .filter(|(_, amount)| *amount != 0)
            .flat_map(|(unit, amount)| transfer(unit, issued, member, amount, here))
            .collect()
    }
}

macro_rules! posts_nothing {
    ($($fact:ty, $kind:literal, $name:literal, $writer:ident, $personal:literal $(, about $of:ident)?;)*) => {$(
        impl Fact for $fact {
            const KIND: u16 = $kind;
            const NAME: &'static str = $name;
            const WRITER: Writer = Writer::$writer;
            const PERSONAL: bool = $personal;
            fn postings(&self, _: StreamId) -> Vec<Posting> {
                Vec::new()
            }
            fn audience(&self) -> Audience {
                Audience::Chain
            }
            $(
                fn about(&self) -> Option<DocumentId> {
                    Some(self.$of.into())
                }
            )?
        }
    )*};
}

posts_nothing! {
    LevelGiven, 41, "level_given", Hub, false;
    LevelReached, 140, "level_reached", Hub, false;
    CardBlocked, 42, "card_blocked", Both, false;
    CardUnblocked, 43, "card_unblocked", Both, false;
    MemberPinSet, 44, "member_pin_set", Both, true, about member;
    Merged, 58, "merged", Hub, false;
    Unmerged, 59, "unmerged", Hub, false;
}

#[cfg(test)]
mod golden {
    //! Released bytes and postings. A line here is never changed.
    use super::*;
    use crate::base::account::unbalanced;
    use crate::facts::hex;
    use crate::journal::command::encoded;
    use rstest::rstest;

    const MEMBER: MemberId = MemberId([0x11; 16]);
    const BRANCH: BranchId = BranchId([0x22; 16]);
    const HERE: StreamId = StreamId([0x33; 16]);

    fn topped_up() -> ToppedUp {
        ToppedUp {
            member: MEMBER,
            branch: BRANCH,
            till: TillId([0x44; 16]),
            shift: ShiftId([0x55; 16]),
            day: 20261121,
            hour: 14,
            at_ms: 1_795_000_000_000,
            receipt: "R1".into(),
            clerk: StaffId([0x66; 16]),
            tender: "cash".into(),
            money: 1,
            principal: 100_000,
            bonus: 10_000,
            tendered: 100_000,
            principal_after: 100_000,
            bonus_after: 10_000,
        }
    }

    fn opening() -> OpeningBooked {
        OpeningBooked { member: MEMBER, issuer: BRANCH, value: 5_000, bonus: 0, points: 386, from: 20261121, until: 202712, batch: None }
    }

    #[rstest]
    #[case(encoded(&topped_up()), "9050111111111111111111111111111111115022222222222222222222222222222222504444444444444444444444444444444450555555555555555555555555555555551a013529010e1b000001a1ee565e0062523150666666666666666666666666666666666463617368011a000186a01927101a000186a01a000186a0192710")]
    #[case(encoded(&opening()), "8750111111111111111111111111111111115022222222222222222222222222222222191388001901821a013529011a000317d8")]
    #[case(encoded(&LevelGiven { member: MEMBER, level: [0x77; 16], ends: None }), "8250111111111111111111111111111111115077777777777777777777777777777777")]
    #[case(encoded(&LevelGiven { member: MEMBER, level: [0x77; 16], ends: Some(20261231) }), "83501111111111111111111111111111111150777777777777777777777777777777771a0135296f")]
    #[case(
        encoded(&LevelReached { member: MEMBER, level: [0x77; 16], before: [0x66; 16], basis: 500_000, purchases: 7, day: 20261121 }),
        "865011111111111111111111111111111111507777777777777777777777777777777750666666666666666666666666666666661a0007a120071a01352901"
    )]
    #[case(encoded(&CardBlocked { number: "6001".into(), reason: "挂失".into(), at_ms: 5 }), "83643630303166e68c82e5a4b105")]
    #[case(encoded(&CardUnblocked { number: "6001".into(), at_ms: 6 }), "82643630303106")]
    #[case(encoded(&MemberPinSet { member: MEMBER, sealed: vec![1, 2].into() }), "825011111111111111111111111111111111420102")]
    #[case(encoded(&Merged { survivor: MEMBER, members: vec![MemberId([0x88; 16])], at_ms: 7 }), "83501111111111111111111111111111111181508888888888888888888888888888888807")]
    #[case(encoded(&Unmerged { member: MEMBER, at_ms: 8 }), "82501111111111111111111111111111111108")]
    fn bytes(#[case] body: Vec<u8>, #[case] wanted: &str) {
        assert_eq!(hex(&body), wanted);
    }

    #[test]
    fn a_top_up_puts_money_in_the_drawer_and_credit_on_the_card() {
        let postings = topped_up().postings(HERE);
        let amount = |holder, unit| {
            let mine = postings.iter().filter(|posting| posting.account.holder == holder && posting.account.unit == unit);
            mine.map(|posting| posting.amount).sum::<i64>()
        };
        assert_eq!(amount(Holder::Member(MEMBER), Unit::Value(BRANCH)), 100_000);
        assert_eq!(amount(Holder::Member(MEMBER), Unit::Bonus(BRANCH)), 10_000);
        assert_eq!(amount(Holder::House(BRANCH, Purpose::Drawer), Unit::Money(1)), 100_000);
        assert_eq!(unbalanced(&postings), []);
        assert!(postings.iter().all(|posting| posting.account.place == HERE));
    }

    #[test]
    fn an_opening_posts_only_what_was_brought() {
        let postings = opening().postings(HERE);
        assert_eq!((postings.len(), unbalanced(&postings)), (4, vec![]));
        let points = Unit::Points { issuer: BRANCH, from: 20261121, until: 202712 };
        assert!(postings.iter().any(|posting| posting.account.unit == points && posting.amount == 386));
    }
}
