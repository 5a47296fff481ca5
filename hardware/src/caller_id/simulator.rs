//! A voice modem on a telephone line, in the dialects that exist.

use crate::simulator::{Heard, Said, Simulator};

/// How the modem words its reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dialect {
    /// `NMBR = 13800138000`
    #[default]
    Spaced,
    /// `NMBR=13800138000`
    Tight,
    /// `CALLER NUMBER: 13800138000`, `TIME: 11-21 19:06`
    Words,
    /// One line of hex with checksum.
    Raw,
    /// `+CLIP: "13800138000",161,"",0,"",0`, and only `AT+CLIP=1` switches it on.
    Gsm,
    /// As `Spaced`, but only after the second ring.
    Late,
    /// Says OK to everything and reports nothing, as some clones do.
    Mute,
    /// Knows no caller ID at all.
    Without,
}

/// Who rings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ringing {
    Number(String),
    Private,
    OutOfArea,
}

/// The simulated modem.
#[derive(Debug)]
pub struct ModemSimulator {
    pub dialect: Dialect,
    echo: bool,
    reports: bool,
    line: Vec<u8>,
}

/// Longest command line taken.
const COMMAND_MAX: usize = 128;

impl ModemSimulator {
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, echo: true, reports: false, line: Vec::new() }
    }

    /// One ring.
    pub fn ring(&self) -> Vec<Said> {
        vec![Said::now(b"\r\nRING\r\n".to_vec())]
    }

    /// What comes behind a ring, counted from 0: behind one of them, and nothing until a command has asked for it.
    pub fn report(&self, who: &Ringing, ring: u32) -> Vec<Said> {
        if !self.reports || ring != u32::from(self.dialect == Dialect::Late) {
            return vec![];
        }
        let (number, word) = match who {
            Ringing::Number(number) => (number.as_str(), number.as_str()),
            Ringing::Private => ("P", "PRIVATE"),
            Ringing::OutOfArea => ("O", "OUT_OF_AREA"),
        };
        let text = match self.dialect {
            Dialect::Spaced | Dialect::Late => format!("\r\nDATE = 1121\r\nTIME = 1906\r\nNMBR = {number}\r\n"),
            Dialect::Tight => format!("\r\nDATE=1121\r\nTIME=1906\r\nNMBR={number}\r\n"),
            Dialect::Words => match who {
                Ringing::Number(_) => format!("\r\nTIME: 11-21 19:06\r\nCALLER NUMBER: {word}\r\n"),
                _ => format!("\r\nTIME: 11-21 19:06\r\nREASON FOR NO CALLER NUMBER: {word}\r\n"),
            },
            Dialect::Raw => format!("\r\n{}\r\n", message(who)),
            Dialect::Gsm => match who {
                Ringing::Number(_) => format!("\r\n+CLIP: \"{number}\",161,\"\",0,\"\",0\r\n"),
                Ringing::Private => "\r\n+CLIP: \"\",128,\"\",0,\"\",1\r\n".to_owned(),
                Ringing::OutOfArea => "\r\n+CLIP: \"\",128,\"\",0,\"\",2\r\n".to_owned(),
            },
            Dialect::Mute | Dialect::Without => return vec![],
        };
        vec![Said::now(text.into_bytes())]
    }

    fn command(&mut self, command: &str) -> &'static str {
        let command = command.trim().to_ascii_uppercase();
        let vcid = self.dialect != Dialect::Gsm && self.dialect != Dialect::Without;
        match command.as_str() {
            "ATZ" => {
                (self.echo, self.reports) = (true, false);
                "OK"
            }
            "ATE0V1" => {
                self.echo = false;
                "OK"
            }
            "AT+VCID=1" if vcid => {
                self.reports = true;
                "OK"
            }
            "AT+CLIP=1" if self.dialect == Dialect::Gsm => {
                self.reports = true;
                "OK"
            }
            "AT" | "ATS0=0" => "OK",
            "AT+GCI=26" if vcid => "OK",
            _ => "ERROR",
        }
    }
}

/// A multiple-field message with its checksum, in hex.
fn message(who: &Ringing) -> String {
    let (tag, data) = match who {
        Ringing::Number(number) => (0x02, number.clone()),
        Ringing::Private => (0x04, "P".to_owned()),
        Ringing::OutOfArea => (0x04, "O".to_owned()),
    };
    let mut body = b"\x01\x0811211906".to_vec();
    body.extend([tag, data.len() as u8]);
    body.extend(data.as_bytes());
    let mut bytes = vec![0x80, body.len() as u8];
    bytes.extend(body);
    let sum = bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    bytes.push(sum.wrapping_neg());
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

impl Simulator for ModemSimulator {
    fn hear(&mut self, bytes: &[u8]) -> Heard {
        let mut said = Vec::new();
        for byte in bytes {
            match byte {
                b'\r' => {
                    let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
                    if line.trim().is_empty() {
                        continue;
                    }
                    if self.echo {
                        said.push(Said::now(format!("{line}\r").into_bytes()));
                    }
                    let result = self.command(&line);
                    said.push(Said::now(format!("\r\n{result}\r\n").into_bytes()));
                }
                b'\n' => {}
                _ if self.line.len() < COMMAND_MAX => self.line.push(*byte),
                _ => {}
            }
        }
        Heard { said, dead: false }
    }
}
