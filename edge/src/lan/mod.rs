//! Tills on the shop's network: TLS with the box's own certificate, a name that the network finds, and each till paired once by a technician's code.
//! The box's own till goes on over loopback, without any of it.
pub mod certificate;
pub mod listener;
pub mod name;
pub mod pairing;

use crate::app::App;
use crate::http::lan::OverLan;
use crate::install::Install;
use axum::Router;
use certificate::{Authority, Certificates};
use listener::Secured;
use rustls::ServerConfig;
use shared::branches;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// How the shop's network reaches this box.
pub struct Lan {
    /// `catena-rm01.local`.
    pub host: String,
    pub port: u16,
    pub authority: Arc<Authority>,
    /// None: multicast DNS cannot be used on this box; tills need its address.
    told: Option<name::Told>,
}

impl Lan {
    /// Whether the network finds the name.
    pub fn is_told(&self) -> bool {
        self.told.is_some()
    }
}

/// Listens on the shop's network and answers there what `router` answers, to paired tills, until `asked` is over.
///
/// # Errors
/// A port that is taken, key files that cannot be read.
pub async fn serve<End: Future<Output = ()> + Send + 'static>(
    app: &App,
    listen: SocketAddr,
    router: Router,
    asked: End,
) -> Result<impl Future<Output = io::Result<()>> + use<End>, Box<dyn std::error::Error>> {
    let id = app.link.branch;
    let branch = app.read(move |db| branches::branch(db, id)).await?;
    let (code, title) = branch.map_or_else(Default::default, |branch| (branch.code, branch.name));
    let host = name::host(&code);
    let authority = Arc::new(Authority::load(&Install::new(&app.folder), &host)?);
    let certificates = Certificates::new(authority.clone(), host.clone());
    let mut config = ServerConfig::builder().with_no_client_auth().with_cert_resolver(Arc::new(certificates));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let listener = TcpListener::bind(listen).await?;
    let listening = listener.local_addr()?;
    let told = name::tell(&host, &format!("Catena {title}"), listening);
    let told = told.inspect_err(|error| tracing::warn!(%error, "lan.name")).ok();
    println!("tills on the shop's network: https://{host}:{}", listening.port());
    // Set once, here.
    let _ = app.lan.set(Lan { host, port: listening.port(), authority, told });
    let secured = Secured::start(listener, listening, Arc::new(config));
    Ok(edge_pages::ending::serve(secured, router.layer(axum::Extension(OverLan)), asked))
}
