//! Where edges come in: exchange, live link, enrolment. Checks signature and device, hands the rest to the clerk; decides nothing.
use crate::app::now_ms;
use crate::install::random;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::post;
use futures_util::{Stream, StreamExt};
use shared::base::BranchId;
use shared::base::ids::time_ordered;
use shared::base::limits::MESSAGE_BYTES_MAX;
use shared::base::vault::Vault;
use shared::desk::find;
use shared::exchange::enrol::{Agreement, Apply, Welcome, redeem};
use shared::exchange::hub::{Asked, Hub, TIME_OFF_MS_MAX, device};
use shared::exchange::sign::{Keys, PublicKey};
use shared::exchange::wire::{self, Envelope, Question, REQUEST, RESPONSE, Request, Response, SALE_OF_RECEIPT};
use shared::journal::command::encoded;
use shared::journal::{Fault, Read};
use shared::sales::receipts::Slip;
use shared::store::clerk::Work;
use shared::store::statements::CHAIN;
use shared::store::writer::meta;
use shared::store::{Clerk, Priority};
use shared::views::Registry;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, broadcast};

/// What the routes for edges share.
pub struct Exchange {
    pub clerk: Arc<Clerk>,
    pub keys: Arc<Keys>,
    pub vault: Vault,
    /// What this program knows.
    pub registry: &'static Registry,
    /// Scopes whose feed grew.
    pub live: broadcast::Sender<Vec<u8>>,
    /// How many live links each branch holds open.
    pub links: Mutex<BTreeMap<BranchId, u32>>,
    /// Branches whose live link another process of this hub holds.
    pub elsewhere: Mutex<BTreeSet<BranchId>>,
    /// Turns of those that catch up to have their entries read and folded, so that a core stays for the writer.
    pub folding: Semaphore,
}

/// Entries from which on a request counts as catching up: it then waits behind live ones.
const CATCH_UP_ENTRIES: usize = 50;

pub fn router(exchange: Arc<Exchange>) -> axum::Router {
    axum::Router::new()
        .route("/exchange", post(serve))
        .route("/exchange/live", post(live))
        .route("/enrol", post(enrol))
        .layer(axum::extract::DefaultBodyLimit::max(MESSAGE_BYTES_MAX))
        .with_state(exchange)
}

type Answer<T> = Result<T, StatusCode>;

fn unavailable(fault: Fault) -> StatusCode {
    tracing::warn!(%fault, "exchange.fault");
    StatusCode::SERVICE_UNAVAILABLE
}

impl Exchange {
    /// The sender of a message: a known device that signed it.
    async fn sender(&self, body: &[u8]) -> Answer<(Envelope, BranchId, bool)> {
        let envelope = wire::open(REQUEST, body, &self.keys.public()).map_err(|unreadable| {
            tracing::warn!(%unreadable, "exchange.unreadable");
            StatusCode::BAD_REQUEST
        })?;
        let key = *envelope.key;
        match self.read(move |db| device(db, &key)).await? {
            Some((branch, revoked)) => Ok((envelope, branch, revoked)),
            None => Err(StatusCode::FORBIDDEN),
        }
    }

    async fn empty(&self, revoked: bool, wrong_time: bool) -> Answer<Response> {
        let now = self.read(|db| Ok((shared::exchange::recovery::epoch(db)?, meta(db, "stream")?))).await?;
        let stream = now.1.and_then(|bytes| bytes.try_into().ok()).unwrap_or_default();
        Ok(Response {
            epoch: now.0,
            hub_stream: shared::base::StreamId(stream),
            hub_ms: now_ms(),
            streams: Vec::new(),
            pages: Vec::new(),
            answers: Vec::new(),
            next_ms: if wrong_time { 100 } else { 60_000 },
            give_back: None,
            revoked,
            wrong_time,
        })
    }

    /// Serves one request. What it brings is taken by the writer, what can be done without it is done beside.
    async fn answer_to(&self, asked: Asked, now: i64) -> Answer<Response> {
        let entries: usize = asked.request.pushes.iter().map(|push| push.entries.len()).sum();
        let priority = if entries > CATCH_UP_ENTRIES { Priority::CatchUp } else { Priority::Live };
        let (keys, question) = (self.keys.clone(), asked.clone());
        let at_once = self.read(move |db| Hub { keys: &keys, answer: &answer }.give_at_once(db, &question, now)).await?;
        let keys = self.keys.clone();
        if let Some(response) = at_once {
            let note = Work::new(
                move |writer| Hub { keys: &keys, answer: &answer }.note_heard(writer, &asked, now),
                |noted| {
                    let _ = noted.inspect_err(|fault: &Fault| tracing::debug!(%fault, "exchange.not_noted"));
                },
            );
            // Busy: it is noted when the branch comes again.
            let _ = self.clerk.submit(Priority::Live, note);
            return Ok(response);
        }
        let turn = if priority == Priority::CatchUp { self.folding.acquire().await.ok() } else { None };
        let (read, registry) = (asked.clone(), self.registry);
        let stretches = tokio::task::spawn_blocking(move || read.stretches(registry)).await;
        let stretches = stretches.map_err(|_| unavailable(Fault::Stopped))?;
        drop(turn);
        let fresh = time_ordered(now, random().map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?);
        let brought = asked.clone();
        let taken = self.clerk.write_entries(priority, entries, move |writer| {
            Hub { keys: &keys, answer: &answer }.take(writer, &brought, stretches, now, fresh)
        });
        let (taken, keys) = (taken.await.map_err(unavailable)?, self.keys.clone());
        self.read(move |db| Hub { keys: &keys, answer: &answer }.give(db, &asked, taken, now)).await
    }

