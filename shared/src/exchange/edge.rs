//! The edge's half of an exchange: what to send, and what to do with the answer.
use super::recovery::pages_back;
pub use super::renewal::renew;
use super::renewal::{Renewal, judged, write_again};
use super::sign::{Keys, PublicKey};
use super::wire::{Ask, Cursor, Held, Question, Request, Response, Told};
use super::{CHAIN, asks, pages, push};
use crate::base::StreamId;
use crate::base::guards::{Guard, on};
use crate::journal::{Fault, Read};
use crate::store::Writer;
use crate::store::writer::{meta, meta_number};

/// What the edge wants beside pushing and pulling.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wants {
    pub asks: Vec<Ask>,
    pub told: Vec<Told>,
    pub questions: Vec<Question>,
}

/// What an answer led to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// There is more to send or to read: exchange again at once.
    pub more: bool,
    pub revoked: bool,
    /// A page that was not applied, for the technician.
    pub refused: Option<pages::NotApplied>,
}

/// The parts of an answer that are one transaction each. There is one: pages, cursors and what follows stand or fall together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    All,
    /// Only where a test takes the guard away: cursors first, entries later.
    Cursors,
    Entries,
}

/// The transactions an answer takes, in order.
pub fn steps() -> &'static [Step] {
    if on(Guard::Cursor) { &[Step::All] } else { &[Step::Cursors, Step::Entries] }
}

/// The request that brings the hub up to date and asks for what is new.
///
/// # Errors
/// A fault of the store.
pub fn request(db: &dyn Read, keys: &Keys, stream: StreamId, scope: &[u8], wants: Wants) -> Result<Request, Fault> {
    let (mut pushes, mut held) = (Vec::new(), Vec::new());
    // Which of this install's streams has entries that the hub has not acknowledged?
    let own =
        db.rows("select stream, acked, seq from stream where device_key = ?1 and seq > 0 order by stream", &[keys.public().into()])?;
    for row in &own {
        let (stream, acked) = (StreamId(row.raw(0)), row.int(1) as u64);
        if row.int(2) as u64 > acked {
            pushes.extend(push::build(db, keys, stream, acked)?);
        } else {
            held.push(holding(db, stream, acked)?);
        }
    }
    let wanted: Vec<Cursor> = meta(db, GIVE_BACK)?.and_then(|body| minicbor::decode(&body).ok()).unwrap_or_default();
    let (given_back, all) = if wanted.is_empty() { (Vec::new(), false) } else { pages_back(db, &wanted)? };
    let all_given_back = wanted.first().filter(|_| all).map(|cursor| cursor.epoch);
    Ok(Request {
        stream,
        pushes,
        cursors: vec![pages::cursor(db, CHAIN)?, pages::cursor(db, scope)?],
        asks: wants.asks,
        told: wants.told,
        questions: wants.questions,
        given_back,
        all_given_back,
        held,
        salvaged: None,
    })
}

fn holding(db: &dyn Read, stream: StreamId, acked: u64) -> Result<Held, Fault> {
    let hash = push::chain_hash(db, stream, acked)?;
    Ok(Held { kept_as: stream, stream: push::written_as(db, stream)?, seq: acked, hash: hash.into() })
}

const GIVE_BACK: &str = "give_back";

/// Applies one step of an answer in the clerk's transaction. `fresh`: random bytes for a new stream, should one be needed.
///
/// # Errors
/// A fault of the store; then nothing of the step was applied, and the next exchange brings it again.
pub fn apply(
    writer: &mut Writer<'_>,
    response: &Response,
    step: Step,
    hub: &PublicKey,
    now_ms: i64,
    fresh: [u8; 16],
) -> Result<Applied, Fault> {
    if step == Step::Cursors {
        for page in &response.pages {
            pages::set_cursor(writer, page)?;
        }
        return Ok(Applied::default());
    }
    let own = writer.identity()?;
    let mut applied = Applied { revoked: response.revoked, ..Applied::default() };
    let hub_ms = meta_number(writer, "hub_ms")?.max(response.hub_ms);
    writer.set_meta("hub_ms", &hub_ms.to_be_bytes())?;
    writer.know_stream(response.hub_stream, None, hub, None)?;
    let mut renewal = None;
    for state in &response.streams {
        renewal = judged(writer, state, own.stream)?.or(renewal);
    }
    // Pages were made for where the old stream stood; the new one asks for its own.
    for page in response.pages.iter().filter(|_| renewal.is_none()) {
        match pages::apply(writer, page, hub)? {
            Err(refused) => applied.refused = Some(refused),
            Ok(arrived) => {
                applied.more |= page.more;
                asks::give_back(writer, &arrived, now_ms)?;
            }
        }
    }
    match &response.give_back {
        Some(wanted) => {
            writer.set_meta(GIVE_BACK, &crate::journal::command::encoded(wanted))?;
            applied.more = true;
        }
        None if meta(writer, GIVE_BACK)?.is_some_and(|body| !body.is_empty()) => writer.set_meta(GIVE_BACK, b"")?,
        None => {}
    }
    if let Some(Renewal { predecessor, again }) = renewal {
        renew(writer, predecessor, now_ms, fresh)?;
        write_again(writer, &again, now_ms)?;
    }
    let waiting = "select count(*) from stream where device_key = ?1 and seq > acked";
    let key = writer.stream(writer.identity()?.stream)?.map_or([0; 32], |head| head.device_key);
    applied.more |= writer.number(waiting, &[key.into()])? > 0;
    Ok(applied)
}
