//! Caller ID: who rings. What a shop wants of the modem on its line.

pub mod driver;
pub mod number;
pub mod protocol;
pub mod simulator;

use crate::{Device, Waiting};
use serde::{Deserialize, Serialize};

pub use driver::Modem;
pub use number::{Caller, normalise};

/// Tells calls as they ring.
pub trait CallerId: Device {
    /// The next event. `None` when the driver has ended. Safe to drop while waiting.
    fn next(&mut self) -> Waiting<'_, Option<CallEvent>>;
}

/// What happens on the line. `call` counts from 1 since the driver started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum CallEvent {
    /// A call is announced: with its number, or as unknown after the second ring without one.
    Ringing { call: u64, caller: Caller, name: Option<String> },
    /// More became known of a call that was announced: the number or the name came late.
    Identified { call: u64, caller: Caller, name: Option<String> },
    /// No ring for eight seconds: taken or given up, the modem cannot tell which.
    Ended { call: u64, rings: u32 },
}
