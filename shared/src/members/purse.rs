//! What a member has at one place: what a till there may take, exactly.
use crate::base::{BusinessDay, MemberId, Money, StreamId, Unit};
use crate::journal::{Fault, Read};
use crate::ledger::balance;

/// Value and points of a member at one place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purse {
    pub principal: Money,
    pub bonus: Money,
    /// Points that may be spent on the day asked for.
    pub points: i64,
    /// Points that mature later.
    pub pending: i64,
    /// Value owed, minor units; above zero.
    pub debt: Money,
}

impl Purse {
    /// Principal and bonus.
    pub fn total(&self) -> Money {
        Money::from_minor(self.principal.minor().saturating_add(self.bonus.minor()))
    }
}

/// What lies at a place for a member on a business day.
///
/// # Errors
/// A fault of the store.
pub fn purse(db: &dyn Read, member: MemberId, place: StreamId, day: BusinessDay) -> Result<Purse, Fault> {
    let (mine, owed) = balance::of_member(db, member, place)?;
    Ok(of(&mine, &owed, day))
}

/// The purse that a member's holdings and debts make on a business day.
pub fn of(mine: &[(Unit, i64)], owed: &[(Unit, i64)], day: BusinessDay) -> Purse {
    let mut purse = mine.iter().fold(Purse::default(), |purse, (unit, amount)| added(purse, *unit, *amount, day));
    let debt = owed.iter().filter(|(unit, _)| matches!(unit, Unit::Value(_) | Unit::Bonus(_))).map(|(_, amount)| amount.abs()).sum();
    purse.debt = Money::from_minor(debt);
    purse
}

/// What the person that a member is has at every place: whole at the hub, at an edge its own place.
///
/// # Errors
/// A fault of the store.
pub fn by_place(db: &dyn Read, member: MemberId, day: BusinessDay) -> Result<Vec<(StreamId, Purse)>, Fault> {
    let mut places: std::collections::BTreeMap<StreamId, Purse> = std::collections::BTreeMap::new();
    for (unit, place, amount) in balance::of_person_everywhere(db, member)? {
        let purse = places.entry(place).or_default();
        *purse = added(*purse, unit, amount, day);
    }
    Ok(places.into_iter().collect())
}

fn added(mut purse: Purse, unit: Unit, amount: i64, day: BusinessDay) -> Purse {
    let plus = |money: Money| Money::from_minor(money.minor().saturating_add(amount));
    match unit {
        Unit::Value(_) => purse.principal = plus(purse.principal),
        Unit::Bonus(_) => purse.bonus = plus(purse.bonus),
        Unit::Points { until, .. } if until != 0 && until <= day.month().0 => {}
        Unit::Points { from, .. } if from > day.0 => purse.pending += amount,
        Unit::Points { .. } => purse.points += amount,
        Unit::Right(..) | Unit::Goods(_) | Unit::Money(_) | Unit::Uses(..) => {}
    }
    purse
}
