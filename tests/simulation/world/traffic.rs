//! The exchange as processes make it: the edge's session decides when, requests and answers travel as sealed bytes through the
//! network, the hub serves each in one transaction. Nothing here decides anything: it carries bytes and faults.

use super::super::{clock::World as Time, network::Node};
use super::replica::Replica;
use minicbor::bytes::ByteVec;
use shared::{
    base::{CommandId, StreamId},
    exchange::{
        edge::{self, Applied, Wants},
        hub::{self, Asked, Hub},
        session::{Input, Output, Session},
        sign::PublicKey,
        wire::{self, Ask, Question, Request, Response, Unreadable},
    },
    journal::{Fault, Read},
};

/// How long an edge waits for an answer, in milliseconds.
const ANSWER_MS_MAX: i64 = 10_000;
/// The hub itself.
pub const HUB: Node = 0;

/// An edge's side of its link: the session and what waits to be sent.
#[derive(Debug, Clone, Default)]
pub struct Uplink {
    pub session: Session,
    /// When to wake the session, true time.
    pub wake_ms: Option<i64>,
    /// The exchange under way: number of the question, its time as signed, when it is given up.
    flying: Option<Flying>,
    /// What it adds to its own clock after the hub told it the time.
    off_ms: i64,
    pub asks: Vec<Ask>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Flying {
    number: u64,
    /// The asks it carries.
    asks: Vec<Ask>,
    time_ms: i64,
    until_ms: i64,
}

/// What became of bytes that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    Applied(Applied),
    /// An old or foreign answer, or garbage; the exchange under way goes on waiting.
    Ignored,
    /// The exchange failed: the session will try again.
    Failed(Option<Fault>),
}

impl Uplink {
    /// A fresh link of a process that just started, with these asks to send.
    pub fn with(asks: Vec<Ask>) -> Self {
        Uplink { asks, ..Uplink::default() }
    }

    /// The exchange under way has had its time.
    pub fn overdue(&self, now_ms: i64) -> bool {
        self.flying.as_ref().is_some_and(|flying| flying.until_ms <= now_ms)
    }

    /// Tells the session; the request to send now, if any.
    pub fn stir(&mut self, input: Input, edge: &Replica, hub: &PublicKey, time: Time) -> Option<Vec<u8>> {
        let mut sent = None;
        for output in self.session.on(input, time.now_ms()) {
            match output {
                Output::WakeAt { ms } => self.wake_ms = Some(ms),
                Output::Exchange => sent = self.request(edge, hub, time),
            }
        }
        sent
    }

    fn request(&mut self, edge: &Replica, hub: &PublicKey, time: Time) -> Option<Vec<u8>> {
        let (db, stream, branch) = (edge.db()?, edge.stream()?, edge.branch?);
        let asks = std::mem::take(&mut self.asks);
        let wants = Wants { asks: asks.clone(), ..Wants::default() };
        let time_ms = edge.clock.shows(time) + self.off_ms;
        let request = edge::request(db, &edge.keys, stream, branch.bytes(), wants).ok()?;
        self.flying = Some(Flying { number: 0, asks, time_ms, until_ms: time.now_ms() + ANSWER_MS_MAX });
        Some(wire::seal(wire::REQUEST, &request, time_ms, &edge.keys, hub))
    }

    /// The network gave the request this number.
    pub fn sent(&mut self, number: u64) {
        if let Some(flying) = &mut self.flying {
            flying.number = number;
        }
    }

