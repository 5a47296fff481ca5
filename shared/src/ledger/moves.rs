//! What leaves a place when so much is wanted of it.
use crate::base::{BranchId, Holder, MemberId, PackageId, Purpose, SaleId, StreamId, Unit};
use crate::facts::ledger::{Carried, Wanted};
use crate::facts::members::HEAD_OFFICE;
use crate::journal::{Fault, Read};
use crate::ledger::{balance, issuers, person, place};
use std::collections::BTreeMap;

/// What lies at a place that answers a want: accounts in their order, all of each.
///
/// # Errors
/// A fault of the store.
pub fn lying(db: &dyn Read, wanted: &Wanted, place: StreamId) -> Result<Vec<(Holder, Unit, i64)>, Fault> {
    match wanted {
        Wanted::Value(member, _) => of_member(db, *member, place, |unit| matches!(unit, Unit::Value(_) | Unit::Bonus(_))),
        Wanted::Points(member, _) => of_member(db, *member, place, |unit| matches!(unit, Unit::Points { .. })),
        Wanted::Returnable(sale) => returnable(db, *sale, place),
        Wanted::Uses(member, package) => of_member(db, *member, place, |unit| is_of(unit, *package)),
    }
}

fn is_of(unit: &Unit, package: PackageId) -> bool {
    matches!(unit, Unit::Uses(of, _) if *of == package)
}

fn of_member(db: &dyn Read, member: MemberId, place: StreamId, counts: impl Fn(&Unit) -> bool) -> Result<Vec<(Holder, Unit, i64)>, Fault> {
    let mut all = Vec::new();
    for member in person::of(db, member)? {
        let holder = Holder::Member(member);
        let mut held = balance::holdings(db, holder, place)?;
        issuers::in_order(db, member, &mut held, |(unit, _)| *unit)?;
        all.extend(held.into_iter().filter(|(unit, amount)| counts(unit) && *amount > 0).map(|(unit, amount)| (holder, unit, amount)));
    }
    Ok(all)
}

/// How much lies at each place that answers a want; asked once for all places.
///
/// # Errors
/// A fault of the store.
pub fn by_place(db: &dyn Read, wanted: &Wanted) -> Result<BTreeMap<StreamId, i64>, Fault> {
    let member = |member: MemberId| balance::of_person_everywhere(db, member);
    let held = match wanted {
        Wanted::Value(of, _) => kept(member(*of)?, |unit| matches!(unit, Unit::Value(_) | Unit::Bonus(_))),
        Wanted::Points(of, _) => kept(member(*of)?, |unit| matches!(unit, Unit::Points { .. })),
        Wanted::Uses(of, package) => kept(member(*of)?, |unit| is_of(unit, *package)),
        Wanted::Returnable(sale) => rights(db, *sale)?.into_iter().map(|(_, unit, place, amount)| (unit, place, amount)).collect(),
    };
    let mut places = BTreeMap::new();
    for (_, place, amount) in held.into_iter().filter(|(.., amount)| *amount > 0) {
        *places.entry(place).or_default() += amount;
    }
    Ok(places)
}

type Held = Vec<(Unit, StreamId, i64)>;

fn kept(mut held: Held, counts: impl Fn(&Unit) -> bool) -> Held {
    held.retain(|(unit, ..)| counts(unit));
    held
}

fn returnable(db: &dyn Read, sale: SaleId, place: StreamId) -> Result<Vec<(Holder, Unit, i64)>, Fault> {
    let mut rights = rights(db, sale)?;
    if rights.is_empty() && place::owner(db, place)?.branch().is_some() {
        // A branch may hold the right of another branch's stream, which it does not know: its own place is small enough to be looked through.
        rights = rights_of_strangers(db, sale, place)?;
    }
    rights.retain(|(.., at, amount)| *at == place && *amount > 0);
    Ok(rights.into_iter().map(|(holder, unit, _, amount)| (holder, unit, amount)).collect())
}

/// A holder's unit at a place.
type Right = (Holder, Unit, StreamId, i64);

/// Keys of the lines of a sale: one range of the unit column.
fn lines(sale: SaleId) -> [Vec<u8>; 2] {
    let (from, mut to) = (Unit::Right(sale, 0).key().to_vec(), Unit::Right(sale, u16::MAX).key().to_vec());
    to.push(0);
    [from, to]
}

/// The rights to return of a sale, wherever they lie. They belong to the branch in whose stream it was booked.
fn rights(db: &dyn Read, sale: SaleId) -> Result<Vec<Right>, Fault> {
    // Which branch sold?
    let sold = "select distinct s.branch from stream s join entry e on e.stream = s.stream and e.command = ?1 where s.branch <> x''";
    // Which of its rights are of this sale?
    let sql = "select unit, place, amount from balance where holder = ?1 and unit >= ?2 and unit < ?3 order by unit, place";
    let [from, to] = lines(sale);
    let mut rights = Vec::new();
    // A right that head office gave out is a coupon's: it is named by the coupon, which no branch booked.
    let branches = db.rows(sold, &[sale.into()])?.iter().map(|row| BranchId(row.raw(0))).collect::<Vec<_>>();
    for branch in branches.into_iter().chain([HEAD_OFFICE]) {
        let holder = Holder::House(branch, Purpose::Returnable);
        let rows = db.rows(sql, &[holder.key().into(), from.clone().into(), to.clone().into()])?;
        rights.extend(rows.iter().filter_map(|row| Some((holder, Unit::from_key(row.blob(0))?, StreamId(row.raw(1)), row.int(2)))));
    }
    Ok(rights)
}

