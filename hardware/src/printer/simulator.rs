//! A receipt printer as the manual says: buffers, prints, answers, runs out of paper, loses its power.

use super::{
    render::TEAR_LINES,
    token::{Token, Tokens},
};
use crate::simulator::{Heard, Said, Simulator};
use std::collections::VecDeque;

/// Receipts kept; the oldest go, their numbers stay.
pub const RECEIPTS_MAX: usize = 20_000;
/// Bytes kept of all that was ever received.
pub const JOURNAL_MAX: usize = 4 << 20;
/// Bytes a printer takes while it cannot print.
const BUFFER_MAX: usize = 64 << 10;

/// What kind of printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    /// 32 or 48.
    pub columns: u8,
    /// Cuts; else a long feed ends a receipt.
    pub cutter: bool,
    /// Answers `DLE EOT` and `GS r`; many cheap ones never answer anything.
    pub answers: bool,
}

impl Default for Model {
    fn default() -> Self {
        Self { columns: 48, cutter: true, answers: true }
    }
}

/// How a piece of paper ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Cut, or fed to the tear bar: a whole receipt.
    Whole,
    /// The next job began before the end of this one.
    Torn,
    /// The power went.
    PowerLoss,
}

/// What one piece of paper was printed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// From 1, without gaps.
    pub number: u64,
    pub ending: Ending,
    /// The bytes as received, questions left out.
    pub bytes: Vec<u8>,
}

/// The simulated printer.
#[derive(Debug)]
pub struct PrinterSimulator {
    pub model: Model,
    paper_out: bool,
    cover_open: bool,
    cutter_stuck: bool,
    tokens: Tokens,
    /// Received, not yet printed.
    buffer: VecDeque<(Token, Vec<u8>)>,
    buffered_bytes: usize,
    /// The piece of paper now under the head.
    current: Vec<u8>,
    marked: bool,
    receipts: VecDeque<Receipt>,
    printed: u64,
    journal: VecDeque<u8>,
    /// Bytes still taken until the power goes.
    power_loss_in: Option<usize>,
    /// Lines of text still printed until the roll ends.
    roll_ends_in: Option<usize>,
    drawer_pulses: u64,
}

impl PrinterSimulator {
    pub fn new(model: Model) -> Self {
        Self {
            model,
            paper_out: false,
            cover_open: false,
            cutter_stuck: false,
            tokens: Tokens::default(),
            buffer: VecDeque::new(),
            buffered_bytes: 0,
            current: Vec::new(),
            marked: false,
            receipts: VecDeque::new(),
            printed: 0,
            journal: VecDeque::new(),
            power_loss_in: None,
            roll_ends_in: None,
            drawer_pulses: 0,
        }
    }

    /// Takes the roll out, or puts one in: then printing goes on.
    pub fn set_paper_out(&mut self, out: bool) -> Vec<Said> {
        self.paper_out = out;
        self.work()
    }

    pub fn set_cover_open(&mut self, open: bool) -> Vec<Said> {
        self.cover_open = open;
        self.work()
    }

    pub fn set_cutter_stuck(&mut self, stuck: bool) -> Vec<Said> {
        self.cutter_stuck = stuck;
        self.work()
    }

    /// The power goes after so many more bytes, in the middle of whatever comes then.
    pub fn lose_power_in(&mut self, bytes: usize) {
        self.power_loss_in = Some(bytes);
    }

    /// The roll ends after so many more pieces of text, in the middle of a slip.
    pub fn end_roll_in(&mut self, texts: usize) {
        self.roll_ends_in = Some(texts);
    }

    pub fn paper_out(&self) -> bool {
        self.paper_out
    }

    pub fn cover_open(&self) -> bool {
        self.cover_open
    }

    pub fn cutter_stuck(&self) -> bool {
        self.cutter_stuck
    }

    /// Finished receipts, oldest first.
    pub fn receipts(&self) -> impl Iterator<Item = &Receipt> {
        self.receipts.iter()
    }

    /// How often the drawer was opened.
    pub fn drawer_pulses(&self) -> u64 {
        self.drawer_pulses
    }

    /// The last `JOURNAL_MAX` bytes received, questions included.
    pub fn journal(&self) -> Vec<u8> {
        self.journal.iter().copied().collect()
    }

    /// Forgets what was not printed: what a printer keeps of its buffer over a power cut.
    pub fn power_cut(&mut self) {
        self.tokens.reset();
        self.buffer.clear();
        self.buffered_bytes = 0;
        self.finish(Ending::PowerLoss);
    }

    fn stands(&self) -> bool {
        self.paper_out || self.cover_open || self.cutter_stuck
    }

    /// Prints what is in the buffer, as far as paper, cover and cutter allow.
    fn work(&mut self) -> Vec<Said> {
        let mut said = Vec::new();
        while !self.stands() {
            let Some((token, raw)) = self.buffer.pop_front() else { break };
            self.buffered_bytes -= raw.len();
            if let Token::AskBarrier(n) = token {
                if self.model.answers && matches!(n, 1 | 2 | 49 | 50) {
                    said.push(Said::now([0x00]));
                }
                continue;
            }
            if raw == [0] {
                continue;
            }
            if token == Token::Init && self.marked {
                self.finish(Ending::Torn);
            }
            self.marked |= matches!(token, Token::Text(_) | Token::Raster { .. } | Token::Barcode { .. } | Token::Symbol { .. });
            if matches!(token, Token::Text(_)) {
                self.roll_ends_in = self.roll_ends_in.map(|left| left.saturating_sub(1));
                if self.roll_ends_in == Some(0) {
                    (self.roll_ends_in, self.paper_out) = (None, true);
                }
            }
            self.drawer_pulses += u64::from(matches!(token, Token::Drawer { .. }));
            self.current.extend_from_slice(&raw);
            match token {
                Token::Cut => self.finish(Ending::Whole),
                Token::Feed(lines) if !self.model.cutter && lines >= TEAR_LINES => self.finish(Ending::Whole),
                _ => {}
            }
        }
        said
    }

