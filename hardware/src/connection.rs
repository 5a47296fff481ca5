//! Keeps one port open: opens it, lets the device's conversation run, backs off when that ends, opens again. For ever.

use crate::{
    Health, Meaning, Open, Port, Trace, Trouble,
    limits::{BACK_OFF_FORGET_MS, BACK_OFF_MAX_MS, BACK_OFF_MIN_MS, OPEN_MS, READ_MAX, TRACE_PIECE_MAX},
    trace::Direction,
};
use std::{
    convert::Infallible,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::watch,
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};

/// What the driver of one device says on an open port.
pub trait Conversation: Send {
    /// Runs until the port is of no more use: ends only by a trouble. Sets the health to `Ok` as soon as the device is known to work.
    fn hold(&mut self, line: &mut Line, desk: &Desk) -> impl Future<Output = Result<Infallible, Trouble>> + Send;
    /// Runs while there is no port: answers those who ask for something. Never returns by itself.
    fn refuse(&mut self, trouble: Trouble) -> impl Future<Output = ()> + Send;
}

/// Where a driver reports: health and trace of its device.
#[derive(Debug, Clone)]
pub struct Desk {
    health: Arc<watch::Sender<Health>>,
    tries: Arc<AtomicU32>,
    pub trace: Trace,
}

impl Default for Desk {
    fn default() -> Self {
        Self { health: Arc::new(watch::Sender::new(Health::Trying)), tries: Arc::default(), trace: Trace::default() }
    }
}

impl Desk {
    /// Tells a new state; an equal one wakes nobody.
    pub fn tell(&self, health: Health) {
        if health == Health::Ok {
            self.tries.store(0, Ordering::Relaxed);
        }
        self.health.send_if_modified(|now| {
            let changed = *now != health;
            if changed {
                if let Health::Failed { trouble } = &health {
                    self.trace.warn(Meaning::Trouble(*trouble));
                    tracing::warn!(trouble = %trouble, "device.failed");
                }
                *now = health;
            }
            changed
        });
    }

    /// Failed attempts since the device last worked.
    pub fn tries(&self) -> u32 {
        self.tries.load(Ordering::Relaxed)
    }

    pub fn health(&self) -> watch::Receiver<Health> {
        self.health.subscribe()
    }
}

/// An open port.
pub struct Line {
    port: Box<dyn Port>,
}

impl Line {
    /// The next bytes. A gone or failing port is a trouble, never an empty answer. Safe to drop while waiting.
    pub async fn read(&mut self) -> Result<Vec<u8>, Trouble> {
        let mut bytes = vec![0; READ_MAX];
        match self.port.read(&mut bytes).await {
            Ok(0) | Err(_) => Err(Trouble::Unplugged),
            Ok(count) => {
                bytes.truncate(count);
                Ok(bytes)
            }
        }
    }

    /// Writes all; `taken` counts what the operating system took, also when this fails or is dropped.
    pub async fn write(&mut self, mut bytes: &[u8], taken: &mut usize) -> Result<(), Trouble> {
        while !bytes.is_empty() {
            match self.port.write(bytes).await {
                Ok(0) | Err(_) => return Err(Trouble::Unplugged),
                Ok(count) => {
                    *taken += count;
                    bytes = &bytes[count..];
                }
            }
        }
        Ok(())
    }

    /// Writes a short request within `wait`, and notes it.
    pub async fn ask(&mut self, bytes: &[u8], meaning: Meaning, wait: Duration, trace: &Trace) -> Result<(), Trouble> {
        trace.add(Direction::Out, &bytes[..bytes.len().min(TRACE_PIECE_MAX)], meaning);
        timeout(wait, self.write(bytes, &mut 0)).await.map_err(|_| Trouble::Stalled)?
    }
}

/// A conversation that runs in the background. Dropping it ends the driver and frees the port.
#[derive(Debug)]
pub struct Kept {
    pub desk: Desk,
    task: JoinHandle<()>,
}

impl Kept {
    /// Starts to keep the port open. Needs a running runtime.
    pub fn start(opener: Arc<dyn Open>, conversation: impl Conversation + 'static) -> Self {
        let desk = Desk::default();
        let task = tokio::spawn(keep_open(opener, desk.clone(), conversation));
        Self { desk, task }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Runs a conversation over ever new openings of a port. Ends only when its task is aborted.
async fn keep_open(opener: Arc<dyn Open>, desk: Desk, mut conversation: impl Conversation) {
    let mut attempt = 0_u32;
    loop {
        attempt = attempt.saturating_add(1);
        let opened = timeout(Duration::from_millis(OPEN_MS), opener.open()).await;
        let trouble = match opened {
            Err(_) => Trouble::Unreachable,
            Ok(Err(fault)) => fault.into(),
            Ok(Ok(port)) => {
                desk.trace.note(Meaning::Opened(opener.describe()));
                let start = Instant::now();
                let Err(trouble) = conversation.hold(&mut Line { port }, &desk).await;
                if start.elapsed() >= Duration::from_millis(BACK_OFF_FORGET_MS) {
                    attempt = 1;
                }
                trouble
            }
        };
        desk.tries.fetch_add(1, Ordering::Relaxed);
        desk.tell(Health::Failed { trouble });
        tokio::select! {
            () = sleep(back_off(attempt)) => {}
            () = conversation.refuse(trouble) => {}
        }
    }
}

/// 0.5 s, 1, 2, 4, 8, then 10 s.
fn back_off(attempt: u32) -> Duration {
    let doubled = BACK_OFF_MIN_MS.saturating_mul(1 << attempt.saturating_sub(1).min(10));
    Duration::from_millis(doubled.min(BACK_OFF_MAX_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    // The health of a device that stays away is told once, and the waits are those of the limits.
    #[test]
    fn back_off_doubles_to_ten_seconds() {
        let waits: Vec<u128> = (1..=7).map(|attempt| back_off(attempt).as_millis()).collect();
        assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
        assert_eq!(back_off(u32::MAX).as_millis(), 10_000);
    }
}
