//! Card frames out of bytes: EM4100 as ID-12 and RDM6300 send it, magnetic tracks as serial readers do. Incremental, pure.
//!
//! EM4100: `02`, ten hex digits, two of checksum (XOR of the five bytes), `0D 0A` or not, `03`.
//! Track 2: `;`, digits, `=` and more, `?`, perhaps a check character, a line end or not. Tracks 1 (`%`) and 3 (`+`) are
//! passed over. The buffer holds one frame of at most `FRAME_MAX` bytes.

use crate::limits::FRAME_MAX;

/// One thing found among the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The five bytes of a chip.
    Chip([u8; 5]),
    /// The digits of track 2 before `=`, at most 19.
    Stripe(String),
    /// A number that looks like a bank card's. Its digits are not kept.
    BankCard,
    /// A frame with a wrong checksum, a wrong character, or torn.
    Unreadable,
}

/// What a track is refused by, beside Luhn.
#[derive(Debug, Clone)]
pub struct StripeRule {
    /// Member numbers of the chain begin so and are never taken for a bank card's.
    pub own_prefix: String,
}

impl Default for StripeRule {
    fn default() -> Self {
        Self { own_prefix: "99".to_owned() }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum State {
    #[default]
    Between,
    /// After STX: hex digits, perhaps a line end.
    Chip,
    /// Between `;` and `?`.
    Track2,
    /// Between `%` or `+` and `?`: not ours.
    Foreign,
    /// After the `?` of track 2: a check character may follow.
    Ended,
    /// A frame went wrong: wait for its end.
    Lost,
}

/// Finds frames in the stream of a reader.
#[derive(Debug, Clone, Default)]
pub struct Frames {
    rule: StripeRule,
    state: State,
    frame: Vec<u8>,
}

impl Frames {
    pub fn new(rule: StripeRule) -> Self {
        Self { rule, ..Self::default() }
    }

    /// Takes bytes as they come, in whatever pieces.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        for byte in bytes {
            self.one(*byte, &mut found);
        }
        found
    }

    /// The line was quiet for `FRAME_GAP_MS`: what is whole counts, what is torn is dropped.
    pub fn settle(&mut self) -> Option<Found> {
        match std::mem::take(&mut self.state) {
            State::Ended => Some(self.track(None)),
            State::Chip | State::Track2 => {
                self.forget();
                Some(Found::Unreadable)
            }
            State::Between | State::Foreign | State::Lost => {
                self.forget();
                None
            }
        }
    }

    /// Whether a frame is under way, so that `settle` is due after a gap.
    pub fn is_open(&self) -> bool {
        self.state != State::Between
    }

    fn one(&mut self, byte: u8, found: &mut Vec<Found>) {
        match self.state {
            State::Between => self.begin(byte),
            State::Chip => self.chip(byte, found),
            State::Track2 => match byte {
                b'?' => self.state = State::Ended,
                b'0'..=b'9' | b'=' | b':' | b'<' | b'>' if self.frame.len() < FRAME_MAX => self.frame.push(byte),
                b';' => self.restart(byte, found),
                _ => self.fail(byte, found),
            },
            State::Ended => self.after_track(byte, found),
            State::Foreign => match byte {
                b'?' => self.state = State::Between,
                b'\r' | b'\n' | 0x03 => self.state = State::Between,
                _ => {}
            },
            State::Lost => match byte {
                b'\r' | b'\n' | 0x03 => self.state = State::Between,
                0x02 => self.begin(byte),
                _ => {}
            },
        }
    }

    fn begin(&mut self, byte: u8) {
        self.forget();
        self.state = match byte {
            0x02 => State::Chip,
            b';' => State::Track2,
            b'%' | b'+' => State::Foreign,
            _ => State::Between,
        };
    }

    fn chip(&mut self, byte: u8, found: &mut Vec<Found>) {
        match byte {
            // Serial stripe readers put STX and ETX around their tracks.
            b';' | b'%' | b'+' if self.frame.is_empty() => self.begin(byte),
            0x02 if self.frame.is_empty() => {}
            0x02 => self.restart(byte, found),
            0x03 => {
                found.push(chip(&self.frame));
                self.begin(0);
            }
            b'\r' | b'\n' if self.frame.len() == 12 => {}
            _ if byte.is_ascii_hexdigit() && self.frame.len() < 12 => self.frame.push(byte),
            _ => self.fail(byte, found),
        }
    }

