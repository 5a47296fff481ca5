//! `hub serve`: store and clerk, intake, orders from the command line, http.
use crate::app::{App, now_ms};
use crate::control;
use crate::exchange::{self, Exchange};
use crate::install::Install;
use shared::journal::command::encoded;
use shared::ledger::statement::{LINK, Link};
use shared::store::statements::CHAIN;
use shared::store::{Clerk, Committed, Priority};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::broadcast;

type Done = Result<(), Box<dyn std::error::Error>>;

/// Commits a slow page or edge may lag behind before it is told to read everything again.
const EVENTS_MAX: usize = 4_096;

/// Serves until interrupted.
///
/// # Errors
/// What keeps it from starting.
pub fn serve(data: &Path, listen: SocketAddr) -> Done {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(data, listen))
}

async fn run(data: &Path, listen: SocketAddr) -> Done {
    let _lock = shared::store::lock::lock(data)?;
    let app = wire(data)?;
    let listener = tokio::net::TcpListener::bind(listen).await?;
    let orders = control::listen(app.clone())?;
    tokio::spawn(tell_links(app.clone()));
    tokio::spawn(crate::reactions::notice(app.clone()));
    tokio::spawn(crate::reactions::deliver(app.clone()));
    println!("hub listens on http://{}", listener.local_addr()?);
    let router = crate::http::router(app.clone()).merge(exchange::router(app.exchange.clone()));
    let served = axum::serve(listener, router);
    tokio::select! {
        done = async { served.await } => done?,
        // Open event streams never end by themselves: those who listen come again.
        () = interrupted() => {}
    }
    drop(orders);
    let clerk = app.clerk.clone();
    tokio::task::spawn_blocking(move || clerk.stop()).await?;
    Ok(())
}

/// Opens the store and starts everything but http.
///
/// # Errors
/// What keeps it from starting.
pub fn wire(data: &Path) -> Result<Arc<App>, Box<dyn std::error::Error>> {
    let install = Install::new(data);
    let store = install.open(now_ms())?;
    let (events, _) = broadcast::channel(EVENTS_MAX);
    let (live, _) = broadcast::channel(EVENTS_MAX);
    let clerk = Clerk::start(store, {
        let (events, live) = (events.clone(), live.clone());
        move |committed: &Committed| {
            // Nobody listens yet, or any more: fine.
            let _ = events.send(Arc::new(committed.clone()));
            for scope in &committed.scopes {
                let _ = live.send(scope.clone());
            }
        }
    });
    let vault = install.vault()?;
    let exchange =
        Exchange { clerk: clerk.clone(), keys: Arc::new(install.keys()?), vault: vault.clone(), live, links: Mutex::new(BTreeMap::new()) };
    Ok(Arc::new(App { folder: data.to_path_buf(), clerk, vault, exchange: Arc::new(exchange), events }))
}

/// Tells every branch which branches are heard, when that changes.
async fn tell_links(app: Arc<App>) {
    let mut before: BTreeMap<shared::base::BranchId, bool> = BTreeMap::new();
    loop {
        let branches =
            app.read(|db| Ok(shared::branches::branches(db)?.into_iter().map(|branch| (branch.id, branch.name)).collect::<Vec<_>>())).await;
        let linked = app.exchange.linked();
        for (branch, name) in branches.unwrap_or_default() {
            let up = linked.contains(&branch);
            if before.insert(branch, up) == Some(up) {
                continue;
            }
            let now = now_ms();
            let told = app.write(Priority::Live, move |writer| {
                writer.tell(CHAIN, LINK, branch.bytes(), &encoded(&Link { up, since_ms: now, name }), now)
            });
            if let Err(fault) = told.await {
                tracing::warn!(%fault, "hub.tell_links");
            }
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Ctrl-C, or a request to end from whoever supervises.
async fn interrupted() {
    let Ok(mut stop) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = stop.recv() => {}
    }
}
