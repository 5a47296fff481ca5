//! The handles that routes, devices and the uplink share. No logic.
use crate::config::Config;
use crate::devices::Devices;
use crate::install::Link;
use crate::lan::Lan;
use crate::reactions::calls::Calls;
use crate::uplink::Uplink;
use shared::base::vault::Vault;
use shared::journal::{Fault, Read};
use shared::store::{Clerk, Committed, Priority, Writer};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tokio::sync::broadcast;

pub struct App {
    pub folder: PathBuf,
    pub config: Config,
    pub link: Link,
    pub clerk: Arc<Clerk>,
    pub vault: Vault,
    pub uplink: Uplink,
    pub devices: Devices,
    /// Calls on the lines now.
    pub calls: Calls,
    /// How the shop's network reaches this box; empty: it does not.
    pub lan: OnceLock<Lan>,
    /// What each commit changed, after it is durable.
    pub events: broadcast::Sender<Arc<Committed>>,
}

impl App {
    /// Runs a work in the clerk's next transaction; answers once it is durable.
    ///
    /// # Errors
    /// A fault of the store, or of the work.
    pub async fn write<T: Send + 'static>(
        &self,
        priority: Priority,
        job: impl FnOnce(&mut Writer<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.clerk.write(priority, job).await
    }

    /// Asks the committed state, off the async threads.
    ///
    /// # Errors
    /// A fault of the store, or of the question.
    pub async fn read<T: Send + 'static>(&self, question: impl FnOnce(&dyn Read) -> Result<T, Fault> + Send + 'static) -> Result<T, Fault> {
        let clerk = self.clerk.clone();
        tokio::task::spawn_blocking(move || clerk.readers().read(question)).await.unwrap_or(Err(Fault::Stopped))
    }
}

/// What this machine's clock shows, UTC ms.
pub fn now_ms() -> i64 {
    chrono::Utc::now().timestamp_millis()
}
