//! A serial line or pty through `tokio-serial`, held exclusively.

use crate::port::{DataBits, Flow, LineSettings, Parity, PortFault, StopBits};
use std::{
    io,
    path::Path,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_serial::SerialStream;

/// An open serial line.
#[derive(Debug)]
pub struct SerialPort(SerialStream);

/// Opens with an exclusive lock: a second program gets `Busy`.
pub fn open(path: &Path, line: LineSettings) -> Result<SerialPort, PortFault> {
    if !path.exists() {
        return Err(PortFault::NotThere);
    }
    let builder = tokio_serial::new(path.to_string_lossy(), line.baud)
        .data_bits(match line.data_bits {
            DataBits::Seven => tokio_serial::DataBits::Seven,
            DataBits::Eight => tokio_serial::DataBits::Eight,
        })
        .parity(match line.parity {
            Parity::None => tokio_serial::Parity::None,
            Parity::Odd => tokio_serial::Parity::Odd,
            Parity::Even => tokio_serial::Parity::Even,
        })
        .stop_bits(match line.stop_bits {
            StopBits::One => tokio_serial::StopBits::One,
            StopBits::Two => tokio_serial::StopBits::Two,
        })
        .flow_control(match line.flow {
            Flow::None => tokio_serial::FlowControl::None,
            Flow::Hardware => tokio_serial::FlowControl::Hardware,
            Flow::Software => tokio_serial::FlowControl::Software,
        });
    SerialStream::open(&builder).map(SerialPort).map_err(fault)
}

fn fault(error: tokio_serial::Error) -> PortFault {
    match error.kind {
        // `serialport` says NoDevice both for a missing device and for a lock that another program holds; the path was there.
        tokio_serial::ErrorKind::NoDevice => PortFault::Busy,
        tokio_serial::ErrorKind::Io(kind) => io::Error::new(kind, error.description).into(),
        tokio_serial::ErrorKind::InvalidInput | tokio_serial::ErrorKind::Unknown => PortFault::Io(io::Error::other(error.description)),
    }
}

impl AsyncRead for SerialPort {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for SerialPort {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    /// Does nothing: draining would block the whole thread while a printer holds the line.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
