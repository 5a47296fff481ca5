//! The lab's commands as lines of text: what a person types, what a scene file holds, what HTTP carries.

use super::{Lab, Which, line::Faults};
use crate::{
    caller_id::simulator::{Dialect, Ringing},
    reader::simulator::ChipReader,
};
use std::io;

/// All commands, for `help`.
pub const HELP: &str = "swipe <number> | swipe em:<10 hex digits or decimal> | swipe bad
ring <number> [rings] | ring private | ring out-of-area | hangup
paper out|in   cover open|closed   cutter stuck|free   power loss <bytes>   answers on|off
unplug|replug reader|printer|modem
stall|mute|noisy|calm <device>   drip|late <device> <ms>   slow <device> <bytes/s>   noise <device>
chips id12|rdm6300   dialect spaced|tight|words|raw|late|gsm|mute|without
receipts   receipt <n>   devices   help";

/// Times that a line rings unless told.
const RINGS: u32 = 4;
/// How long a chip lies on the reader.
const LIES_MS: u64 = 800;
/// Longest delay and most rings that are believed.
const DELAY_MAX_MS: u64 = 60_000;
const RINGS_MAX: u32 = 60;

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Swipe(String),
    Present([u8; 5]),
    Misread,
    Ring(Ringing, u32),
    HangUp,
    PaperOut(bool),
    CoverOpen(bool),
    CutterStuck(bool),
    PowerLoss(usize),
    Answers(bool),
    Unplug(Which),
    Replug(Which),
    Fault(Which, Fault),
    Noise(Which),
    Chips(ChipReader),
    Dialect(Dialect),
    Receipts,
    Receipt(u64),
    Devices,
    Help,
}

/// A change of a line's faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Stall,
    Mute,
    Noisy,
    Drip(u64),
    Late(u64),
    Slow(u64),
    /// All well again.
    Calm,
}

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub enum CommandFault {
    #[error("not understood: {0}; try help")]
    Unknown(String),
    #[error("no such receipt: {0}")]
    NoReceipt(u64),
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Command {
    /// Reads one line.
    pub fn parse(line: &str) -> Result<Self, CommandFault> {
        let words: Vec<&str> = line.split_whitespace().collect();
        read(&words).ok_or_else(|| CommandFault::Unknown(line.trim().chars().take(80).collect()))
    }
}

fn read(words: &[&str]) -> Option<Command> {
    Some(match words {
        ["swipe", "bad"] => Command::Misread,
        ["swipe", card] => card_command(card)?,
        ["ring", who] => Command::Ring(ringing(who)?, RINGS),
        ["ring", who, rings] => Command::Ring(ringing(who)?, rings.parse().ok().filter(|rings| (1..=RINGS_MAX).contains(rings))?),
        ["hangup"] | ["hang", "up"] => Command::HangUp,
        ["paper", "out"] => Command::PaperOut(true),
        ["paper", "in"] => Command::PaperOut(false),
        ["cover", "open"] => Command::CoverOpen(true),
        ["cover", "closed" | "close"] => Command::CoverOpen(false),
        ["cutter", "stuck"] => Command::CutterStuck(true),
        ["cutter", "free"] => Command::CutterStuck(false),
        ["power", "loss", bytes] => Command::PowerLoss(bytes.parse().ok()?),
        ["answers", "on"] => Command::Answers(true),
        ["answers", "off"] => Command::Answers(false),
        ["unplug", device] => Command::Unplug(which(device)?),
        ["replug", device] => Command::Replug(which(device)?),
        ["noise", device] => Command::Noise(which(device)?),
        ["stall", device] => Command::Fault(which(device)?, Fault::Stall),
        ["mute", device] => Command::Fault(which(device)?, Fault::Mute),
        ["noisy", device] => Command::Fault(which(device)?, Fault::Noisy),
        ["calm", device] => Command::Fault(which(device)?, Fault::Calm),
        ["drip", device, ms] => Command::Fault(which(device)?, Fault::Drip(delay(ms)?)),
        ["late", device, ms] => Command::Fault(which(device)?, Fault::Late(delay(ms)?)),
        ["slow", device, bytes] => Command::Fault(which(device)?, Fault::Slow(bytes.parse().ok()?)),
        ["chips", "id12"] => Command::Chips(ChipReader::Id12),
        ["chips", "rdm6300"] => Command::Chips(ChipReader::Rdm6300),
        ["dialect", name] => Command::Dialect(dialect(name)?),
        ["receipts"] => Command::Receipts,
        ["receipt", number] => Command::Receipt(number.parse().ok()?),
        ["devices"] => Command::Devices,
        ["help"] => Command::Help,
        _ => return None,
    })
}

/// Digits are a stripe's; `em:` or a letter among ten hex digits mean a chip.
fn card_command(card: &str) -> Option<Command> {
    let hex = card.strip_prefix("em:").unwrap_or(card);
    let is_hex = hex.len() == 10 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex && (card.starts_with("em:") || hex.bytes().any(|byte| byte.is_ascii_alphabetic())) {
        let number = u64::from_str_radix(hex, 16).ok()?.to_be_bytes();
        return Some(Command::Present([number[3], number[4], number[5], number[6], number[7]]));
    }
    if card.starts_with("em:") {
        let [a, b, c, d] = hex.parse::<u32>().ok()?.to_be_bytes();
        return Some(Command::Present([0, a, b, c, d]));
    }
    let digits = (1..=37).contains(&card.len()) && card.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Command::Swipe(card.to_owned()))
}

