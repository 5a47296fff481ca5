//! What every device offers besides its trade: its health, the bytes of its line, its end.

use crate::{Health, Trace, connection::Desk};
use std::{future::Future, pin::Pin};
use tokio::sync::watch;

/// A future behind a trait object.
pub type Waiting<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Common to all devices. Dropping the device ends its task and frees the port.
pub trait Device: Send + Sync {
    /// Where its driver reports.
    fn desk(&self) -> &Desk;

    /// The newest state; changes wake the receiver.
    fn health(&self) -> watch::Receiver<Health> {
        self.desk().health()
    }

    /// Failed attempts since it last worked.
    fn tries(&self) -> u32 {
        self.desk().tries()
    }

    /// The last bytes of the line with direction and meaning, for the technician's page.
    fn trace(&self) -> Trace {
        self.desk().trace.clone()
    }
}
