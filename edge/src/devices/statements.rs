//! What head office is told of this box: how its devices are, at every change; how much it has not heard yet and which prices the tills show.
use super::{Devices, News};
use crate::uplink::Uplink;
use serde::Serialize;
use shared::base::StreamId;
use shared::catalog::release::price_release;
use shared::journal::{Fault, Read};
use shared::store::Clerk;
use shared::store::writer::{meta, stream_head};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Topics of statements.
pub const DEVICES: &str = "devices";
pub const UNSENT: &str = "unsent";
/// How often the count is looked at.
const LOOK: Duration = Duration::from_secs(5);

/// Entries that the hub has not acknowledged, and the last price release known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Unsent {
    pub unsent: u64,
    /// Of which stream, and its newest entry: whoever holds that one knows that nothing is unsent any more.
    pub stream: Option<StreamId>,
    pub head: u64,
    pub price_release: i64,
}

/// # Errors
/// A fault of the store.
pub fn unsent(db: &dyn Read) -> Result<Unsent, Fault> {
    let here = meta(db, "stream")?.and_then(|bytes| bytes.try_into().ok()).map(StreamId);
    let head = here.map_or(Ok(None), |here| stream_head(db, here))?;
    Ok(Unsent {
        unsent: head.as_ref().map_or(0, |head| head.seq.saturating_sub(head.acked)),
        stream: here,
        head: head.map_or(0, |head| head.seq),
        price_release: price_release(db)?,
    })
}

/// Tells for ever.
pub async fn tell(devices: Devices, uplink: Uplink, clerk: Arc<Clerk>) {
    let mut news = devices.news();
    let mut look = tokio::time::interval(LOOK);
    let (mut told_devices, mut told_unsent) = (Vec::new(), None);
    loop {
        tokio::select! {
            happened = news.recv() => match happened {
                Ok(News::Devices) | Err(RecvError::Lagged(_)) => {}
                Ok(_) => continue,
                Err(RecvError::Closed) => return,
            },
            _ = look.tick() => {
                let clerk = clerk.clone();
                let asked = tokio::task::spawn_blocking(move || clerk.readers().read(unsent)).await;
                if let Ok(Ok(now)) = asked && told_unsent != Some(now) {
                    told_unsent = Some(now);
                    uplink.tell(UNSENT, b"", json(&now));
                }
            }
        }
        let states = json(&devices.states());
        if states != told_devices {
            uplink.tell(DEVICES, b"", states.clone());
            told_devices = states;
        }
    }
}

fn json<T: Serialize>(value: &T) -> Vec<u8> {
    // Texts and numbers only: writing them as JSON cannot fail.
    serde_json::to_vec(value).unwrap_or_default()
}
