//! Asks that a text be sent to members. Refusals, in order: NotSound (no such channel or template, nobody left to write to), TooMany.
use crate::base::ids::derived;
use crate::base::{CommandId, JobId, MemberId, StreamId};
use crate::documents::messages::{MessageSettings, Template};
use crate::facts::messages::MessagesAsked;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Job, Moment, Read, Refusal, Right};
use crate::members;
use crate::messages::CHANNELS;
use crate::messages::asked::since;
use crate::messages::consent::wanted;
use crate::settings;
use minicbor::{Decode, Encode};
use std::collections::HashSet;

/// The kind of the jobs; their queues are the channels.
pub const MESSAGE: &str = "message";
/// Noted on a job that a person had sent again.
pub const AGAIN: &str = "again";
/// Members written to by one command.
pub const RECIPIENTS_MAX: usize = 20_000;
/// Members in one fact: 16 KiB.
const FACT_MEMBERS: usize = 1_000;
const WEEK_MS: i64 = 7 * 86_400_000;

/// What the worker needs.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Task {
    #[n(0)]
    pub batch: CommandId,
    #[n(1)]
    pub member: MemberId,
    /// Whose stream this was asked in: a hub that was put back has another one, and does not send again what it may have sent.
    #[n(2)]
    pub stream: StreamId,
}

/// The job of one message.
pub fn job_id(batch: CommandId, member: MemberId) -> JobId {
    JobId(derived("message", &[batch.bytes(), member.bytes()]))
}

/// Of those meant, who is written to, and why others are not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sorted {
    pub to: Vec<MemberId>,
    pub without_phone: i64,
    /// Said no, or did not say yes where that is needed.
    pub unwilling: i64,
    /// Were written to as often as the week allows.
    pub often: i64,
    /// Another one meant has the same phone.
    pub same_phone: i64,
}

/// Sorts those meant.
///
/// # Errors
/// A fault of the store.
pub fn sorted(db: &dyn Read, channel: &str, meant: &[MemberId], settings: &MessageSettings, now_ms: i64) -> Result<Sorted, Fault> {
    let (mut sorted, mut phones) = (Sorted::default(), HashSet::new());
    for member in meant {
        let phone = members::member::called(db, *member)?.map_or_else(String::new, |(_, phone)| phone);
        if phone.is_empty() {
            sorted.without_phone += 1;
        } else if !wanted(db, *member, channel)?.unwrap_or(!settings.needs_consent) {
            sorted.unwilling += 1;
        } else if settings.week_max > 0 && since(db, *member, now_ms - WEEK_MS)? >= settings.week_max {
            sorted.often += 1;
        } else if !phones.insert(phone) {
            sorted.same_phone += 1;
        } else {
            sorted.to.push(*member);
        }
    }
    Ok(sorted)
}

/// Sends a template to those meant who may be written to.
#[derive(Debug, Clone)]
pub struct SendMessages {
    pub channel: String,
    /// Code of the template.
    pub template: String,
    pub meant: Vec<MemberId>,
    /// What was asked of members; empty for members named one by one.
    pub filter: String,
}

pub struct State {
    template: Option<Template>,
    to: Vec<MemberId>,
}

impl Command for SendMessages {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Members);

    fn content(&self) -> Vec<u8> {
        // Whom the filter means may have changed until a page asks the same again.
        encoded(&(260_u16, self.channel.as_str(), self.template.as_str(), self.filter.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let settings = settings::messages(db)?;
        let meant = if self.meant.len() > RECIPIENTS_MAX { &[] } else { self.meant.as_slice() };
        let to = sorted(db, &self.channel, meant, &settings, moment.now_ms)?.to;
        Ok(State { template: settings.templates.get(&self.template).cloned(), to })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let unsound = |field: &str, why: &str| Err(Refusal::NotSound { field: field.into(), why: why.into() });
        if !CHANNELS.contains(&self.channel.as_str()) {
            return unsound("channel", "unknown");
        }
        let Some(template) = &state.template else { return unsound("template", "unknown") };
        if self.meant.len() > RECIPIENTS_MAX {
            return Err(Refusal::TooMany { what: "recipients".into(), limit: RECIPIENTS_MAX as i64 });
        }
        if state.to.is_empty() {
            return unsound("members", "nobody");
        }
        let mut decided = Decided::nothing();
        for (part, members) in (0_u16..).zip(state.to.chunks(FACT_MEMBERS)) {
            decided = decided.fact(&MessagesAsked {
                batch: moment.command,
                at_ms: moment.now_ms,
                channel: self.channel.clone(),
                template: self.template.clone(),
                gateway: template.gateway.clone(),
                text: template.text.clone(),
                filter: self.filter.clone(),
                members: members.to_vec(),
                part,
            });
        }
        for member in &state.to {
            let task = Task { batch: moment.command, member: *member, stream: moment.here };
            let (id, queue) = (job_id(moment.command, *member), self.channel.clone());
            decided = decided.job(Job { id, kind: MESSAGE, queue, body: encoded(&task) });
        }
        Ok(decided)
    }
}
