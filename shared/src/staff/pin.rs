//! The sealed verifier of a person's PIN.
use crate::base::StaffId;
use crate::facts::staff::StaffPinSet;
use crate::journal::{Fault, Head, Read};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// The PIN that was set last.
    22, STAFF_PIN, "staff_pin", Greatest, Everywhere, Both, v 1, [staff Blob], [stamp Int, stream Blob, seq Int, sealed Blob]
}

pub fn fold(set: &StaffPinSet, head: &Head, rows: &mut Rows) {
    rows.put(&STAFF_PIN, row![set.staff, head.stamp.0, head.stream, head.seq, set.sealed.to_vec()]);
}

/// A sealed verifier, and when it was set: wrong tries are counted against this very PIN, so a new one starts at none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedPin {
    pub sealed: Vec<u8>,
    /// Stamp of the fact.
    pub set: i64,
}

/// The PIN of a person; none if none was set.
///
/// # Errors
/// A fault of the store.
pub fn sealed_pin(db: &dyn Read, staff: StaffId) -> Result<Option<SealedPin>, Fault> {
    // Which PIN was set last for this person?
    let row = db.row("select sealed, stamp from staff_pin where staff = ?1", &[staff.into()])?;
    Ok(row.map(|row| SealedPin { sealed: row.blob(0).to_vec(), set: row.int(1) }))
}