    fn after_track(&mut self, byte: u8, found: &mut Vec<Found>) {
        let check = self.check_character();
        match byte {
            _ if byte == check => {
                let track = self.track(None);
                found.push(track);
                self.state = State::Lost;
            }
            b'\r' | b'\n' | 0x03 | b';' | b'%' | b'+' | 0x02 => {
                let track = self.track(None);
                found.push(track);
                self.begin(byte);
            }
            _ => {
                let track = self.track(Some(byte));
                found.push(track);
                self.state = State::Lost;
            }
        }
    }

    /// XOR of the four bits of each character with both sentinels, as a character again.
    fn check_character(&self) -> u8 {
        let bits = self.frame.iter().chain(b";?").fold(0, |check, byte| check ^ (byte & 0x0F));
        bits | 0x30
    }

    /// Judges a whole track; a check character that does not fit makes it unreadable.
    fn track(&mut self, wrong_check: Option<u8>) -> Found {
        let frame = std::mem::take(&mut self.frame);
        let digits = frame.split(|byte| *byte == b'=').next().unwrap_or(&[]);
        let number = String::from_utf8_lossy(digits).into_owned();
        if self.looks_like_bank_card(&number) {
            Found::BankCard
        } else if wrong_check.is_some() || number.is_empty() || number.len() > 37 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            Found::Unreadable
        } else {
            Found::Stripe(number)
        }
    }

    /// 13 to 19 digits that pass Luhn or begin as issuers' do. UnionPay debit cards need not pass Luhn.
    fn looks_like_bank_card(&self, number: &str) -> bool {
        const ISSUERS: [&str; 13] = ["34", "35", "37", "4", "51", "52", "53", "54", "55", "60", "62", "81", "9558"];
        let own = !self.rule.own_prefix.is_empty() && number.starts_with(&self.rule.own_prefix);
        !own && (13..=19).contains(&number.len()) && (luhn(number) || ISSUERS.iter().any(|issuer| number.starts_with(issuer)))
    }

    /// A wrong byte inside a frame. A frame that looks like the start of a bank card is dropped like any other.
    fn fail(&mut self, byte: u8, found: &mut Vec<Found>) {
        found.push(Found::Unreadable);
        self.forget();
        self.state = match byte {
            b'\r' | b'\n' | 0x03 => State::Between,
            _ => State::Lost,
        };
    }

    /// A new frame begins before the old one ended.
    fn restart(&mut self, byte: u8, found: &mut Vec<Found>) {
        found.push(Found::Unreadable);
        self.begin(byte);
    }

    fn forget(&mut self) {
        self.frame.clear();
        self.state = State::Between;
    }
}

/// Twelve hex digits with their checksum.
fn chip(digits: &[u8]) -> Found {
    let nibble = |digit: u8| (digit as char).to_digit(16).map(|value| value as u8);
    let bytes: Option<Vec<u8>> = digits.chunks(2).map(|pair| Some(nibble(pair[0])? << 4 | nibble(*pair.get(1)?)?)).collect();
    match bytes.as_deref() {
        Some([a, b, c, d, e, check]) if a ^ b ^ c ^ d ^ e == *check => Found::Chip([*a, *b, *c, *d, *e]),
        _ => Found::Unreadable,
    }
}

/// The bytes of a chip frame, with or without the line end.
pub fn chip_frame(uid: [u8; 5], line_end: bool) -> Vec<u8> {
    let check = uid.iter().fold(0, |check, byte| check ^ byte);
    let digits: String = uid.iter().chain([&check]).map(|byte| format!("{byte:02X}")).collect();
    format!("\u{2}{digits}{}\u{3}", if line_end { "\r\n" } else { "" }).into_bytes()
}

/// The bytes of track 2 with its check character.
pub fn track2_frame(number: &str, rest: &str) -> Vec<u8> {
    let body = format!(";{number}={rest}?");
    let check = body.bytes().fold(0, |check, byte| check ^ (byte & 0x0F)) | 0x30;
    [body.as_bytes(), &[check, b'\r']].concat()
}

fn luhn(number: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit.wrapping_sub(b'0')) * if at % 2 == 1 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests;