    /// Bytes came back for the question of this number. The asks it carried are forgotten once the answer was applied: they are answered once.
    pub fn heard(&mut self, number: u64, bytes: &[u8], edge: &mut Replica, hub: PublicKey, time: Time) -> Heard {
        let Some(flying) = self.flying.clone().filter(|flying| flying.number == number) else { return Heard::Ignored };
        let read = wire::open(wire::RESPONSE, bytes, &edge.keys.public()).and_then(|envelope| {
            let fits = *envelope.key == hub && envelope.time_ms == flying.time_ms;
            if fits { envelope.message::<Response>() } else { Err(Unreadable::Signature) }
        });
        let Ok(response) = read else { return Heard::Ignored };
        let shown_ms = edge.clock.shows(time);
        if response.wrong_time {
            self.off_ms = response.hub_ms - shown_ms;
            self.give_up(shown_ms);
            return Heard::Failed(None);
        }
        let mut applied = Applied::default();
        for step in edge::steps() {
            let (response, fresh) = (response.clone(), edge.fresh(time));
            match edge.clerk(move |writer| edge::apply(writer, &response, *step, &hub, shown_ms, fresh)) {
                Ok(done) => applied = done,
                Err(fault) => {
                    self.give_up(shown_ms);
                    return Heard::Failed(Some(fault));
                }
            }
        }
        if applied.unread {
            self.give_up(shown_ms);
        }
        self.flying = None;
        Heard::Applied(applied)
    }

    /// The exchange under way is given up; asks that still have time go with the next.
    pub fn give_up(&mut self, shown_ms: i64) {
        let asks = self.flying.take().map_or(Vec::new(), |flying| flying.asks);
        self.asks.extend(asks.into_iter().filter(|ask| ask.until_ms > shown_ms));
    }
}

/// Serves a request at the hub; none if it is not answered: garbage, a stranger, or a fault.
pub fn serve(replica: &mut Replica, bytes: &[u8], time: Time) -> Result<Option<Vec<u8>>, Fault> {
    let keys = replica.keys.clone();
    let now_ms = replica.clock.shows(time);
    let Ok(envelope) = wire::open(wire::REQUEST, bytes, &keys.public()) else { return Ok(None) };
    let device: PublicKey = *envelope.key;
    let Some(db) = replica.db() else { return Ok(None) };
    let Some((branch, revoked)) = hub::device(db, &device)? else { return Ok(None) };
    let answered = |response: &Response| wire::seal(wire::RESPONSE, response, envelope.time_ms, &keys, &device);
    if revoked {
        let Ok(request) = envelope.message::<Request>() else { return Ok(None) };
        let asked = Asked { device, branch, request: request.into() };
        let streams = replica.clerk(move |writer| Hub::hear_lost(writer, &asked, now_ms))?;
        return Ok(Some(answered(&Response { streams, revoked, ..nothing(replica, now_ms) })));
    }
    if (envelope.time_ms - now_ms).abs() > hub::TIME_OFF_MS_MAX {
        return Ok(Some(answered(&Response { wrong_time: true, ..nothing(replica, now_ms) })));
    }
    let Ok(request) = envelope.message::<Request>() else { return Ok(None) };
    let answer = |_: &dyn Read, _: &Question| Ok(Vec::new());
    let hub = Hub { keys: &keys, answer: &answer };
    let asked = Asked { device, branch, request: request.into() };
    if let Some(response) = hub.give_at_once(db, &asked, now_ms)? {
        return Ok(Some(answered(&response)));
    }
    let (signing, fresh, brought) = (keys.clone(), replica.fresh(time), asked.clone());
    let taken = replica.clerk(move |writer| {
        let answer = |_: &dyn Read, _: &Question| Ok(Vec::new());
        let stretches = brought.stretches(writer.registry());
        Hub { keys: &signing, answer: &answer }.take(writer, &brought, stretches, now_ms, fresh)
    })?;
    let Some(db) = replica.db() else { return Ok(None) };
    Ok(Some(answered(&hub.give(db, &asked, taken, now_ms)?)))
}

/// An answer that gives nothing.
fn nothing(hub: &Replica, now_ms: i64) -> Response {
    Response {
        epoch: 0,
        hub_stream: hub.stream().unwrap_or(StreamId([0; 16])),
        hub_ms: now_ms,
        streams: Vec::new(),
        pages: Vec::new(),
        answers: Vec::<ByteVec>::new(),
        next_ms: 1_000,
        give_back: None,
        revoked: false,
        wrong_time: false,
    }
}

/// A fresh command id.
pub fn command(replica: &mut Replica) -> CommandId {
    CommandId(replica.chance.bytes())
}
