//! Runs a simulated device on a line: hands it what arrives, says what it says, with the faults of real lines.

use crate::{
    limits::READ_MAX,
    simulator::{Said, Simulator},
};
use serde::{Deserialize, Serialize};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    sync::mpsc,
    time::sleep,
};

/// Pieces that may wait to be said; a device does not wait for its listener and loses more.
pub const SAID_MAX: usize = 1_024;
/// How often a held line is looked at again.
const HELD: Duration = Duration::from_millis(20);
/// Line noise: framing errors, breaks and half characters as they look at the receiver.
pub const NOISE: [u8; 6] = [0xFF, 0x00, 0x7F, 0xF8, 0x1F, 0x80];

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Faults {
    /// Takes no bytes: the driver's writes block once the line is full.
    pub stalled: bool,
    /// Says nothing.
    pub mute: bool,
    /// Noise before everything said.
    pub noisy: bool,
    /// Milliseconds between two bytes said.
    pub drip_ms: u64,
    /// Milliseconds later than the manual says.
    pub late_ms: u64,
    /// Bytes a second taken, 0 for as many as come.
    pub slow_bytes: u64,
}

/// A lock that outlives a panic elsewhere: every value behind it is whole at each step.
pub fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs until the other end is gone or the device loses its power.
pub async fn run<Stream>(
    stream: Stream,
    simulator: Arc<Mutex<dyn Simulator>>,
    faults: Arc<Mutex<Faults>>,
    sender: mpsc::Sender<Said>,
    queue: &mut mpsc::Receiver<Said>,
) where
    Stream: AsyncRead + AsyncWrite,
{
    let (mut reader, mut writer) = tokio::io::split(stream);
    let listen = async {
        let mut bytes = [0; READ_MAX];
        loop {
            while locked(&faults).stalled || !locked(&simulator).takes_more() {
                sleep(HELD).await;
            }
            let slow = locked(&faults).slow_bytes;
            let most = if slow == 0 { READ_MAX } else { (slow as usize / 50).clamp(1, READ_MAX) };
            let Ok(count @ 1..) = reader.read(&mut bytes[..most]).await else { return };
            let heard = locked(&simulator).hear(&bytes[..count]);
            for said in heard.said {
                let _lost_when_full = sender.try_send(said);
            }
            if heard.dead {
                return;
            }
            if let Some(pause_ms) = (count as u64 * 1_000).checked_div(slow) {
                sleep(Duration::from_millis(pause_ms)).await;
            }
        }
    };
    let speak = async {
        while let Some(said) = queue.recv().await {
            let now = *locked(&faults);
            sleep(Duration::from_millis(said.after_ms + now.late_ms)).await;
            let bytes = if now.noisy { [&NOISE, said.bytes.as_slice()].concat() } else { said.bytes };
            if !now.mute && write(&mut writer, &bytes, now.drip_ms).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = listen => {}
        () = speak => {}
    }
}

async fn write(writer: &mut (impl AsyncWrite + Unpin), bytes: &[u8], drip_ms: u64) -> std::io::Result<()> {
    if drip_ms == 0 {
        return writer.write_all(bytes).await;
    }
    for byte in bytes {
        writer.write_all(&[*byte]).await?;
        sleep(Duration::from_millis(drip_ms)).await;
    }
    Ok(())
}