fn ringing(who: &str) -> Option<Ringing> {
    match who {
        "private" => Some(Ringing::Private),
        "out-of-area" => Some(Ringing::OutOfArea),
        number => (number.len() <= 20 && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'+'))
            .then(|| Ringing::Number(number.to_owned())),
    }
}

fn which(name: &str) -> Option<Which> {
    Which::ALL.into_iter().find(|which| which.name() == name)
}

fn delay(ms: &str) -> Option<u64> {
    ms.parse().ok().filter(|ms| *ms <= DELAY_MAX_MS)
}

fn dialect(name: &str) -> Option<Dialect> {
    Some(match name {
        "spaced" => Dialect::Spaced,
        "tight" => Dialect::Tight,
        "words" => Dialect::Words,
        "raw" => Dialect::Raw,
        "late" => Dialect::Late,
        "gsm" => Dialect::Gsm,
        "mute" => Dialect::Mute,
        "without" => Dialect::Without,
        _ => return None,
    })
}

impl Lab {
    /// Does what a line says; returns what to show.
    pub fn command(&self, line: &str) -> Result<String, CommandFault> {
        self.run(Command::parse(line)?)
    }

    /// Does one command; returns what to show.
    pub fn run(&self, command: Command) -> Result<String, CommandFault> {
        match command {
            Command::Swipe(number) => self.swipe(&number),
            Command::Present(uid) => self.present(uid, LIES_MS),
            Command::Misread => self.misread(),
            Command::Ring(who, rings) => self.ring(who, rings),
            Command::HangUp => self.hang_up(),
            Command::PaperOut(out) => self.set_paper_out(out),
            Command::CoverOpen(open) => self.set_cover_open(open),
            Command::CutterStuck(stuck) => self.set_cutter_stuck(stuck),
            Command::PowerLoss(bytes) => self.lose_power_in(bytes),
            Command::Answers(on) => self.set_answers(on),
            Command::Unplug(which) => self.unplug(which),
            Command::Replug(which) => self.replug(which)?,
            Command::Noise(which) => self.noise(which),
            Command::Fault(which, fault) => self.set_faults(which, changed(self.faults(which), fault)),
            Command::Chips(chips) => self.set_chips(chips),
            Command::Dialect(dialect) => self.set_dialect(dialect),
            Command::Receipts => {
                let lines = self
                    .receipts_after(0)
                    .into_iter()
                    .map(|receipt| format!("{} {:?} {} bytes", receipt.number, receipt.ending, receipt.bytes.len()));
                return Ok(lines.collect::<Vec<_>>().join("\n"));
            }
            Command::Receipt(number) => {
                let receipt = self.receipt(number).ok_or(CommandFault::NoReceipt(number))?;
                return Ok(super::picture::text(&receipt.bytes));
            }
            Command::Devices => return Ok(self.ready_lines().join("\n")),
            Command::Help => return Ok(HELP.to_owned()),
        }
        Ok("ok".to_owned())
    }
}

fn changed(faults: Faults, fault: Fault) -> Faults {
    match fault {
        Fault::Stall => Faults { stalled: true, ..faults },
        Fault::Mute => Faults { mute: true, ..faults },
        Fault::Noisy => Faults { noisy: true, ..faults },
        Fault::Drip(drip_ms) => Faults { drip_ms, ..faults },
        Fault::Late(late_ms) => Faults { late_ms, ..faults },
        Fault::Slow(slow_bytes) => Faults { slow_bytes, ..faults },
        Fault::Calm => Faults::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("swipe 6001", Command::Swipe("6001".to_owned()))]
    #[case("  swipe   6001 ", Command::Swipe("6001".to_owned()))]
    #[case("swipe 0C000621A5", Command::Present([0x0C, 0, 0x06, 0x21, 0xA5]))]
    #[case("swipe em:401829", Command::Present([0, 0, 0x06, 0x21, 0xA5]))]
    #[case("swipe em:0000062145", Command::Present([0, 0, 0x06, 0x21, 0x45]))]
    #[case("swipe bad", Command::Misread)]
    #[case("ring 13800138000", Command::Ring(Ringing::Number("13800138000".to_owned()), RINGS))]
    #[case("ring private 2", Command::Ring(Ringing::Private, 2))]
    #[case("paper out", Command::PaperOut(true))]
    #[case("cover close", Command::CoverOpen(false))]
    #[case("unplug printer", Command::Unplug(Which::Printer))]
    #[case("late modem 3000", Command::Fault(Which::Modem, Fault::Late(3_000)))]
    #[case("power loss 100", Command::PowerLoss(100))]
    fn understood(#[case] line: &str, #[case] command: Command) {
        assert_eq!(Command::parse(line).expect("a known command"), command);
    }

    #[rstest]
    #[case("")]
    #[case("swipe")]
    #[case("swipe 60;01")]
    #[case("swipe em:99999999999")]
    #[case("ring 1;2")]
    #[case("ring 138 100")]
    #[case("unplug till")]
    #[case("late modem 60001")]
    #[case("paper")]
    fn not_understood(#[case] line: &str) {
        assert!(matches!(Command::parse(line), Err(CommandFault::Unknown(_))));
    }
}
