//! The edge's line to the hub: drives the session, carries its bytes, listens to the live link. Decides nothing.
use crate::app::now_ms;
use crate::install::{Link, random};
use futures_util::StreamExt;
use shared::base::AskId;
use shared::base::ids::time_ordered;
use shared::base::limits::{ASK_WAIT_MS, MESSAGE_BYTES_MAX};
use shared::exchange::edge::{self, Wants};
use shared::exchange::session::{Input, Output, Session};
use shared::exchange::sign::{Keys, PublicKey};
use shared::exchange::wire::{self, Ask, Question, REQUEST, RESPONSE, Request, Response, Told};
use shared::facts::Fact;
use shared::facts::ledger::{Moved, Wanted};
use shared::journal::Fault;
use shared::store::{Clerk, Committed, Priority, clock};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, broadcast, oneshot, watch};

/// How the link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkState {
    pub up: bool,
    /// Since when it is so, UTC ms.
    pub since_ms: i64,
    /// When the hub was last heard, UTC ms; 0 never since the start.
    pub heard_ms: i64,
}

/// A handle on the running uplink.
#[derive(Clone)]
pub struct Uplink {
    shared: Arc<Waiting>,
    state: watch::Receiver<LinkState>,
    events: broadcast::Sender<Arc<Committed>>,
}

/// Questions of this edge, each with whoever waits for its answer.
type Questions = Vec<(Question, oneshot::Sender<Vec<u8>>)>;
/// Statements of this edge: the newest of each topic and key.
type Statements = BTreeMap<(String, Vec<u8>), Told>;

#[derive(Default)]
struct Waiting {
    stirred: Notify,
    asks: Mutex<Vec<Ask>>,
    questions: Mutex<Questions>,
    /// Until an exchange brought them to the hub.
    told: Mutex<Statements>,
}

impl Waiting {
    /// An exchange did not bring these to the hub: what still has time goes with the next.
    fn put_back(&self, asks: Vec<Ask>, told: Statements, questions: Questions) {
        let now = now_ms();
        lock(&self.asks).extend(asks.into_iter().filter(|ask| ask.until_ms > now));
        lock(&self.questions).extend(questions);
        let mut later = lock(&self.told);
        for (key, one) in told {
            later.entry(key).or_insert(one);
        }
    }
}

/// What the running uplink needs.
pub struct Line {
    pub link: Link,
    pub hub: PublicKey,
    pub keys: Keys,
    pub clerk: Arc<Clerk>,
    pub events: broadcast::Sender<Arc<Committed>>,
}

