//! The edge's half of an exchange: what to send, and what to do with the answer.
use super::generations::write_late;
use super::recovery::pages_back;
pub use super::renewal::renew;
use super::renewal::{Judged, judge, write_again};
use super::sign::{Keys, PublicKey};
use super::wire::{Ask, Cursor, Held, Question, Request, Response, Told};
use super::{CHAIN, asks, pages, push};
use crate::base::StreamId;
use crate::base::guards::{Guard, on};
use crate::journal::{Fault, Read};
use crate::store::Writer;
use crate::store::writer::{StreamHead, meta, meta_number, stream_head};
use minicbor::{Decode, Encode};

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
    /// The hub wants earlier pages given back first: asks, statements and questions are to be sent again.
    pub unread: bool,
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
    let (mut pushes, mut held, mut whole) = (Vec::new(), Vec::new(), true);
    for head in own_streams(db, keys)? {
        if head.seq <= head.acked {
            held.push(holding(db, &head)?);
        } else if whole {
            let push = push::build(db, keys, head.stream, head.acked)?;
            whole = push.as_ref().is_some_and(|push| push.first + push.entries.len() as u64 > head.seq);
            pushes.extend(push);
        }
    }
    let wanted = meta(db, GIVE_BACK)?.and_then(|body| minicbor::decode::<Wanted>(&body).ok());
    let back = wanted.map(|wanted| Ok::<_, Fault>((pages_back(db, wanted.epoch, &wanted.after)?, wanted.epoch))).transpose()?;
    let given_back_in = back.as_ref().map(|(_, epoch)| *epoch);
    let all_given_back = back.as_ref().filter(|((_, all), _)| *all).map(|(_, epoch)| *epoch);
    let given_back = back.map_or(Vec::new(), |((pages, _), _)| pages);
    Ok(Request {
        stream,
        pushes,
        cursors: vec![pages::cursor(db, CHAIN)?, pages::cursor(db, scope)?],
        asks: wants.asks,
        told: wants.told,
        questions: wants.questions,
        given_back,
        given_back_in,
        all_given_back,
        held,
        salvaged: None,
    })
}

/// The streams of this install, each after the one that it follows: a later one is sent once the earlier is sent whole, because the hub carries
/// what lay there as soon as it hears of the later.
fn own_streams(db: &dyn Read, keys: &Keys) -> Result<Vec<StreamHead>, Fault> {
    let rows = db.rows("select stream from stream where device_key = ?1 and seq > 0 order by stream", &[keys.public().into()])?;
    let mut left = rows.iter().filter_map(|row| stream_head(db, StreamId(row.raw(0))).transpose()).collect::<Result<Vec<_>, Fault>>()?;
    let mut ordered: Vec<StreamHead> = Vec::with_capacity(left.len());
    while let Some(next) = left.iter().position(|head| left.iter().all(|other| head.predecessor != Some(other.stream))) {
        ordered.push(left.remove(next));
    }
    Ok(ordered)
}

fn holding(db: &dyn Read, head: &StreamHead) -> Result<Held, Fault> {
    let hash = push::chain_hash(db, head.stream, head.acked)?;
    Ok(Held { kept_as: head.stream, stream: push::written_as(db, head.stream)?, seq: head.acked, hash: hash.into() })
}

/// What the hub of a new epoch wants given back, as its last answer said.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Wanted {
    #[n(0)]
    epoch: u64,
    #[n(1)]
    after: Vec<Cursor>,
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
    let mut judged = Judged::default();
    for state in &response.streams {
        judge(writer, state, own.stream, &mut judged)?;
    }
    // Pages were made for where the old stream stood; the new one asks for its own.
    for page in response.pages.iter().filter(|_| judged.renewed_after.is_none()) {
        match pages::apply(writer, page, hub)? {
            Err(refused) => applied.refused = Some(refused),
            Ok(arrived) => {
                applied.more |= page.more;
                asks::give_back(writer, &arrived, now_ms)?;
            }
        }
    }
    match &response.give_back {
        Some(after) => {
            let wanted = Wanted { epoch: response.epoch, after: after.clone() };
            writer.set_meta(GIVE_BACK, &crate::journal::command::encoded(&wanted))?;
            (applied.more, applied.unread) = (true, true);
        }
        None if meta(writer, GIVE_BACK)?.is_some_and(|body| !body.is_empty()) => writer.set_meta(GIVE_BACK, b"")?,
        None => {}
    }
    if let Some(predecessor) = judged.renewed_after {
        renew(writer, predecessor, now_ms, fresh)?;
    }
    write_again(writer, &judged.again, now_ms, fresh)?;
    let late = writer.take_late();
    write_late(writer, &late, &[], now_ms)?;
    let waiting = "select count(*) from stream where device_key = ?1 and seq > acked";
    let key = writer.stream(writer.identity()?.stream)?.map_or([0; 32], |head| head.device_key);
    applied.more |= writer.number(waiting, &[key.into()])? > 0;
    Ok(applied)
}
