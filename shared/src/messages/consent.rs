//! Whether a member wants messages.
use crate::base::MemberId;
use crate::facts::messages::ContactChosen;
use crate::journal::{Fault, Head, Read};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// What a member said last of a channel: 1 wants messages, 0 wants none.
    142, CONTACT, "contact", Greatest, First, Hub, v 1, [member Blob, channel Text], [stamp Int, stream Blob, seq Int, wanted Int]
}

pub fn fold(chosen: &ContactChosen, head: &Head, rows: &mut Rows) {
    rows.put(&CONTACT, row![chosen.member, chosen.channel.as_str(), head.stamp.0, head.stream, head.seq, i64::from(chosen.wanted)]);
}

/// What a member said; none: nothing.
///
/// # Errors
/// A fault of the store.
pub fn wanted(db: &dyn Read, member: MemberId, channel: &str) -> Result<Option<bool>, Fault> {
    // Does this member want messages?
    let row = db.row("select wanted from contact where member = ?1 and channel = ?2", &[member.into(), channel.into()])?;
    Ok(row.map(|row| row.int(0) != 0))
}
