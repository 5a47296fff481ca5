//! Whose a place is. A place is a stream; it is shown under its branch's name.
use crate::base::{BranchId, StreamId};
use crate::journal::memory::kept;
use crate::journal::{Fault, Read};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    Branch(BranchId),
    /// A hub's, present or past.
    Hub,
    Unknown,
}

impl Owner {
    pub fn branch(self) -> Option<BranchId> {
        match self {
            Owner::Branch(branch) => Some(branch),
            Owner::Hub | Owner::Unknown => None,
        }
    }
}

/// Whose place this is, for ever.
///
/// # Errors
/// A fault of the store.
pub fn owner(db: &dyn Read, place: StreamId) -> Result<Owner, Fault> {
    kept(db, place.0, || {
        // Whose is this stream?
        let row = db.row("select branch from stream where stream = ?1", &[place.into()])?;
        Ok(row.map_or(Owner::Unknown, |row| row.blob(0).try_into().map_or(Owner::Hub, |branch| Owner::Branch(BranchId(branch)))))
    })
}
