//! Facts found again: the whole sale behind a receipt number, the Z behind a shift.
use crate::base::ids::derived;
use crate::base::{CommandId, MemberId, SaleId, ShiftId, StaffId, StreamId};
use crate::facts::Fact;
use crate::facts::members::ToppedUp;
use crate::facts::sales::{Returned, Sold};
use crate::facts::shifts::ShiftClosed;
use crate::journal::{Fault, Read, Row};
use crate::sales::receipts::Slip;

/// One row of the receipt list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub id: CommandId,
    pub receipt_no: String,
    pub slip: Slip,
    pub stream: StreamId,
    pub branch: crate::base::BranchId,
    pub till: u16,
    pub day: u32,
    pub at_ms: i64,
    pub cashier: StaffId,
    pub member: Option<MemberId>,
    pub pieces: i64,
    pub due: i64,
    /// The sale that a return takes back.
    pub of: Option<SaleId>,
    pub copies: u32,
}

fn receipt(row: &Row) -> Receipt {
    Receipt {
        id: CommandId(row.raw(0)),
        receipt_no: row.text(1).into(),
        slip: Slip::from_number(row.int(2)),
        stream: StreamId(row.raw(3)),
        branch: crate::base::BranchId(row.raw(4)),
        till: row.int(5) as u16,
        day: row.int(6) as u32,
        at_ms: row.int(7),
        cashier: StaffId(row.raw(8)),
        member: row.blob(9).try_into().ok().map(MemberId),
        pieces: row.int(10),
        due: row.int(11),
        of: row.blob(12).try_into().ok().map(SaleId),
        copies: row.int(13) as u32,
    }
}

/// The slip of a receipt number; of two installs that made one number the older.
///
/// # Errors
/// A fault of the store.
pub fn by_number(db: &dyn Read, receipt_no: &str) -> Result<Option<Receipt>, Fault> {
    // Which slip has this number?
    let sql = "select r.id, r.receipt_no, r.slip, r.stream, r.branch, r.till, r.day, r.at_ms, r.cashier, r.member, r.pieces, r.due, r.of,
                      coalesce(c.copies, 0)
               from receipt r left join copy c on c.id = r.id where r.receipt_no = ?1 order by r.at_ms limit 1";
    Ok(db.row(sql, &[receipt_no.into()])?.as_ref().map(receipt))
}

/// The slip of an id.
///
/// # Errors
/// A fault of the store.
pub fn by_id(db: &dyn Read, id: CommandId) -> Result<Option<Receipt>, Fault> {
    // Which slip has this id?
    let sql = "select r.id, r.receipt_no, r.slip, r.stream, r.branch, r.till, r.day, r.at_ms, r.cashier, r.member, r.pieces, r.due, r.of,
                      coalesce(c.copies, 0)
               from receipt r left join copy c on c.id = r.id where r.id = ?1";
    Ok(db.row(sql, &[id.into()])?.as_ref().map(receipt))
}

/// The newest slips of a till, newest first.
///
/// # Errors
/// A fault of the store.
pub fn newest(db: &dyn Read, branch: crate::base::BranchId, till: u16, from_ms: i64, limit: u32) -> Result<Vec<Receipt>, Fault> {
    // What did this till finish last?
    let sql = "select r.id, r.receipt_no, r.slip, r.stream, r.branch, r.till, r.day, r.at_ms, r.cashier, r.member, r.pieces, r.due, r.of,
                      coalesce(c.copies, 0)
               from receipt r left join copy c on c.id = r.id
               where r.branch = ?1 and r.at_ms >= ?2 and r.till = ?3 order by r.at_ms desc, r.id limit ?4";
    Ok(db.rows(sql, &[branch.into(), from_ms.into(), till.into(), limit.into()])?.iter().map(receipt).collect())
}

/// Returns of a sale, oldest first.
///
/// # Errors
/// A fault of the store.
pub fn returns_of(db: &dyn Read, sale: SaleId) -> Result<Vec<Receipt>, Fault> {
    // Which returns took this sale back?
    let sql = "select r.id, r.receipt_no, r.slip, r.stream, r.branch, r.till, r.day, r.at_ms, r.cashier, r.member, r.pieces, r.due, r.of,
                      coalesce(c.copies, 0)
               from receipt r left join copy c on c.id = r.id where r.of = ?1 order by r.at_ms limit 20";
    Ok(db.rows(sql, &[sale.into()])?.iter().map(receipt).collect())
}

fn body<F: Fact>(row: Option<Row>) -> Option<F> {
    minicbor::decode(row?.blob(0)).ok()
}

/// The first fact of a kind under a command.
pub(super) fn fact<F: Fact>(db: &dyn Read, stream: StreamId, command: CommandId) -> Result<Option<F>, Fault> {
    let sql = "select body from entry where stream = ?1 and command = ?2 and kind = ?3 and erased = 0 order by part limit 1";
    Ok(body(db.row(sql, &[stream.into(), command.into(), F::KIND.into()])?))
}

/// The sale behind a receipt, its tenders as corrected.
///
/// # Errors
/// A fault of the store.
pub fn sold(db: &dyn Read, receipt: &Receipt) -> Result<Option<Sold>, Fault> {
    Ok(keyed(db, receipt)?.map(|sold| crate::sales::corrections::corrected(db, sold)).transpose()?.map(|(sold, _)| sold))
}

/// The sale behind a receipt as it was keyed.
///
/// # Errors
/// A fault of the store.
pub fn keyed(db: &dyn Read, receipt: &Receipt) -> Result<Option<Sold>, Fault> {
    fact(db, receipt.stream, receipt.id)
}

/// The return behind a receipt.
///
/// # Errors
/// A fault of the store.
pub fn returned(db: &dyn Read, receipt: &Receipt) -> Result<Option<Returned>, Fault> {
    fact(db, receipt.stream, receipt.id)
}

/// The top-up behind a receipt.
///
/// # Errors
/// A fault of the store.
pub fn topped_up(db: &dyn Read, receipt: &Receipt) -> Result<Option<ToppedUp>, Fault> {
    fact(db, receipt.stream, receipt.id)
}

/// The id of the top-up that a sale is decided with (充值并结账).
pub fn top_up_id(sale: SaleId) -> CommandId {
    CommandId(derived("top-up", &[&sale.0]))
}

/// The id of the return that a sale is decided with (换货).
pub fn swap_id(sale: SaleId) -> CommandId {
    CommandId(derived("swap", &[&sale.0]))
}

/// The return that a sale was decided with, if it was.
///
/// # Errors
/// A fault of the store.
pub fn swapped_for(db: &dyn Read, sale: &Receipt) -> Result<Option<Returned>, Fault> {
    fact(db, sale.stream, swap_id(sale.id.into()))
}

/// The top-up that a sale was decided with, if it was.
///
/// # Errors
/// A fault of the store.
pub fn top_up_of(db: &dyn Read, sale: &Receipt) -> Result<Option<ToppedUp>, Fault> {
    fact(db, sale.stream, top_up_id(sale.id.into()))
}

/// The Z of a closed shift.
///
/// # Errors
/// A fault of the store.
pub fn closed(db: &dyn Read, shift: ShiftId) -> Result<Option<ShiftClosed>, Fault> {
    // Which entry closed this shift?
    let sql = "select e.body from shift_end s join entry e on e.stream = s.stream and e.seq = s.seq where s.shift = ?1";
    Ok(body(db.row(sql, &[shift.into()])?))
}
