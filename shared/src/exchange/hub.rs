//! The hub's half of an exchange. It takes in and answers asks in one transaction of the writer; what it gives out it reads behind the commit,
//! beside the writer.
use super::intake::{self, Refused, Stretch};
use super::recovery;
use super::sign::{Keys, PublicKey, page_signed};
use super::wire::{Cursor, Page, Push, Question, Request, Response, StreamState};
use super::{CHAIN, asks, generations, pages, push, salvage};
use crate::base::guards::{Guard, on};
use crate::base::ids::derived;
use crate::base::{BranchId, CommandId, StreamId};
use crate::facts::journal::{Closed, Opened, SetAside};
use crate::facts::{Fact, ledger::Moved};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Entry, Fault, Moment, Read, Refusal, Right};
use crate::store::Writer;
use crate::store::append::Arrived;
use crate::store::writer::Identity;
use crate::views::Registry;
use crate::views::registry::decoded;
use std::sync::Arc;

/// How far a request's time may be off.
pub const TIME_OFF_MS_MAX: i64 = 5 * 60 * 1000;
/// When an edge that hears nothing comes again by itself.
const NEXT_MS: u32 = 15_000;
/// The rule that admits and sets aside.
pub const VERDICT: u16 = 5;

/// Answers a question of an edge from the committed state.
pub type Answer = dyn Fn(&dyn Read, &Question) -> Result<Vec<u8>, Fault>;

/// What stays the same over all exchanges of a hub.
pub struct Hub<'h> {
    pub keys: &'h Keys,
    /// Answers questions of edges, read-only.
    pub answer: &'h Answer,
}

/// A request, and which device of which branch sent it.
#[derive(Debug, Clone)]
pub struct Asked {
    pub device: PublicKey,
    pub branch: BranchId,
    pub request: Arc<Request>,
}

impl Asked {
    /// Its pushes, read before the writer's turn.
    pub fn stretches(&self, registry: &Registry) -> Vec<Result<Stretch, Refused>> {
        self.request.pushes.iter().map(|push| Stretch::read(push, &self.device, registry)).collect()
    }
}

/// What came of a request at the writer.
#[derive(Debug, Default)]
pub struct Taken {
    pub streams: Vec<StreamState>,
    /// This hub was restored and wants back what the branch holds of it, from these positions on; nothing else was taken.
    pub give_back: Option<Vec<Cursor>>,
}

/// Which branch a device was enrolled for, and whether it was revoked.
///
/// # Errors
/// A fault of the store.
pub fn device(db: &dyn Read, key: &PublicKey) -> Result<Option<(BranchId, bool)>, Fault> {
    let row = db.row("select branch, revoked from device where device_key = ?1", &[(*key).into()])?;
    Ok(row.map(|row| (BranchId(row.raw(0)), row.int(1) != 0)))
}

