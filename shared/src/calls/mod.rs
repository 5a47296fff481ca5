//! Telephone calls: who rang, when, and what is known of the number.
use crate::base::StreamId;
use crate::base::text::normal_phone;
use crate::base::{BranchId, CallId};
use crate::facts::Fact;
use crate::facts::calls::{CallIdentified, CallRang, Hidden};
use crate::facts::journal::Written;
use crate::journal::{Fault, Head, Read};
use crate::views::Rows;
use crate::views::registry::decoded;
use crate::{row, table};
use std::collections::BTreeSet;

pub mod identify;
pub mod ring;

table! {
    /// One call. `told` 0: as it rang, 1 as the line told later. `hidden` 0: the number is there, 1 private, 2 out of area.
    80, CALL, "call", Greatest, First, Both, v 2,
    [call Blob],
    [told Int, branch Blob, day Int, at_ms Int, number Text, hidden Int, line Text],
    index "call_at" on "branch, at_ms"
}

pub fn rang(rang: &CallRang, _: &Head, rows: &mut Rows) {
    put(rows, rang.call, 0, (rang.branch, rang.day, rang.at_ms), (&rang.number, rang.hidden, &rang.line));
}

pub fn identified(identified: &CallIdentified, _: &Head, rows: &mut Rows) {
    let CallIdentified { call, branch, day, at_ms, number, hidden, line } = identified;
    put(rows, *call, 1, (*branch, *day, *at_ms), (number, *hidden, line));
}

fn put(
    rows: &mut Rows,
    call: CallId,
    told: i64,
    (branch, day, at_ms): (BranchId, u32, i64),
    (number, hidden, line): (&Option<String>, Option<Hidden>, &str),
) {
    let hidden = match hidden {
        None => 0,
        Some(Hidden::Private) => 1,
        Some(Hidden::OutOfArea) => 2,
    };
    rows.put(&CALL, row![call, told, branch, day, at_ms, number.clone().unwrap_or_default(), hidden, line]);
}

/// The entries that tell of calls from a number, as known here. Looks at every call: not under the clerk.
///
/// # Errors
/// A fault of the store.
pub fn rung_by(db: &dyn Read, phone: &str) -> Result<Vec<Written>, Fault> {
    let Some(phone) = normal_phone(phone) else { return Ok(Vec::new()) };
    // What is told of calls?
    let sql = "select stream, seq, kind, body from entry where kind in (?1, ?2) and erased = 0 order by stream, seq";
    let mut told = Vec::new();
    for row in db.rows(sql, &[CallRang::KIND.into(), CallIdentified::KIND.into()])? {
        let call = if row.int(2) == i64::from(CallRang::KIND) {
            decoded::<CallRang>(row.blob(3)).map(|rang| (rang.call, rang.number))
        } else {
            decoded::<CallIdentified>(row.blob(3)).map(|known| (known.call, known.number))
        };
        // A body that cannot be read tells of nobody.
        let Ok((call, number)) = call else { continue };
        told.push((
            call,
            number.and_then(|number| normal_phone(&number)),
            Written { stream: StreamId(row.raw(0)), seq: row.int(1) as u64 },
        ));
    }
    // All that is told of such a call goes: also that it rang before its number was known.
    let theirs: BTreeSet<CallId> = told.iter().filter(|(_, number, _)| number.as_ref() == Some(&phone)).map(|(call, ..)| *call).collect();
    Ok(told.into_iter().filter(|(call, ..)| theirs.contains(call)).map(|(.., written)| written).collect())
}
