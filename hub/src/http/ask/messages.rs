//! Messages to members: what would be sent, what was sent, and how it ended.
use super::fifty;
use super::members::AskMembers;
use crate::http::refused::No;
use crate::http::route::{self, Ask, Scene};
use crate::http::shown::{List, member};
use crate::messages::{ENDED_BETWEEN, NO_ANSWER, compose};
use serde::{Deserialize, Serialize};
use shared::base::{CommandId, MemberId};
use shared::desk::messages::send::{RECIPIENTS_MAX, job_id, sorted};
use shared::documents::messages::MessageSettings;
use shared::facts::messages::Outcome;
use shared::journal::{Fault, Read, Refusal, Right};
use shared::members::filter;
use shared::messages::text::parts;
use shared::messages::{CHANNELS, asked};
use shared::reports::names::{self, MemberRef};
use shared::settings;
use shared::store::jobs::{State, job};
use utoipa::{IntoParams, ToSchema};

/// What messages are sent by and with.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskMessageHouse {}

#[derive(Debug, Serialize, ToSchema)]
pub struct MessageHouse {
    signature: String,
    /// Minutes of the day.
    quiet_from: i64,
    quiet_until: i64,
    /// For one member in seven days; 0: no limit.
    week_max: i64,
    needs_consent: bool,
    /// Channels that have a gateway.
    channels: Vec<String>,
    templates: Vec<Template>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Template {
    code: String,
    name: String,
    /// The gateway's own id; empty: it takes any text.
    gateway: String,
    text: String,
}

impl Ask for AskMessageHouse {
    const PATH: &'static str = "/api/message_house";
    const ANY: &'static [Right] = &[Right::Members];
    type Answer = MessageHouse;

    fn answer(self, scene: &Scene<'_>) -> Result<MessageHouse, No> {
        let MessageSettings { signature, quiet_from, quiet_until, week_max, needs_consent, templates, .. } = settings::messages(scene.db)?;
        let ready = |channel: &&&str| crate::messages::ready(&scene.http.app, channel);
        let template = |(code, template): (String, shared::documents::messages::Template)| {
            let shared::documents::messages::Template { name, gateway, text } = template;
            Template { code, name, gateway, text }
        };
        Ok(MessageHouse {
            signature,
            quiet_from,
            quiet_until,
            week_max,
            needs_consent,
            channels: CHANNELS.iter().filter(ready).map(|channel| (*channel).to_owned()).collect(),
            templates: templates.into_iter().map(template).collect(),
        })
    }
}

/// What a template would come to, sent to those whom a filter means.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskSending {
    channel: String,
    /// Its code.
    template: String,
    /// What stands after `?` in the address of the list of members.
    filter: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Sending {
    meant: i64,
    to: i64,
    without_phone: i64,
    unwilling: i64,
    often: i64,
    same_phone: i64,
    /// Parts of all short messages, and what they cost, in 0.001 of the currency; 0 by other channels.
    parts: i64,
    cost_milli: i64,
    /// The first of them, as it would be sent.
    sample: String,
}

/// Those whom a filter, as it stands in an address, means.
///
/// # Errors
/// `not_sound` for one that nobody could ask, `too_many`; a fault of the store.
pub fn meant(db: &dyn Read, filter: &str, now_ms: i64) -> Result<Vec<MemberId>, No> {
    let filter = route::asked::<AskMembers>(&format!("/?{filter}"), None)?.filter(db)?;
    let today = shared::base::BusinessDay::at(now_ms, shared::branches::HOUSE_ZONE);
    let meant = filter::people(db, &filter, now_ms, today)?;
    match meant.len() > RECIPIENTS_MAX {
        true => Err(Refusal::TooMany { what: "recipients".into(), limit: RECIPIENTS_MAX as i64 }.into()),
        false => Ok(meant),
    }
}

impl Ask for AskSending {
    const PATH: &'static str = "/api/sending";
    const ANY: &'static [Right] = &[Right::Members];
    type Answer = Sending;