impl Hub<'_> {
    /// The answer to a request that brings nothing, from what is committed: who only reads does not wait for the writer. None: it brings
    /// something, or this hub has yet to hear what the branch holds.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn give_at_once(&self, db: &dyn Read, asked: &Asked, now_ms: i64) -> Result<Option<Response>, Fault> {
        let Asked { device, branch, request } = asked;
        if brings(request) || self.forgot(db, request)? || !recovery::heard(db, request)? || recovery::outstanding(db)?.contains(branch) {
            return Ok(None);
        }
        let streams = request.held.iter().map(|held| intake::standing(db, held, device)).collect::<Result<_, Fault>>()?;
        self.give(db, asked, Taken { streams, give_back: None }, now_ms).map(Some)
    }

    /// Takes what a request of a known device brings, in the clerk's transaction. `fresh`: random bytes for a new stream of the hub, should it
    /// find that it was restored from an older backup.
    ///
    /// # Errors
    /// A fault of the store; then nothing of the request was taken.
    pub fn take(
        &self,
        writer: &mut Writer<'_>,
        asked: &Asked,
        stretches: Vec<Result<Stretch, Refused>>,
        now_ms: i64,
        fresh: [u8; 16],
    ) -> Result<Taken, Fault> {
        let Asked { device, branch, request } = asked;
        if self.forgot(writer, request)? {
            recovery::open_hub(writer, StreamId(fresh), &self.keys.public(), now_ms)?;
        }
        recovery::take_back(writer, *branch, &request.given_back, &self.keys.public(), now_ms)?;
        if !recovery::heard(writer, request)? {
            recovery::carry_on(writer, false, now_ms)?;
            writer.flush_feed()?;
            return Ok(Taken { streams: Vec::new(), give_back: Some(recovery::wanted_back(writer, *branch, request)?) });
        }
        let heard_now = recovery::reported(writer, *branch)?;
        let streams = take_streams(writer, asked, stretches, now_ms)?;
        recovery::carry_on(writer, heard_now, now_ms)?;
        // Only an open place of this very device is given anything.
        let asker = writer.stream(request.stream)?.filter(|head| head.device_key == *device && head.sealed == 0);
        for ask in request.asks.iter().filter(|_| asker.is_some()) {
            asks::answer(writer, ask, request.stream, now_ms)?;
        }
        for told in &request.told {
            writer.hold_statement(branch.bytes(), &told.topic, &told.key, 0, &told.body, told.as_of_ms)?;
            writer.touch("statement");
        }
        self.note_heard(writer, asked, now_ms)?;
        writer.flush_feed()?;
        Ok(Taken { streams, give_back: None })
    }

    /// Notes that a device was heard, and signs the head of the own stream, which it may be given.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn note_heard(&self, writer: &mut Writer<'_>, asked: &Asked, now_ms: i64) -> Result<(), Fault> {
        let heard = "update stream set heard_ms = ?2 where stream = ?1 and device_key = ?3";
        writer.execute(heard, &[asked.request.stream.into(), now_ms.into(), asked.device.into()])?;
        let own = writer.identity()?.stream;
        push::sign_head(writer, self.keys, own)
    }

    /// Answers from the committed state, behind the commit of what was taken: what was not read yet, and questions.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn give(&self, db: &dyn Read, asked: &Asked, taken: Taken, now_ms: i64) -> Result<Response, Fault> {
        let here = Identity::load(db)?.ok_or_else(|| Fault::Damaged("no stream is open here".into()))?;
        let mut response = Response {
            epoch: recovery::epoch(db)?,
            hub_stream: here.stream,
            hub_ms: now_ms,
            streams: taken.streams,
            pages: Vec::new(),
            answers: Vec::new(),
            next_ms: NEXT_MS,
            give_back: taken.give_back,
            revoked: false,
            wrong_time: false,
        };
        if response.give_back.is_none() {
            response.pages = self.pages(db, asked.branch, &asked.request)?;
            let answers = asked.request.questions.iter().map(|question| (self.answer)(db, question).map(Into::into));
            response.answers = answers.collect::<Result<_, Fault>>()?;
        }
        Ok(response)
    }

    /// Hears a box that was declared lost and is back: what it sells is booked to its old place, whose negative is what the loss cost. It is
    /// given nothing but the word of what arrived, and not told to go on in a new stream, which nobody would take from it.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn hear_lost(writer: &mut Writer<'_>, asked: &Asked, now_ms: i64) -> Result<Vec<StreamState>, Fault> {
        // Was this box declared lost, and not only revoked?
        let lost = "select count(*) from stream where device_key = ?1 and sealed = ?2";
        if writer.number(lost, &[asked.device.into(), recovery::LOST.into()])? == 0 {
            return Ok(Vec::new());
        }
        let mut states = Vec::new();
        for (push, stretch) in asked.request.pushes.iter().zip(asked.stretches(writer.registry())) {
            states.extend(take_stretch(writer, push, stretch, asked, now_ms)?.map(|state| StreamState { sealed: false, ..state }));
        }
        // A hub that was put back forgot some of what the box believes to be here: it sends that again.
        for held in asked.request.held.iter().filter(|_| on(Guard::LostHeld)) {
            states.push(StreamState { sealed: false, forked: None, ..intake::standing(writer, held, &asked.device)? });
        }
        // A stream that it began since, as an install does that was put back, ends where it began: all of it came late.
        let open = "select stream from stream where device_key = ?1 and sealed = 0 order by stream";
        for row in writer.rows(open, &[asked.device.into()])?.iter().filter(|_| on(Guard::LostStream)) {
            writer.seal_head(StreamId(row.raw(0)), recovery::LOST, 1)?;
            generations::write_for(writer, StreamId(row.raw(0)), 1, now_ms)?;
        }
        recovery::carry_on(writer, false, now_ms)?;
        writer.flush_feed()?;
        Ok(states)
    }

    /// What the branch has not read of its scopes.
    fn pages(&self, db: &dyn Read, branch: BranchId, request: &Request) -> Result<Vec<Page>, Fault> {
        let epoch = recovery::epoch(db)?;
        let mut given = Vec::new();
        for cursor in request.cursors.iter().filter(|cursor| cursor.scope.as_slice() == CHAIN || cursor.scope.as_slice() == branch.bytes())
        {
            let start = recovery::common_position(db, &cursor.scope, cursor.epoch.max(1), cursor.position)?;
            let page = pages::build(db, self.keys, epoch, &cursor.scope, start, request.stream)?;
            if page.upto > page.start || cursor.epoch != epoch {
                given.push(page);
            }
        }
        Ok(given)
    }

    /// An edge that read further than this hub remembers, with a page this hub signed as proof: the hub was restored from an older backup.
    fn forgot(&self, db: &dyn Read, request: &Request) -> Result<bool, Fault> {
        let epoch = recovery::epoch(db)?;
        for cursor in &request.cursors {
            let ahead = cursor.epoch > epoch || cursor.epoch == epoch && cursor.position > pages::head(db, &cursor.scope)?;
            if ahead && self.proven(cursor) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn proven(&self, cursor: &Cursor) -> bool {
        cursor.proof.as_ref().is_some_and(|proof| {
            let key = self.keys.public();
            proof.upto >= cursor.position
                && page_signed(&key, cursor.epoch, &cursor.scope, proof.start, proof.upto, &proof.hash, &*proof.signature)
        })
    }
}

fn take_streams(
    writer: &mut Writer<'_>,
    asked: &Asked,
    stretches: Vec<Result<Stretch, Refused>>,
    now_ms: i64,
) -> Result<Vec<StreamState>, Fault> {
    let Asked { device, branch, request } = asked;
    let mut states = Vec::with_capacity(request.pushes.len() + request.held.len());
    for (push, stretch) in request.pushes.iter().zip(stretches) {
        states.extend(take_stretch(writer, push, stretch, asked, now_ms)?);
    }
    for held in &request.held {
        states.push(intake::standing(writer, held, device)?);
    }
    if let Some(held) = &request.salvaged {
        states.extend(salvage::whole(writer, held, *branch, device, now_ms)?);
    }
    Ok(states)
}

/// How a stream stands with this; none if nothing of it is believed.
fn take_stretch(
    writer: &mut Writer<'_>,
    push: &Push,
    stretch: Result<Stretch, Refused>,
    asked: &Asked,
    now_ms: i64,
) -> Result<Option<StreamState>, Fault> {
    let taken = match stretch {
        Ok(stretch) => intake::take(writer, stretch, &asked.device, asked.branch, now_ms)?,
        Err(refused) => Err(refused),
    };
    let taken = taken.inspect_err(|refused| tracing::warn!(stream = %push.stream, first = push.first, %refused, "exchange.push_refused"));
    Ok(taken.ok())
}

/// Does a request bring anything that the writer has to take?
fn brings(request: &Request) -> bool {
    let Request {
        stream: _,
        cursors: _,
        questions: _,
        held: _,
        given_back_in: _,
        pushes,
        asks,
        told,
        given_back,
        all_given_back,
        salvaged,
    } = request;
    let nothing = pushes.is_empty() && asks.is_empty() && told.is_empty() && given_back.is_empty();
    !nothing || all_given_back.is_some() || salvaged.is_some()
}

/// What follows from entries just taken in: verdicts on what is not believed, balances that go on to their asker, predecessors that are complete.
pub(super) fn verdicts(writer: &mut Writer<'_>, entries: &[Entry], outcomes: &[Arrived], now_ms: i64) -> Result<(), Fault> {
    for (entry, outcome) in entries.iter().zip(outcomes) {
        match outcome {
            Arrived::Aside(reason) => set_aside(writer, entry, reason, now_ms)?,
            Arrived::Folded if entry.kind == Moved::KIND => asks::forward(writer, entry, now_ms)?,
            Arrived::Folded if entry.kind == Opened::KIND => take_over(writer, entry, now_ms)?,
            _ => {}
        }
    }
    Ok(())
}

struct Verdict<'a> {
    fact: &'a SetAside,
}

