//! `edge serve`: store and clerk, uplink, devices, http.
use crate::app::{App, now_ms};
use crate::config::Config;
use crate::devices::{Devices, statements};
use crate::install::{Install, hub_key};
use crate::mirror::Beside;
use crate::reactions::calls::Calls;
use crate::uplink::{Line, Uplink};
use hardware::printer::driver::Patience;
use shared::store::{Clerk, Committed};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use tokio::sync::{broadcast, watch};

type Done = Result<(), Box<dyn std::error::Error>>;

/// Commits a slow page may lag behind before it is told to read everything again.
const EVENTS_MAX: usize = 1_024;

/// Serves until interrupted.
///
/// # Errors
/// What keeps it from starting.
pub fn serve(data: &Path, listen: SocketAddr, lan: Option<SocketAddr>) -> Done {
    if !listen.ip().is_loopback() {
        return Err(
            "--listen is for the box's own till and takes loopback only; tills on the shop's network come in over TLS: --lan".into()
        );
    }
    let config = Config::load(data)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(data, config, listen, lan))
}

async fn run(data: &Path, config: Config, listen: SocketAddr, lan: Option<SocketAddr>) -> Done {
    let _lock = shared::store::lock::lock(data)?;
    let app = wire(data, config)?;
    let listener = tokio::net::TcpListener::bind(listen).await?;
    println!("edge of {} listens on http://{}", app.link.branch, listener.local_addr()?);
    let router = router(app.clone());
    let (end, ended) = watch::channel(false);
    let tills = match lan {
        Some(lan) => Some(tokio::spawn(crate::lan::serve(&app, lan, router.clone(), over(ended.clone())).await?)),
        None => None,
    };
    tokio::spawn(async move {
        interrupted().await;
        end.send_replace(true);
    });
    edge_pages::ending::serve(listener, router, over(ended)).await?;
    if let Some(tills) = tills {
        tills.await??;
    }
    let clerk = app.clerk.clone();
    tokio::task::spawn_blocking(move || clerk.stop()).await?;
    Ok(())
}

/// Until the end was asked for.
async fn over(mut ended: watch::Receiver<bool>) {
    // Nobody is left to ask: that is the end too.
    let _ = ended.wait_for(|ended| *ended).await;
}

/// API and pages.
pub fn router(app: Arc<App>) -> axum::Router {
    crate::http::router(app).fallback(edge_pages::page)
}

/// Opens the store and starts everything but http.
///
/// # Errors
/// What keeps it from starting.
pub fn wire(data: &Path, config: Config) -> Result<Arc<App>, Box<dyn std::error::Error>> {
    wire_install(&Install::new(data), config)
}

/// The same of an install that may know other facts and views.
///
/// # Errors
/// What keeps it from starting.
pub fn wire_install(install: &Install, config: Config) -> Result<Arc<App>, Box<dyn std::error::Error>> {
    let link = install.link()?;
    let hub = hub_key(&link).ok_or("link.json names no hub key")?;
    let mut store = install.open(now_ms())?;
    let mirror = config.mirror.as_ref().map(|file| {
        let (mirror, health) = Beside::start(file, &install.database());
        store.mirror_to(Box::new(mirror));
        health
    });
    let (events, _) = broadcast::channel(EVENTS_MAX);
    let clerk = Clerk::start(store, {
        let events = events.clone();
        move |committed: &Committed| {
            // Nobody listens yet, or any more: fine.
            let _ = events.send(Arc::new(committed.clone()));
        }
    });
    let line = Line { link: link.clone(), hub, keys: install.keys()?, clerk: clerk.clone(), events: events.clone() };
    let uplink = Uplink::start(line);
    let devices = Devices::start(config.devices.clone(), clerk.clone(), events.clone(), Patience::default(), mirror)?;
    tokio::spawn(statements::tell(devices.clone(), uplink.clone(), clerk.clone()));
    let app = Arc::new(App {
        folder: install.folder().to_path_buf(),
        config,
        link,
        clerk,
        vault: install.vault()?,
        uplink,
        devices,
        calls: Calls::default(),
        lan: OnceLock::new(),
        events,
    });
    tokio::spawn(crate::reactions::calls::follow(app.clone()));
    tokio::spawn(crate::reactions::sittings::follow(app.clone()));
    Ok(app)
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
