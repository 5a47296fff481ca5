//! Balances, by holder, unit and place. An edge keeps rows of its own place only; the hub keeps all.
use crate::base::guards::{Guard, on};
use crate::base::{Account, Holder, MemberId, Posting, StreamId, Unit};
use crate::journal::{Fault, Read, Refusal, Row, Value};
use crate::ledger::person;
use crate::views::{Rows, Side};
use crate::{row, table};

table! {
    /// What lies in each account.
    1, BALANCE, "balance", Sum, First, Both, v 1, [holder Blob, unit Blob, place Blob], [amount Int]
}

/// The rows of postings. At an edge only those of its own place `here`.
pub fn put(postings: &[Posting], here: Option<StreamId>, rows: &mut Rows) {
    for Posting { account, amount } in postings {
        let kept = rows.side() == Side::Hub || Some(account.place) == here;
        if kept && account.holder.stored() && *amount != 0 {
            rows.put(&BALANCE, row![account.holder.key(), account.unit.key(), account.place, *amount]);
        }
    }
}

// What lies in this account?
const AMOUNT: &str = "select amount from balance where holder = ?1 and unit = ?2 and place = ?3";
// What has this holder here?
const HOLDINGS: &str = "select unit, amount from balance where holder = ?1 and place = ?2 and amount <> 0 order by unit";
// What has this member here, and what does it owe here? Its own key and that of its debt, which begins with the same bytes, are one stretch.
const OF_MEMBER: &str =
    "select holder, unit, amount from balance where holder >= ?1 and holder <= ?2 and place = ?3 and amount <> 0 order by holder, unit";
// What has this holder anywhere?
const EVERYWHERE: &str = "select unit, place, amount from balance where holder = ?1 and amount <> 0 order by unit, place";

/// What lies in one account.
///
/// # Errors
/// A fault of the store.
pub fn amount(db: &dyn Read, account: &Account) -> Result<i64, Fault> {
    db.number(AMOUNT, &[account.holder.key().into(), account.unit.key().into(), account.place.into()])
}

/// What a holder has at one place, by unit.
///
/// # Errors
/// A fault of the store.
pub fn holdings(db: &dyn Read, holder: Holder, place: StreamId) -> Result<Vec<(Unit, i64)>, Fault> {
    let rows = db.rows(HOLDINGS, &[holder.key().into(), place.into()])?;
    Ok(rows.iter().filter_map(|row| Some((Unit::from_key(row.blob(0))?, row.int(1)))).collect())
}

/// What the person that a member is has at one place, and what the member owes there, by unit.
///
/// # Errors
/// A fault of the store.
#[expect(clippy::type_complexity, reason = "two lists of one kind")]
pub fn of_member(db: &dyn Read, member: MemberId, place: StreamId) -> Result<(Vec<(Unit, i64)>, Vec<(Unit, i64)>), Fault> {
    let debt = Holder::Debt(member).key();
    let (mut has, mut owes) = (Vec::new(), Vec::new());
    for row in db.rows(OF_MEMBER, &[member.into(), debt.clone().into(), place.into()])? {
        let list = match row.blob(0) {
            holder if *holder == *debt => &mut owes,
            holder if holder == member.bytes() => &mut has,
            _ => continue,
        };
        list.extend(Unit::from_key(row.blob(1)).map(|unit| (unit, row.int(2))));
    }
    for other in person::of(db, member)?.into_iter().filter(|other| *other != member) {
        add(&mut has, holdings(db, Holder::Member(other), place)?);
    }
    Ok((has, owes))
}

/// What the person that a member is has at one place, by unit.
///
/// # Errors
/// A fault of the store.
pub fn of_person(db: &dyn Read, member: MemberId, place: StreamId) -> Result<Vec<(Unit, i64)>, Fault> {
    let mut has = Vec::new();
    for one in person::of(db, member)? {
        add(&mut has, holdings(db, Holder::Member(one), place)?);
    }
    Ok(has)
}

/// What the person that a member is has, by unit and place; whole at the hub, at an edge its own place.
///
/// # Errors
/// A fault of the store.
pub fn of_person_everywhere(db: &dyn Read, member: MemberId) -> Result<Vec<(Unit, StreamId, i64)>, Fault> {
    let mut has = Vec::new();
    for one in person::of(db, member)? {
        has.extend(everywhere(db, Holder::Member(one))?);
    }
    Ok(has)
}

fn add(has: &mut Vec<(Unit, i64)>, more: Vec<(Unit, i64)>) {
    if has.is_empty() {
        return *has = more;
    }
    for (unit, amount) in more {
        match has.iter_mut().find(|(held, _)| *held == unit) {
            Some((_, lies)) => *lies += amount,
            None => has.push((unit, amount)),
        }
    }
    has.sort_unstable_by_key(|(unit, _)| *unit);
}

/// How much of a unit lies at a place.
pub type Lying = (Unit, StreamId, i64);

/// What a holder has, by unit and place; whole at the hub, at an edge its own place.
///
/// # Errors
/// A fault of the store.
pub fn everywhere(db: &dyn Read, holder: Holder) -> Result<Vec<Lying>, Fault> {
    db.rows(EVERYWHERE, &[holder.key().into()]).map(|rows| lying(&rows))
}

/// The same of each of many holders.
///
/// # Errors
/// A fault of the store.
pub fn everywhere_each(db: &dyn Read, holders: impl Iterator<Item = Holder>) -> Result<Vec<Vec<Lying>>, Fault> {
    let keys: Vec<Value> = holders.map(|holder| holder.key().into()).collect();
    Ok(db.rows_each(EVERYWHERE, &keys)?.iter().map(|rows| lying(rows)).collect())
}

fn lying(rows: &[Row]) -> Vec<Lying> {
    rows.iter().filter_map(|row| Some((Unit::from_key(row.blob(0))?, StreamId(row.raw(1)), row.int(2)))).collect()
}

/// The guard: what is decided here takes from no guarded account of this place more than lies in it.
///
/// # Errors
/// `NotEnoughHere` for the first account that would go below zero.
pub fn guard<'p>(db: &dyn Read, postings: impl Iterator<Item = &'p Posting>, here: StreamId) -> Result<Result<(), Refusal>, Fault> {
    let guarded = postings.filter(|posting| posting.account.place == here && posting.account.guarded());
    let mut taken: Vec<(Account, i64)> = guarded.map(|posting| (posting.account, posting.amount)).collect();
    taken.sort_unstable_by_key(|(account, _)| *account);
    let accounts = taken.chunk_by(|a, b| a.0 == b.0);
    let accounts = accounts.map(|amounts| (amounts[0].0, amounts.iter().map(|(_, amount)| amount).sum::<i64>()));
    for (account, change) in accounts.filter(|(_, change)| *change < 0) {
        let lies = amount(db, &account)?;
        let held = on(Guard::Balance) && (on(Guard::Returnable) || !matches!(account.unit, Unit::Right(..)));
        if lies + change < 0 && held {
            return Ok(Err(Refusal::NotEnoughHere { wanted: -change, here: lies, elsewhere: Vec::new() }));
        }
    }
    Ok(Ok(()))
}
