//! What members bring from an older system beside value and points, and openings that are taken back because a file was wrong.
use super::ledger::Carried;
use super::packages::PackageItem;
use super::{Audience, Fact, Writer, transfer};
use crate::base::{BranchId, CommandId, DocumentId, Holder, MemberId, Money, PackageId, Posting, Purpose, StreamId, Unit};
use minicbor::{Decode, Encode};

/// A member brings the uses left of a package.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PackageOpened {
    #[n(0)]
    pub id: PackageId,
    #[n(1)]
    pub member: MemberId,
    /// The home branch, or `HEAD_OFFICE`.
    #[n(2)]
    pub issuer: BranchId,
    #[n(3)]
    pub kind: DocumentId,
    #[n(4)]
    pub name: String,
    /// With the uses that are left.
    #[n(5)]
    pub items: Vec<PackageItem>,
    /// What the uses left are worth.
    #[n(6)]
    pub price: Money,
    /// Last business day, yyyymmdd; 0: no end.
    #[n(7)]
    pub ends: u32,
    /// Where it is good; empty: everywhere.
    #[n(8)]
    pub branches: Vec<BranchId>,
    /// Business day on which it was brought.
    #[n(9)]
    pub day: u32,
    #[n(10)]
    pub at_ms: i64,
    /// The file it came with; none: alone.
    #[n(11)]
    pub batch: Option<CommandId>,
}

/// An opening is taken back: what still lies at head office goes, what does not is owed by the member until it comes in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct OpeningReversed {
    /// The command that booked it.
    #[n(0)]
    pub opening: CommandId,
    #[n(1)]
    pub member: MemberId,
    #[n(2)]
    pub issuer: BranchId,
    /// Of the member, and of the member's debt: together what was booked.
    #[n(3)]
    pub accounts: Vec<Carried>,
    #[n(4)]
    pub at_ms: i64,
}

impl Fact for PackageOpened {
    const KIND: u16 = 56;
    const NAME: &'static str = "package_opened";
    const WRITER: Writer = Writer::Hub;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let (issued, member) = (Holder::House(self.issuer, Purpose::Issued), Holder::Member(self.member));
        let items = (0_u16..).zip(&self.items);
        items.flat_map(|(no, item)| transfer(Unit::Uses(self.id, no), issued, member, item.paid + item.gift, here)).collect()
    }

    /// Its uses may come to any branch, which must know what they are good for.
    fn audience(&self) -> Audience {
        Audience::Chain
    }
}

impl Fact for OpeningReversed {
    const KIND: u16 = 57;
    const NAME: &'static str = "opening_reversed";
    const WRITER: Writer = Writer::Hub;

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let issued = Holder::House(self.issuer, Purpose::Issued);
        let accounts = self.accounts.iter().filter_map(|carried| carried.account().map(|(holder, unit)| (holder, unit, carried.amount)));
        accounts.flat_map(|(holder, unit, amount)| transfer(unit, holder, issued, amount, here)).collect()
    }
}

#[cfg(test)]
mod golden {
    //! Released bytes and postings. A line here is never changed.
    use super::*;
    use crate::base::account::unbalanced;
    use crate::base::{Account, ProductNo};
    use crate::facts::hex;
    use crate::journal::command::encoded;

    const MEMBER: MemberId = MemberId([0x11; 16]);
    const BRANCH: BranchId = BranchId([0x22; 16]);
    const HERE: StreamId = StreamId([0x33; 16]);

    fn opened() -> PackageOpened {
        let item = PackageItem {
            services: vec![ProductNo(21)],
            paid: 6,
            gift: 2,
            price: Money::from_minor(65_334),
            list_price: Money::from_minor(12_800),
            daily: false,
            from_minute: 0,
            until_minute: 1_440,
        };
        PackageOpened {
            id: PackageId([0x44; 16]),
            member: MEMBER,
            issuer: BRANCH,
            kind: DocumentId([0x55; 16]),
            name: "面部护理".into(),
            items: vec![item],
            price: Money::from_minor(65_334),
            ends: 20_270_630,
            branches: vec![],
            day: 20_261_121,
            at_ms: 5,
            batch: Some(CommandId([0x66; 16])),
        }
    }

    #[test]
    fn golden_bytes() {
        assert_eq!(hex(&encoded(&opened())), include_str!("golden/package_opened.1.hex").trim());
        assert_eq!(minicbor::decode::<PackageOpened>(&encoded(&opened())).expect("its own bytes"), opened());
        let unit = Unit::Uses(PackageId([0x44; 16]), 0);
        let at = |holder, amount| Posting { account: Account { holder, unit, place: HERE }, amount };
        let postings = opened().postings(HERE);
        assert_eq!(postings, [at(Holder::House(BRANCH, Purpose::Issued), -8), at(Holder::Member(MEMBER), 8)]);
    }

    #[test]
    fn golden_bytes_of_one_taken_back() {
        let value = Unit::Value(BRANCH);
        let accounts = vec![Carried::new(Holder::Member(MEMBER), value, 3_000), Carried::new(Holder::Debt(MEMBER), value, 2_000)];
        let reversed = OpeningReversed { opening: CommandId([0x77; 16]), member: MEMBER, issuer: BRANCH, accounts, at_ms: 5 };
        let unit = format!("5101{}", hex(&[0x22; 16]));
        let (member, debt) = (format!("50{}", hex(&[0x11; 16])), format!("51{}80", hex(&[0x11; 16])));
        let wanted = format!("8550{}{member}50{}8283{member}{unit}190bb883{debt}{unit}1907d005", hex(&[0x77; 16]), hex(&[0x22; 16]));
        assert_eq!(hex(&encoded(&reversed)), wanted);
        assert_eq!(minicbor::decode::<OpeningReversed>(&encoded(&reversed)).expect("its own bytes"), reversed);
        let postings = reversed.postings(HERE);
        assert_eq!((postings.len(), unbalanced(&postings)), (4, vec![]));
        assert_eq!(postings[0].amount, -3_000);
        assert_eq!(postings[2], Posting { account: Account { holder: Holder::Debt(MEMBER), unit: value, place: HERE }, amount: -2_000 });
    }
}
