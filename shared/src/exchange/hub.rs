//! The hub's half of an exchange: takes in, answers asks, gives out. One transaction; the answer leaves after the commit.
use super::intake;
use super::recovery;
use super::sign::{Keys, PublicKey, page_signed};
use super::wire::{Cursor, Page, Question, Request, Response, StreamState};
use super::{CHAIN, asks, pages, push, salvage};
use crate::base::ids::derived;
use crate::base::{BranchId, CommandId, StreamId};
use crate::facts::journal::{Closed, Opened, SetAside};
use crate::facts::{Fact, ledger::Moved};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Entry, Fault, Moment, Read, Refusal, Right};
use crate::store::Writer;
use crate::store::append::Arrived;
use crate::views::registry::decoded;

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

/// Which branch a device was enrolled for, and whether it was revoked.
///
/// # Errors
/// A fault of the store.
pub fn device(db: &dyn Read, key: &PublicKey) -> Result<Option<(BranchId, bool)>, Fault> {
    let row = db.row("select branch, revoked from device where device_key = ?1", &[(*key).into()])?;
    Ok(row.map(|row| (BranchId(row.raw(0)), row.int(1) != 0)))
}

impl Hub<'_> {
    /// Serves one request of a known device in the clerk's transaction. `fresh`: random bytes for a new stream of the hub, should it find that it
    /// was restored from an older backup.
    ///
    /// # Errors
    /// A fault of the store; then nothing of the request was taken.
    pub fn serve(
        &self,
        writer: &mut Writer<'_>,
        device: &PublicKey,
        branch: BranchId,
        request: &Request,
        now_ms: i64,
        fresh: [u8; 16],
    ) -> Result<Response, Fault> {
        if self.forgot(writer, request)? {
            recovery::open_hub(writer, StreamId(fresh), &self.keys.public(), now_ms)?;
        }
        recovery::take_back(writer, branch, &request.given_back, &self.keys.public(), now_ms)?;
        if !recovery::heard(writer, request)? {
            recovery::carry_on(writer, false, now_ms)?;
            writer.flush_feed()?;
            let give_back = recovery::wanted_back(writer, branch, request)?;
            return Ok(Response { give_back: Some(give_back), ..self.answered(writer, now_ms)? });
        }
        let heard_now = recovery::reported(writer, branch)?;
        let streams = self.take(writer, device, branch, request, now_ms)?;
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
        let heard = "update stream set heard_ms = ?2 where stream = ?1 and device_key = ?3";
        writer.execute(heard, &[request.stream.into(), now_ms.into(), (*device).into()])?;
        writer.flush_feed()?;
        let answers = request.questions.iter().map(|question| (self.answer)(writer, question).map(Into::into));
        let answers = answers.collect::<Result<_, Fault>>()?;
        Ok(Response { streams, pages: self.pages(writer, branch, request)?, answers, ..self.answered(writer, now_ms)? })
    }

    /// Hears a box that was declared lost and is back: what it sells is booked to its old place, whose negative is what the loss cost. It is
    /// given nothing but the word of what arrived, and not told to go on in a new stream, which nobody would take from it.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn hear_lost(
        writer: &mut Writer<'_>,
        device: &PublicKey,
        branch: BranchId,
        request: &Request,
        now_ms: i64,
    ) -> Result<Vec<StreamState>, Fault> {
        let mut states = Vec::new();
        for push in &request.pushes {
            if writer.stream(push.stream)?.is_none_or(|head| head.sealed != recovery::LOST) {
                continue;
            }
            match intake::take(writer, push, device, branch, now_ms)? {
                Ok(state) => states.push(StreamState { sealed: false, ..state }),
                Err(refused) => tracing::warn!(stream = %push.stream, first = push.first, %refused, "exchange.push_refused"),
            }
        }
        recovery::carry_on(writer, false, now_ms)?;
        writer.flush_feed()?;
        Ok(states)
    }

    fn take(
        &self,
        writer: &mut Writer<'_>,
        device: &PublicKey,
        branch: BranchId,
        request: &Request,
        now_ms: i64,
    ) -> Result<Vec<StreamState>, Fault> {
        let mut states = Vec::with_capacity(request.pushes.len() + request.held.len());
        for push in &request.pushes {
            match intake::take(writer, push, device, branch, now_ms)? {
                Ok(state) => states.push(state),
                Err(refused) => tracing::warn!(stream = %push.stream, first = push.first, %refused, "exchange.push_refused"),
            }
        }
        for held in &request.held {
            states.push(intake::standing(writer, held, device)?);
        }
        if let Some(held) = &request.salvaged {
            states.extend(salvage::whole(writer, held, branch, device, now_ms)?);
        }
        Ok(states)
    }

    /// What the branch has not read of its scopes.
    fn pages(&self, writer: &mut Writer<'_>, branch: BranchId, request: &Request) -> Result<Vec<Page>, Fault> {
        let epoch = recovery::epoch(writer)?;
        let mut given = Vec::new();
        for cursor in request.cursors.iter().filter(|cursor| cursor.scope.as_slice() == CHAIN || cursor.scope.as_slice() == branch.bytes())
        {
            let start = recovery::common_position(writer, &cursor.scope, cursor.epoch.max(1), cursor.position)?;
            let page = pages::build(writer, self.keys, epoch, &cursor.scope, start, request.stream)?;
            if page.upto > page.start || cursor.epoch != epoch {
                given.push(page);
            }
        }
        if given.iter().any(|page| !page.entries.is_empty()) {
            let own = writer.identity()?.stream;
            push::sign_head(writer, self.keys, own)?;
        }
        Ok(given)
    }

    /// An answer in which nothing is said yet.
    fn answered(&self, writer: &Writer<'_>, now_ms: i64) -> Result<Response, Fault> {
        Ok(Response {
            epoch: recovery::epoch(writer)?,
            hub_stream: writer.identity()?.stream,
            hub_ms: now_ms,
            streams: Vec::new(),
            pages: Vec::new(),
            answers: Vec::new(),
            next_ms: NEXT_MS,
            give_back: None,
            revoked: false,
            wrong_time: false,
        })
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
    if complete || head.sealed != 0 {
        let here = writer.identity()?.stream;
        let command = CommandId(derived("take over", &[predecessor.bytes()]));
        let moment = Moment { rights: vec![Right::Branches], ..asks::moment(command, VERDICT, here, None, now_ms) };
        let _ = recovery::seal(writer, predecessor, recovery::TAKEN_OVER, &moment)?;
    }
    Ok(())
}
