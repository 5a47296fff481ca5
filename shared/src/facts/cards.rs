//! What is done to a member's card at a desk: issuing and replacing it, taking value off it, giving value to a friend, putting a balance right.
use super::sales::{Occasion, Part};
use super::{Audience, Fact, Writer, transfer};
use crate::base::{BranchId, CommandId, Holder, MemberId, Money, Posting, Purpose, SaleId, StreamId, Unit};
use minicbor::{Decode, Encode};

/// A deposit (押金) that is owed back: held as a right, so that it is paid back once, wherever that is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Deposit {
    /// The issuing that took it.
    #[n(0)]
    pub of: CommandId,
    /// The branch that took it.
    #[n(1)]
    pub branch: BranchId,
    #[n(2)]
    pub amount: Money,
}

/// A member has another card: a first one, one more, or one instead of an old one (换卡). Fee and deposit are different money.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CardIssued {
    #[n(0)]
    pub id: CommandId,
    #[n(1)]
    pub at: Occasion,
    #[n(2)]
    pub receipt_no: String,
    #[n(3)]
    pub member: MemberId,
    #[n(4)]
    pub number: String,
    /// The card that is dead from now on.
    #[n(5)]
    pub instead_of: Option<String>,
    /// Income (工本费).
    #[n(6)]
    pub fee: Money,
    /// Owed back when the card is closed.
    #[n(7)]
    pub deposit: Money,
    /// Code of the tender that paid both.
    #[n(8)]
    pub tender: String,
}

/// Principal was paid out; the bonus that came with it is forfeited (R15). Closing takes all, gives deposits back and lets points lapse.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Withdrawn {
    #[n(0)]
    pub at: Occasion,
    #[n(1)]
    pub receipt_no: String,
    #[n(2)]
    pub member: MemberId,
    /// Principal by issuer.
    #[n(3)]
    pub parts: Vec<Part>,
    /// Bonus by issuer, and points when the card is closed.
    #[n(4)]
    pub forfeited: Vec<Part>,
    #[n(5)]
    pub deposits: Vec<Deposit>,
    /// Code of the tender that paid out.
    #[n(6)]
    pub tender: String,
    /// Principal and deposits together.
    #[n(7)]
    pub paid_out: Money,
    #[n(8)]
    pub bonus: Money,
    #[n(9)]
    pub principal_after: Money,
    #[n(10)]
    pub bonus_after: Money,
    #[n(11)]
    pub reason: String,
    #[n(12)]
    pub closed: bool,
}

/// A member gave principal to another (R25): not a top-up, no gift, no commission.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ValueGiven {
    #[n(0)]
    pub at: Occasion,
    #[n(1)]
    pub receipt_no: String,
    #[n(2)]
    pub member: MemberId,
    #[n(3)]
    pub to: MemberId,
    /// Principal by issuer: it keeps its issuer.
    #[n(4)]
    pub parts: Vec<Part>,
    #[n(5)]
    pub amount: Money,
    /// Of the giver, as they lie here.
    #[n(6)]
    pub principal_after: Money,
    #[n(7)]
    pub bonus_after: Money,
    #[n(8)]
    pub reason: String,
}

/// A balance was put right by two people, with a reason.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ValueAdjusted {
    #[n(0)]
    pub at: Occasion,
    #[n(1)]
    pub receipt_no: String,
    #[n(2)]
    pub member: MemberId,
    /// What the member gets, by issuer.
    #[n(3)]
    pub given: Vec<Part>,
    /// What is taken, by issuer.
    #[n(4)]
    pub taken: Vec<Part>,
    #[n(5)]
    pub principal_after: Money,
    #[n(6)]
    pub bonus_after: Money,
    #[n(7)]
    pub reason: String,
}

/// Each part from one holder to another.
fn parts(parts: &[Part], from: Holder, to: Holder, here: StreamId) -> impl Iterator<Item = Posting> {
    let units = parts.iter().filter_map(|part| Unit::from_key(&part.unit).map(|unit| (unit, part.amount)));
    units.flat_map(move |(unit, amount)| transfer(unit, from, to, amount, here))
}

fn deposit_right(of: CommandId) -> Unit {
    Unit::Right(SaleId::from(of), 0)
}

impl Fact for CardIssued {
    const KIND: u16 = 46;
    const NAME: &'static str = "card_issued";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let house = |purpose| Holder::House(self.at.branch, purpose);
        let mut postings = self.at.takes_in(&self.tender, Money::from_minor(self.fee.minor() + self.deposit.minor()), here);
        if !self.deposit.is_zero() {
            let right = deposit_right(self.id);
            postings.extend(transfer(right, Holder::Outside, house(Purpose::Returnable), self.deposit.minor(), here));
        }
        postings
    }

    /// A card may be closed at any branch, which must know of the deposit.
    fn audience(&self) -> Audience {
        Audience::Chain
    }
}

impl Fact for Withdrawn {
    const KIND: u16 = 47;
    const NAME: &'static str = "withdrawn";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    /// What the issuer owes the branch that pays out is what was redeemed there; what is forfeited goes back to its issuer.
    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let house = |purpose| Holder::House(self.at.branch, purpose);
        let member = Holder::Member(self.member);
        let mut postings = self.at.pays_out(&self.tender, self.paid_out, here);
        postings.extend(parts(&self.parts, member, house(Purpose::Redeemed), here));
        postings.extend(parts(&self.forfeited, member, house(Purpose::Issued), here));
        for deposit in &self.deposits {
            let held = Holder::House(deposit.branch, Purpose::Returnable);
            postings.extend(transfer(deposit_right(deposit.of), held, Holder::Outside, deposit.amount.minor(), here));
        }
        postings
    }
}

impl Fact for ValueGiven {
    const KIND: u16 = 48;
    const NAME: &'static str = "value_given";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        parts(&self.parts, Holder::Member(self.member), Holder::Member(self.to), here).collect()
    }
}

impl Fact for ValueAdjusted {
    const KIND: u16 = 49;
    const NAME: &'static str = "value_adjusted";
    const WRITER: Writer = Writer::Edge;
    const DAY: fn(&Self) -> Option<u32> = |fact| Some(fact.at.day);

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let (issued, member) = (Holder::House(self.at.branch, Purpose::Issued), Holder::Member(self.member));
        parts(&self.given, issued, member, here).chain(parts(&self.taken, member, issued, here)).collect()
    }
}

#[cfg(test)]
#[path = "cards_golden.rs"]
mod golden;
