//! Blocked cards; the last word stands.
use crate::facts::members::{CardBlocked, CardUnblocked};
use crate::journal::{Fault, Head, Read};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// Whether a card is blocked, since when and why.
    35, CARD_STATE, "card_state", Greatest, First, Both, v 1, [number Text],
    [stamp Int, stream Blob, seq Int, blocked Int, at_ms Int, reason Text]
}

pub fn fold_blocked(blocked: &CardBlocked, head: &Head, rows: &mut Rows) {
    let reason = blocked.reason.as_str();
    rows.put(&CARD_STATE, row![blocked.number.as_str(), head.stamp.0, head.stream, head.seq, 1, blocked.at_ms, reason]);
}

pub fn fold_unblocked(unblocked: &CardUnblocked, head: &Head, rows: &mut Rows) {
    rows.put(&CARD_STATE, row![unblocked.number.as_str(), head.stamp.0, head.stream, head.seq, 0, unblocked.at_ms, ""]);
}

/// Reasons of a card that is dead for good: another took its place, or it was closed.
pub const REPLACED: &str = "replaced";
pub const CLOSED: &str = "closed";

/// Nothing lifts it.
pub fn is_dead(blocked: &Blocked) -> bool {
    [REPLACED, CLOSED].contains(&blocked.reason.as_str())
}

/// Since when and why a card buys nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    pub since_ms: i64,
    pub reason: String,
}

/// Whether a card is blocked.
///
/// # Errors
/// A fault of the store.
pub fn blocked(db: &dyn Read, number: &str) -> Result<Option<Blocked>, Fault> {
    // Is this card blocked?
    let row = db.row("select at_ms, reason from card_state where number = ?1 and blocked = 1", &[number.into()])?;
    Ok(row.map(|row| Blocked { since_ms: row.int(0), reason: row.text(1).into() }))
}
