//! Deposits of cards (押金), as they were taken and given back.
use crate::base::{BranchId, CommandId, MemberId, Money};
use crate::facts::cards::{CardIssued, Deposit, Withdrawn};
use crate::journal::{Fault, Head, Read};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// A deposit that was taken.
    40, DEPOSIT, "deposit", Once, First, Both, v 1, [member Blob, issuing Blob], [branch Blob, number Text, amount Int, at_ms Int]
}

table! {
    /// A deposit that was given back.
    41, DEPOSIT_BACK, "deposit_back", Least, First, Both, v 1, [issuing Blob], [at_ms Int]
}

pub fn fold_issued(issued: &CardIssued, _: &Head, rows: &mut Rows) {
    if !issued.deposit.is_zero() {
        let (number, amount) = (issued.number.as_str(), issued.deposit.minor());
        rows.put(&DEPOSIT, row![issued.member, issued.id, issued.at.branch, number, amount, issued.at.at_ms]);
    }
}

pub fn fold_withdrawn(withdrawn: &Withdrawn, _: &Head, rows: &mut Rows) {
    for deposit in &withdrawn.deposits {
        rows.put(&DEPOSIT_BACK, row![deposit.of, withdrawn.at.at_ms]);
    }
}

/// The deposits of a member that were not given back, as known here.
///
/// # Errors
/// A fault of the store.
pub fn deposits(db: &dyn Read, member: MemberId) -> Result<Vec<Deposit>, Fault> {
    // Which deposits of this member are still held?
    let sql = "select d.issuing, d.branch, d.amount from deposit d left join deposit_back b on b.issuing = d.issuing
               where d.member = ?1 and b.issuing is null order by d.issuing";
    let read = |row: &crate::journal::Row| Deposit {
        of: CommandId(row.raw(0)),
        branch: BranchId(row.raw(1)),
        amount: Money::from_minor(row.int(2)),
    };
    Ok(db.rows(sql, &[member.into()])?.iter().map(read).collect())
}
