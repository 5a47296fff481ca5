//! What was asked to be sent, to whom, and how it ended.
use crate::base::{CommandId, MemberId, StaffId};
use crate::facts::messages::{MessageEnded, MessagesAsked, Outcome};
use crate::journal::{Actor, Fault, Head, Read};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// One message to one member.
    140, MESSAGE, "message", Once, First, Hub, v 1, [member Blob, batch Blob], [at_ms Int],
    index "message_by_batch" on "batch, member"
}

table! {
    /// How a message ended: 0 sent, 1 refused, 2 dropped. The last word stands: a person may have it sent again.
    141, MESSAGE_END, "message_end", Greatest, First, Hub, v 1, [member Blob, batch Blob], [at_ms Int, outcome Int, parts Int, note Text],
    index "message_end_by_batch" on "batch, outcome"
}

table! {
    /// One fact of a batch: what was sent, by whom, to how many.
    143, MESSAGE_BATCH, "message_batch", Once, First, Hub, v 1, [batch Blob, part Int],
    [at_ms Int, staff Blob, channel Text, template Text, gateway Text, text Text, filter Text, members Int],
    index "message_batch_by_time" on "at_ms"
}

pub fn fold_asked(asked: &MessagesAsked, head: &Head, rows: &mut Rows) {
    for member in &asked.members {
        rows.put(&MESSAGE, row![*member, asked.batch, asked.at_ms]);
    }
    let staff = match head.by {
        Actor::Person(staff) => staff.0.to_vec(),
        _ => Vec::new(),
    };
    let values = row![
        asked.batch,
        asked.part,
        asked.at_ms,
        staff,
        asked.channel.as_str(),
        asked.template.as_str(),
        asked.gateway.as_str(),
        asked.text.as_str(),
        asked.filter.as_str(),
        asked.members.len() as i64
    ];
    rows.put(&MESSAGE_BATCH, values);
}

pub fn fold_ended(ended: &MessageEnded, _: &Head, rows: &mut Rows) {
    let (outcome, parts) = (ended.outcome as i64, i64::from(ended.parts));
    rows.put(&MESSAGE_END, row![ended.member, ended.batch, ended.at_ms, outcome, parts, ended.note.as_str()]);
}

/// One text to many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub id: CommandId,
    pub at_ms: i64,
    /// None: a rule of the house.
    pub by: Option<StaffId>,
    pub channel: String,
    pub template: String,
    /// The gateway's id of the template.
    pub gateway: String,
    pub text: String,
    pub filter: String,
    pub members: i64,
    /// By outcome: sent, refused, dropped.
    pub ended: [i64; 3],
    /// Parts of what was sent.
    pub parts: i64,
}

/// What was asked for, newest first.
///
/// # Errors
/// A fault of the store.
pub fn batches(db: &dyn Read, offset: u32, limit: u32) -> Result<Vec<Batch>, Fault> {
    // What was sent last?
    let sql = "select batch from message_batch where part = 0 order by at_ms desc, batch limit ?1 offset ?2";
    let rows = db.rows(sql, &[limit.into(), offset.into()])?;
    let read = |row: &crate::journal::Row| batch(db, CommandId(row.raw(0)));
    rows.iter().filter_map(|row| read(row).transpose()).collect()
}

/// How many there are.
///
/// # Errors
/// A fault of the store.
pub fn count(db: &dyn Read) -> Result<i64, Fault> {
    db.number("select count(*) from message_batch where part = 0", &[])
}

/// One batch.
///
/// # Errors
/// A fault of the store.
pub fn batch(db: &dyn Read, id: CommandId) -> Result<Option<Batch>, Fault> {
    // What was this batch, and how many were written to?
    let sql = "select at_ms, staff, channel, template, gateway, text, filter from message_batch where batch = ?1 order by part limit 1";
    let Some(row) = db.row(sql, &[id.into()])? else { return Ok(None) };
    let members = db.number("select cast(sum(members) as bigint) from message_batch where batch = ?1", &[id.into()])?;
    // How did they end?
    let sql = "select outcome, count(*), cast(sum(parts) as bigint) from message_end where batch = ?1 group by outcome";
    let (mut ended, mut parts) = ([0; 3], 0);
    for row in db.rows(sql, &[id.into()])? {
        if let Some(count) = usize::try_from(row.int(0)).ok().and_then(|outcome| ended.get_mut(outcome)) {
            *count = row.int(1);
        }
        parts += if row.int(0) == Outcome::Sent as i64 { row.int(2) } else { 0 };
    }
    let text = |at: usize| row.text(at).to_owned();
    Ok(Some(Batch {
        id,
        at_ms: row.int(0),
        by: row.blob(1).try_into().ok().map(StaffId),
        channel: text(2),
        template: text(3),
        gateway: text(4),
        text: text(5),
        filter: text(6),
        members,
        ended,
        parts,
    }))
}

/// One message of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub member: MemberId,
    /// None: it waits, or nobody knows.
    pub outcome: Option<Outcome>,
    /// When it ended, UTC ms.
    pub at_ms: i64,
    pub parts: i64,
    pub note: String,
}

/// Who was written to in a batch, and how it ended.
///
/// # Errors
/// A fault of the store.
pub fn sent(db: &dyn Read, batch: CommandId, offset: u32, limit: u32) -> Result<Vec<Sent>, Fault> {
    // To whom was this sent, and how did it end?
    let sql = "select m.member, coalesce(e.outcome, -1), coalesce(e.at_ms, 0), coalesce(e.parts, 0), coalesce(e.note, '')
               from message m left join message_end e on e.member = m.member and e.batch = m.batch
               where m.batch = ?1 order by m.member limit ?2 offset ?3";
    let rows = db.rows(sql, &[batch.into(), limit.into(), offset.into()])?;
    let outcome = |number: i64| match number {
        0 => Some(Outcome::Sent),
        1 => Some(Outcome::Refused),
        2 => Some(Outcome::Dropped),
        _ => None,
    };
    let one = |row: &crate::journal::Row| Sent {
        member: MemberId(row.raw(0)),
        outcome: outcome(row.int(1)),
        at_ms: row.int(2),
        parts: row.int(3),
        note: row.text(4).into(),
    };
    Ok(rows.iter().map(one).collect())
}

/// Messages that were asked for to a member since.
///
/// # Errors
/// A fault of the store.
pub fn since(db: &dyn Read, member: MemberId, since_ms: i64) -> Result<i64, Fault> {
    // How often was this member written to since?
    db.number("select count(*) from message where member = ?1 and at_ms > ?2", &[member.into(), since_ms.into()])
}
