//! Rules that answer entries at head office: what is wrong in what came in is put before a person. Each may run twice and happens once.
use crate::app::{App, now_ms};
use crate::moment::Asking;
use shared::base::StreamId;
use shared::desk::deliver_stock::deliver_stock;
use shared::desk::noticed;
use shared::exceptions::raise::{REACTION, Raise};
use shared::exchange::asks::CARRY;
use shared::exchange::generations;
use shared::facts::Fact;
use shared::facts::journal::Opened;
use shared::facts::stock::StockOpened;
use shared::journal::entry::CHANGE;
use shared::journal::{Actor, Fault, Head};
use shared::store::Priority;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Entries are looked at together, so that a branch that catches up does not wait for this.
const PAUSE: Duration = Duration::from_millis(500);

/// Looks at what came in as long as the hub serves; first at what a process left that ended between a commit and this.
pub async fn notice(app: Arc<App>) {
    let mut committed = app.events.subscribe();
    loop {
        look(&app).await;
        loop {
            match committed.recv().await {
                Ok(done) if done.heads.is_empty() => {}
                // Too much at once to be told one by one: the marks know it all.
                Ok(_) | Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return,
            }
        }
        tokio::time::sleep(PAUSE).await;
        // What came meanwhile is looked at with the rest.
        committed = committed.resubscribe();
    }
}

/// Until nothing is new; what could not be raised is found again at the next look.
async fn look(app: &App) {
    loop {
        let seen = match app.read(|db| noticed::look(db, now_ms())).await {
            Ok(seen) if seen.marks.is_empty() => return,
            Ok(seen) => seen,
            Err(fault) => return tracing::warn!(%fault, "reactions.not_read"),
        };
        for raise in seen.raises {
            if let Err(fault) = answer(app, raise).await {
                return tracing::warn!(%fault, "exception.not_written");
            }
        }
        if let Err(fault) = app.write(Priority::Live, move |writer| noticed::mark(writer, &seen.marks)).await {
            return tracing::warn!(%fault, "reactions.not_marked");
        }
    }
}

async fn answer(app: &App, raise: Raise) -> Result<(), Fault> {
    let asking = Asking::machine().map_err(|_| Fault::Stopped)?;
    let asking = Asking { command: raise.command(), by: Actor::Reaction(REACTION), rights: Vec::new(), ..asking };
    let what = raise.found.what.clone();
    let done = app.write(Priority::Live, move |writer| {
        let moment = asking.moment(writer)?;
        writer.decide(&raise, &moment)
    });
    match done.await? {
        Ok(_) => tracing::warn!(what, "exception.raised"),
        Err(refusal) => tracing::warn!(what, %refusal, "exception.refused"),
    }
    Ok(())
}

/// Delivers opening stock as long as the hub serves: at the start, and whenever some was booked, a branch got a place, or a recovery ended.
pub async fn deliver(app: Arc<App>) {
    let mut committed = app.events.subscribe();
    loop {
        if let Err(fault) = app.write(Priority::Live, |writer| deliver_stock(writer, now_ms())).await {
            tracing::warn!(%fault, "stock.not_delivered");
        }
        loop {
            match committed.recv().await {
                Ok(done) if done.heads.iter().any(makes_deliverable) => break,
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => return,
            }
        }
        tokio::time::sleep(PAUSE).await;
        // What came meanwhile is looked at with the rest.
        committed = committed.resubscribe();
    }
}

fn makes_deliverable(head: &Head) -> bool {
    [StockOpened::KIND, Opened::KIND].contains(&head.kind) || head.by == Actor::Reaction(CARRY)
}

/// Begins documents anew whose history has become long, as long as the hub serves.
pub async fn begin_long_anew(app: Arc<App>) {
    let mut committed = app.events.subscribe();
    loop {
        let heads = match committed.recv().await {
            Ok(done) => done.heads.clone(),
            Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => return,
        };
        let changed: Vec<(StreamId, u64)> = heads.iter().filter(|head| head.kind >= CHANGE).map(|head| (head.stream, head.seq)).collect();
        if changed.is_empty() {
            continue;
        }
        let found = app.read(move |db| generations::long(db, &generations::changed_by(db, &changed)?)).await;
        for document in found.unwrap_or_default() {
            let begun = app.write(Priority::Live, move |writer| generations::begin_anew(writer, document, now_ms()));
            if let Err(fault) = begun.await {
                tracing::warn!(%fault, "document.not_begun_anew");
            }
        }
    }
}
