//! Accounts and postings. Everything that can be counted lies in an account (holder, unit, place); a fact's postings follow from the fact
//! alone and sum to zero per unit. A place is a stream: only that stream takes from it.
use super::bytes::Bytes;
use super::ids::{BranchId, MemberId, PackageId, ProductNo, SaleId, StreamId, TransferId};

/// What a house account is for. The number is part of stored keys and never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Purpose {
    /// Goods on the shelf.
    Stock = 1,
    /// Money in the drawers of a branch.
    Drawer = 2,
    /// Quantities of sale lines that may still come back.
    Returnable = 3,
    /// Ranges of card numbers.
    Cards = 4,
    /// Value, bonus and points given out: the mirror of members' credit. Not stored.
    Issued = 5,
    /// Value, bonus and points taken in by this branch. Not stored here; settlement reads a view of its own.
    Redeemed = 6,
    /// Goods gone to customers. Not stored.
    Sold = 7,
}

impl Purpose {
    const ALL: [Purpose; 7] = {
        use Purpose::*;
        [Stock, Drawer, Returnable, Cards, Issued, Redeemed, Sold]
    };

    pub fn from_number(number: u8) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|purpose| *purpose as u8 == number)
    }
}

/// Whose account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    Member(MemberId),
    House(BranchId, Purpose),
    Debt(MemberId),
    Transit(TransferId),
    Outside,
}

/// What is counted. `Value`, `Bonus` and `Points` name the branch that issued them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Prepaid principal, minor units.
    Value(BranchId),
    /// Prepaid bonus, minor units.
    Bonus(BranchId),
    /// Points, spendable from business day `from` (yyyymmdd), no longer from month `until` (yyyymm); debt has 0 and 0.
    Points { issuer: BranchId, from: u32, until: u32 },
    /// The right to take back a sale line, thousandths of a piece.
    Right(SaleId, u16),
    /// Goods, thousandths of the selling unit.
    Goods(ProductNo),
    /// Money of one tender, minor units; the number is that of `Tender`.
    Money(u8),
    /// Uses left of one item of a sold package.
    Uses(PackageId, u16),
}

/// One balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Account {
    pub holder: Holder,
    pub unit: Unit,
    pub place: StreamId,
}

/// An amount added to one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    pub account: Account,
    pub amount: i64,
}

impl Holder {
    /// Key bytes. A member's are its id, untagged, so that a cluster can join `balance` with member tables on equal first columns.
    pub fn key(&self) -> Bytes {
        match self {
            Holder::Member(member) => member.0.into(),
            Holder::House(branch, purpose) => Bytes::of(&[branch.bytes(), &[*purpose as u8]]),
            Holder::Debt(member) => Bytes::of(&[member.bytes(), &[0x80]]),
            Holder::Transit(transfer) => Bytes::of(&[transfer.bytes(), &[0x81]]),
            Holder::Outside => [0].into(),
        }
    }

    /// The holder whose key bytes these are; none if they are no key.
    pub fn from_key(key: &[u8]) -> Option<Holder> {
        let id = |bytes: &[u8]| <[u8; 16]>::try_from(bytes).ok();
        match (key.len(), key.get(16)) {
            (1, _) if key[0] == 0 => Some(Holder::Outside),
            (16, _) => Some(Holder::Member(MemberId(id(key)?))),
            (17, Some(0x80)) => Some(Holder::Debt(MemberId(id(&key[..16])?))),
            (17, Some(0x81)) => Some(Holder::Transit(TransferId(id(&key[..16])?))),
            (17, Some(&purpose)) => Some(Holder::House(BranchId(id(&key[..16])?), Purpose::from_number(purpose)?)),
            _ => None,
        }
    }

    /// Somebody spends from it or counts it; the others are mirror images and are not stored.
    pub fn stored(&self) -> bool {
        match self {
            Holder::Member(_) | Holder::Debt(_) | Holder::Transit(_) => true,
            Holder::House(_, purpose) => matches!(purpose, Purpose::Stock | Purpose::Drawer | Purpose::Returnable | Purpose::Cards),
            Holder::Outside => false,
        }
    }
}

impl Unit {
    /// Key bytes: a tag, then the parts.
    pub fn key(&self) -> Bytes {
        match self {
            Unit::Value(issuer) => Bytes::of(&[&[1], issuer.bytes()]),
            Unit::Bonus(issuer) => Bytes::of(&[&[2], issuer.bytes()]),
            Unit::Points { issuer, from, until } => Bytes::of(&[&[3], issuer.bytes(), &until.to_be_bytes(), &from.to_be_bytes()]),
            Unit::Right(sale, line) => Bytes::of(&[&[4], sale.bytes(), &line.to_be_bytes()]),
            Unit::Goods(product) => Bytes::of(&[&[5], &product.0.to_be_bytes()]),
            Unit::Money(tender) => [6, *tender].into(),
            Unit::Uses(package, item) => Bytes::of(&[&[7], package.bytes(), &item.to_be_bytes()]),
        }
    }

