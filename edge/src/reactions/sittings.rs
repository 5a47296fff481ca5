//! Guests pay for minutes that truly ran (E9): the machine's clock is compared with one that only counts, and running sittings move with its jumps.
use crate::app::{App, now_ms};
use shared::desk::timed::drift::{Watch, moved};
use shared::journal::Fault;
use shared::store::writer::meta_number;
use shared::store::{Priority, clock};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often the clocks are compared.
const EVERY: Duration = Duration::from_secs(10);

/// Compares until the process ends.
pub async fn follow(app: Arc<App>) {
    let (mut watch, started) = (Watch::default(), Instant::now());
    let mut every = tokio::time::interval(EVERY);
    loop {
        every.tick().await;
        if let Err(fault) = look(&app, &mut watch, started).await {
            tracing::error!(%fault, "sittings.clock_not_compared");
        }
    }
}

async fn look(app: &App, watch: &mut Watch, started: Instant) -> Result<(), Fault> {
    let found = app.read(move |db| {
        let now = clock::corrected(db, now_ms())?;
        let steady = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
        let believed = clock::wrong(meta_number(db, "last_ms")?, now, meta_number(db, "hub_ms")?).is_none();
        Ok((now, steady, believed))
    });
    let (now, steady, believed) = found.await?;
    let jump_ms = watch.jump_ms(now, steady, believed);
    if jump_ms == 0 {
        return Ok(());
    }
    tracing::warn!(jump_ms, "clock.jumped");
    app.write(Priority::Till, move |writer| moved(writer, jump_ms)).await
}
