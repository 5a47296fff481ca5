//! When a member was last here; and, at head office, at which branches.
use crate::base::{BranchId, MemberId};
use crate::facts::corrections::MemberAttached;
use crate::facts::members::ToppedUp;
use crate::facts::packages::UsesTaken;
use crate::facts::sales::Sold;
use crate::journal::{Fault, Head, Read};
use crate::ledger::person;
use crate::views::Rows;
use crate::{row, table};
use std::collections::BTreeMap;

table! {
    /// The last visit: a purchase, a top-up or a use of a package.
    39, MEMBER_VISIT, "member_visit", Greatest, First, Both, v 1, [member Blob], [at_ms Int, stream Blob, seq Int]
}

table! {
    /// Purchases, top-ups and uses of packages of a member at a branch in a month (yyyymm).
    49, MEMBER_BRANCH, "member_branch", Sum, First, Hub, v 1, [member Blob, branch Blob, month Int], [visits Int]
}

pub fn fold_topped_up(topped: &ToppedUp, head: &Head, rows: &mut Rows) {
    put(topped.member, topped.at_ms, head, rows);
    rows.put(&MEMBER_BRANCH, row![topped.member, topped.branch, topped.day / 100, 1_i64]);
}

pub fn fold_sold(sold: &Sold, head: &Head, rows: &mut Rows) {
    if let Some(buyer) = &sold.buyer {
        put(buyer.member, sold.at.at_ms, head, rows);
        rows.put(&MEMBER_BRANCH, row![buyer.member, sold.at.branch, sold.at.day / 100, 1_i64]);
    }
}

pub fn fold_attached(attached: &MemberAttached, head: &Head, rows: &mut Rows) {
    put(attached.buyer.member, attached.at.at_ms, head, rows);
    rows.put(&MEMBER_BRANCH, row![attached.buyer.member, attached.at.branch, attached.at.day / 100, 1_i64]);
}

pub fn fold_taken(taken: &UsesTaken, head: &Head, rows: &mut Rows) {
    put(taken.member, taken.at.at_ms, head, rows);
    rows.put(&MEMBER_BRANCH, row![taken.member, taken.at.branch, taken.at.day / 100, 1_i64]);
}

fn put(member: MemberId, at_ms: i64, head: &Head, rows: &mut Rows) {
    rows.put(&MEMBER_VISIT, row![member, at_ms, head.stream, head.seq]);
}

/// The branches that a person visited from a month on (yyyymm), the most visited first; at head office.
///
/// # Errors
/// A fault of the store.
pub fn branches_since(db: &dyn Read, member: MemberId, month: u32) -> Result<Vec<(BranchId, i64)>, Fault> {
    // Where was this member, and how often?
    let sql = "select branch, visits from member_branch where member = ?1 and month >= ?2";
    let mut visits: BTreeMap<BranchId, i64> = BTreeMap::new();
    for one in person::of(db, member)? {
        for row in db.rows(sql, &[one.into(), month.into()])? {
            *visits.entry(BranchId(row.raw(0))).or_default() += row.int(1);
        }
    }
    let mut visits: Vec<(BranchId, i64)> = visits.into_iter().collect();
    visits.sort_by_key(|(branch, visits)| (std::cmp::Reverse(*visits), *branch));
    Ok(visits)
}

/// The last visit known here, UTC ms; 0 for none.
///
/// # Errors
/// A fault of the store.
pub fn last_visit_ms(db: &dyn Read, member: MemberId) -> Result<i64, Fault> {
    // When was this member last here?
    let sql = "select at_ms from member_visit where member = ?1";
    person::of(db, member)?.into_iter().try_fold(0, |last, one| Ok(db.number(sql, &[one.into()])?.max(last)))
}
