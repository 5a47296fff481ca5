//! Receipt printer: what a shop wants of it. Bytes are ESC/POS in GBK.
//!
//! A printer that answers nothing never makes a job `Printed`: without a barrier the outcome is `SentUnconfirmed`.

pub mod builder;
pub mod columns;
pub mod driver;
pub mod glyphs;
pub mod protocol;
pub mod raster;
pub mod render;
pub mod simulator;
pub mod slip;
pub mod test_slip;
pub mod token;

use crate::{Device, Meaning, Trouble, Waiting};
use glyphs::Glyphs;
use serde::{Deserialize, Serialize};
use std::{path::PathBuf, sync::Arc};

pub use driver::Printer;
pub use render::{render, replaced};
pub use slip::Slip;
pub use test_slip::test_slip;

/// Prints receipts, one at a time, in the order asked.
pub trait ReceiptPrinter: Device {
    /// Sends one job made by `render`, waits as long as the profile's barrier needs.
    fn print(&self, job: Vec<u8>) -> Waiting<'_, Outcome>;
    /// What stands on the counter.
    fn profile(&self) -> &Profile;
    /// Renders and prints; characters that the printer cannot draw are noted as the device's last warning.
    fn print_slip<'a>(&'a self, slip: &Slip) -> Waiting<'a, Outcome> {
        let missing = replaced(slip, self.profile());
        if !missing.is_empty() {
            self.trace().warn(Meaning::NoGlyph(missing.iter().collect()));
        }
        self.print(render(slip, self.profile()))
    }
}

/// What is known of a job at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// The printer said that it worked through the job.
    Printed,
    /// Every byte was taken, and this printer cannot or did not say more.
    SentUnconfirmed,
    /// It did not come out whole. With `sent_bytes` 0 nothing was sent, and sending it again doubles nothing; above 0 a part
    /// may be on paper or may still come out of the printer's buffer: a reprint is a copy (补打).
    Failed { trouble: Trouble, sent_bytes: usize },
}

/// What a printer can do. Everything here is a setting of the device page.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Characters of 12 dots per line: 32 on 58 mm, 48 on 80 mm.
    pub columns: u8,
    pub status: Status,
    pub barrier: Barrier,
    /// Has a cutter; without one the paper is fed to the tear bar.
    pub cutter: bool,
    /// A drawer hangs on the printer.
    pub drawer: bool,
    /// Draws GBK characters by itself; else every Chinese line goes as a picture.
    pub chinese: bool,
    /// Font file for characters that the printer does not have (TrueType or OpenType, also a collection).
    pub font: Option<PathBuf>,
    /// The font, once read; see `Profile::with_font`.
    #[serde(skip)]
    pub glyphs: Option<Arc<Glyphs>>,
}

impl Default for Profile {
    fn default() -> Self {
        Self::wide()
    }
}

impl Profile {
    /// 80 mm with cutter that answers: the usual till printer.
    pub fn wide() -> Self {
        Self {
            columns: 48,
            status: Status::DleEot,
            barrier: Barrier::GsR,
            cutter: true,
            drawer: true,
            chinese: true,
            font: None,
            glyphs: None,
        }
    }

    /// 58 mm without cutter that answers nothing: the cheapest printer.
    pub fn narrow() -> Self {
        Self { columns: 32, status: Status::None, barrier: Barrier::None, cutter: false, ..Self::wide() }
    }

    /// Names of `named`, the usual one first.
    pub const NAMES: [&str; 6] = ["80mm", "80mm_silent", "80mm_picture", "58mm", "58mm_status", "58mm_picture"];

    /// The profile of that name: by paper; `silent` answers nothing; `status` answers; `picture` has no Chinese characters of its own.
    pub fn named(name: &str) -> Option<Self> {
        let silent = Self { status: Status::None, barrier: Barrier::None, ..Self::wide() };
        Some(match name {
            "80mm" => Self::wide(),
            "80mm_silent" => silent,
            "80mm_picture" => Self { chinese: false, ..silent },
            "58mm" => Self::narrow(),
            "58mm_status" => Self { columns: 32, cutter: false, ..Self::wide() },
            "58mm_picture" => Self { chinese: false, ..Self::narrow() },
            _ => return None,
        })
    }

    /// Reads `font`, or the first of the usual places if none is set. Without any font rare characters print as `?`.
    #[must_use]
    pub fn with_font(mut self) -> Self {
        self.glyphs = Glyphs::find(self.font.as_deref()).map(Arc::new);
        self
    }

    /// Dots per line at 203 dpi.
    pub fn dots(&self) -> usize {
        usize::from(self.columns) * slip::COLUMN_DOTS
    }
}

/// How the printer tells its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    None,
    /// Answers `DLE EOT n` at any time.
    DleEot,
}

/// How the printer tells that a job is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Barrier {
    None,
    /// Answers `GS r 1` when it comes to it in its buffer.
    GsR,
}
