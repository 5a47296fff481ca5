//! Sales, returns and top-ups as a list, and one of them whole.
use crate::base::{BranchId, BusinessDay, CommandId, MemberId, SaleId, StaffId, StreamId};
use crate::facts::sales::{Returned, Sold};
use crate::journal::{Fault, Read, Row, Value};
use crate::ledger::person;
use crate::sales::corrections;
use crate::sales::receipts::Slip;
use crate::views::registry::decoded;
use std::collections::BTreeMap;

/// One slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipRow {
    /// The sale's, else the command's.
    pub id: CommandId,
    pub kind: Slip,
    pub receipt_no: String,
    /// The stream that carries it.
    pub stream: StreamId,
    pub branch: BranchId,
    pub till: u16,
    pub day: BusinessDay,
    pub at_ms: i64,
    pub cashier: Option<StaffId>,
    pub member: Option<MemberId>,
    /// Minor units; negative for a return.
    pub due: i64,
    /// Thousandths.
    pub pieces: i64,
}

/// Which slips.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    /// One person's, of all branches.
    Member(MemberId),
    /// Of these branches, of one business day or of any.
    Branches(Vec<BranchId>, Option<BusinessDay>),
}

/// Slips newest first, and how many there are.
///
/// # Errors
/// A fault of the store.
pub fn list(db: &dyn Read, of: &Of, offset: u32, limit: u32) -> Result<(i64, Vec<SlipRow>), Fault> {
    match of {
        Of::Member(member) => {
            let survivor = person::survivor(db, *member)?;
            // How many slips has this person?
            let all = "select count(*) from receipt where member = ?1 or member in (select member from person where survivor = ?1)
                       or id in (select sale from sale_amended where member = ?1 or member in (select member from person where survivor = ?1))";
            let total = db.number(all, &[survivor.into()])?;
            // Which slips has this person, newest first?
            let sql = "select id, slip, receipt_no, stream, branch, till, day, at_ms, cashier, member, due, pieces
                       from receipt where member = ?1 or member in (select member from person where survivor = ?1)
                       or id in (select sale from sale_amended where member = ?1 or member in (select member from person where survivor = ?1))
                       order by at_ms desc, id desc limit ?2 offset ?3";
            let rows = db.rows(sql, &[survivor.into(), limit.into(), offset.into()])?;
            Ok((total, rows.iter().map(read).collect()))
        }
        Of::Branches(branches, day) => of_branches(db, branches, *day, offset, limit),
    }
}

/// Each branch gives its newest; the newest of all of them are shown. So every branch is asked through its own index.
fn of_branches(
    db: &dyn Read,
    branches: &[BranchId],
    day: Option<BusinessDay>,
    offset: u32,
    limit: u32,
) -> Result<(i64, Vec<SlipRow>), Fault> {
    // How many slips has this branch, ever and on this day?
    let (count, count_day) =
        ("select count(*) from receipt where branch = ?1", "select count(*) from receipt where branch = ?1 and day = ?2");
    // Which slips has this branch, newest first, ever and on this day?
    let newest = "select id, slip, receipt_no, stream, branch, till, day, at_ms, cashier, member, due, pieces
                  from receipt where branch = ?1 order by at_ms desc, id desc limit ?2";
    let newest_day = "select id, slip, receipt_no, stream, branch, till, day, at_ms, cashier, member, due, pieces
                      from receipt where branch = ?1 and day = ?3 order by at_ms desc, id desc limit ?2";
    let most = Value::from(offset.saturating_add(limit));
    let (mut total, mut slips) = (0, Vec::new());
    for branch in branches.iter().copied() {
        let rows = match day {
            Some(day) => {
                total += db.number(count_day, &[branch.into(), day.0.into()])?;
                db.rows(newest_day, &[branch.into(), most.clone(), day.0.into()])?
            }
            None => {
                total += db.number(count, &[branch.into()])?;
                db.rows(newest, &[branch.into(), most.clone()])?
            }
        };
        slips.extend(rows.iter().map(read));
    }
    slips.sort_by_key(|slip: &SlipRow| std::cmp::Reverse((slip.at_ms, slip.id)));
    Ok((total, slips.into_iter().skip(offset as usize).take(limit as usize).collect()))
}

