//! Shifts of tills: opened with a float, counted blind, closed by handing the drawer over; and the end of the day they make up.
pub mod cash_move;
pub mod close;
pub mod count;
pub mod day;
pub mod hand_in;
pub mod open;
pub mod slip;

use crate::base::{BranchId, Money, ShiftId, StaffId, StreamId};
use crate::journal::{Fault, Read, Row};

/// A shift as it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    pub shift: ShiftId,
    pub till: u16,
    pub number: u32,
    /// Business day, yyyymmdd.
    pub day: u32,
    pub opened_ms: i64,
    pub cashier: StaffId,
    pub float: Money,
}

fn begun(row: &Row) -> Begun {
    Begun {
        shift: ShiftId(row.raw(0)),
        till: row.int(1) as u16,
        number: row.int(2) as u32,
        day: row.int(3) as u32,
        opened_ms: row.int(4),
        cashier: StaffId(row.raw(5)),
        float: Money::from_minor(row.int(6)),
    }
}

/// The open shift of a till; none if the last one was closed.
///
/// # Errors
/// A fault of the store.
pub fn current(db: &dyn Read, branch: BranchId, till: u16, here: StreamId) -> Result<Option<Begun>, Fault> {
    // Which shift of this till began last?
    let sql = "select shift, till, number, day, opened_ms, cashier, float from shift
               where branch = ?1 and till = ?2 and stream = ?3 order by opened_ms desc limit 1";
    let last = db.row(sql, &[branch.into(), till.into(), here.into()])?.as_ref().map(begun);
    match last {
        Some(shift) if !ended(db, shift.shift)? => Ok(Some(shift)),
        _ => Ok(None),
    }
}

fn ended(db: &dyn Read, shift: ShiftId) -> Result<bool, Fault> {
    Ok(db.row("select closed_ms from shift_end where shift = ?1", &[shift.into()])?.is_some())
}

/// The shift of a till that was closed last.
///
/// # Errors
/// A fault of the store.
pub fn last_closed(db: &dyn Read, branch: BranchId, till: u16) -> Result<Option<ShiftId>, Fault> {
    // Which shift of this till ended last?
    let sql = "select s.shift from shift s join shift_end e on e.shift = s.shift
               where s.branch = ?1 and s.till = ?2 order by s.opened_ms desc limit 1";
    Ok(db.row(sql, &[branch.into(), till.into()])?.map(|row| ShiftId(row.raw(0))))
}

/// How many shifts a till had on a business day.
///
/// # Errors
/// A fault of the store.
pub fn count(db: &dyn Read, branch: BranchId, till: u16, day: u32) -> Result<u32, Fault> {
    // How many shifts did this till have on this day?
    let sql = "select count(*) from shift where branch = ?1 and till = ?2 and day = ?3";
    Ok(db.number(sql, &[branch.into(), till.into(), day.into()])? as u32)
}