    /// The unit whose key bytes these are; none if they are no key.
    pub fn from_key(key: &[u8]) -> Option<Unit> {
        let (tag, rest) = key.split_first()?;
        let id = |bytes: &[u8]| <[u8; 16]>::try_from(bytes).ok();
        let number = |bytes: &[u8]| <[u8; 4]>::try_from(bytes).ok().map(u32::from_be_bytes);
        match (tag, rest.len()) {
            (1, 16) => Some(Unit::Value(BranchId(id(rest)?))),
            (2, 16) => Some(Unit::Bonus(BranchId(id(rest)?))),
            (3, 24) => Some(Unit::Points { issuer: BranchId(id(&rest[..16])?), until: number(&rest[16..20])?, from: number(&rest[20..])? }),
            (4, 18) => Some(Unit::Right(SaleId(id(&rest[..16])?), u16::from_be_bytes([rest[16], rest[17]]))),
            (5, 4) => Some(Unit::Goods(ProductNo(number(rest)?))),
            (6, 1) => Some(Unit::Money(rest[0])),
            (7, 18) => Some(Unit::Uses(PackageId(id(&rest[..16])?), u16::from_be_bytes([rest[16], rest[17]]))),
            _ => None,
        }
    }
}

impl Account {
    /// Guarded accounts never go below zero; open ones may, and a query lists them.
    pub fn guarded(&self) -> bool {
        match (self.unit, self.holder) {
            (_, Holder::Outside) => false,
            (Unit::Right(..), _) => true,
            (Unit::Goods(_) | Unit::Money(_), _) => false,
            (_, Holder::House(..) | Holder::Debt(_)) => false,
            (Unit::Value(_) | Unit::Bonus(_) | Unit::Points { .. } | Unit::Uses(..), Holder::Member(_) | Holder::Transit(_)) => true,
        }
    }
}

/// The units that do not sum to zero, with what is left of each; empty for every sound fact.
pub fn unbalanced(postings: &[Posting]) -> Vec<(Unit, i64)> {
    // Nearly all are transfers: pairs that sum to zero by themselves.
    let zero = |pair: &[Posting]| matches!(pair, [from, to] if from.account.unit == to.account.unit && from.amount.checked_add(to.amount) == Some(0));
    if postings.chunks(2).all(zero) {
        return Vec::new();
    }
    let mut amounts: Vec<(Unit, i64)> = postings.iter().map(|posting| (posting.account.unit, posting.amount)).collect();
    amounts.sort_unstable_by_key(|(unit, _)| *unit);
    let units = amounts.chunk_by(|a, b| a.0 == b.0);
    let sums = units.map(|amounts| (amounts[0].0, amounts.iter().map(|(_, amount)| amount).sum()));
    sums.filter(|(_, sum): &(Unit, i64)| *sum != 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_keys_are_read_back() {
        let branch = BranchId([3; 16]);
        for unit in [
            Unit::Value(branch),
            Unit::Bonus(branch),
            Unit::Points { issuer: branch, from: 20261128, until: 202712 },
            Unit::Right(SaleId([9; 16]), 4),
            Unit::Goods(ProductNo(70_000)),
            Unit::Money(2),
            Unit::Uses(PackageId([7; 16]), 1),
        ] {
            assert_eq!(Unit::from_key(&unit.key()), Some(unit));
        }
        assert_eq!(Unit::from_key(&[]), None);
        assert_eq!(Unit::from_key(&[1, 2]), None);
    }

    #[test]
    fn holder_keys_are_read_back() {
        let (member, branch) = (MemberId([4; 16]), BranchId([5; 16]));
        let houses = Purpose::ALL.map(|purpose| Holder::House(branch, purpose));
        let others = [Holder::Member(member), Holder::Debt(member), Holder::Transit(TransferId([6; 16])), Holder::Outside];
        for holder in houses.into_iter().chain(others) {
            assert_eq!(Holder::from_key(&holder.key()), Some(holder));
        }
        assert_eq!(Holder::from_key(&[1; 18]), None);
    }

    #[test]
    fn a_right_is_guarded_even_in_a_house() {
        let place = StreamId([0; 16]);
        let right = Unit::Right(SaleId([1; 16]), 0);
        let house = Holder::House(BranchId([2; 16]), Purpose::Returnable);
        assert!(Account { holder: house, unit: right, place }.guarded());
        assert!(!Account { holder: Holder::Outside, unit: right, place }.guarded());
        assert!(!Account { holder: house, unit: Unit::Money(0), place }.guarded());
    }
}
