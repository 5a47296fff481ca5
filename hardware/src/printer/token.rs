//! The byte stream of a job taken apart: the printer's side of ESC/POS. Incremental, pure, bounded.

/// Longest raster or symbol data that is believed; a larger one is taken for noise.
const DATA_MAX: usize = 256 << 10;

/// One command or character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// `ESC @`
    Init,
    /// One character: one byte, or two in Chinese mode.
    Text(Vec<u8>),
    LineFeed,
    /// `ESC a n`
    Align(u8),
    /// `ESC E n`
    Bold(bool),
    /// `GS ! n`: high nibble width − 1, low nibble height − 1.
    Size(u8),
    /// `ESC d n`: lines.
    Feed(u8),
    /// `ESC J n`: dots.
    FeedDots(u8),
    /// `FS &` and `FS .`
    Chinese(bool),
    /// `GS V`
    Cut,
    /// `GS v 0`
    Raster {
        bytes_per_row: usize,
        data: Vec<u8>,
    },
    /// `GS h`, `GS w`, `GS H`: settings of the next barcode.
    BarcodeHeight(u8),
    BarcodeWidth(u8),
    BarcodeText(u8),
    /// `GS f n`: font of the digits under a barcode.
    BarcodeFont(u8),
    /// `GS k`: system (0–6 of form A are given as 65–71) and data.
    Barcode {
        system: u8,
        data: Vec<u8>,
    },
    /// `GS ( k`: function code and its parameters.
    Symbol {
        function: u8,
        data: Vec<u8>,
    },
    /// `ESC p m t1 t2`
    Drawer {
        wire: u8,
        on_ms: u16,
    },
    /// `DLE EOT n`: asks at once.
    AskStatus(u8),
    /// `GS r n`: asks when the buffer comes to it.
    AskBarrier(u8),
    /// `GS a n`
    AutoStatus(u8),
    /// Known to exist, without effect here, or unknown.
    Other,
}

enum Parsed {
    /// More bytes are needed.
    Need,
    /// A token of so many bytes.
    Done(usize, Token),
}

/// Takes the stream apart, whatever pieces it comes in.
#[derive(Debug, Clone)]
pub struct Tokens {
    buffer: Vec<u8>,
    chinese: bool,
}

impl Default for Tokens {
    fn default() -> Self {
        Self { buffer: Vec::new(), chinese: true }
    }
}

impl Tokens {
    /// Adds bytes; returns the tokens that are whole now, each with its own bytes.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<(Token, Vec<u8>)> {
        self.buffer.extend_from_slice(bytes);
        let mut tokens = Vec::new();
        let mut at = 0;
        while at < self.buffer.len() {
            match parse(&self.buffer[at..], self.chinese) {
                Parsed::Need => break,
                Parsed::Done(length, token) => {
                    match token {
                        Token::Init => self.chinese = true,
                        Token::Chinese(on) => self.chinese = on,
                        _ => {}
                    }
                    tokens.push((token, self.buffer[at..at + length].to_vec()));
                    at += length;
                }
            }
        }
        self.buffer.drain(..at);
        tokens
    }

    /// Power lost: forgets a half command.
    pub fn reset(&mut self) {
        *self = Self::default();
    }
}

fn parse(bytes: &[u8], chinese: bool) -> Parsed {
    match bytes[0] {
        0x0A => Parsed::Done(1, Token::LineFeed),
        0x10 => command(bytes, &[(0x04, 1), (0x05, 1), (0x14, 3)], |code, rest| match code {
            0x04 => Token::AskStatus(rest[0]),
            _ => Token::Other,
        }),
        0x1B => escape(bytes),
        0x1C => command(bytes, &[(0x21, 1), (0x2D, 1), (0x53, 2), (0x57, 1), (0x43, 1)], |code, _| match code {
            0x26 => Token::Chinese(true),
            0x2E => Token::Chinese(false),
            _ => Token::Other,
        }),
        0x1D => group(bytes),
        lead if chinese && lead >= 0x81 => {
            if bytes.len() < 2 {
                Parsed::Need
            } else if bytes[1] < 0x20 {
                // No trail byte: a torn character must not swallow a command.
                Parsed::Done(1, Token::Text(vec![b'?']))
            } else {
                Parsed::Done(2, Token::Text(bytes[..2].to_vec()))
            }
        }
        byte if byte < 0x20 => Parsed::Done(1, Token::Other),
        byte => Parsed::Done(1, Token::Text(vec![byte])),
    }
}

