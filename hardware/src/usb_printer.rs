//! A USB printer through the kernel's printer class file, such as `/dev/usb/lp0`.
//!
//! Many such printers are one-way: reading fails with EINVAL or gives empty packets. Neither is an unplug; ENODEV and EIO are.

use crate::{port::PortFault, pty::FilePort};
use rustix::fs::{FlockOperation, Mode, OFlags, flock};
use std::{
    future::Future,
    io,
    path::Path,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// How long a printer that has nothing to say is left alone before it is read again.
const QUIET: Duration = Duration::from_millis(100);

/// An open printer device file.
#[derive(Debug)]
pub struct UsbPrinter {
    file: FilePort,
    quiet: Pin<Box<Sleep>>,
    one_way: bool,
}

/// Opens with a lock, so that two programs do not print into each other's receipts. Needs a running runtime.
pub fn open(path: &Path) -> Result<UsbPrinter, PortFault> {
    let fd = rustix::fs::open(path, OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty())
        .map_err(|error| PortFault::from(io::Error::from(error)))?;
    flock(&fd, FlockOperation::NonBlockingLockExclusive).map_err(|_| PortFault::Busy)?;
    Ok(UsbPrinter { file: FilePort::new(fd)?, quiet: Box::pin(sleep(Duration::ZERO)), one_way: false })
}

impl AsyncRead for UsbPrinter {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.one_way {
            return Poll::Pending;
        }
        ready!(self.quiet.as_mut().poll(context));
        let before = buffer.filled().len();
        match ready!(Pin::new(&mut self.file).poll_read(context, buffer)) {
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::INVAL.raw_os_error()) => {
                self.one_way = true;
                Poll::Pending
            }
            Ok(()) if buffer.filled().len() == before => {
                self.quiet.set(sleep(QUIET));
                ready!(self.quiet.as_mut().poll(context));
                Poll::Pending
            }
            done => Poll::Ready(done),
        }
    }
}

impl AsyncWrite for UsbPrinter {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.file).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
