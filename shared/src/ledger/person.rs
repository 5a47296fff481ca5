//! Who is one person: head office merges members, and takes one out again. Nothing is moved and nothing is rewritten: every account stays the
//! member's whose it is, and whoever asks for one member of a person is answered for all of them. What a decision takes beyond what the member
//! named in it has, it draws from the others, so that the postings tell whose it was.
use crate::base::{Account, Holder, MemberId, Posting, StreamId, Unit};
use crate::facts::ledger::{Carried, Drawn};
use crate::facts::members::{Merged, Unmerged};
use crate::journal::memory::kept;
use crate::journal::{Fault, Head, Read};
use crate::ledger::balance;
use crate::views::Rows;
use crate::{row, table};
use std::collections::BTreeMap;

table! {
    /// Who stands for a member that was merged; itself, once it was taken out again.
    8, PERSON, "person", Greatest, Everywhere, Both, v 1, [member Blob], [stamp Int, stream Blob, seq Int, survivor Blob],
    index "person_survivor" on "survivor"
}

pub fn fold_merged(merged: &Merged, head: &Head, rows: &mut Rows) {
    for member in &merged.members {
        rows.put(&PERSON, row![*member, head.stamp.0, head.stream, head.seq, merged.survivor]);
    }
}

pub fn fold_unmerged(unmerged: &Unmerged, head: &Head, rows: &mut Rows) {
    rows.put(&PERSON, row![unmerged.member, head.stamp.0, head.stream, head.seq, unmerged.member]);
}

/// Whether anybody was ever merged.
#[derive(Clone, Copy)]
struct Anybody(bool);

fn anybody(db: &dyn Read) -> Result<bool, Fault> {
    // Was anybody ever merged?
    let load = || Ok(Anybody(db.row("select 1 from person limit 1", &[])?.is_some()));
    Ok(kept(db, [0; 16], load)?.0)
}

/// Who stands for this member: the survivor it was merged into, else itself.
///
/// # Errors
/// A fault of the store.
pub fn survivor(db: &dyn Read, member: MemberId) -> Result<MemberId, Fault> {
    if !anybody(db)? {
        return Ok(member);
    }
    // Into whom was this member merged?
    let row = db.row("select survivor from person where member = ?1", &[member.into()])?;
    Ok(row.map_or(member, |row| MemberId(row.raw(0))))
}

/// All members of the person that this member is, the one who stands for them first.
///
/// # Errors
/// A fault of the store.
pub fn of(db: &dyn Read, member: MemberId) -> Result<Vec<MemberId>, Fault> {
    if !anybody(db)? {
        return Ok(vec![member]);
    }
    let survivor = survivor(db, member)?;
    // Who was merged into this one?
    let rows = db.rows("select member from person where survivor = ?1 order by member", &[survivor.into()])?;
    let others = rows.iter().map(|row| MemberId(row.raw(0))).filter(|other| *other != survivor);
    Ok(std::iter::once(survivor).chain(others).collect())
}

/// What a decision draws from other members of a person, because the one it names has not enough at this place; nothing where that one has.
///
/// # Errors
/// A fault of the store.
pub fn drawn<'p>(db: &dyn Read, postings: impl Iterator<Item = &'p Posting>, here: StreamId) -> Result<Vec<Drawn>, Fault> {
    if !anybody(db)? {
        return Ok(Vec::new());
    }
    let mut changes: BTreeMap<(MemberId, Unit), i64> = BTreeMap::new();
    for Posting { account, amount } in postings.filter(|posting| posting.account.place == here && posting.account.guarded()) {
        if let Holder::Member(member) = account.holder {
            *changes.entry((member, account.unit)).or_default() += amount;
        }
    }
    let lies = |member, unit| balance::amount(db, &Account { holder: Holder::Member(member), unit, place: here });
    let mut all: BTreeMap<MemberId, Vec<Carried>> = BTreeMap::new();
    for ((member, unit), change) in changes.iter().filter(|(_, change)| **change < 0) {
        let mut short = -(lies(*member, *unit)? + change);
        for other in of(db, *member)?.into_iter().filter(|other| other != member) {
            if short <= 0 {
                break;
            }
            let left = lies(other, *unit)? + changes.get(&(other, *unit)).copied().unwrap_or(0).min(0);
            let taken = short.min(left);
            if taken > 0 {
                all.entry(*member).or_default().push(Carried::new(Holder::Member(other), *unit, taken));
                short -= taken;
            }
        }
    }
    Ok(all.into_iter().map(|(to, accounts)| Drawn { to, accounts }).collect())
}
