//! The line to a device. Drivers see `Port` and `Open`, never an OS type.

use crate::{Waiting, serial, tcp, usb_printer};
use serde::{Deserialize, Serialize};
use std::{fmt, io, path::PathBuf, str::FromStr};
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

/// A text that names no port.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no port: {0:?}; write serial:/dev/…@9600, usb:/dev/usb/lp0 or tcp:host:9100")]
pub struct BadAddress(pub String);

/// `serial:/dev/ttyS0@9600`, `usb:/dev/usb/lp0`, `tcp:192.168.1.50:9100`; also a bare path, and without baud or port the usual one.
impl FromStr for PortAddress {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let bad = || BadAddress(text.to_owned());
        let path = |path: &str| if path.starts_with('/') { Ok(PathBuf::from(path)) } else { Err(bad()) };
        match text.split_once(':') {
            Some(("tcp", host)) if !host.is_empty() && !host.contains(char::is_whitespace) => {
                let with_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
                Ok(Self::Tcp { address: if with_port { host.to_owned() } else { format!("{host}:{}", tcp::PRINTER_PORT) } })
            }
            Some(("usb", file)) => Ok(Self::Usb { path: path(file)? }),
            Some(("serial", line)) => {
                let (file, baud) = match line.rsplit_once('@') {
                    Some((file, baud)) => (file, baud.parse().map_err(|_| bad())?),
                    None => (line, LineSettings::default().baud),
                };
                Ok(Self::Serial { path: path(file)?, line: LineSettings { baud, ..LineSettings::default() } })
            }
            _ if text.starts_with("/dev/usb/lp") => Ok(Self::Usb { path: text.into() }),
            _ => Ok(Self::Serial { path: path(text)?, line: LineSettings::default() }),
        }
    }
}

impl fmt::Display for PortAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial { path, line } => write!(out, "serial:{}@{}", path.display(), line.baud),
            Self::Tcp { address } => write!(out, "tcp:{address}"),
            Self::Usb { path } => write!(out, "usb:{}", path.display()),
        }
    }
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
        self.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("serial:/dev/ttyS0", "serial:/dev/ttyS0@9600")]
    #[case(
        "serial:/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0@115200",
        "serial:/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0@115200"
    )]
    #[case("/dev/ttyUSB0", "serial:/dev/ttyUSB0@9600")]
    #[case("/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0", "serial:/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0@9600")]
    #[case("/dev/usb/lp0", "usb:/dev/usb/lp0")]
    #[case("usb:/dev/usb/lp1", "usb:/dev/usb/lp1")]
    #[case("tcp:192.168.1.50", "tcp:192.168.1.50:9100")]
    #[case("tcp:kitchen:9101", "tcp:kitchen:9101")]
    fn addresses(#[case] text: &str, #[case] shown: &str) {
        let address: PortAddress = text.parse().expect("an address");
        assert_eq!(address.to_string(), shown);
        assert_eq!(shown.parse(), Ok(address));
    }

    #[rstest]
    #[case("")]
    #[case("COM3")]
    #[case("serial:ttyS0")]
    #[case("serial:/dev/ttyS0@fast")]
    #[case("usb:")]
    #[case("tcp:")]
    #[case("tcp:a b")]
    fn no_addresses(#[case] text: &str) {
        assert_eq!(text.parse::<PortAddress>(), Err(BadAddress(text.to_owned())));
    }
}
