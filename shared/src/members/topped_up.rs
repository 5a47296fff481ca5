//! Top-ups as they happened.
use crate::base::{BranchId, CommandId, MemberId, Money, ShiftId, StaffId};
use crate::facts::members::ToppedUp;
use crate::journal::{Fault, Head, Read, Row};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// One top-up.
    38, TOP_UP, "top_up", Once, First, Both, v 2, [member Blob, top_up Blob],
    [at_ms Int, branch Blob, day Int, shift Blob, receipt Text, clerk Blob, tender Text, principal Int, bonus Int, tendered Int],
    index "top_up_receipt" on "receipt", index "top_up_shift" on "shift, at_ms", index "top_up_day" on "day, clerk"
}

pub fn fold(topped: &ToppedUp, head: &Head, rows: &mut Rows) {
    let values = row![
        topped.member,
        head.command,
        topped.at_ms,
        topped.branch,
        topped.day,
        topped.shift,
        topped.receipt.as_str(),
        topped.clerk,
        topped.tender.as_str(),
        topped.principal,
        topped.bonus,
        topped.tendered,
    ];
    rows.put(&TOP_UP, values);
}

/// One top-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: CommandId,
    pub member: MemberId,
    pub at_ms: i64,
    pub branch: BranchId,
    pub day: u32,
    pub shift: ShiftId,
    pub receipt: String,
    pub clerk: StaffId,
    pub tender: String,
    pub principal: Money,
    pub bonus: Money,
    pub tendered: Money,
}

/// The top-ups of a member, newest first. At most `limit`.
///
/// # Errors
/// A fault of the store.
pub fn of_member(db: &dyn Read, member: MemberId, limit: u32) -> Result<Vec<Listed>, Fault> {
    // What did this member pay in?
    let sql = "select top_up, member, at_ms, branch, day, shift, receipt, clerk, tender, principal, bonus, tendered
               from top_up where member = ?1 order by at_ms desc, top_up limit ?2";
    Ok(db.rows(sql, &[member.into(), limit.into()])?.iter().map(read).collect())
}

/// The top-up of a receipt number.
///
/// # Errors
/// A fault of the store.
pub fn by_receipt(db: &dyn Read, receipt: &str) -> Result<Option<Listed>, Fault> {
    // Which top-up has this receipt number?
    let sql = "select top_up, member, at_ms, branch, day, shift, receipt, clerk, tender, principal, bonus, tendered
               from top_up where receipt = ?1 order by top_up limit 1";
    Ok(db.row(sql, &[receipt.into()])?.as_ref().map(read))
}

fn read(row: &Row) -> Listed {
    Listed {
        id: CommandId(row.raw(0)),
        member: MemberId(row.raw(1)),
        at_ms: row.int(2),
        branch: BranchId(row.raw(3)),
        day: row.int(4) as u32,
        shift: ShiftId(row.raw(5)),
        receipt: row.text(6).into(),
        clerk: StaffId(row.raw(7)),
        tender: row.text(8).into(),
        principal: Money::from_minor(row.int(9)),
        bonus: Money::from_minor(row.int(10)),
        tendered: Money::from_minor(row.int(11)),
    }
}
