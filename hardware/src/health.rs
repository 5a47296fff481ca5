//! How a device is, in words for the till's status bar and the technician's page.

use crate::PortFault;
use serde::{Deserialize, Serialize};

/// State of one device, as far as its kind of line can tell. A one-way device is `Ok` when its port is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Health {
    /// Works.
    Ok,
    /// The driver has just started and does not know yet.
    Trying,
    /// Does not work now; it is tried again by itself.
    Failed { trouble: Trouble },
}

/// What is wrong with a device. `words` says what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    #[error("the port is not there")]
    NotThere,
    #[error("another program holds the port")]
    Busy,
    #[error("no right to open the port")]
    NotAllowed,
    #[error("the device refused the connection or its host did not answer")]
    Unreachable,
    #[error("the plug was pulled or the device switched off")]
    Unplugged,
    #[error("the device does not answer")]
    Silent,
    #[error("the device takes no more bytes")]
    Stalled,
    #[error("the paper is out")]
    PaperOut,
    #[error("the cover is open")]
    CoverOpen,
    #[error("the cutter is stuck")]
    Cutter,
    #[error("the printer reports an error that it cannot mend")]
    Broken,
    #[error("the printer is offline")]
    Offline,
    #[error("the modem reports no caller numbers")]
    NoCallerId,
    #[error("the job is longer than a printer may take")]
    TooLong,
    #[error("the driver of the device has stopped")]
    Stopped,
}

impl Trouble {
    /// Its code, under which pages hold its words and what to do.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotThere => "not_there",
            Self::Busy => "busy",
            Self::NotAllowed => "not_allowed",
            Self::Unreachable => "unreachable",
            Self::Unplugged => "unplugged",
            Self::Silent => "silent",
            Self::Stalled => "stalled",
            Self::PaperOut => "paper_out",
            Self::CoverOpen => "cover_open",
            Self::Cutter => "cutter",
            Self::Broken => "broken",
            Self::Offline => "offline",
            Self::NoCallerId => "no_caller_id",
            Self::TooLong => "too_long",
            Self::Stopped => "stopped",
        }
    }
}

impl From<PortFault> for Trouble {
    fn from(fault: PortFault) -> Self {
        match fault {
            PortFault::NotThere => Self::NotThere,
            PortFault::Busy => Self::Busy,
            PortFault::NotAllowed => Self::NotAllowed,
            PortFault::Unreachable => Self::Unreachable,
            PortFault::Io(_) => Self::Unplugged,
        }
    }
}
