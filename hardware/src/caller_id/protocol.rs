//! Lines of an AT modem, and calls out of them. Incremental, pure; the time is an argument.
//!
//! Fields come in any order, before the first RING or after the second, with or without spaces, in either case
//! (hardware.md 4.1); raw messages are checked by their sum, formatted ones were by the modem.

use super::{CallEvent, Caller, normalise};
use crate::limits::{CALL_END_MS, MODEM_LINE_MAX};
use encoding_rs::GBK;

/// One line of a modem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    Ok,
    Error,
    Ring,
    Number(Caller),
    Name(String),
    /// As the exchange told it, without year: `0321`, `1405` or `11-21 19:06`.
    When(String),
    /// A raw message whose sum is wrong: nothing in it is believed.
    Damaged,
    /// Echo, greetings, other results.
    Other,
}

/// Cuts the stream into lines. Long lines are noise and dropped to their end.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    line: Vec<u8>,
    lost: bool,
}

impl Lines {
    /// Whole lines with what they report; a raw message may report several things.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<(String, Vec<Report>)> {
        let mut lines = Vec::new();
        for byte in bytes {
            match byte {
                b'\r' | b'\n' => {
                    let line = std::mem::take(&mut self.line);
                    let lost = std::mem::take(&mut self.lost);
                    let text = GBK.decode_without_bom_handling(&line).0.trim().to_owned();
                    if !text.is_empty() && !lost {
                        let reports = parse(&text);
                        lines.push((text, reports));
                    }
                }
                0x00..=0x1F | 0x7F | 0xFF => {}
                _ if self.line.len() == MODEM_LINE_MAX => self.lost = true,
                _ => self.line.push(*byte),
            }
        }
        lines
    }
}

fn parse(line: &str) -> Vec<Report> {
    let upper = line.to_ascii_uppercase();
    match upper.as_str() {
        "OK" | "0" => return vec![Report::Ok],
        "RING" | "2" => return vec![Report::Ring],
        "ERROR" | "4" => return vec![Report::Error],
        _ if upper.starts_with("+CRING") => return vec![Report::Ring],
        _ if upper.starts_with("+CME ERROR") => return vec![Report::Error],
        _ => {}
    }
    if let Some(clip) = upper.strip_prefix("+CLIP:") {
        return vec![clip_report(clip)];
    }
    if upper.len() >= 8 && (upper.starts_with("04") || upper.starts_with("80")) && upper.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return message(&upper);
    }
    let Some(split) = line.find(['=', ':']) else { return vec![Report::Other] };
    let (key, value) = (upper[..split].trim(), line[split + 1..].trim());
    match key {
        "NMBR" | "CALLER NUMBER" | "NDID" | "DDN_NMBR" => vec![Report::Number(normalise(value))],
        "REASON FOR NO CALLER NUMBER" => vec![Report::Number(normalise(value))],
        "NAME" | "CALLER NAME" => name(value),
        "DATE" | "TIME" => vec![Report::When(value.to_owned())],
        "MESG" => message(value),
        _ => vec![Report::Other],
    }
}

fn name(value: &str) -> Vec<Report> {
    match normalise(value) {
        Caller::Private | Caller::OutOfArea => vec![Report::Other],
        _ if value.is_empty() => vec![Report::Other],
        _ => vec![Report::Name(value.chars().filter(|character| !character.is_control()).take(64).collect())],
    }
}

/// `"13800138000",161,"",0,"",0`: the last field is 0 for a number, 1 withheld, 2 unavailable.
fn clip_report(fields: &str) -> Report {
    let parts: Vec<&str> = fields.split(',').map(str::trim).collect();
    match parts.get(5).copied() {
        Some("1") => Report::Number(Caller::Private),
        Some("2") => Report::Number(Caller::OutOfArea),
        _ => Report::Number(normalise(parts[0].trim_matches('"'))),
    }
}

/// A raw message in hex (hardware.md 4.2): all bytes sum to 0.
fn message(hex: &str) -> Vec<Report> {
    let digits: Vec<u8> = hex.chars().filter_map(|digit| digit.to_digit(16)).map(|value| value as u8).collect();
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    let whole = bytes.get(1).map_or(0, |length| usize::from(*length) + 3);
    if bytes.len() < 3 || bytes.len() < whole || bytes[..whole].iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)) != 0 {
        return vec![Report::Damaged];
    }
    let body = &bytes[2..whole - 1];
    match bytes[0] {
        0x04 if body.len() >= 8 => vec![Report::When(text(&body[..8])), Report::Number(normalise(&text(&body[8..])))],
        0x80 => fields(body),
        _ => vec![Report::Other],
    }
}