fn rights_of_strangers(db: &dyn Read, sale: SaleId, place: StreamId) -> Result<Vec<Right>, Fault> {
    let sql = "select holder, unit, amount from balance where unit >= ?1 and unit < ?2 and place = ?3 order by unit";
    let [from, to] = lines(sale);
    let rows = db.rows(sql, &[from.into(), to.into(), place.into()])?;
    let read = |row: &crate::journal::Row| Some((Holder::from_key(row.blob(0))?, Unit::from_key(row.blob(1))?, place, row.int(2)));
    Ok(rows.iter().filter_map(read).filter(|(holder, ..)| matches!(holder, Holder::House(_, Purpose::Returnable))).collect())
}

/// The part of what lies there that answers the want: value and bonus in the ratio in which they lie over all issuers (bonus half up, principal
/// the rest), then issuers in order; points oldest first; returnable quantities whole.
pub fn share(wanted: &Wanted, lying: &[(Holder, Unit, i64)]) -> Vec<Carried> {
    let total: i64 = lying.iter().map(|(_, _, amount)| amount).sum();
    let amount = match wanted {
        Wanted::Value(_, amount) | Wanted::Points(_, amount) => (*amount).min(total),
        Wanted::Returnable(_) | Wanted::Uses(..) => total,
    };
    if amount <= 0 {
        return Vec::new();
    }
    let is_bonus = |unit: &Unit| matches!(unit, Unit::Bonus(_));
    let bonus: i64 = lying.iter().filter(|(_, unit, _)| is_bonus(unit)).map(|(_, _, amount)| amount).sum();
    let of_bonus = ((2 * i128::from(amount) * i128::from(bonus) + i128::from(total)) / (2 * i128::from(total))) as i64;
    let (mut bonus_left, mut rest_left) = (of_bonus.min(bonus), amount - of_bonus.min(bonus));
    let mut carried = Vec::new();
    for (holder, unit, lies) in lying {
        let left = if is_bonus(unit) { &mut bonus_left } else { &mut rest_left };
        let taken = (*lies).min(*left);
        *left -= taken;
        if taken > 0 {
            carried.push(Carried::new(*holder, *unit, taken));
        }
    }
    carried
}

/// The want less what is carried towards it; none once nothing is left to want.
pub fn rest(wanted: &Wanted, carried: &[Carried]) -> Option<Wanted> {
    let got: i64 = carried.iter().map(|carried| carried.amount).sum();
    match wanted {
        Wanted::Value(member, amount) => (got < *amount).then_some(Wanted::Value(*member, amount - got)),
        Wanted::Points(member, amount) => (got < *amount).then_some(Wanted::Points(*member, amount - got)),
        Wanted::Returnable(sale) => carried.is_empty().then_some(Wanted::Returnable(*sale)),
        // What lies at several places comes from all of them.
        Wanted::Uses(..) => Some(wanted.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MEMBER: MemberId = MemberId([1; 16]);

    fn lies(value: i64, bonus: i64) -> Vec<(Holder, Unit, i64)> {
        let (a, b) = (BranchId([1; 16]), BranchId([2; 16]));
        let holder = Holder::Member(MEMBER);
        vec![(holder, Unit::Value(a), value / 3), (holder, Unit::Value(b), value - value / 3), (holder, Unit::Bonus(a), bonus)]
    }

    #[test]
    fn value_and_bonus_travel_in_their_ratio() {
        let carried = share(&Wanted::Value(MEMBER, 20_000), &lies(100_000, 10_000));
        let bonus: i64 = carried.iter().filter(|c| matches!(c.account(), Some((_, Unit::Bonus(_))))).map(|c| c.amount).sum();
        assert_eq!((carried.iter().map(|c| c.amount).sum::<i64>(), bonus), (20_000, 1_818));
    }

    proptest! {
        #[test]
        fn never_more_than_lies_there_and_all_that_is_wanted(value in 0_i64..1_000_000, bonus in 0_i64..1_000_000, wanted in 0_i64..3_000_000) {
            let lying = lies(value, bonus);
            let wanted = Wanted::Value(MEMBER, wanted);
            let carried = share(&wanted, &lying);
            let got: i64 = carried.iter().map(|c| c.amount).sum();
            let Wanted::Value(_, asked) = wanted else { unreachable!("made above") };
            prop_assert_eq!(got, asked.min(value + bonus));
            for one in &carried {
                let (_, unit) = one.account().expect("positive and readable");
                let held = lying.iter().find(|(_, u, _)| *u == unit).map_or(0, |(_, _, amount)| *amount);
                prop_assert!(one.amount <= held);
            }
        }
    }
}
