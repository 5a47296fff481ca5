//! What counts for a member's level: the points basis of purchases, by the day on which they were made (R14).
use crate::base::{BusinessDay, MemberId, Money};
use crate::facts::sales::{Returned, Sold};
use crate::journal::{Fault, Head, Read};
use crate::ledger::person;
use crate::views::Rows;
use crate::{row, table};

table! {
    /// Points basis of one member and business day; a return takes its sale's away on the day it is made.
    58, SPEND, "spend", Sum, First, Both, v 1, [member Blob, day Int], [basis Int]
}

/// Days of the window in which purchases count.
pub const WINDOW_DAYS: i64 = 365;

pub fn sold(sold: &Sold, _: &Head, rows: &mut Rows) {
    if let Some(buyer) = sold.buyer.as_ref().filter(|buyer| !buyer.basis.is_zero()) {
        rows.put(&SPEND, row![buyer.member, sold.at.day, buyer.basis.minor()]);
    }
}

pub fn returned(returned: &Returned, _: &Head, rows: &mut Rows) {
    if let Some(member) = returned.member.filter(|_| !returned.basis.is_zero()) {
        rows.put(&SPEND, row![member, returned.at.day, -returned.basis.minor()]);
    }
}

/// What a member's purchases of the window before and on a day come to, as known here.
///
/// # Errors
/// A fault of the store.
pub fn within_window(db: &dyn Read, member: MemberId, day: BusinessDay) -> Result<Money, Fault> {
    // What did this member buy in the window?
    let sql = "select coalesce(cast(sum(basis) as bigint), 0) from spend where member = ?1 and day > ?2 and day <= ?3";
    let from = day.plus_days(-WINDOW_DAYS);
    let sum =
        person::of(db, member)?.into_iter().try_fold(0, |sum, one| Ok(sum + db.number(sql, &[one.into(), from.0.into(), day.0.into()])?));
    sum.map(Money::from_minor)
}
