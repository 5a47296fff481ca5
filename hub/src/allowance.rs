//! Once an hour balances move to the branches that members visit, and back from where nobody comes (offline allowance, design 5). In between it is
//! only noted whose balances changed; at the turn of a day everybody is looked at.
use crate::app::{App, now_ms};
use shared::base::MemberId;
use shared::desk::allowance::{HOUR_MS, concerned, everybody, steps, today, walk};
use shared::documents::Kind;
use shared::journal::entry::CHANGE;
use shared::journal::{Fault, Head};
use shared::store::Priority;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// How often the hour is looked at.
const EVERY: Duration = Duration::from_secs(60);
/// Members, and entries, of one question.
const LOOK_MAX: usize = 500;

/// Whose balances may have to move.
enum Who {
    Everybody,
    These(BTreeSet<MemberId>),
}

/// Moves balances as long as the hub serves; for the first time when the hour in which it began is over.
pub async fn follow(app: Arc<App>) {
    let mut committed = app.events.subscribe();
    let mut every = tokio::time::interval(EVERY);
    let (mut hour, mut day, mut who) = (now_ms() / HOUR_MS, 0, Who::Everybody);
    loop {
        tokio::select! {
            _ = every.tick() => {
                let now = now_ms();
                if now / HOUR_MS == hour {
                    continue;
                }
                hour = now / HOUR_MS;
                if std::mem::replace(&mut day, today(now)) != day {
                    who = Who::Everybody;
                }
                let these = std::mem::replace(&mut who, Who::These(BTreeSet::new()));
                if let Err(fault) = move_all(&app, these, now).await {
                    tracing::warn!(%fault, "allowance.not_moved");
                }
            }
            heard = committed.recv() => match heard {
                Ok(done) => note(&app, &mut who, done.heads.clone()).await,
                Err(RecvError::Lagged(_)) => who = Who::Everybody,
                Err(RecvError::Closed) => return,
            },
        }
    }
}

async fn note(app: &App, who: &mut Who, heads: Vec<Head>) {
    if heads.iter().any(|head| head.kind >= CHANGE && Kind::from_number(head.kind & !CHANGE) == Some(Kind::Settings)) {
        *who = Who::Everybody;
    }
    let Who::These(these) = who else { return };
    let registry = app.exchange.registry;
    match app.read(move |db| concerned(db, registry, &heads)).await {
        Ok(more) => these.extend(more),
        Err(fault) => {
            tracing::warn!(%fault, "allowance.not_read");
            *who = Who::Everybody;
        }
    }
}

async fn move_all(app: &App, who: Who, now: i64) -> Result<(), Fault> {
    if let Who::These(these) = who {
        let these: Vec<MemberId> = these.into_iter().collect();
        for some in these.chunks(LOOK_MAX) {
            move_some(app, some.iter().copied().collect(), now).await?;
        }
        return Ok(());
    }
    let mut after = None;
    loop {
        let some = app.read(move |db| everybody(db, after, LOOK_MAX as u64)).await?;
        let Some(last) = some.last() else { return Ok(()) };
        after = Some(*last);
        move_some(app, some.into_iter().collect(), now).await?;
    }
}

async fn move_some(app: &App, members: BTreeSet<MemberId>, now: i64) -> Result<(), Fault> {
    let heard = app.exchange.linked().into_iter().collect();
    let found = app.read(move |db| steps(db, &members, &heard, now)).await?;
    app.write(Priority::CatchUp, move |writer| walk(writer, found, now)).await
}
