//! `hub serve`: store and clerk, intake, orders from the command line, http.
use crate::app::{App, now_ms};
use crate::control;
use crate::exchange::{self, Exchange};
use crate::install::Install;
use shared::store::{Clerk, Committed};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tokio::sync::{Semaphore, broadcast};

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
    let app = wired(data).await?;
    let listener = tokio::net::TcpListener::bind(listen).await?;
    let orders = control::listen(app.clone())?;
    tokio::spawn(crate::links::tell(app.clone()));
    tokio::spawn(crate::reactions::notice(app.clone()));
    tokio::spawn(crate::reactions::deliver(app.clone()));
    tokio::spawn(crate::levels::follow(app.clone()));
    tokio::spawn(crate::allowance::follow(app.clone()));
    tokio::spawn(crate::messages::send(app.clone()));
    tokio::spawn(crate::reactions::begin_long_anew(app.clone()));
    println!("hub listens on http://{}", listener.local_addr()?);
    let router = crate::http::router(app.clone()).merge(exchange::router(app.exchange.clone()));
    hub_pages::ending::serve(listener, router, interrupted()).await?;
    drop(orders);
    let clerk = app.clerk.clone();
    tokio::task::spawn_blocking(move || clerk.stop()).await?;
    Ok(())
}

/// The same off the threads of async work: a server is waited for.
///
/// # Errors
/// What keeps it from starting.
pub async fn wired(data: &Path) -> Result<Arc<App>, String> {
    let data = data.to_path_buf();
    let wired = tokio::task::spawn_blocking(move || wire(&data).map_err(|error| error.to_string()));
    wired.await.unwrap_or_else(|stopped| Err(stopped.to_string()))
}

/// Opens the store and starts everything but http.
///
/// # Errors
/// What keeps it from starting.
pub fn wire(data: &Path) -> Result<Arc<App>, Box<dyn std::error::Error>> {
    wire_install(&Install::new(data))
}

/// The same of an install that may know other facts and views.
///
/// # Errors
/// What keeps it from starting.
pub fn wire_install(install: &Install) -> Result<Arc<App>, Box<dyn std::error::Error>> {
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
    let exchange = Exchange {
        clerk: clerk.clone(),
        keys: Arc::new(install.keys()?),
        vault: vault.clone(),
        registry: install.registry(),
        live,
        links: Mutex::default(),
        elsewhere: Mutex::default(),
        folding: Semaphore::new(std::thread::available_parallelism().map_or(1, |cores| (cores.get() - 1).max(1))),
    };
    let shared = shared::store::is_server(&install.database());
    Ok(Arc::new(App { shared, folder: install.folder().to_path_buf(), clerk, vault, exchange: Arc::new(exchange), events }))
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
