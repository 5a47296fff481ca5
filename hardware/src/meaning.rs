//! What a piece of traffic means: a code, and what stands beside it in every language alike. Pages hold the words, one pair per code.

use crate::Trouble;

/// The meaning of bytes, or what a driver has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// The port was opened: its address.
    Opened(String),
    /// What is wrong with the device.
    Trouble(Trouble),
    /// To a printer: answer when all before this is worked through (`GS r`).
    AskThrough,
    /// The answer to it.
    Through,
    /// A print job of so many bytes.
    Job(usize),
    /// A printer's answer to `DLE EOT`, in hex, that tells of no trouble.
    Status(u8),
    /// A status that the printer sent by itself (`GS a`).
    Automatic(u8),
    /// XON or XOFF.
    Flow,
    Noise(u8),
    /// Characters that the printer cannot draw.
    NoGlyph(String),
    /// The number of an EM4100 chip.
    Chip(String),
    /// The number on track 2 of a stripe.
    Stripe(String),
    /// The card that lay there a moment ago.
    SameCard,
    /// Refused, its digits are dropped.
    BankCard,
    /// Checksum, character or torn frame.
    Unreadable,
    /// Bytes that are no card's.
    NoCard,
    /// Cards come faster than anybody takes them.
    CardDropped,
    /// A command to a modem.
    Command(String),
    Done,
    Refused,
    Ring,
    /// Who calls, as the modem said it.
    Caller(String),
    /// When the call came, as the exchange told it.
    CallTime(String),
    /// A message whose sum is wrong.
    Damaged(String),
    /// Anything else that a modem says.
    Said(String),
}

impl Meaning {
    /// The code of its words, and what stands beside them; of a trouble the trouble's code.
    pub fn said(&self) -> (&'static str, String) {
        let plain = |code| (code, String::new());
        let hex = |byte: &u8| format!("{byte:02X}");
        match self {
            Self::Opened(address) => ("opened", address.clone()),
            Self::Trouble(trouble) => ("trouble", trouble.code().to_owned()),
            Self::AskThrough => plain("ask_through"),
            Self::Through => plain("through"),
            Self::Job(bytes) => ("job", bytes.to_string()),
            Self::Status(byte) => ("status", hex(byte)),
            Self::Automatic(byte) => ("automatic", hex(byte)),
            Self::Flow => plain("flow"),
            Self::Noise(byte) => ("noise", hex(byte)),
            Self::NoGlyph(characters) => ("no_glyph", characters.clone()),
            Self::Chip(number) => ("chip", number.clone()),
            Self::Stripe(number) => ("stripe", number.clone()),
            Self::SameCard => plain("same_card"),
            Self::BankCard => plain("bank_card"),
            Self::Unreadable => plain("unreadable"),
            Self::NoCard => plain("no_card"),
            Self::CardDropped => plain("card_dropped"),
            Self::Command(command) => ("command", command.clone()),
            Self::Done => plain("done"),
            Self::Refused => plain("refused"),
            Self::Ring => plain("ring"),
            Self::Caller(text) => ("caller", text.clone()),
            Self::CallTime(text) => ("call_time", text.clone()),
            Self::Damaged(text) => ("damaged", text.clone()),
            Self::Said(text) => ("said", text.clone()),
        }
    }
}
