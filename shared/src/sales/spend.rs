//! What counts for a member's level: the points basis of purchases, each on the day on which it was made (R14). A return within 30 days takes its
//! purchase's share away on that same day, so that both leave the window together; a later one leaves what counted.
use super::receipt_number::ReceiptNumber;
use crate::base::{BusinessDay, MemberId, Money};
use crate::facts::corrections::MemberAttached;
use crate::facts::sales::{Returned, Sold};
use crate::journal::{Fault, Head, Read};
use crate::ledger::person;
use crate::views::Rows;
use crate::{row, table};

table! {
    /// Points basis of one purchase, less what came back of it in time.
    58, SPEND, "spend", Sum, First, Both, v 2, [member Blob, day Int, sale Blob], [basis Int]
}

/// Days within which a return undoes what a purchase counted.
const UNDOES_DAYS: i64 = 30;

pub fn sold(sold: &Sold, _: &Head, rows: &mut Rows) {
    if let Some(buyer) = sold.buyer.as_ref().filter(|buyer| !buyer.basis.is_zero()) {
        rows.put(&SPEND, row![buyer.member, sold.at.day, sold.sale, buyer.basis.minor()]);
    }
}

/// A member put on a sale afterwards: on the day of the sale, which is that of its shift.
pub fn attached(attached: &MemberAttached, _: &Head, rows: &mut Rows) {
    let buyer = &attached.buyer;
    if !buyer.basis.is_zero() {
        rows.put(&SPEND, row![buyer.member, attached.at.day, attached.sale, buyer.basis.minor()]);
    }
}

/// The day of the purchase is in its receipt number; of a number from elsewhere the day of the return stands for it.
pub fn returned(returned: &Returned, _: &Head, rows: &mut Rows) {
    let Some(member) = returned.member.filter(|_| !returned.basis.is_zero()) else { return };
    let day = returned.of_receipt_no.parse::<ReceiptNumber>().map_or(BusinessDay(returned.at.day), |no| no.day);
    if BusinessDay(returned.at.day).days_since(day) <= UNDOES_DAYS {
        rows.put(&SPEND, row![member, day.0, returned.sale, -returned.basis.minor()]);
    }
}

/// What a member's purchases come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    pub basis: Money,
    /// Purchases of which something was kept.
    pub purchases: i64,
}

/// What a member's purchases after one day, up to another, come to, as known here.
///
/// # Errors
/// A fault of the store.
pub fn spent(db: &dyn Read, member: MemberId, after: u32, until: BusinessDay) -> Result<Spent, Fault> {
    // What did this member buy in the window, and how often?
    let sql = "select coalesce(cast(sum(basis) as bigint), 0), coalesce(cast(sum(case when basis > 0 then 1 else 0 end) as bigint), 0)
               from spend where member = ?1 and day > ?2 and day <= ?3";
    let mut spent = (0, 0);
    for one in person::of(db, member)? {
        let row = db.row(sql, &[one.into(), after.into(), until.0.into()])?;
        spent = row.map_or(spent, |row| (spent.0 + row.int(0), spent.1 + row.int(1)));
    }
    Ok(Spent { basis: Money::from_minor(spent.0), purchases: spent.1 })
}

/// Members whose purchases in the window come to so much, or to so many.
///
/// # Errors
/// A fault of the store.
pub fn spenders(db: &dyn Read, after: u32, until: BusinessDay, basis: Money, purchases: i64) -> Result<Vec<MemberId>, Fault> {
    // Who bought so much, or so often?
    let sql = "select member from spend where day > ?1 and day <= ?2 group by member
               having cast(sum(basis) as bigint) >= ?3 or cast(sum(case when basis > 0 then 1 else 0 end) as bigint) >= ?4 order by member";
    let rows = db.rows(sql, &[after.into(), until.0.into(), basis.minor().into(), purchases.into()])?;
    Ok(rows.iter().map(|row| MemberId(row.raw(0))).collect())
}