/// A two-byte command with as many parameters as the table says, none if it is not in it.
fn command(bytes: &[u8], parameters: &[(u8, usize)], make: impl FnOnce(u8, &[u8]) -> Token) -> Parsed {
    let Some(code) = bytes.get(1) else { return Parsed::Need };
    let length = 2 + parameters.iter().find(|(known, _)| known == code).map_or(0, |(_, count)| *count);
    if bytes.len() < length { Parsed::Need } else { Parsed::Done(length, make(*code, &bytes[2..length])) }
}

fn escape(bytes: &[u8]) -> Parsed {
    const PARAMETERS: [(u8, usize); 19] = [
        (b'!', 1),
        (b' ', 1),
        (b'$', 2),
        (b'-', 1),
        (b'3', 1),
        (b'9', 1),
        (b'=', 1),
        (b'E', 1),
        (b'G', 1),
        (b'J', 1),
        (b'M', 1),
        (b'R', 1),
        (b'V', 1),
        (b'\\', 2),
        (b'a', 1),
        (b'd', 1),
        (b'p', 3),
        (b't', 1),
        (b'{', 1),
    ];
    command(bytes, &PARAMETERS, |code, rest| match code {
        b'@' => Token::Init,
        b'E' | b'G' => Token::Bold(rest[0] & 1 == 1),
        b'J' => Token::FeedDots(rest[0]),
        b'a' => Token::Align(rest[0] % 0x30),
        b'd' => Token::Feed(rest[0]),
        b'p' => Token::Drawer { wire: rest[0] % 0x30, on_ms: u16::from(rest[1]) * 2 },
        _ => Token::Other,
    })
}

fn group(bytes: &[u8]) -> Parsed {
    let Some(code) = bytes.get(1) else { return Parsed::Need };
    match code {
        b'v' => raster(bytes),
        b'k' => barcode(bytes),
        b'(' => symbol(bytes),
        b'V' => match bytes.get(2) {
            None => Parsed::Need,
            Some(65 | 66 | 97 | 98 | 103 | 104) if bytes.len() < 4 => Parsed::Need,
            Some(65 | 66 | 97 | 98 | 103 | 104) => Parsed::Done(4, Token::Cut),
            Some(_) => Parsed::Done(3, Token::Cut),
        },
        _ => command(
            bytes,
            &[
                (b'!', 1),
                (b'B', 1),
                (b'H', 1),
                (b'I', 1),
                (b'L', 2),
                (b'P', 2),
                (b'W', 2),
                (b'a', 1),
                (b'f', 1),
                (b'h', 1),
                (b'r', 1),
                (b'w', 1),
            ],
            |code, rest| match code {
                b'!' => Token::Size(rest[0]),
                b'H' => Token::BarcodeText(rest[0] % 0x30),
                b'a' => Token::AutoStatus(rest[0]),
                b'f' => Token::BarcodeFont(rest[0]),
                b'h' => Token::BarcodeHeight(rest[0]),
                b'r' => Token::AskBarrier(rest[0]),
                b'w' => Token::BarcodeWidth(rest[0]),
                _ => Token::Other,
            },
        ),
    }
}

