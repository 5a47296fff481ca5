//! What open pages are told: the names of what changed, so that they read it again. Sales and calls come with their row and stream in.
use super::refused::No;
use super::route::{ROWS_MAX, Scene};
use super::shown::{call, sale};
use super::{Http, session};
use crate::app::now_ms;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use serde_json::{Value, json};
use shared::base::{BranchId, CallId};
use shared::branches;
use shared::documents::Kind;
use shared::facts::{Fact, calls, exceptions, journal, ledger, members, sales, shifts, stock};
use shared::journal::entry::CHANGE;
use shared::journal::{Head, Right};
use shared::ledger::statement::LINK;
use shared::reports::names::Names;
use shared::reports::{calls as rung, conflicts, slips};
use shared::store::Committed;
use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::time::Instant;

/// Events kept for a page that comes back.
const KEPT_MAX: usize = 256;
/// Events a slow page may lag behind before it is told to read everything again.
const WAITING_MAX: usize = 1_024;
/// Slips of one commit that are told one by one; more is a catch-up, and pages read the list.
const TOLD_MAX: usize = 20;
/// Names of what changed go out at most once in this time.
const GATHER_MS: u64 = 250;

/// One event.
#[derive(Debug, Clone)]
struct Told {
    id: u64,
    /// Told only to whoever has it.
    right: Option<Right>,
    /// Told only to whoever has the right `see_phones`, or only to whoever has not.
    phones: Option<bool>,
    text: String,
}

/// The events of this process.
pub struct Live {
    sender: broadcast::Sender<Told>,
    kept: Mutex<(u64, VecDeque<Told>)>,
}

impl Default for Live {
    fn default() -> Live {
        Live { sender: broadcast::channel(WAITING_MAX).0, kept: Mutex::default() }
    }
}

impl Live {
    /// Tells every page of somebody who may know.
    pub fn tell(&self, right: Option<Right>, what: &Value) {
        self.send(right, None, what);
    }

    fn send(&self, right: Option<Right>, phones: Option<bool>, what: &Value) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0 += 1;
        let told = Told { id: kept.0, right, phones, text: what.to_string() };
        kept.1.push_back(told.clone());
        if kept.1.len() > KEPT_MAX {
            kept.1.pop_front();
        }
        // No page is open: fine.
        let _ = self.sender.send(told);
    }

    /// What came after `last`, and everything from now on. Too long ago, or of another process: a reset.
    fn follow(&self, last: Option<u64>) -> (VecDeque<Told>, broadcast::Receiver<Told>) {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = |last: &u64| *last <= kept.0 && kept.1.front().is_none_or(|first| first.id <= last + 1);
        let missed = match last {
            None => VecDeque::new(),
            Some(last) if known(&last) => kept.1.iter().filter(|told| told.id > last).cloned().collect(),
            Some(_) => VecDeque::from([reset(kept.0)]),
        };
        (missed, self.sender.subscribe())
    }
}

fn reset(id: u64) -> Told {
    Told { id, right: None, phones: None, text: json!({"kind": "reset"}).to_string() }
}

