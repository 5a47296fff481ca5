//! Card reader: what a shop wants of it. A card's number identifies; it proves nothing.
//!
//! Bank cards are refused and dropped: no digit of them leaves this module, not even into the trace.

pub mod driver;
pub mod protocol;
pub mod simulator;

use crate::{Device, Waiting};
use serde::{Deserialize, Serialize};

pub use driver::Reader;

/// Reads members' cards.
pub trait CardReader: Device {
    /// The next card presented, oldest first. One presentation is one reading, however often the reader repeats it.
    /// `None` when the driver has ended. Safe to drop while waiting.
    fn next(&mut self) -> Waiting<'_, Option<Reading>>;
}

/// What a presentation came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reading", rename_all = "snake_case")]
pub enum Reading {
    Card(Card),
    /// A bank card: its digits are gone. Say so to the customer.
    BankCard,
    /// Read wrong: checksum, length or a torn frame. Present it again.
    Unreadable,
}

/// A card as read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub medium: Medium,
    /// What the chip or the stripe holds: 10 hex digits of an EM4100 chip, the member number of a stripe.
    pub raw: String,
    /// The same number as people and other readers write it; a second key to look the card up by.
    pub printed: Vec<Printed>,
}

/// Where the number was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// 125 kHz chip with five fixed bytes.
    Em4100,
    /// Magnetic stripe, track 2.
    Stripe,
}

/// One way to write a card's number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    pub format: NumberFormat,
    pub text: String,
}

/// Formats of readers and of card printers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberFormat {
    /// The low four bytes as ten digits: `0000401829`.
    Decimal10,
    /// The low three bytes as eight digits: `00401829`.
    Decimal8,
    /// Third byte, comma, low two bytes: `006,08613`.
    Facility,
    /// The low four bytes in hex: `000621A5`.
    Hex8,
    /// The low four bytes in reverse order, in hex: `A5210600`.
    ReversedHex8,
    /// The same as ten digits.
    ReversedDecimal10,
    /// The digits of a stripe between start and separator.
    Number,
    /// A stripe's number without leading zeros.
    Unpadded,
}

impl Card {
    /// A chip by its five bytes.
    pub fn em4100(uid: [u8; 5]) -> Self {
        let [_, a, b, c, d] = uid;
        let low = u32::from_be_bytes([a, b, c, d]);
        let reversed = low.swap_bytes();
        let printed = [
            (NumberFormat::Decimal10, format!("{low:010}")),
            (NumberFormat::Decimal8, format!("{:08}", low & 0x00FF_FFFF)),
            (NumberFormat::Facility, format!("{b:03},{:05}", low & 0xFFFF)),
            (NumberFormat::Hex8, format!("{low:08X}")),
            (NumberFormat::ReversedHex8, format!("{reversed:08X}")),
            (NumberFormat::ReversedDecimal10, format!("{reversed:010}")),
        ];
        let raw = uid.iter().map(|byte| format!("{byte:02X}")).collect();
        Self { medium: Medium::Em4100, raw, printed: printed.into_iter().map(|(format, text)| Printed { format, text }).collect() }
    }

    /// A stripe by the digits before its separator.
    pub fn stripe(number: &str) -> Self {
        let mut printed = vec![Printed { format: NumberFormat::Number, text: number.to_owned() }];
        let unpadded = number.trim_start_matches('0');
        if unpadded != number && !unpadded.is_empty() {
            printed.push(Printed { format: NumberFormat::Unpadded, text: unpadded.to_owned() });
        }
        Self { medium: Medium::Stripe, raw: number.to_owned(), printed }
    }

    /// All keys to look the card up by, the raw number first.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.raw.as_str()).chain(self.printed.iter().map(|printed| printed.text.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The sample card of hardware.md 3.2 in every way that it is written.
    #[test]
    fn one_card_many_numbers() {
        let card = Card::em4100([0x0C, 0x00, 0x06, 0x21, 0xA5]);
        let keys: Vec<&str> = card.keys().collect();
        assert_eq!(keys, ["0C000621A5", "0000401829", "00401829", "006,08613", "000621A5", "A5210600", "2770404864"]);
        assert_eq!(Card::stripe("006001").keys().collect::<Vec<_>>(), ["006001", "006001", "6001"]);
    }
}
