//! A link that can be cut, and that sees which requests were never answered.
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A proxy on loopback: cut, it drops what flows and takes nothing new.
pub struct Wire {
    pub address: SocketAddr,
    up: watch::Sender<bool>,
    to: Arc<Mutex<SocketAddr>>,
    seen: Arc<Seen>,
}

/// What a wire saw of the requests on it.
#[derive(Default)]
struct Seen {
    /// Requests at the other end, without an answer yet.
    unanswered: AtomicU32,
    /// Requests that the other end had when it ended.
    torn: AtomicU32,
}

impl Wire {
    pub async fn new(to: SocketAddr) -> Wire {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let (up, watch) = watch::channel(true);
        let (to, seen) = (Arc::new(Mutex::new(to)), Arc::<Seen>::default());
        let (target, seer) = (to.clone(), seen.clone());
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (mut watch, seer) = (watch.clone(), seer.clone());
                if !*watch.borrow() {
                    continue;
                }
                let to = *target.lock().expect("nobody panicked");
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(to).await else { return };
                    tokio::select! {
                        () = carry(near, far, &seer) => {}
                        _ = watch.wait_for(|up| !up) => {}
                    }
                });
            }
        });
        Wire { address, up, to, seen }
    }

    pub fn cut(&self) {
        self.up.send_replace(false);
    }

    pub fn mend(&self) {
        self.up.send_replace(true);
    }

    /// Leads to another process from now on; what flows is dropped.
    pub async fn lead_to(&self, to: SocketAddr) {
        *self.to.lock().expect("nobody panicked") = to;
        self.cut();
        tokio::time::sleep(Duration::from_millis(20)).await;
        self.mend();
    }

    /// Requests at the other end now, without an answer yet.
    pub fn unanswered(&self) -> u32 {
        self.seen.unanswered.load(Ordering::SeqCst)
    }

    /// Requests so far that the other end had when it ended, and never answered.
    pub fn torn(&self) -> u32 {
        self.seen.torn.load(Ordering::SeqCst)
    }
}

/// One connection: a request goes out, its answer comes back, and so on.
struct Asking<'a>(&'a Seen, bool);

impl Asking<'_> {
    fn set(&mut self, asking: bool) {
        match (self.1, asking) {
            (false, true) => _ = self.0.unanswered.fetch_add(1, Ordering::SeqCst),
            (true, false) => _ = self.0.unanswered.fetch_sub(1, Ordering::SeqCst),
            _ => {}
        }
        self.1 = asking;
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.set(false);
    }
}

/// Carries until either end has enough.
async fn carry(mut near: TcpStream, mut far: TcpStream, seen: &Seen) {
    let (mut asks, mut asker) = near.split();
    let (mut answers, mut answerer) = far.split();
    let (mut out, mut back) = (vec![0; 1 << 14], vec![0; 1 << 14]);
    let mut asking = Asking(seen, false);
    loop {
        let carried = tokio::select! {
            read = asks.read(&mut out) => match read {
                Ok(size @ 1..) => {
                    asking.set(true);
                    answerer.write_all(&out[..size]).await
                }
                _ => return,
            },
            read = answers.read(&mut back) => match read {
                Ok(size @ 1..) => {
                    asking.set(false);
                    asker.write_all(&back[..size]).await
                }
                _ => {
                    seen.torn.fetch_add(u32::from(asking.1), Ordering::SeqCst);
                    return;
                }
            },
        };
        if carried.is_err() {
            return;
        }
    }
}
