//! A card reader that speaks as ID-12, RDM6300 or a serial stripe reader does, by what is presented to it.

use super::protocol::{chip_frame, track2_frame};
use crate::simulator::{Heard, Said, Simulator};

/// An RDM6300 repeats a chip so often while it lies there.
const REPEAT_MS: u64 = 65;

/// How chips are told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ChipReader {
    /// Once per presentation, with line end.
    #[default]
    Id12,
    /// Again and again while the chip lies there, without line end.
    Rdm6300,
}

/// The simulated reader. Hears nothing: such readers have no receiver.
#[derive(Debug, Default)]
pub struct ReaderSimulator {
    pub chips: ChipReader,
}

impl ReaderSimulator {
    /// A chip comes near and lies there for a while.
    pub fn present(&self, uid: [u8; 5], lies_ms: u64) -> Vec<Said> {
        match self.chips {
            ChipReader::Id12 => vec![Said::now(chip_frame(uid, true))],
            ChipReader::Rdm6300 => {
                let times = lies_ms / REPEAT_MS + 1;
                (0..times).map(|time| Said::after(if time == 0 { 0 } else { REPEAT_MS }, chip_frame(uid, false))).collect()
            }
        }
    }

    /// A stripe card is drawn through.
    pub fn swipe(&self, number: &str) -> Vec<Said> {
        vec![Said::now(track2_frame(number, "1"))]
    }

    /// A card that is read wrong.
    pub fn misread(&self) -> Vec<Said> {
        vec![Said::now(b";60#1=1?0\r".to_vec())]
    }
}

impl Simulator for ReaderSimulator {
    fn hear(&mut self, _: &[u8]) -> Heard {
        Heard::default()
    }
}