/// Tag, length, data, again and again; a torn last field is left out.
fn fields(mut body: &[u8]) -> Vec<Report> {
    let mut reports = Vec::new();
    while let [tag, length, rest @ ..] = body {
        let Some(data) = rest.get(..usize::from(*length)) else { break };
        match tag {
            0x01 => reports.push(Report::When(text(data))),
            0x02 | 0x04 => reports.push(Report::Number(normalise(&text(data)))),
            0x07 => reports.extend(name(&text(data))),
            _ => {}
        }
        body = &rest[usize::from(*length)..];
    }
    reports
}

fn text(bytes: &[u8]) -> String {
    GBK.decode_without_bom_handling(bytes).0.into_owned()
}

#[derive(Debug, Clone)]
struct Open {
    call: u64,
    rings: u32,
    caller: Caller,
    name: Option<String>,
    told: bool,
    last_ms: u64,
}

/// Makes calls out of reports.
#[derive(Debug, Clone, Default)]
pub struct Calls {
    count: u64,
    open: Option<Open>,
}

impl Calls {
    /// Takes one report at a time of a clock that only goes forward, in milliseconds.
    pub fn on(&mut self, report: &Report, now_ms: u64) -> Vec<CallEvent> {
        let mut events = self.quiet(now_ms);
        match report {
            Report::Ring => {
                let open = self.open_at(now_ms);
                open.rings += 1;
                if open.rings >= 2 && !open.told {
                    events.push(tell(open));
                }
            }
            Report::Number(caller) => {
                // Another number while one is known: a second call followed at once.
                let other = |open: &Open| is_other_number(&open.caller, caller);
                if self.open.as_ref().is_some_and(other) {
                    events.extend(self.end());
                }
                let open = self.open_at(now_ms);
                if open.caller == Caller::Unknown && (*caller != Caller::Unknown || !open.told) {
                    open.caller = caller.clone();
                    if *caller != Caller::Unknown {
                        events.push(tell(open));
                    }
                }
            }
            Report::Name(name) => {
                let open = self.open_at(now_ms);
                if open.name.is_none() {
                    open.name = Some(name.clone());
                    if open.told {
                        events.push(tell(open));
                    }
                }
            }
            Report::When(_) | Report::Damaged => {
                self.open_at(now_ms);
            }
            Report::Ok | Report::Error | Report::Other => {}
        }
        events
    }

    /// Ends a call that has not rung for `CALL_END_MS`.
    pub fn quiet(&mut self, now_ms: u64) -> Vec<CallEvent> {
        match &self.open {
            Some(open) if now_ms.saturating_sub(open.last_ms) >= CALL_END_MS => self.end(),
            _ => vec![],
        }
    }

    /// When `quiet` is due.
    pub fn ends_at_ms(&self) -> Option<u64> {
        self.open.as_ref().map(|open| open.last_ms + CALL_END_MS)
    }

    fn open_at(&mut self, now_ms: u64) -> &mut Open {
        let count = &mut self.count;
        let open = self.open.get_or_insert_with(|| {
            *count += 1;
            Open { call: *count, rings: 0, caller: Caller::Unknown, name: None, told: false, last_ms: now_ms }
        });
        open.last_ms = now_ms;
        open
    }

    /// A call of which only one ring was heard is told at its end, so that no call is missing in the list.
    fn end(&mut self) -> Vec<CallEvent> {
        let Some(mut open) = self.open.take() else { return vec![] };
        let late = if open.told { None } else { Some(tell(&mut open)) };
        late.into_iter().chain([CallEvent::Ended { call: open.call, rings: open.rings }]).collect()
    }
}

/// Two forms of one number are the same number.
fn is_other_number(known: &Caller, heard: &Caller) -> bool {
    matches!((known, heard), (Caller::Number { national: known, .. }, Caller::Number { national: heard, .. }) if known != heard)
}

fn tell(open: &mut Open) -> CallEvent {
    let (call, caller, name) = (open.call, open.caller.clone(), open.name.clone());
    if std::mem::replace(&mut open.told, true) {
        CallEvent::Identified { call, caller, name }
    } else {
        CallEvent::Ringing { call, caller, name }
    }
}

#[cfg(test)]
mod tests;