/// Why an exchange came to nothing; logged once, tried again by the session.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    #[error("{0}")]
    Net(#[from] reqwest::Error),
    #[error("{0}")]
    Store(#[from] Fault),
    #[error("{0}")]
    Bytes(#[from] wire::Unreadable),
    #[error("the answer is not to this request")]
    OtherAnswer,
    #[error("no random bytes")]
    Random,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Uplink {
    /// Starts exchanging; ends when the runtime does.
    pub fn start(line: Line) -> Uplink {
        let (tell, state) = watch::channel(LinkState { up: false, since_ms: now_ms(), heard_ms: 0 });
        let uplink = Uplink { shared: Arc::default(), state, events: line.events.clone() };
        let line = Arc::new(line);
        tokio::spawn(listen_commits(line.clone(), uplink.shared.clone()));
        tokio::spawn(listen_live(line.clone(), uplink.shared.clone()));
        tokio::spawn(drive(line, uplink.shared.clone(), tell));
        uplink
    }

    pub fn state(&self) -> LinkState {
        *self.state.borrow()
    }

    /// Changes of the link.
    pub fn watch(&self) -> watch::Receiver<LinkState> {
        self.state.clone()
    }

    /// Asks for a balance that lies elsewhere. Returns when a grant for it was folded here, at once if the link is down, after 800 ms at the
    /// latest; the caller then decides its command again.
    pub async fn ask(&self, wanted: Wanted) {
        let Ok(random) = random() else { return };
        if !self.state().up {
            return;
        }
        let now = now_ms();
        let ask = Ask { id: AskId(time_ordered(now, random)), wanted, until_ms: now + ASK_WAIT_MS };
        let mut events = self.events.subscribe();
        lock(&self.shared.asks).push(ask);
        self.shared.stirred.notify_one();
        let granted = async {
            while let Ok(committed) = events.recv().await {
                if committed.heads.iter().any(|head| head.kind == Moved::KIND) {
                    return;
                }
            }
        };
        // Late is an answer too: what came meanwhile lies here.
        let _ = tokio::time::timeout(Duration::from_millis(ASK_WAIT_MS as u64), granted).await;
    }

    /// A read-only question to the hub; none if it did not answer in time.
    pub async fn question(&self, question: Question) -> Option<Vec<u8>> {
        if !self.state().up {
            return None;
        }
        let (tell, told) = oneshot::channel();
        lock(&self.shared.questions).push((question, tell));
        self.shared.stirred.notify_one();
        tokio::time::timeout(Duration::from_secs(3), told).await.ok()?.ok()
    }

    /// A figure for head office: newest wins.
    pub fn tell(&self, topic: &str, key: &[u8], body: Vec<u8>) {
        let told = Told { topic: topic.into(), key: key.to_vec().into(), body: body.into(), as_of_ms: now_ms() };
        lock(&self.shared.told).insert((topic.into(), key.to_vec()), told);
        self.shared.stirred.notify_one();
    }
}

async fn listen_commits(line: Arc<Line>, waiting: Arc<Waiting>) {
    let mut events = line.events.subscribe();
    loop {
        match events.recv().await {
            Ok(committed) if committed.heads.is_empty() => {}
            Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => waiting.stirred.notify_one(),
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

/// The live link carries only "there is something for you".
async fn listen_live(line: Arc<Line>, waiting: Arc<Waiting>) {
    let mut pause_ms = 200;
    loop {
        match live(&line, &waiting).await {
            Ok(()) => pause_ms = 200,
            Err(error) => tracing::debug!(%error, "uplink.live"),
        }
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        pause_ms = (pause_ms * 2).min(5_000);
    }
}

async fn live(line: &Line, waiting: &Waiting) -> Result<(), Failed> {
    let client = reqwest::Client::builder().connect_timeout(Duration::from_secs(3)).read_timeout(Duration::from_secs(30)).build()?;
    let body = wire::seal(REQUEST, &0_u8, hub_time(line), &line.keys, &line.hub);
    let answer = client.post(format!("{}/exchange/live", line.link.hub_url)).body(body).send().await?.error_for_status()?;
    let mut chunks = answer.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        if chunk?.windows(5).any(|window| window == b"data:") {
            waiting.stirred.notify_one();
        }
    }
    Ok(())
}

/// Own time, or the hub's last if the own clock is far behind it: a request with a wrong year would not be read.
fn hub_time(line: &Line) -> i64 {
    let heard = line.clerk.readers().read(|db| shared::store::writer::meta_number(db, "hub_ms")).unwrap_or(0);
    now_ms().max(heard)
}

async fn drive(line: Arc<Line>, waiting: Arc<Waiting>, tell: watch::Sender<LinkState>) {
    let client = reqwest::Client::builder().connect_timeout(Duration::from_secs(3)).timeout(Duration::from_secs(30)).build();
    let Ok(client) = client else { return tracing::error!("uplink.no_client") };
    let mut session = Session::default();
    let mut outputs = session.on(Input::Stirred, now_ms());
    let mut wake_ms = now_ms();
    // What the hub's clock showed more than ours, as of the last refusal for the request's time.
    let mut offset_ms = 0;
    loop {
        let mut input = None;
        for output in std::mem::take(&mut outputs) {
            match output {
                Output::WakeAt { ms } => wake_ms = ms,
                Output::Exchange => input = Some(exchange(&line, &waiting, &client, &tell, &mut offset_ms).await),
            }
        }
        let input = match input {
            Some(input) => input,
            None => {
                let sleep = Duration::from_millis((wake_ms - now_ms()).clamp(0, 60_000) as u64);
                tokio::select! {
                    () = waiting.stirred.notified() => Input::Stirred,
                    () = tokio::time::sleep(sleep) => Input::Woke,
                }
            }
        };
        outputs = session.on(input, now_ms());
    }
}

async fn exchange(
    line: &Arc<Line>,
    waiting: &Waiting,
    client: &reqwest::Client,
    tell: &watch::Sender<LinkState>,
    offset_ms: &mut i64,
) -> Input {
    let asks = std::mem::take(&mut *lock(&waiting.asks));
    let questions = std::mem::take(&mut *lock(&waiting.questions));
    let told = std::mem::take(&mut *lock(&waiting.told));
    let wants = Wants {
        asks: asks.clone(),
        told: told.values().cloned().collect(),
        questions: questions.iter().map(|(question, _)| question.clone()).collect(),
    };
    match round_trip(line, client, wants, offset_ms).await {
        Ok((response, applied)) if applied.unread => {
            waiting.put_back(asks, told, questions);
            set_state(tell, true, now_ms());
            Input::Answered { more: true, next_ms: response.next_ms }
        }
        Ok((response, applied)) => {
            for ((_, tell), answer) in questions.into_iter().zip(response.answers) {
                // Whoever asked may have stopped waiting.
                let _ = tell.send(answer.to_vec());
            }
            set_state(tell, true, now_ms());
            Input::Answered { more: applied.more, next_ms: if applied.revoked { 60_000 } else { response.next_ms } }
        }
        Err(error) => {
            if tell.borrow().up {
                tracing::warn!(%error, "uplink.down");
            } else {
                tracing::debug!(%error, "uplink.failed");
            }
            set_state(tell, false, 0);
            waiting.put_back(asks, told, Vec::new());
            Input::Failed { jitter: random().map_or(0, u64::from_le_bytes) }
        }
    }
}

fn set_state(tell: &watch::Sender<LinkState>, up: bool, heard_ms: i64) {
    tell.send_if_modified(|state| {
        let turned = state.up != up;
        if turned {
            state.since_ms = now_ms();
            state.up = up;
        }
        state.heard_ms = state.heard_ms.max(heard_ms);
        turned
    });
}

async fn round_trip(
    line: &Arc<Line>,
    client: &reqwest::Client,
    wants: Wants,
    offset_ms: &mut i64,
) -> Result<(Response, edge::Applied), Failed> {
    let request = {
        let line = line.clone();
        let made = tokio::task::spawn_blocking(move || make_request(&line, wants)).await;
        made.unwrap_or(Err(Fault::Stopped))?
    };
    let response = send(&line.link.hub_url, client, &line.keys, &line.hub, &request, now_ms() + *offset_ms).await?;
    if response.wrong_time {
        *offset_ms = response.hub_ms - now_ms();
    }
    let applied = apply(line, &response).await?;
    Ok((response, applied))
}

/// One request, and the hub's signed answer to it.
pub(crate) async fn send(
    hub_url: &str,
    client: &reqwest::Client,
    keys: &Keys,
    hub: &PublicKey,
    request: &Request,
    time_ms: i64,
) -> Result<Response, Failed> {
    let body = wire::seal(REQUEST, request, time_ms, keys, hub);
    let answer = client.post(format!("{hub_url}/exchange")).body(body).send().await?.error_for_status()?;
    if answer.content_length().is_some_and(|length| length > MESSAGE_BYTES_MAX as u64) {
        return Err(wire::Unreadable::TooLarge.into());
    }
    let envelope = wire::open(RESPONSE, &answer.bytes().await?, &keys.public())?;
    if *envelope.key != *hub || envelope.time_ms != time_ms {
        return Err(Failed::OtherAnswer);
    }
    Ok(envelope.message()?)
}

fn make_request(line: &Line, wants: Wants) -> Result<Request, Fault> {
    line.clerk.readers().read(|db| {
        let row = db.row("select value from meta where name = 'stream'", &[])?;
        let stream = row.map(|row| shared::base::StreamId(row.raw(0))).ok_or_else(|| Fault::Damaged("no stream is open".into()))?;
        edge::request(db, &line.keys, stream, line.link.branch.bytes(), wants)
    })
}

async fn apply(line: &Line, response: &Response) -> Result<edge::Applied, Failed> {
    let mut applied = edge::Applied::default();
    let bulk = response.pages.iter().map(|page| page.entries.len()).sum::<usize>() > 50;
    for step in edge::steps() {
        let (response, hub, now) = (response.clone(), line.hub, now_ms());
        let fresh = time_ordered(now, random().map_err(|_| Failed::Random)?);
        let priority = if bulk { Priority::CatchUp } else { Priority::Live };
        let written = line.clerk.write(priority, move |writer| {
            clock::set_by_hub(writer, now, response.hub_ms)?;
            edge::apply(writer, &response, *step, &hub, now, fresh)
        });
        applied = written.await?;
    }
    if let Some(refused) = &applied.refused {
        tracing::warn!(%refused, "uplink.page_refused");
    }
    Ok(applied)
}
