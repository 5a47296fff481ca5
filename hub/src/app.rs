//! The handles that routes share. No logic.
use crate::exchange::Exchange;
use shared::base::vault::Vault;
use shared::journal::{Fault, Read};
use shared::store::{Clerk, Committed, Priority, Writer};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::broadcast;

pub struct App {
    /// Other processes may serve the same hub.
    pub shared: bool,
    pub folder: PathBuf,
    pub clerk: Arc<Clerk>,
    pub vault: Vault,
    pub exchange: Arc<Exchange>,
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
