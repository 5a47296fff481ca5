//! Credit given out: who issued how much to whom, on which day. What lies above the limits of a clerk's or a branch's day is booked like all else, but
//! head office passes nothing of that member's credit on until it confirmed it (design 5).
use crate::base::day::HOUSE_ZONE;
use crate::base::{BusinessDay, Holder, MemberId, Posting, Purpose, StreamId, Unit};
use crate::facts::ledger::{IssueHeld, IssuesConfirmed, IssuesHeld};
use crate::journal::{Fault, Head, Read};
use crate::ledger::person;
use crate::views::Rows;
use crate::{row, table};
use std::collections::BTreeMap;

table! {
    /// Principal and bonus that one entry gave a member, minor units. `day`: head office's business day of the stamp.
    4, ISSUED, "issued", Once, First, Hub, v 1, [member Blob, stream Blob, seq Int], [issuer Blob, day Int, by Blob, amount Int],
    index "issued_day" on "issuer, day", index "issued_entry" on "stream, seq"
}

table! {
    /// What of it is above the limits: `rank` 1 held, 2 confirmed.
    5, ISSUE_STATE, "issue_state", Greatest, First, Hub, v 1, [member Blob, stream Blob, seq Int], [rank Int, day Int, amount Int],
    index "issue_state_day" on "stream, day"
}

/// The rows of an entry's postings.
pub fn put(postings: &[Posting], head: &Head, rows: &mut Rows) {
    let mut given: BTreeMap<(MemberId, crate::base::BranchId), i64> = BTreeMap::new();
    for Posting { account, amount } in postings.iter().filter(|posting| posting.amount > 0) {
        if let (Holder::Member(member), Unit::Value(issuer) | Unit::Bonus(issuer)) = (account.holder, account.unit) {
            let issued = |from: &Posting| {
                from.amount < 0 && from.account.unit == account.unit && from.account.holder == Holder::House(issuer, Purpose::Issued)
            };
            if postings.iter().any(issued) {
                *given.entry((member, issuer)).or_default() += amount;
            }
        }
    }
    for ((member, issuer), amount) in given {
        let day = BusinessDay::at(head.stamp.ms(), HOUSE_ZONE).0;
        rows.put(&ISSUED, row![member, head.stream, head.seq, issuer, day, head.by.key(), amount]);
    }
}

pub fn fold_held(held: &IssuesHeld, _: &Head, rows: &mut Rows) {
    held.issues.iter().for_each(|issue| rows.put(&ISSUE_STATE, state(held.stream, issue, 1)));
}

pub fn fold_confirmed(confirmed: &IssuesConfirmed, _: &Head, rows: &mut Rows) {
    confirmed.issues.iter().for_each(|issue| rows.put(&ISSUE_STATE, state(confirmed.stream, issue, 2)));
}

fn state(stream: StreamId, issue: &IssueHeld, rank: u8) -> Vec<crate::journal::Value> {
    row![issue.member, stream, issue.seq, rank, issue.day, issue.amount]
}

/// Does something of this member's credit wait for head office's word?
///
/// # Errors
/// A fault of the store.
pub fn held(db: &dyn Read, member: MemberId) -> Result<bool, Fault> {
    // Was this member given credit above a limit that nobody confirmed?
    let sql = "select 1 from issue_state where member = ?1 and rank = 1 limit 1";
    for one in person::of(db, member)? {
        if db.row(sql, &[one.into()])?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What waits in a stream, of the day on which the entry at `seq` gave; and after which confirmed entry of that day.
///
/// # Errors
/// A fault of the store.
pub fn waiting(db: &dyn Read, stream: StreamId, seq: u64) -> Result<(Vec<IssueHeld>, u64), Fault> {
    // What of this stream is above the limits of the day of this entry?
    let sql = "select member, seq, day, amount, rank from issue_state
               where stream = ?1 and day in (select day from issue_state where stream = ?1 and seq = ?2) order by seq, member";
    let rows = db.rows(sql, &[stream.into(), seq.into()])?;
    let confirmed = rows.iter().filter(|row| row.int(4) == 2).map(|row| row.int(1) as u64).max().unwrap_or(0);
    let waits = rows.iter().filter(|row| row.int(4) == 1).map(|row| IssueHeld {
        member: MemberId(row.raw(0)),
        seq: row.int(1) as u64,
        day: row.int(2) as u32,
        amount: row.int(3),
    });
    Ok((waits.collect(), confirmed))
}
