//! Members rise and fall as their purchases come in (R14), and at the turn of a business day, when purchases leave the window and levels by hand
//! end. A look may happen twice and changes once.
use crate::app::{App, now_ms};
use crate::moment::Asking;
use shared::base::{BusinessDay, MemberId};
use shared::branches::HOUSE_ZONE;
use shared::desk::keep_level::{KeepLevel, REACTION, buyers, due, due_on};
use shared::documents::Kind;
use shared::journal::entry::CHANGE;
use shared::journal::{Actor, Fault, Head};
use shared::store::Priority;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Entries are looked at together, so that a branch that catches up does not wait for this.
const PAUSE: Duration = Duration::from_millis(200);
/// Entries looked at in one question.
const LOOK_MAX: usize = 500;
/// How often the day is looked at.
const EVERY: Duration = Duration::from_secs(60);

fn today() -> u32 {
    BusinessDay::at(now_ms(), HOUSE_ZONE).0
}

/// Keeps levels as long as the hub serves; at its start, and each new day, those of all members.
pub async fn follow(app: Arc<App>) {
    let mut committed = app.events.subscribe();
    let mut every = tokio::time::interval(EVERY);
    let mut looked = 0;
    loop {
        let heads = tokio::select! {
            _ = every.tick() => {
                let day = today();
                if looked != day {
                    looked = day;
                    answer(&app, app.read(move |db| due_on(db, day)).await, day, &now_ms().to_be_bytes()).await;
                }
                continue;
            }
            heard = committed.recv() => match heard {
                Ok(done) => done.heads.clone(),
                // Too much at once to be told one by one: everybody is looked at.
                Err(RecvError::Lagged(_)) => {
                    looked = 0;
                    every.reset_immediately();
                    continue;
                }
                Err(RecvError::Closed) => return,
            },
        };
        tokio::time::sleep(PAUSE).await;
        let mut heads: Vec<Head> = heads;
        while let Ok(more) = committed.try_recv() {
            heads.extend(more.heads.iter().cloned());
        }
        if heads.iter().any(changes_rules) {
            looked = 0;
            every.reset_immediately();
        }
        for some in heads.chunks(LOOK_MAX) {
            let (some, day) = (some.to_vec(), today());
            let Some(last) = some.last() else { continue };
            let cause = [last.stream.bytes(), &last.seq.to_be_bytes()].concat();
            let found = app.read(move |db| {
                let members = buyers(db, &some)?;
                due(db, members, day)
            });
            answer(&app, found.await, day, &cause).await;
        }
    }
}

/// Other levels, or other settings: what purchases are worth may have changed for everybody.
fn changes_rules(head: &Head) -> bool {
    head.kind >= CHANGE && matches!(Kind::from_number(head.kind & !CHANGE), Some(Kind::Level | Kind::Settings))
}

async fn answer(app: &App, found: Result<Vec<MemberId>, Fault>, day: u32, cause: &[u8]) {
    let found = found.unwrap_or_else(|fault| {
        tracing::warn!(%fault, "levels.not_read");
        Vec::new()
    });
    for member in found {
        let Ok(asking) = Asking::machine() else { return };
        let keep = KeepLevel { member, day };
        let asking = Asking { command: keep.command(cause), by: Actor::Reaction(REACTION), rights: Vec::new(), ..asking };
        let done = app.write(Priority::Live, move |writer| {
            let moment = asking.moment(writer)?;
            writer.decide(&keep, &moment)
        });
        match done.await {
            Ok(Ok(_)) => {}
            Ok(Err(refusal)) => tracing::warn!(%refusal, "level.refused"),
            Err(fault) => tracing::warn!(%fault, "level.not_written"),
        }
    }
}
