//! What is written to one member, put together when it is sent.
use super::gateway::Wanted;
use shared::base::{BusinessDay, MemberId, Money};
use shared::branches::HOUSE_ZONE;
use shared::desk::messages::send::Task;
use shared::documents::messages::MessageSettings;
use shared::journal::{Fault, Read};
use shared::members::member::called;
use shared::members::purse::by_place;
use shared::messages::asked::batch;
use shared::messages::consent::wanted;
use shared::messages::text::{Said, filled};
use shared::settings;

/// What the braces of a template stand for; none for who is not there any more.
///
/// # Errors
/// A fault of the store.
pub fn said(db: &dyn Read, member: MemberId, now_ms: i64) -> Result<Option<Said>, Fault> {
    let Some((name, _)) = called(db, member)? else { return Ok(None) };
    let places = by_place(db, member, BusinessDay::at(now_ms, HOUSE_ZONE))?;
    let value = Money::from_minor(places.iter().map(|(_, purse)| purse.total().minor()).sum());
    Ok(Some(Said { name, value, points: places.iter().map(|(_, purse)| purse.points).sum() }))
}

/// A template as a member reads it.
pub fn text(settings: &MessageSettings, template: &str, said: &Said) -> String {
    filled(&settings.signature, template, said)
}

/// What the gateway is asked; none: nothing is sent to this member any more.
///
/// # Errors
/// A fault of the store.
pub(super) fn message(db: &dyn Read, channel: &str, task: &Task, now_ms: i64) -> Result<Option<Wanted>, Fault> {
    let settings = settings::messages(db)?;
    let (Some(asked), Some((_, phone))) = (batch(db, task.batch)?, called(db, task.member)?) else { return Ok(None) };
    if phone.is_empty() || !wanted(db, task.member, channel)?.unwrap_or(!settings.needs_consent) {
        return Ok(None);
    }
    let Some(said) = said(db, task.member, now_ms)? else { return Ok(None) };
    let text = text(&settings, &asked.text, &said);
    let (channel, signature, template) = (channel.into(), settings.signature, asked.gateway);
    Ok(Some(Wanted { id: String::new(), channel, to: phone, signature, template, text, variables: said.into() }))
}
