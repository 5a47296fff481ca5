//! What is owed to members, day by day and issuer by issuer: every posting that gave a member value, bonus or points, or took it, whatever fact
//! it came with. So yesterday's sum and the day's moves are today's sum, to the cent. What only moves between places changes nothing.
use crate::base::day::HOUSE_ZONE;
use crate::base::{BranchId, BusinessDay, Holder, Posting, Unit};
use crate::journal::{Fault, Head, Read};
use crate::views::Rows;
use crate::{row, table};
use std::collections::BTreeMap;

table! {
    /// What one kind of fact gave to members and took from them on one business day; both positive. `unit` 1 principal, 2 bonus, 3 points.
    6, LIABILITY_DAY, "liability_day", Sum, First, Hub, v 1, [issuer Blob, unit Int, day Int, kind Int], [given Int, taken Int]
}

/// What is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Owed {
    Principal = 1,
    Bonus = 2,
    Points = 3,
}

fn owed(unit: Unit) -> Option<(Owed, BranchId)> {
    match unit {
        Unit::Value(issuer) => Some((Owed::Principal, issuer)),
        Unit::Bonus(issuer) => Some((Owed::Bonus, issuer)),
        Unit::Points { issuer, .. } => Some((Owed::Points, issuer)),
        _ => None,
    }
}

/// The rows of an entry's postings. `day`: that of the fact; none: head office's day of the stamp.
pub fn put(postings: &[Posting], day: Option<u32>, head: &Head, rows: &mut Rows) {
    let mut net: BTreeMap<(BranchId, Owed, Holder), i64> = BTreeMap::new();
    for Posting { account, amount } in postings {
        if let (Holder::Member(_), Some((what, issuer))) = (account.holder, owed(account.unit)) {
            *net.entry((issuer, what, account.holder)).or_default() += amount;
        }
    }
    net.retain(|_, amount| *amount != 0);
    let day = day.unwrap_or_else(|| BusinessDay::at(head.stamp.ms(), HOUSE_ZONE).0);
    for ((issuer, what, _), amount) in net {
        rows.put(&LIABILITY_DAY, row![issuer, what as u8, day, head.kind, amount.max(0), (-amount).max(0)]);
    }
}

/// What an issuer owed before a day.
///
/// # Errors
/// A fault of the store.
pub fn before(db: &dyn Read, issuer: BranchId, what: Owed, day: BusinessDay) -> Result<i64, Fault> {
    // What was given and not taken before this day?
    let sql = "select coalesce(cast(sum(given - taken) as bigint), 0) from liability_day where issuer = ?1 and unit = ?2 and day < ?3";
    db.number(sql, &[issuer.into(), (what as u8).into(), day.0.into()])
}

/// What kinds of facts gave and took in these days: (kind, given, taken).
///
/// # Errors
/// A fault of the store.
pub fn moves(db: &dyn Read, issuer: BranchId, what: Owed, from: BusinessDay, until: BusinessDay) -> Result<Vec<(u16, i64, i64)>, Fault> {
    // What was given and taken in these days, by kind of fact?
    let sql = "select kind, cast(sum(given) as bigint), cast(sum(taken) as bigint) from liability_day
               where issuer = ?1 and unit = ?2 and day >= ?3 and day <= ?4 group by kind order by kind";
    let rows = db.rows(sql, &[issuer.into(), (what as u8).into(), from.0.into(), until.0.into()])?;
    Ok(rows.iter().map(|row| (row.int(0) as u16, row.int(1), row.int(2))).collect())
}

/// The days among these on which something was given or taken.
///
/// # Errors
/// A fault of the store.
pub fn days(db: &dyn Read, issuer: BranchId, what: Owed, from: BusinessDay, until: BusinessDay) -> Result<Vec<BusinessDay>, Fault> {
    // On which of these days was anything given or taken?
    let sql = "select distinct day from liability_day where issuer = ?1 and unit = ?2 and day >= ?3 and day <= ?4 order by day";
    let rows = db.rows(sql, &[issuer.into(), (what as u8).into(), from.0.into(), until.0.into()])?;
    Ok(rows.iter().map(|row| BusinessDay(row.int(0) as u32)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Account, CommandId, MemberId, StreamId};
    use crate::journal::{Actor, Stamp, Value};
    use crate::views::Side;

    const ISSUER: BranchId = BranchId([7; 16]);

    fn head() -> Head {
        let (stream, command) = (StreamId([1; 16]), CommandId([2; 16]));
        // 2026-11-21 14:00 in China.
        let stamp = Stamp(1_795_240_800_000 << 16);
        Head { stream, seq: 1, stamp, by: Actor::System, command, part: 0, kind: 40, version: 1 }
    }

    fn posting(unit: Unit, place: u8, amount: i64) -> Posting {
        let holder = Holder::Member(MemberId([3; 16]));
        Posting { account: Account { holder, unit, place: StreamId([place; 16]) }, amount }
    }

    fn folded(postings: &[Posting], day: Option<u32>) -> Vec<Vec<Value>> {
        let mut rows = Rows::new(Side::Hub);
        put(postings, day, &head(), &mut rows);
        rows.settle().into_iter().map(|row| row.values).collect()
    }

    #[test]
    fn what_only_moves_between_places_changes_nothing() {
        let unit = Unit::Value(ISSUER);
        assert_eq!(folded(&[posting(unit, 1, -500), posting(unit, 2, 500)], None), Vec::<Vec<Value>>::new());
    }

    #[test]
    fn points_of_several_months_are_one_row_and_the_day_is_the_facts_own() {
        let points = |until| Unit::Points { issuer: ISSUER, from: 0, until };
        let given = [posting(points(202_711), 1, 300), posting(points(202_712), 1, 86), posting(Unit::Bonus(ISSUER), 1, -20)];
        let wanted = vec![row![ISSUER, 2, 20_261_120, 40, 0, 20], row![ISSUER, 3, 20_261_120, 40, 386, 0]];
        assert_eq!(folded(&given, Some(20_261_120)), wanted);
        let own = folded(&[posting(Unit::Bonus(ISSUER), 1, 5)], None);
        assert_eq!(own, vec![row![ISSUER, 2, 20_261_121, 40, 5, 0]], "without one, that of the stamp at head office");
    }
}