/// One slip.
///
/// # Errors
/// A fault of the store.
pub fn slip(db: &dyn Read, id: CommandId) -> Result<Option<SlipRow>, Fault> {
    // Which slip is this?
    let sql = "select id, slip, receipt_no, stream, branch, till, day, at_ms, cashier, member, due, pieces from receipt where id = ?1";
    Ok(db.row(sql, &[id.into()])?.as_ref().map(read))
}

/// The tenders of a slip: code and amount, those of a return negative.
///
/// # Errors
/// A fault of the store.
pub fn tenders(db: &dyn Read, slip: &SlipRow) -> Result<Vec<(String, i64)>, Fault> {
    // How was this slip paid?
    let rows = db.rows("select code, amount from tender where id = ?1 order by no", &[slip.id.into()])?;
    let sign = if slip.kind == Slip::Return { -1 } else { 1 };
    Ok(rows.iter().map(|row| (row.text(0).to_owned(), sign * row.int(1))).collect())
}

/// What of a sale came back: thousandths by line; empty if nothing did.
///
/// # Errors
/// A fault of the store.
pub fn came_back(db: &dyn Read, sale: SaleId) -> Result<BTreeMap<u16, i64>, Fault> {
    // Which slips take this sale back?
    let rows = db.rows("select id, stream from receipt where of = ?1 order by at_ms, id", &[sale.into()])?;
    let mut back = BTreeMap::new();
    for row in rows {
        let Some((fact, _)) = returned(db, CommandId(row.raw(0)), StreamId(row.raw(1)))? else { continue };
        for line in fact.lines {
            *back.entry(line.no).or_default() += line.quantity.thousandths();
        }
    }
    Ok(back)
}

/// Whether anything of a sale came back.
///
/// # Errors
/// A fault of the store.
pub fn is_returned(db: &dyn Read, sale: SaleId) -> Result<bool, Fault> {
    Ok(db.number("select count(*) from receipt where of = ?1", &[sale.into()])? > 0)
}

/// The sale behind a slip as it was put right, and the seq of its fact.
///
/// # Errors
/// A fault of the store.
pub fn sold(db: &dyn Read, id: CommandId, stream: StreamId) -> Result<Option<(Sold, u64)>, Fault> {
    let Some((sold, seq)) = fact::<Sold>(db, id, stream)? else { return Ok(None) };
    Ok(Some((corrections::corrected(db, sold)?.0, seq)))
}

/// The fact behind a return's slip, and its seq.
///
/// # Errors
/// A fault of the store.
pub fn returned(db: &dyn Read, id: CommandId, stream: StreamId) -> Result<Option<(Returned, u64)>, Fault> {
    fact(db, id, stream)
}

/// The seq of the entry that a command made in a stream; 0 where there is none.
///
/// # Errors
/// A fault of the store.
pub fn seq(db: &dyn Read, id: CommandId, stream: StreamId) -> Result<u64, Fault> {
    // Which entry did this command make?
    let sql = "select seq from entry where stream = ?1 and command = ?2 order by part limit 1";
    Ok(db.number(sql, &[stream.into(), id.into()])? as u64)
}

/// The fact of one kind that a slip's command made, and its seq.
///
/// # Errors
/// A fault of the store.
pub fn fact<F: crate::facts::Fact>(db: &dyn Read, id: CommandId, stream: StreamId) -> Result<Option<(F, u64)>, Fault> {
    // What did this command make, of this kind?
    let sql = "select body, seq from entry where stream = ?1 and command = ?2 and kind = ?3 order by part limit 1";
    let row = db.row(sql, &[stream.into(), id.into(), F::KIND.into()])?;
    Ok(row.and_then(|row| decoded::<F>(row.blob(0)).ok().map(|fact| (fact, row.int(1) as u64))))
}

fn read(row: &Row) -> SlipRow {
    SlipRow {
        id: CommandId(row.raw(0)),
        kind: Slip::from_number(row.int(1)),
        receipt_no: row.text(2).into(),
        stream: StreamId(row.raw(3)),
        branch: BranchId(row.raw(4)),
        till: u16::try_from(row.int(5)).unwrap_or_default(),
        day: BusinessDay(row.int(6) as u32),
        at_ms: row.int(7),
        cashier: row.blob(8).try_into().ok().map(StaffId),
        member: row.blob(9).try_into().ok().map(MemberId),
        due: row.int(10),
        pieces: row.int(11),
    }
}
