//! Connections of the shop's network, secured. A stranger in the network can open connections and say nothing: there are so many for one address and
//! so many in all, and the box's own till is not among them.
use rustls::ServerConfig;
use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// Connections of one address; a browser opens six for a page.
const OF_ONE_MAX: usize = 24;
/// Connections in all; a box may have 1 024 files open.
const MAX: usize = 384;
/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Pause after the system had no socket to give.
const PAUSE: Duration = Duration::from_secs(1);

type Counts = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// A place among the connections, given back when dropped.
struct Place {
    counts: Counts,
    of: IpAddr,
}

impl Place {
    fn take(counts: &Counts, of: IpAddr) -> Option<Place> {
        let mut held = counts.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = held.values().sum();
        if held.get(&of).is_some_and(|own| *own >= OF_ONE_MAX) || all >= MAX {
            return None;
        }
        *held.entry(of).or_default() += 1;
        Some(Place { counts: counts.clone(), of })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = held.get_mut(&self.of) {
            *own -= 1;
            if *own == 0 {
                held.remove(&self.of);
            }
        }
    }
}

/// One secured connection.
pub struct Connection {
    stream: TlsStream<TcpStream>,
    _place: Place,
}

/// Hands out connections whose handshake is done; each has its own time for it.
pub struct Secured {
    ready: mpsc::Receiver<(Connection, SocketAddr)>,
    listening: SocketAddr,
}

impl Secured {
    /// Accepts until it is dropped.
    pub fn start(listener: TcpListener, listening: SocketAddr, config: Arc<ServerConfig>) -> Secured {
        let (done, ready) = mpsc::channel(16);
        tokio::spawn(accept(listener, TlsAcceptor::from(config), done));
        Secured { ready, listening }
    }
}

async fn accept(listener: TcpListener, tls: TlsAcceptor, done: mpsc::Sender<(Connection, SocketAddr)>) {
    let counts = Counts::default();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = done.closed() => return,
        };
        let (stream, from) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "lan.accept");
                sleep(PAUSE).await;
                continue;
            }
        };
        let Some(place) = Place::take(&counts, from.ip()) else { continue };
        let (tls, done) = (tls.clone(), done.clone());
        tokio::spawn(async move {
            // Whoever does not trust the certificate breaks off here: that is said to them, not to us.
            if let Ok(Ok(stream)) = timeout(HANDSHAKE, tls.accept(stream)).await {
                let _ = done.send((Connection { stream, _place: place }, from)).await;
            }
        });
    }
}

impl axum::serve::Listener for Secured {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        match self.ready.recv().await {
            Some(accepted) => accepted,
            // The runtime is ending.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.listening)
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_its_share_and_gives_it_back() {
        let counts = Counts::default();
        let (one, other) = (IpAddr::from([192, 168, 1, 20]), IpAddr::from([192, 168, 1, 21]));
        let mut held: Vec<Place> = (0..OF_ONE_MAX).filter_map(|_| Place::take(&counts, one)).collect();
        assert_eq!(held.len(), OF_ONE_MAX);
        assert!(Place::take(&counts, one).is_none());
        assert!(Place::take(&counts, other).is_some(), "another's share is its own");
        held.pop();
        assert!(Place::take(&counts, one).is_some());
        drop(held);
        assert!(counts.lock().expect("no panic held it").is_empty(), "nothing is kept of who is gone");
    }

    #[test]
    fn there_are_so_many_in_all() {
        let counts = Counts::default();
        let addresses = (0..=255u8).map(|last| IpAddr::from([10, 0, 0, last]));
        let held: Vec<Place> = addresses.flat_map(|of| [of; 4]).filter_map(|of| Place::take(&counts, of)).collect();
        assert_eq!(held.len(), MAX);
    }
}
