//! Which issuer's value a member had first: it is spent first, and travels first (design 5).
use crate::base::{Holder, MemberId, Posting, Unit};
use crate::journal::{Fault, Head, Read};
use crate::views::Rows;
use crate::{row, table};
use std::collections::BTreeMap;

table! {
    /// The first entry known here that gave a member value or bonus of an issuer; `nth` among the postings of that entry.
    3, ISSUER, "issuer", Least, First, Both, v 1, [member Blob, issuer Blob], [stamp Int, stream Blob, seq Int, nth Int]
}

/// The rows of an entry's postings.
pub fn put(postings: &[Posting], head: &Head, rows: &mut Rows) {
    for (nth, Posting { account, .. }) in (0_u16..).zip(postings).filter(|(_, posting)| posting.amount > 0) {
        if let (Holder::Member(member), Unit::Value(issuer) | Unit::Bonus(issuer)) = (account.holder, account.unit) {
            rows.put(&ISSUER, row![member, issuer, head.stamp.0, head.stream, head.seq, nth]);
        }
    }
}

/// Puts a member's holdings into the order in which they are spent: issuers as they came, an unknown one last; what has no issuer stays.
///
/// # Errors
/// A fault of the store.
pub fn in_order<T>(db: &dyn Read, member: MemberId, holdings: &mut [T], unit: fn(&T) -> Unit) -> Result<(), Fault> {
    // Whose value did this member have, the first first?
    let rows = db.rows("select issuer from issuer where member = ?1 order by stamp, stream, seq, nth", &[member.into()])?;
    let places: BTreeMap<[u8; 16], usize> = rows.iter().enumerate().map(|(place, row)| (row.raw(0), place)).collect();
    holdings.sort_by_key(|held| match unit(held) {
        Unit::Value(issuer) | Unit::Bonus(issuer) => places.get(&issuer.0).copied().unwrap_or(usize::MAX),
        _ => 0,
    });
    Ok(())
}