impl Command for Verdict<'_> {
    type State = ();
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        encoded(self.fact)
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(self.fact))
    }
}

fn set_aside(writer: &mut Writer<'_>, entry: &Entry, reason: &str, now_ms: i64) -> Result<(), Fault> {
    let here = writer.identity()?.stream;
    let fact = SetAside { stream: entry.stream, seq: entry.seq, reason: reason.chars().take(200).collect() };
    let command = CommandId(derived("set aside", &[entry.stream.bytes(), &entry.seq.to_be_bytes()]));
    let _ = writer.decide(&Verdict { fact: &fact }, &asks::moment(command, VERDICT, here, None, now_ms))?;
    Ok(())
}

/// A new stream whose predecessor ended by its owner's word, or is the second side of a fork, misses nothing: sealed and carried at once.
fn take_over(writer: &mut Writer<'_>, entry: &Entry, now_ms: i64) -> Result<(), Fault> {
    let opened = entry.body.bytes().and_then(|bytes| decoded::<Opened>(bytes).ok());
    let Some(predecessor) = opened.and_then(|opened| opened.predecessor) else { return Ok(()) };
    let Some(head) = writer.stream(predecessor)? else { return Ok(()) };
    let closed = "select count(*) from entry where stream = ?1 and seq = ?2 and kind = ?3";
    let complete = writer.number(closed, &[predecessor.into(), head.seq.into(), Closed::KIND.into()])? > 0;
    if complete || head.sealed != 0 || !on(Guard::Missing) {
        let here = writer.identity()?.stream;
        let command = CommandId(derived("take over", &[predecessor.bytes()]));
        let moment = Moment { rights: vec![Right::Branches], ..asks::moment(command, VERDICT, here, None, now_ms) };
        let _ = recovery::seal(writer, predecessor, recovery::TAKEN_OVER, &moment)?;
    }
    Ok(())
}
