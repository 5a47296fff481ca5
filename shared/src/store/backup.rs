//! A copy of a database while it is written: the engine's own.
use super::sqlite::fault;
use crate::journal::Fault;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// Copies what is committed now into a new file.
///
/// # Errors
/// Disk faults; a target that is there.
pub fn copy(from: &Path, to: &Path) -> Result<(), Fault> {
    let db = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(fault)?;
    let to = to.to_str().ok_or_else(|| Fault::Disk("the target's name is no text".into()))?;
    db.execute("vacuum into ?1", [to]).map_err(fault)?;
    Ok(())
}
