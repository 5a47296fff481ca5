//! A device behind TCP, such as a printer on port 9100.

use crate::{limits::OPEN_MS, port::PortFault};
use std::time::Duration;
use tokio::{net::TcpStream, time::timeout};

/// Where network printers listen unless told otherwise.
pub const PRINTER_PORT: u16 = 9_100;

/// Connects within `OPEN_MS`. Such printers take one client at a time: a second one waits or is refused.
pub async fn open(address: &str) -> Result<TcpStream, PortFault> {
    let stream = timeout(Duration::from_millis(OPEN_MS), TcpStream::connect(address)).await.map_err(|_| PortFault::Unreachable)??;
    stream.set_nodelay(true)?;
    Ok(stream)
}