/// The events of one page, as long as its session holds.
pub async fn stream(State(http): State<Arc<Http>>, headers: HeaderMap) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, No> {
    let asker = session::asker(&http, &headers).await?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let (missed, receiver) = http.live.follow(last);
    // A page that holds the hub would keep it from ending.
    let page = Page { http: Arc::downgrade(&http), headers, rights: asker.rights, missed, receiver };
    let events = futures_util::stream::unfold(page, |mut page| async move {
        let told = page.next().await?;
        Some((Ok(Event::default().id(told.id.to_string()).data(told.text)), page))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

struct Page {
    http: Weak<Http>,
    headers: HeaderMap,
    rights: Vec<Right>,
    missed: VecDeque<Told>,
    receiver: broadcast::Receiver<Told>,
}

impl Page {
    /// The next event this person may know; none once the session ended.
    async fn next(&mut self) -> Option<Told> {
        loop {
            let told = match self.missed.pop_front() {
                Some(told) => told,
                None => match self.receiver.recv().await {
                    Ok(told) => told,
                    Err(broadcast::error::RecvError::Lagged(_)) => reset(0),
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
            };
            let http = self.http.upgrade()?;
            if told.text.contains(STAFF) {
                // Somebody signed out, was disabled or got other rights: perhaps this person.
                self.rights = session::asker(&http, &self.headers).await.ok()?.rights;
            }
            let phones = self.rights.contains(&Right::SeePhones);
            let mine = told.right.is_none_or(|right| self.rights.contains(&right)) && told.phones.is_none_or(|wanted| wanted == phones);
            if mine {
                return Some(told);
            }
        }
    }
}

/// Name of the event after which sessions are looked at again.
const STAFF: &str = "\"staff\"";

/// Tells pages what each commit changed, as long as the hub serves. Rows go out at once, names of what changed together.
pub async fn run(http: Weak<Http>) {
    let Some(mut committed) = http.upgrade().map(|http| http.app.events.subscribe()) else { return };
    let mut gathered: BTreeSet<&'static str> = BTreeSet::new();
    let (mut conflicts, mut flushed) = (0, Instant::now());
    loop {
        let due = flushed + Duration::from_millis(GATHER_MS);
        if !gathered.is_empty() && due <= Instant::now() {
            let Some(http) = http.upgrade() else { return };
            flush(&http, &mut gathered, &mut conflicts).await;
            flushed = Instant::now();
        }
        let done = match gathered.is_empty() {
            true => Ok(committed.recv().await),
            false => tokio::time::timeout_at(due, committed.recv()).await,
        };
        let Some(http) = http.upgrade() else { return };
        match done {
            Ok(Ok(done)) => {
                told(&http, &done).await;
                gathered.extend(names(&done));
            }
            Ok(Err(broadcast::error::RecvError::Lagged(_))) => http.live.tell(None, &json!({"kind": "reset"})),
            Ok(Err(broadcast::error::RecvError::Closed)) => return,
            Err(_) => {}
        }
    }
}

async fn flush(http: &Http, gathered: &mut BTreeSet<&'static str>, conflicts: &mut i64) {
    if gathered.iter().any(|kind| ["members", "catalog", "branches", "staff"].contains(kind)) {
        let now = http.app.read(|db| conflicts::count(db)).await.unwrap_or(*conflicts);
        if now != *conflicts {
            *conflicts = now;
            gathered.insert("conflicts");
        }
    }
    for kind in std::mem::take(gathered) {
        let right = match kind {
            "takings" => Some(Right::SeeTakings),
            "conflicts" => Some(Right::Conflicts),
            "exceptions" => Some(Right::Exceptions),
            _ => None,
        };
        http.live.tell(right, &json!({"kind": kind}));
    }
}

fn is_slip(head: &&Head) -> bool {
    [sales::Sold::KIND, sales::Returned::KIND, members::ToppedUp::KIND].contains(&head.kind)
}

/// Sales and calls of a commit, with their rows.
async fn told(http: &Arc<Http>, done: &Committed) {
    let slips: Vec<Head> = done.heads.iter().filter(is_slip).take(TOLD_MAX + 1).copied().collect();
    if (1..=TOLD_MAX).contains(&slips.len()) {
        let rows = http.app.read(move |db| {
            let names = Names::load(db)?;
            let mut rows = Vec::new();
            for head in &slips {
                if let Some(slip) = slips::slip(db, head.command)? {
                    rows.push(json!({"kind": "sale", "sale": sale::row(db, &names, &slip)?}));
                }
            }
            Ok(rows)
        });
        for row in rows.await.unwrap_or_default() {
            http.live.tell(Some(Right::SeeTakings), &row);
        }
    }
    let calls = rung(http, done).await;
    for phones in [false, true] {
        for row in self::calls(http, calls.clone(), phones).await {
            http.live.send(Some(Right::Members), Some(phones), &row);
        }
    }
}

/// The calls of a commit. One whose number came late is among the newest.
async fn rung(http: &Arc<Http>, done: &Committed) -> Vec<CallId> {
    let rang = done.heads.iter().filter(|head| head.kind == calls::CallRang::KIND);
    let mut calls: Vec<CallId> = rang.map(|head| CallId(head.command.0)).collect();
    if done.heads.iter().any(|head| head.kind == calls::CallIdentified::KIND) {
        let newest = http.app.read(|db| {
            let branches: Vec<BranchId> = branches::branches(db)?.iter().map(|branch| branch.id).collect();
            rung::list(db, &branches, 0, TOLD_MAX as u32)
        });
        calls.extend(newest.await.unwrap_or_default().1.iter().rev().map(|row| row.id));
    }
    calls
}

async fn calls(http: &Arc<Http>, calls: Vec<CallId>, phones: bool) -> Vec<Value> {
    if calls.is_empty() {
        return Vec::new();
    }
    let held = http.clone();
    let rows = http.app.read(move |db| {
        let rights: &[Right] = if phones { &[Right::SeePhones] } else { &[] };
        let scene = Scene { db, rights, http: &held, now_ms: now_ms(), rows_max: ROWS_MAX };
        let names = Names::load(db)?;
        let mut rows = Vec::new();
        for id in calls.iter().rev().take(TOLD_MAX) {
            if let Some(row) = rung::call(db, *id)? {
                rows.push(json!({"kind": "call", "call": call::shown(&scene, &names, &row)?}));
            }
        }
        Ok(rows)
    });
    rows.await.unwrap_or_default()
}

/// What pages should read again after a commit.
fn names(done: &Committed) -> BTreeSet<&'static str> {
    let mut names: BTreeSet<&'static str> = done.heads.iter().flat_map(|head| named(head.kind)).copied().collect();
    for touched in &done.touched {
        match *touched {
            "statement" | LINK | "recovery" => drop(names.insert("branches")),
            session::SESSION | "password" => drop(names.insert("staff")),
            _ => {}
        }
    }
    names
}

/// What an entry of this kind changes.
fn named(kind: u16) -> &'static [&'static str] {
    if kind >= CHANGE {
        return match Kind::from_number(kind & !CHANGE) {
            Some(Kind::Member) => &["members"],
            Some(Kind::Level) => &["members", "staff"],
            Some(Kind::Product | Kind::Category | Kind::Package | Kind::Tariff) => &["catalog"],
            Some(Kind::Settings) => &["staff", "members"],
            Some(Kind::Staff | Kind::Role) | None => &["staff"],
            Some(Kind::Branch) => &["branches"],
        };
    }
    match kind {
        sales::Sold::KIND | sales::Returned::KIND => &["takings", "members", "catalog"],
        members::ToppedUp::KIND => &["takings", "members"],
        stock::StockOpened::KIND => &["catalog"],
        ledger::Moved::KIND | 41..60 | 140..150 => &["members"],
        260..270 => &["messages", "members"],
        shifts::ShiftOpened::KIND | shifts::ShiftClosed::KIND | journal::Opened::KIND | journal::Sealed::KIND => &["branches"],
        70..80 => &["staff"],
        90..100 => &["catalog", "branches"],
        exceptions::ExceptionRaised::KIND..110 | journal::SetAside::KIND => &["exceptions"],
        _ => &[],
    }
}
