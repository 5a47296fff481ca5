//! How the hub itself is.
use crate::journal::{Fault, Read};

/// Entries over all streams.
///
/// # Errors
/// A fault of the store.
pub fn entries(db: &dyn Read) -> Result<i64, Fault> {
    // How many entries are held? Each stream is dense, so its head counts it.
    db.number("select coalesce(cast(sum(seq) as bigint), 0) from stream", &[])
}

/// Streams known.
///
/// # Errors
/// A fault of the store.
pub fn streams(db: &dyn Read) -> Result<i64, Fault> {
    db.number("select count(*) from stream", &[])
}

/// Entries that are kept and not folded: of an unknown kind, set aside, or waiting for others.
///
/// # Errors
/// A fault of the store.
pub fn waiting(db: &dyn Read) -> Result<i64, Fault> {
    db.number("select count(*) from entry where folded <> 1", &[])
}

/// Entries that were kept and are not believed.
///
/// # Errors
/// A fault of the store.
pub fn set_aside(db: &dyn Read) -> Result<i64, Fault> {
    db.number("select count(*) from set_aside", &[])
}

/// Exceptions that nobody closed.
///
/// # Errors
/// A fault of the store.
pub fn exceptions_open(db: &dyn Read) -> Result<i64, Fault> {
    // How many exceptions are not closed?
    let sql = "select count(*) from exception e left join exception_state s on s.exception = e.exception where coalesce(s.rank, 0) <> 2";
    db.number(sql, &[])
}