    fn finish(&mut self, ending: Ending) {
        let bytes = std::mem::take(&mut self.current);
        if std::mem::take(&mut self.marked) {
            self.printed += 1;
            if self.receipts.len() == RECEIPTS_MAX {
                self.receipts.pop_front();
            }
            self.receipts.push_back(Receipt { number: self.printed, ending, bytes });
        }
    }

    /// The answer to `DLE EOT n` with its fixed bits.
    fn status(&self, n: u8) -> Option<u8> {
        let bit = |on: bool, number: u8| u8::from(on) << number;
        let state = match n {
            1 => bit(self.stands(), 3),
            2 => bit(self.cover_open, 2) | bit(self.paper_out, 5) | bit(self.cutter_stuck, 6),
            3 => bit(self.cutter_stuck, 3),
            4 => bit(self.paper_out, 5) | bit(self.paper_out, 6),
            _ => return None,
        };
        Some(0x12 | state)
    }

    fn take(&mut self, bytes: &[u8]) -> Vec<Said> {
        for byte in bytes {
            if self.journal.len() == JOURNAL_MAX {
                self.journal.pop_front();
            }
            self.journal.push_back(*byte);
        }
        let mut said = Vec::new();
        for (token, raw) in self.tokens.feed(bytes) {
            match token {
                Token::AskStatus(n) => said.extend(self.status(n).filter(|_| self.model.answers).map(|byte| Said::now([byte]))),
                token => {
                    self.buffered_bytes += raw.len();
                    self.buffer.push_back((token, raw));
                }
            }
        }
        said.extend(self.work());
        said
    }
}

impl Simulator for PrinterSimulator {
    fn hear(&mut self, bytes: &[u8]) -> Heard {
        match self.power_loss_in {
            Some(left) if left <= bytes.len() => {
                self.power_loss_in = None;
                let said = self.take(&bytes[..left]);
                self.power_cut();
                Heard { said, dead: true }
            }
            left => {
                self.power_loss_in = left.map(|left| left - bytes.len());
                Heard { said: self.take(bytes), dead: false }
            }
        }
    }

    fn takes_more(&self) -> bool {
        self.buffered_bytes < BUFFER_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::{Profile, Slip, render};

    fn slip(text: &str) -> Vec<u8> {
        let mut slip = Slip::new();
        slip.line(text).cut();
        render(&slip, &Profile::wide())
    }

    fn said(heard: Heard) -> Vec<u8> {
        heard.said.into_iter().flat_map(|said| said.bytes).collect()
    }

    // Status bytes of hardware.md 1.5, and the barrier that waits for paper.
    #[test]
    fn paper_out_holds_the_barrier() {
        let mut printer = PrinterSimulator::new(Model::default());
        assert_eq!(said(printer.hear(&[0x10, 4, 1, 0x10, 4, 2, 0x10, 4, 4])), [0x12, 0x12, 0x12]);
        printer.set_paper_out(true);
        assert_eq!(said(printer.hear(&[0x10, 4, 1, 0x10, 4, 2, 0x10, 4, 4])), [0x1A, 0x32, 0x72]);
        let mut job = slip("一");
        job.extend([0x1D, 0x72, 1]);
        assert_eq!(said(printer.hear(&job)), Vec::<u8>::new());
        assert_eq!(printer.receipts().count(), 0);
        assert_eq!(printer.set_paper_out(false), [Said::now([0x00])]);
        assert_eq!(printer.receipts().next().map(|receipt| (receipt.number, receipt.bytes.clone())), Some((1, slip("一"))));
    }

    #[test]
    fn one_way_printer_answers_nothing() {
        let mut printer = PrinterSimulator::new(Model { answers: false, ..Model::default() });
        assert_eq!(printer.hear(&[0x10, 4, 1, 0x1D, 0x72, 1]), Heard::default());
    }

    // A power cut in the middle leaves half a receipt, named so; the next one stands alone.
    #[test]
    fn power_loss_tears_the_receipt() {
        let mut printer = PrinterSimulator::new(Model::default());
        printer.lose_power_in(8);
        assert!(printer.hear(&slip("中国")).dead);
        printer.hear(&slip("二"));
        let endings: Vec<_> = printer.receipts().map(|receipt| (receipt.ending, receipt.bytes.len())).collect();
        assert_eq!(endings, [(Ending::PowerLoss, 8), (Ending::Whole, slip("二").len())]);
    }

    #[test]
    fn half_a_job_before_the_next_is_torn() {
        let mut printer = PrinterSimulator::new(Model::default());
        let job = slip("中国");
        printer.hear(&job[..8]);
        printer.hear(&job);
        assert_eq!(printer.receipts().map(|receipt| receipt.ending).collect::<Vec<_>>(), [Ending::Torn, Ending::Whole]);
    }
}
