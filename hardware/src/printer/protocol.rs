//! What a printer says: status bytes told apart by their fixed bits alone (hardware.md 1.5). Incremental, pure.

use crate::{Meaning, Trouble};

/// `DLE EOT n` questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Online or offline, and the drawer.
    Printer,
    /// Why offline.
    Offline,
    /// Which error.
    Error,
    /// Paper at the sensors.
    Paper,
}

impl Question {
    /// `10 04 n`: three bytes; a fourth would print.
    pub fn bytes(self) -> [u8; 3] {
        let n = match self {
            Self::Printer => 1,
            Self::Offline => 2,
            Self::Error => 3,
            Self::Paper => 4,
        };
        [0x10, 0x04, n]
    }

    /// The next question of a full look, given the trouble found so far: the kind of an error only if there is one.
    pub fn next(self, found: Option<Trouble>) -> Option<Self> {
        match self {
            Self::Offline => Some(Self::Paper),
            Self::Paper => Some(Self::Printer),
            Self::Printer if found == Some(Trouble::Broken) => Some(Self::Error),
            Self::Printer | Self::Error => None,
        }
    }

    /// The trouble known after an answer: the first one found tells most, but the kind of an error tells more than "an error".
    pub fn judge(self, answer: u8, found: Option<Trouble>) -> Option<Trouble> {
        match self {
            Self::Error => self.trouble(answer).or(found),
            _ => found.or(self.trouble(answer)),
        }
    }

    /// What an answer to this question says is wrong, if anything. Wrong answers count as none.
    pub fn trouble(self, answer: u8) -> Option<Trouble> {
        let bit = |number: u8| answer & (1 << number) != 0;
        match self {
            Self::Printer => bit(3).then_some(Trouble::Offline),
            Self::Offline if bit(2) => Some(Trouble::CoverOpen),
            Self::Offline if bit(5) => Some(Trouble::PaperOut),
            Self::Offline => bit(6).then_some(Trouble::Broken),
            Self::Error if bit(3) => Some(Trouble::Cutter),
            Self::Error => bit(5).then_some(Trouble::Broken),
            Self::Paper => (bit(5) || bit(6)).then_some(Trouble::PaperOut),
        }
    }
}

/// `GS r 1`: answered when the printer has worked through all before it.
pub const BARRIER: [u8; 3] = [0x1D, 0x72, 0x01];

/// One thing that a printer said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// To `DLE EOT`.
    Status(u8),
    /// To `GS r`: the barrier was reached.
    Reached(u8),
    /// Said by itself (`GS a`): head byte of four; the other three are swallowed.
    Automatic(u8),
    /// XON or XOFF.
    Flow,
    /// None of these.
    Noise(u8),
}

impl Answer {
    /// For the technician's page; a status tells by the question that it answers.
    pub fn meaning(self, asked: Question) -> Meaning {
        match self {
            Self::Status(byte) => asked.trouble(byte).map_or(Meaning::Status(byte), Meaning::Trouble),
            Self::Reached(_) => Meaning::Through,
            Self::Automatic(byte) => Meaning::Automatic(byte),
            Self::Flow => Meaning::Flow,
            Self::Noise(byte) => Meaning::Noise(byte),
        }
    }
}

/// Tells the answers apart; holds at most the count of bytes that still belong to an automatic status.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    tail: u8,
}

impl Answers {
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Answer> {
        bytes.iter().filter_map(|byte| self.one(*byte)).collect()
    }

    fn one(&mut self, byte: u8) -> Option<Answer> {
        if matches!(byte, 0x11 | 0x13) {
            return Some(Answer::Flow);
        }
        // 0xx1xx10, 0xx1xx00 and 0xx0xxxx
        let answer = match byte & 0b1001_0011 {
            0b0001_0010 => Answer::Status(byte),
            0b0001_0000 => Answer::Automatic(byte),
            low if low & 0b1001_0000 == 0 => {
                if self.tail > 0 {
                    self.tail -= 1;
                    return None;
                }
                Answer::Reached(byte)
            }
            _ => Answer::Noise(byte),
        };
        // A status is said in between; a new head cuts a torn one short.
        if let Answer::Automatic(_) = answer {
            self.tail = 3;
        }
        Some(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case::idle(Question::Printer, 0x12, None)]
    #[case::idle_drawer(Question::Printer, 0x16, None)]
    #[case::offline(Question::Printer, 0x1A, Some(Trouble::Offline))]
    #[case::cover(Question::Offline, 0x16, Some(Trouble::CoverOpen))]
    #[case::paper(Question::Offline, 0x32, Some(Trouble::PaperOut))]
    #[case::error(Question::Offline, 0x52, Some(Trouble::Broken))]
    #[case::cutter(Question::Error, 0x1A, Some(Trouble::Cutter))]
    #[case::unrecoverable(Question::Error, 0x32, Some(Trouble::Broken))]
    #[case::near_end_is_no_trouble(Question::Paper, 0x1E, None)]
    #[case::end(Question::Paper, 0x72, Some(Trouble::PaperOut))]
    #[case::end_and_near(Question::Paper, 0x7E, Some(Trouble::PaperOut))]
    fn status_bits(#[case] question: Question, #[case] answer: u8, #[case] trouble: Option<Trouble>) {
        assert_eq!(Answers::default().feed(&[answer]), [Answer::Status(answer)]);
        assert_eq!(question.trouble(answer), trouble);
    }

    // The tail of an automatic status is never taken for a reached barrier.
    #[test]
    fn automatic_status_is_no_barrier() {
        let seen = Answers::default().feed(&[0x14, 0x00, 0x12, 0x0C, 0x0F, 0x00, 0x11, 0xFF]);
        let expected = [Answer::Automatic(0x14), Answer::Status(0x12), Answer::Reached(0x00), Answer::Flow, Answer::Noise(0xFF)];
        assert_eq!(seen, expected);
    }

    #[test]
    fn question_bytes() {
        assert_eq!(Question::Paper.bytes(), [0x10, 0x04, 0x04]);
        assert_eq!(BARRIER, [0x1D, 0x72, 0x01]);
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0_usize..200) {
            let mut whole = Answers::default();
            let mut torn = Answers::default();
            let (head, tail) = bytes.split_at(at.min(bytes.len()));
            let mut seen = torn.feed(head);
            seen.extend(torn.feed(tail));
            prop_assert_eq!(seen, whole.feed(&bytes));
        }
    }
}