    async fn read<T: Send + 'static>(&self, question: impl FnOnce(&dyn Read) -> Result<T, Fault> + Send + 'static) -> Answer<T> {
        let clerk = self.clerk.clone();
        let read = tokio::task::spawn_blocking(move || clerk.readers().read(question)).await;
        read.unwrap_or(Err(Fault::Stopped)).map_err(unavailable)
    }

    /// Branches whose live link is open, here or at another process of this hub.
    pub fn linked(&self) -> Vec<BranchId> {
        let mut linked = self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner).clone();
        linked.extend(self.linked_here());
        linked.into_iter().collect()
    }

    /// Those at this process.
    pub fn linked_here(&self) -> Vec<BranchId> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner).iter().filter(|(_, open)| **open > 0).map(|(branch, _)| *branch).collect()
    }

    /// Which links other processes hold.
    pub fn hold_elsewhere(&self, branches: BTreeSet<BranchId>) {
        *self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner) = branches;
    }

    fn count_link(&self, branch: BranchId, more: bool) {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        let open = links.entry(branch).or_default();
        *open = if more { *open + 1 } else { open.saturating_sub(1) };
    }
}

async fn serve(State(exchange): State<Arc<Exchange>>, body: Bytes) -> Answer<Vec<u8>> {
    let (envelope, branch, revoked) = exchange.sender(&body).await?;
    let device: PublicKey = *envelope.key;
    let now = now_ms();
    let response = if revoked {
        let request = Arc::new(envelope.message::<Request>().map_err(|_| StatusCode::BAD_REQUEST)?);
        let asked = Asked { device, branch, request };
        let heard = exchange.clerk.write(Priority::CatchUp, move |writer| Hub::hear_lost(writer, &asked, now));
        Response { streams: heard.await.map_err(unavailable)?, ..exchange.empty(true, false).await? }
    } else if (envelope.time_ms - now).abs() > TIME_OFF_MS_MAX {
        exchange.empty(false, true).await?
    } else {
        let request: Request = envelope.message().map_err(|unreadable| {
            tracing::warn!(%branch, %unreadable, "exchange.unreadable");
            StatusCode::BAD_REQUEST
        })?;
        exchange.answer_to(Asked { device, branch, request: Arc::new(request) }, now).await?
    };
    Ok(wire::seal(RESPONSE, &response, envelope.time_ms, &exchange.keys, &device))
}

/// Questions of edges, by topic. An unknown one is answered with nothing.
fn answer(db: &dyn Read, question: &Question) -> Result<Vec<u8>, Fault> {
    match question.topic.as_str() {
        SALE_OF_RECEIPT => {
            let number = String::from_utf8_lossy(&question.key);
            let found = find::by_number(db, &number)?.filter(|receipt| receipt.slip == Slip::Sale);
            Ok(found.map_or_else(Vec::new, |receipt| receipt.id.0.to_vec()))
        }
        topic => {
            tracing::debug!(topic, "exchange.unknown_question");
            Ok(Vec::new())
        }
    }
}

/// Counts a link as long as it lives.
struct Open(Arc<Exchange>, BranchId);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.count_link(self.1, false);
    }
}

async fn live(State(exchange): State<Arc<Exchange>>, body: Bytes) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let (_, branch, revoked) = exchange.sender(&body).await?;
    if revoked {
        return Err(StatusCode::FORBIDDEN);
    }
    exchange.count_link(branch, true);
    let open = Open(exchange.clone(), branch);
    let scopes = futures_util::stream::unfold((exchange.live.subscribe(), open), |(mut live, open)| async move {
        match live.recv().await {
            Ok(scope) => Some((Some(scope), (live, open))),
            // Missed some: there is surely something.
            Err(broadcast::error::RecvError::Lagged(_)) => Some((None, (live, open))),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    });
    let events = scopes.filter_map(move |scope| {
        let mine = scope.is_none_or(|scope| scope == CHAIN || scope == branch.bytes());
        std::future::ready(mine.then(|| Ok(Event::default().data("1"))))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(10))))
}

async fn enrol(State(exchange): State<Arc<Exchange>>, body: Bytes) -> Answer<Vec<u8>> {
    let apply: Apply = minicbor::decode(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let now = now_ms();
    let (application, secret) = (apply.clone(), random().map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?);
    let redeemed = exchange.clerk.write(Priority::Live, move |writer| {
        let branch = redeem(writer, &application, now)?;
        let chain = meta(writer, "chain")?.and_then(|name| String::from_utf8(name).ok()).unwrap_or_default();
        // How many installs has this branch had?
        let before = match &branch {
            Ok(branch) => writer.number("select count(*) from stream where branch = ?1", &[(*branch).into()])?,
            Err(_) => 0,
        };
        Ok((branch, writer.identity()?.stream, chain, before as u32 + 1))
    });
    match redeemed.await.map_err(unavailable)? {
        (Ok(branch), stream, chain, installs) => {
            tracing::info!(%branch, "exchange.enrolled");
            let welcome = Welcome::new(&apply, branch, stream, now, &Agreement::from_secret(secret), &exchange.vault);
            Ok(encoded(&Welcome { chain, installs, ..welcome }.signed_by(&exchange.keys, &apply)))
        }
        (Err(_), ..) => Err(StatusCode::FORBIDDEN),
    }
}
