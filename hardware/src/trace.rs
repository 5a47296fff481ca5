//! The last bytes of a line, in a bounded ring: what the technician sees live.
//!
//! Holds no bank-card digits: the reader's driver masks them before they come here.

use crate::{
    Meaning,
    limits::{TRACE_MAX, TRACE_PIECE_MAX},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::sync::watch;

/// Who sent the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the device.
    In,
    /// To the device.
    Out,
    /// Nobody's bytes: the port was opened, lost, or the driver has something to say.
    Note,
}

/// One piece of traffic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traced {
    /// Numbered from 1 without gaps; older ones than the ring holds are gone.
    pub number: u64,
    /// UTC milliseconds of this machine's clock.
    pub at_ms: i64,
    pub direction: Direction,
    /// The first `TRACE_PIECE_MAX` bytes, as `02 30 43`.
    pub hex: String,
    /// How many bytes there were.
    pub length: usize,
    pub meaning: Meaning,
}

/// What a device last had to complain of; stays until the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// UTC milliseconds of this machine's clock.
    pub at_ms: i64,
    pub meaning: Meaning,
}

#[derive(Debug)]
struct Ring {
    pieces: VecDeque<Traced>,
    warning: Option<Warning>,
    last: u64,
}

/// Handle to the ring of one device; clones see the same ring.
#[derive(Debug, Clone)]
pub struct Trace {
    ring: Arc<Mutex<Ring>>,
    newest: Arc<watch::Sender<u64>>,
}

impl Default for Trace {
    fn default() -> Self {
        Self {
            ring: Arc::new(Mutex::new(Ring { pieces: VecDeque::new(), warning: None, last: 0 })),
            newest: Arc::new(watch::Sender::new(0)),
        }
    }
}

impl Trace {
    /// Adds a piece; the oldest goes when the ring is full.
    pub fn add(&self, direction: Direction, bytes: &[u8], meaning: Meaning) {
        let mut ring = self.lock();
        ring.last += 1;
        let piece = Traced {
            number: ring.last,
            at_ms: now_ms(),
            direction,
            hex: hex(&bytes[..bytes.len().min(TRACE_PIECE_MAX)]),
            length: bytes.len(),
            meaning,
        };
        if ring.pieces.len() == TRACE_MAX {
            ring.pieces.pop_front();
        }
        ring.pieces.push_back(piece);
        let last = ring.last;
        drop(ring);
        self.newest.send_replace(last);
    }

    /// A remark of the driver.
    pub fn note(&self, meaning: Meaning) {
        self.add(Direction::Note, &[], meaning);
    }

    /// A complaint: a remark that also becomes the last warning.
    pub fn warn(&self, meaning: Meaning) {
        self.lock().warning = Some(Warning { at_ms: now_ms(), meaning: meaning.clone() });
        self.note(meaning);
    }

    /// The last complaint, also when all is well again.
    pub fn last_warning(&self) -> Option<Warning> {
        self.lock().warning.clone()
    }

    /// Pieces with a number above `number`, oldest first.
    pub fn after(&self, number: u64) -> Vec<Traced> {
        self.lock().pieces.iter().filter(|piece| piece.number > number).cloned().collect()
    }

    /// The number of the newest piece; changes wake the receiver.
    pub fn newest(&self) -> watch::Receiver<u64> {
        self.newest.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        // A panic elsewhere cannot leave the ring half changed in a way that matters to a reader of traces.
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// UTC milliseconds of this machine's clock; a clock before 1970 counts as 0.
pub fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
}

/// Bytes as `02 30 43`.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Trouble;

    // The ring forgets the oldest and never skips a number; long pieces keep their length.
    #[test]
    fn ring_is_bounded() {
        let trace = Trace::default();
        for _ in 0..TRACE_MAX + 10 {
            trace.add(Direction::In, &[0x02; 200], Meaning::NoCard);
        }
        let pieces = trace.after(0);
        assert_eq!(pieces.len(), TRACE_MAX);
        assert_eq!(pieces[0].number, 11);
        assert!(pieces.windows(2).all(|pair| pair[1].number == pair[0].number + 1));
        assert_eq!((pieces[0].length, pieces[0].hex.len()), (200, TRACE_PIECE_MAX * 3 - 1));
        assert_eq!(trace.after(pieces[TRACE_MAX - 1].number), []);
        assert_eq!(*trace.newest().borrow(), TRACE_MAX as u64 + 10);
    }

    // A warning outlives the pieces that come after it.
    #[test]
    fn last_warning_stays() {
        let trace = Trace::default();
        assert_eq!(trace.last_warning(), None);
        trace.warn(Meaning::Trouble(Trouble::PaperOut));
        for _ in 0..2 * TRACE_MAX {
            trace.note(Meaning::Opened("/dev/lp0".into()));
        }
        assert_eq!(trace.last_warning().map(|warning| warning.meaning), Some(Meaning::Trouble(Trouble::PaperOut)));
    }
}
