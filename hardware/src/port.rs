//! The line to a device. Drivers see `Port` and `Open`, never an OS type.

use crate::{Waiting, serial, tcp, usb_printer};
use serde::{Deserialize, Serialize};
use std::{io, path::PathBuf};
use tokio::io::{AsyncRead, AsyncWrite};

/// A two-way line of bytes. A read of 0 bytes means that the other end is gone: the reader must stop, else it spins.
/// Writes are taken by the operating system at once or block; nobody calls flush.
pub trait Port: AsyncRead + AsyncWrite + Send + Unpin {}
impl<P: AsyncRead + AsyncWrite + Send + Unpin> Port for P {}

/// Opens the same line again and again. Implemented by `PortAddress`, by a till's remote ports, and by tests.
pub trait Open: Send + Sync {
    /// One attempt. May wait for the network; the caller owns the deadline.
    fn open(&self) -> Waiting<'_, Result<Box<dyn Port>, PortFault>>;
    /// For logs and the technician's page.
    fn describe(&self) -> String;
}

/// Why a port cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum PortFault {
    #[error("port is not there")]
    NotThere,
    #[error("port is held by another program")]
    Busy,
    #[error("no right to open the port")]
    NotAllowed,
    #[error("network address does not answer")]
    Unreachable,
    #[error("port failed: {0}")]
    Io(io::Error),
}

impl From<io::Error> for PortFault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotThere,
            io::ErrorKind::PermissionDenied => Self::NotAllowed,
            io::ErrorKind::ResourceBusy => Self::Busy,
            io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::TimedOut => Self::Unreachable,
            _ => Self::Io(error),
        }
    }
}

/// Where a device is, as it stands in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PortAddress {
    /// A serial line or a pty, by a stable path such as `/dev/serial/by-path/…`.
    Serial {
        path: PathBuf,
        #[serde(default)]
        line: LineSettings,
    },
    /// A printer that listens, mostly on port 9100: `192.168.1.50:9100`.
    Tcp { address: String },
    /// A device file of the printer class such as `/dev/usb/lp0`.
    Usb { path: PathBuf },
}

/// Serial line settings; 9600 8N1 without flow control unless told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LineSettings {
    pub baud: u32,
    pub data_bits: DataBits,
    pub parity: Parity,
    pub stop_bits: StopBits,
    pub flow: Flow,
}

impl Default for LineSettings {
    fn default() -> Self {
        Self { baud: 9_600, data_bits: DataBits::Eight, parity: Parity::None, stop_bits: StopBits::One, flow: Flow::None }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataBits {
    Seven,
    Eight,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parity {
    None,
    Odd,
    Even,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopBits {
    One,
    Two,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    None,
    /// RTS/CTS
    Hardware,
    /// XON/XOFF
    Software,
}

impl Open for PortAddress {
    fn open(&self) -> Waiting<'_, Result<Box<dyn Port>, PortFault>> {
        Box::pin(async move {
            let port: Box<dyn Port> = match self {
                Self::Serial { path, line } => Box::new(serial::open(path, *line)?),
                Self::Tcp { address } => Box::new(tcp::open(address).await?),
                Self::Usb { path } => Box::new(usb_printer::open(path)?),
            };
            Ok(port)
        })
    }

    fn describe(&self) -> String {
        match self {
            Self::Serial { path, line } => format!("{} {} baud", path.display(), line.baud),
            Self::Tcp { address } => address.clone(),
            Self::Usb { path } => path.display().to_string(),
        }
    }
}