fn raster(bytes: &[u8]) -> Parsed {
    if bytes.len() < 8 {
        return Parsed::Need;
    }
    let bytes_per_row = usize::from(bytes[4]) + 256 * usize::from(bytes[5]);
    let length = bytes_per_row * (usize::from(bytes[6]) + 256 * usize::from(bytes[7]));
    if bytes[2] != 0x30 || length > DATA_MAX || bytes_per_row == 0 {
        return Parsed::Done(8, Token::Other);
    }
    if bytes.len() < 8 + length {
        Parsed::Need
    } else {
        Parsed::Done(8 + length, Token::Raster { bytes_per_row, data: bytes[8..8 + length].to_vec() })
    }
}

fn barcode(bytes: &[u8]) -> Parsed {
    match bytes.get(2) {
        None => Parsed::Need,
        Some(system @ 0..=6) => match bytes[3..].iter().position(|byte| *byte == 0) {
            Some(end) => Parsed::Done(4 + end, Token::Barcode { system: system + 65, data: bytes[3..3 + end].to_vec() }),
            None if bytes.len() > 3 + 255 => Parsed::Done(3, Token::Other),
            None => Parsed::Need,
        },
        Some(system) => match bytes.get(3) {
            None => Parsed::Need,
            Some(length) if bytes.len() < 4 + usize::from(*length) => Parsed::Need,
            Some(length) => Parsed::Done(
                4 + usize::from(*length),
                Token::Barcode { system: *system, data: bytes[4..4 + usize::from(*length)].to_vec() },
            ),
        },
    }
}

/// `GS ( x pL pH …`; only `k` with the QR family means something here.
fn symbol(bytes: &[u8]) -> Parsed {
    if bytes.len() < 5 {
        return Parsed::Need;
    }
    let length = usize::from(bytes[3]) + 256 * usize::from(bytes[4]);
    if bytes.len() < 5 + length {
        return Parsed::Need;
    }
    let body = &bytes[5..5 + length];
    let token = match body {
        [0x31, function, data @ ..] if bytes[2] == b'k' => Token::Symbol { function: *function, data: data.to_vec() },
        _ => Token::Other,
    };
    Parsed::Done(5 + length, token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::{Profile, Slip, render, slip::Size};
    use proptest::prelude::*;

    fn whole(bytes: &[u8]) -> Vec<(Token, Vec<u8>)> {
        Tokens::default().feed(bytes)
    }

    // The tokens of our own job: every command is known, and together they are the job.
    #[test]
    fn own_jobs_hold_no_unknown_command() {
        let mut slip = Slip::new();
        slip.drawer().title("示范店", Size::DOUBLE).pair("应收", "12.50").qr("R-1", 6).feed(2).cut();
        let job = render(&slip, &Profile::wide());
        let tokens = whole(&job);
        assert!(tokens.iter().all(|(token, _)| *token != Token::Other));
        assert_eq!(tokens.iter().flat_map(|(_, raw)| raw.clone()).collect::<Vec<_>>(), job);
        assert_eq!(tokens.last().map(|(token, _)| token.clone()), Some(Token::Cut));
    }

    #[test]
    fn torn_character_swallows_no_command() {
        assert_eq!(
            whole(&[0xB3, 0x1B, 0x40]).iter().map(|(token, _)| token.clone()).collect::<Vec<_>>(),
            [Token::Text(vec![b'?']), Token::Init]
        );
    }

    proptest! {
        // Any noise in any pieces: the same tokens, no panic, and the buffer never holds more than one long command.
        #[test]
        fn pieces_do_not_matter(bytes in prop::collection::vec(any::<u8>(), 0..400), cuts in prop::collection::vec(1_usize..40, 0..20)) {
            let mut tokens = Tokens::default();
            let mut seen = Vec::new();
            let mut rest = bytes.as_slice();
            for cut in cuts {
                let (head, tail) = rest.split_at(cut.min(rest.len()));
                seen.extend(tokens.feed(head));
                rest = tail;
            }
            seen.extend(tokens.feed(rest));
            prop_assert_eq!(seen, whole(&bytes));
        }
    }
}
