//! Server-sent events: what a commit changed, by name; pages read again what is named. Replays what a page missed, else tells it to read everything.
use super::answer::{No, told};
use super::bill::Entered;
use super::seat::{Caller, Seat};
use super::{Http, Shared};
use crate::app::App;
use crate::lan::pairing::{PAIRED, is_paired};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use futures_util::Stream;
use serde::Serialize;
use shared::desk::shown::call::{self, Call};
use shared::desk::shown::done::PrintState;
use shared::desk::timed::SITTING;
use shared::facts::Fact;
use shared::facts::days::{DayClosed, HandedIn};
use shared::facts::shifts::{CashMoved, ShiftClosed, ShiftOpened};
use shared::journal::Refusal;
use shared::journal::entry::CHANGE;
use shared::store::{Committed, clock};
use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};
use utoipa::ToSchema;

/// Events a page may have missed and still gets.
const KEPT: usize = 256;

/// One event. A page reads again what is named.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    Bill,
    Session,
    Status,
    Held,
    Catalog,
    Shift,
    Timed,
    Devices,
    Reset,
    Call {
        call: Box<Call>,
    },
    /// From a serial reader or scanner.
    Entered {
        entered: Box<Entered>,
    },
    Refused {
        code: String,
        #[schema(value_type = Object)]
        args: serde_json::Value,
    },
    Print {
        receipt_no: String,
        print: PrintState,
    },
    Bytes {
        device: String,
    },
}

/// Events with their numbers, kept for pages that come again.
#[derive(Clone)]
pub struct Live {
    kept: Arc<Mutex<Kept>>,
    tell: broadcast::Sender<(u64, Event)>,
}

#[derive(Default)]
struct Kept {
    next: u64,
    ring: VecDeque<(u64, Event)>,
}

impl Live {
    /// Turns commits into events until the runtime ends.
    pub fn start(app: &Arc<App>) -> Live {
        let (tell, _) = broadcast::channel(KEPT);
        let live = Live { kept: Arc::default(), tell };
        tokio::spawn(live.clone().commits(app.events.subscribe()));
        tokio::spawn(live.clone().calls(app.clone()));
        live
    }

    /// Tells every page.
    pub fn send(&self, event: Event) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.next += 1;
        let numbered = (kept.next, event);
        kept.ring.push_back(numbered.clone());
        if kept.ring.len() > KEPT {
            kept.ring.pop_front();
        }
        // Nobody listens: fine.
        let _ = self.tell.send(numbered);
    }

    /// A refusal of something that no page asked for: a card at a serial reader.
    pub fn refused(&self, refusal: &Refusal) {
        let value = told(refusal);
        let code = value["code"].as_str().unwrap_or("refused").to_owned();
        self.send(Event::Refused { code, args: value["args"].clone() });
    }

    async fn commits(self, mut commits: broadcast::Receiver<Arc<Committed>>) {
        loop {
            match commits.recv().await {
                Ok(committed) => named(&committed).into_iter().for_each(|event| self.send(event)),
                Err(RecvError::Lagged(_)) => self.send(Event::Reset),
                Err(RecvError::Closed) => return,
            }
        }
    }

    async fn calls(self, app: Arc<App>) {
        let mut calls = app.calls.news();
        loop {
            let call = match calls.recv().await {
                Ok(call) => call,
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            };
            let ringing = app.calls.ringing();
            if let Ok(Some(call)) = app.read(move |db| call::one(db, call, &ringing)).await {
                self.send(Event::Call { call: Box::new(call) });
            }
        }
    }

    /// What a page missed since `last`; none if it is too long ago.
    fn missed(&self, last: u64) -> Option<Vec<(u64, Event)>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = kept.ring.front().map_or(kept.next + 1, |(number, _)| *number);
        (last + 1 >= oldest && last <= kept.next).then(|| kept.ring.iter().filter(|(number, _)| *number > last).cloned().collect())
    }
}

/// Which events a commit stands for.
fn named(committed: &Committed) -> Vec<Event> {
    let mut names = BTreeSet::new();
    for touched in &committed.touched {
        match *touched {
            "bill" => names.insert(1),
            "held" => names.insert(2),
            SITTING => names.insert(7),
            "session" | PAIRED => names.insert(3),
            "job" | "statement" | clock::TOUCHED => names.insert(4),
            _ => false,
        };
    }
    for head in &committed.heads {
        let shift = [ShiftOpened::KIND, CashMoved::KIND, HandedIn::KIND, ShiftClosed::KIND, DayClosed::KIND].contains(&head.kind);
        names.insert(if shift { 5 } else { 4 });
        if head.kind >= CHANGE {
            names.insert(6);
        }
    }
    let event = |name: i32| match name {
        1 => Event::Bill,
        2 => Event::Held,
        3 => Event::Session,
        5 => Event::Shift,
        6 => Event::Catalog,
        7 => Event::Timed,
        _ => Event::Status,
    };
    names.into_iter().map(event).collect()
}

/// Whether a page still has its session, and is a till.
async fn is_seated(http: &Http, caller: Caller) -> bool {
    let asked = http.app.read(move |db| {
        let paired = caller.lan.map_or(Ok(true), |till| is_paired(db, &till.key))?;
        Ok(paired && caller.session(db)?.is_some())
    });
    asked.await.unwrap_or(false)
}

/// One stream per page; it ends with the page's session.
pub async fn stream(
    State(http): Shared,
    caller: Caller,
    _seat: Seat,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Sent, Infallible>>>, No> {
    let live = http.live.clone();
    let listening = live.tell.subscribe();
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse::<u64>().ok());
    let first: VecDeque<(u64, Event)> = match last.map(|last| live.missed(last)) {
        None => VecDeque::new(),
        Some(Some(missed)) => missed.into(),
        Some(None) => VecDeque::from([(0, Event::Reset)]),
    };
    let upto = first.back().map_or(0, |(number, _)| *number);
    let events = futures_util::stream::unfold((first, listening, upto), move |(mut first, mut listening, upto)| {
        let http = http.clone();
        async move {
            if let Some(event) = first.pop_front() {
                return Some((Ok(sent(event)), (first, listening, upto)));
            }
            loop {
                match listening.recv().await {
                    Ok((number, _)) if number <= upto => {}
                    Ok((_, Event::Session)) if !is_seated(&http, caller).await => return None,
                    Ok(event) => return Some((Ok(sent(event)), (first, listening, upto))),
                    Err(RecvError::Lagged(_)) => return Some((Ok(sent((0, Event::Reset))), (first, listening, upto))),
                    Err(RecvError::Closed) => return None,
                }
            }
        }
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

fn sent((number, event): (u64, Event)) -> Sent {
    let data = serde_json::to_string(&event).unwrap_or_else(|_| r#"{"kind":"reset"}"#.into());
    let sent = Sent::default().data(data);
    if number > 0 { sent.id(number.to_string()) } else { sent }
}
