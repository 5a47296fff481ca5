//! When a member was last here.
use crate::base::MemberId;
use crate::facts::members::ToppedUp;
use crate::facts::sales::Sold;
use crate::journal::{Fault, Head, Read};
use crate::ledger::person;
use crate::views::Rows;
use crate::{row, table};

table! {
    /// The last visit: a purchase or a top-up.
    39, MEMBER_VISIT, "member_visit", Greatest, First, Both, v 1, [member Blob], [at_ms Int, stream Blob, seq Int]
}

pub fn fold_topped_up(topped: &ToppedUp, head: &Head, rows: &mut Rows) {
    put(topped.member, topped.at_ms, head, rows);
}

pub fn fold_sold(sold: &Sold, head: &Head, rows: &mut Rows) {
    if let Some(buyer) = &sold.buyer {
        put(buyer.member, sold.at.at_ms, head, rows);
    }
}

/// A visit by another fact.
pub fn put(member: MemberId, at_ms: i64, head: &Head, rows: &mut Rows) {
    rows.put(&MEMBER_VISIT, row![member, at_ms, head.stream, head.seq]);
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
