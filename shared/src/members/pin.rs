//! The sealed verifier of a member's PIN.
use crate::base::MemberId;
use crate::facts::members::MemberPinSet;
use crate::journal::{Fault, Head, Read};
use crate::ledger::person;
use crate::views::Rows;
use crate::{row, table};

table! {
    /// The PIN that was set last.
    36, MEMBER_PIN, "member_pin", Greatest, First, Both, v 1, [member Blob], [stamp Int, stream Blob, seq Int, sealed Blob]
}

pub fn fold(set: &MemberPinSet, head: &Head, rows: &mut Rows) {
    rows.put(&MEMBER_PIN, row![set.member, head.stamp.0, head.stream, head.seq, set.sealed.to_vec()]);
}

/// A sealed verifier, and when it was set: wrong tries are counted against this very PIN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedPin {
    pub sealed: Vec<u8>,
    /// Stamp of the fact.
    pub set: i64,
    /// Whose it is: it was sealed for this member.
    pub of: MemberId,
}

/// The PIN of a member, of members who are one person that of who stands for them before the others'; none if none was set.
///
/// # Errors
/// A fault of the store.
pub fn sealed_pin(db: &dyn Read, member: MemberId) -> Result<Option<SealedPin>, Fault> {
    // Which PIN was set last for this member?
    let sql = "select sealed, stamp from member_pin where member = ?1";
    for one in person::of(db, member)? {
        if let Some(row) = db.row(sql, &[one.into()])? {
            return Ok(Some(SealedPin { sealed: row.blob(0).to_vec(), set: row.int(1), of: one }));
        }
    }
    Ok(None)
}