    fn answer(self, scene: &Scene<'_>) -> Result<Sending, No> {
        let settings = settings::messages(scene.db)?;
        let template = settings.templates.get(&self.template).ok_or_else(|| No::not_found("template"))?;
        let meant = meant(scene.db, &self.filter, scene.now_ms)?;
        let sorted = sorted(scene.db, &self.channel, &meant, &settings, scene.now_ms)?;
        let (mut parts_of_all, mut sample) = (0, String::new());
        for member in &sorted.to {
            let Some(said) = compose::said(scene.db, *member, scene.now_ms)? else { continue };
            let text = compose::text(&settings, &template.text, &said);
            parts_of_all += i64::from(parts(&text));
            if sample.is_empty() {
                sample = text;
            }
        }
        let parts = if self.channel == "sms" { parts_of_all } else { 0 };
        Ok(Sending {
            meant: meant.len() as i64,
            to: sorted.to.len() as i64,
            without_phone: sorted.without_phone,
            unwilling: sorted.unwilling,
            often: sorted.often,
            same_phone: sorted.same_phone,
            parts,
            cost_milli: parts * settings.part_milli,
            sample,
        })
    }
}

/// What was sent, newest first.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskMessages {
    #[serde(default)]
    offset: u32,
    #[serde(default = "fifty")]
    limit: u32,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MessageBatch {
    pub batch: CommandId,
    pub at_ms: i64,
    /// Who had it sent; empty: a rule of the house.
    pub by: String,
    pub channel: String,
    /// Its code.
    pub template: String,
    pub text: String,
    /// What was asked of members.
    pub filter: String,
    pub members: i64,
    pub sent: i64,
    pub refused: i64,
    pub dropped: i64,
    /// Not ended: they wait, or nobody knows.
    pub open: i64,
    pub parts: i64,
}

/// A batch as pages show it.
///
/// # Errors
/// A fault of the store.
pub fn shown(db: &dyn Read, batch: asked::Batch) -> Result<MessageBatch, Fault> {
    let by = batch.by.map(|by| names::person(db, by)).transpose()?.flatten().map_or_else(String::new, |person| person.name);
    let [sent, refused, dropped] = batch.ended;
    Ok(MessageBatch {
        batch: batch.id,
        at_ms: batch.at_ms,
        by,
        channel: batch.channel,
        template: batch.template,
        text: batch.text,
        filter: batch.filter,
        members: batch.members,
        sent,
        refused,
        dropped,
        open: batch.members - sent - refused - dropped,
        parts: batch.parts,
    })
}

impl Ask for AskMessages {
    const PATH: &'static str = "/api/messages";
    const ANY: &'static [Right] = &[Right::Members];
    type Answer = List<MessageBatch>;

    fn answer(self, scene: &Scene<'_>) -> Result<List<MessageBatch>, No> {
        let batches = asked::batches(scene.db, self.offset, scene.rows(self.limit))?;
        let rows = batches.into_iter().map(|batch| shown(scene.db, batch)).collect::<Result<_, _>>()?;
        Ok(List { total: asked::count(scene.db)?, rows })
    }
}

/// Who was written to in a batch.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskMessage {
    batch: CommandId,
    #[serde(default)]
    offset: u32,
    #[serde(default = "fifty")]
    limit: u32,
}

/// How one message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stands {
    Sent,
    Refused,
    Dropped,
    Waiting,
    /// It is being sent.
    Sending,
    /// It was begun, and nobody knows how it ended.
    Unknown,
    /// Not sent: head office was put back, and may have sent it before.
    Held,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MessageRow {
    #[schema(required)]
    member: Option<MemberRef>,
    /// Masked without the right `see_phones`.
    phone: String,
    stands: Stands,
    /// When it ended; 0: it has not.
    at_ms: i64,
    parts: i64,
    /// The gateway's number of it, or why it said no.
    note: String,
}

impl Ask for AskMessage {
    const PATH: &'static str = "/api/messages/{batch}";
    const ANY: &'static [Right] = &[Right::Members];
    type Answer = List<MessageRow>;

    fn answer(self, scene: &Scene<'_>) -> Result<List<MessageRow>, No> {
        let batch = asked::batch(scene.db, self.batch)?.ok_or_else(|| No::not_found("batch"))?;
        let sent = asked::sent(scene.db, self.batch, self.offset, scene.rows(self.limit))?;
        let rows = sent.into_iter().map(|sent| row(scene, self.batch, sent)).collect::<Result<_, Fault>>()?;
        Ok(List { total: batch.members, rows })
    }
}

fn row(scene: &Scene<'_>, batch: CommandId, sent: asked::Sent) -> Result<MessageRow, Fault> {
    let phone = shared::members::member::called(scene.db, sent.member)?.map_or_else(String::new, |(_, phone)| phone);
    let stands = match sent.outcome {
        Some(Outcome::Sent) => Stands::Sent,
        Some(Outcome::Refused) => Stands::Refused,
        Some(Outcome::Dropped) => Stands::Dropped,
        None => match job(scene.db, job_id(batch, sent.member))? {
            Some(job) if job.state == State::Waiting => Stands::Waiting,
            Some(job) if job.state == State::Failed => Stands::Held,
            // Why nobody knows is noted: at once where the gateway is silent, at the next start where the hub ended.
            Some(job) if job.state == State::Tried && [NO_ANSWER, ENDED_BETWEEN].iter().all(|note| job.note != *note) => Stands::Sending,
            _ => Stands::Unknown,
        },
    };
    let (member, phone) = (names::member(scene.db, sent.member)?, member::phone(scene, &phone));
    Ok(MessageRow { member, phone, stands, at_ms: sent.at_ms, parts: sent.parts, note: sent.note })
}
