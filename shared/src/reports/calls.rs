//! Telephone calls of all branches, newest first.
use crate::base::{BranchId, CallId};
use crate::facts::calls::Hidden;
use crate::journal::{Fault, Read, Row};

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRow {
    pub id: CallId,
    pub branch: BranchId,
    pub at_ms: i64,
    /// Digits as the line told them; none if hidden.
    pub number: Option<String>,
    pub hidden: Option<Hidden>,
}

/// Calls newest first, and how many there are.
///
/// # Errors
/// A fault of the store.
pub fn list(db: &dyn Read, branches: &[BranchId], offset: u32, limit: u32) -> Result<(i64, Vec<CallRow>), Fault> {
    // How many calls has this branch?
    let count = "select count(*) from call where branch = ?1";
    // Which calls has this branch, newest first?
    let newest = "select call, branch, at_ms, number, hidden from call where branch = ?1 order by at_ms desc, call desc limit ?2";
    let (mut total, mut calls) = (0, Vec::new());
    for branch in branches.iter().copied() {
        total += db.number(count, &[branch.into()])?;
        calls.extend(db.rows(newest, &[branch.into(), offset.saturating_add(limit).into()])?.iter().map(read));
    }
    calls.sort_by_key(|call: &CallRow| std::cmp::Reverse((call.at_ms, call.id)));
    Ok((total, calls.into_iter().skip(offset as usize).take(limit as usize).collect()))
}

/// One call.
///
/// # Errors
/// A fault of the store.
pub fn call(db: &dyn Read, id: CallId) -> Result<Option<CallRow>, Fault> {
    // Which call is this?
    Ok(db.row("select call, branch, at_ms, number, hidden from call where call = ?1", &[id.into()])?.as_ref().map(read))
}

fn read(row: &Row) -> CallRow {
    CallRow {
        id: CallId(row.raw(0)),
        branch: BranchId(row.raw(1)),
        at_ms: row.int(2),
        number: Some(row.text(3).to_owned()).filter(|number| !number.is_empty()),
        hidden: match row.int(4) {
            1 => Some(Hidden::Private),
            2 => Some(Hidden::OutOfArea),
            _ => None,
        },
    }
}
