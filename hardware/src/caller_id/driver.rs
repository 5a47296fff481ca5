//! Drives an AT modem that only listens: init dialogue, reports, a look now and then whether it still lives.

use super::{
    CallEvent, CallerId,
    protocol::{Calls, Lines, Report},
};
use crate::{
    Device, Health, Meaning, Open, Trouble, Waiting,
    connection::{Conversation, Desk, Kept, Line},
    limits::QUEUE_MAX,
    trace::Direction,
};
use std::{convert::Infallible, future::pending, sync::Arc, time::Duration};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until, timeout_at},
};

/// How long the driver waits for what.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the result of one command.
    pub answer: Duration,
    /// Between two looks whether an idle modem still answers.
    pub look: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { answer: Duration::from_secs(3), look: Duration::from_secs(60) }
    }
}

/// Commands that switch caller reports on, the usual one first; the last is that of GSM modems.
const REPORT_COMMANDS: [&str; 3] = ["AT+VCID=1", "AT#CID=1", "AT+CLIP=1"];

/// A modem on the shop's line. Dropping it ends the driver and frees the port.
#[derive(Debug)]
pub struct Modem {
    kept: Kept,
    events: mpsc::Receiver<CallEvent>,
}

impl Modem {
    /// Starts the driver. Needs a running runtime.
    pub fn start(opener: Arc<dyn Open>, patience: Patience) -> Self {
        let (sender, events) = mpsc::channel(QUEUE_MAX);
        let talk = Talk { patience, sender, lines: Lines::default(), calls: Calls::default(), start: Instant::now() };
        Self { events, kept: Kept::start(opener, talk) }
    }
}

impl Device for Modem {
    fn desk(&self) -> &Desk {
        &self.kept.desk
    }
}

impl CallerId for Modem {
    fn next(&mut self) -> Waiting<'_, Option<CallEvent>> {
        Box::pin(self.events.recv())
    }
}

struct Talk {
    patience: Patience,
    sender: mpsc::Sender<CallEvent>,
    lines: Lines,
    calls: Calls,
    start: Instant,
}

impl Conversation for Talk {
    async fn hold(&mut self, line: &mut Line, desk: &Desk) -> Result<Infallible, Trouble> {
        self.lines = Lines::default();
        self.talk(line, desk).await
    }

    async fn refuse(&mut self, _: Trouble) {
        // A call under way when the line went ends all the same.
        if let Some(end) = self.calls.ends_at_ms() {
            sleep_until(self.start + Duration::from_millis(end)).await;
            let events = self.calls.quiet(self.now_ms());
            self.tell(events);
        }
        pending().await
    }
}

impl Talk {
    async fn talk(&mut self, line: &mut Line, desk: &Desk) -> Result<Infallible, Trouble> {
        self.prepare(line, desk).await?;
        desk.tell(Health::Ok);
        let mut next_look = Instant::now() + self.patience.look;
        loop {
            let end = self.calls.ends_at_ms().map(|end| self.start + Duration::from_millis(end));
            tokio::select! {
                heard = line.read() => {
                    self.hear(&heard?, desk);
                    next_look = Instant::now() + self.patience.look;
                }
                () = sleep_until(end.unwrap_or(next_look)), if end.is_some() => {
                    let events = self.calls.quiet(self.now_ms());
                    self.tell(events);
                }
                () = sleep_until(next_look), if end.is_none() => {
                    self.command("AT", line, desk).await?;
                    next_look = Instant::now() + self.patience.look;
                }
            }
        }
    }

    /// Reset, no echo, words as results, country China, caller reports on, never answer by itself.
    async fn prepare(&mut self, line: &mut Line, desk: &Desk) -> Result<(), Trouble> {
        // The first command after power-on is often lost: one more try.
        if self.command("ATZ", line, desk).await.is_err() {
            self.command("ATZ", line, desk).await?;
        }
        self.command("ATE0V1", line, desk).await?;
        // Not every modem knows countries; an error does no harm.
        self.command("AT+GCI=26", line, desk).await?;
        let mut knows = false;
        for command in REPORT_COMMANDS {
            knows = self.command(command, line, desk).await?;
            if knows {
                break;
            }
        }
        if !knows {
            return Err(Trouble::NoCallerId);
        }
        self.command("ATS0=0", line, desk).await?;
        Ok(())
    }

    /// Sends a command and waits for its result; reports in between are taken as ever. False: the modem said ERROR.
    async fn command(&mut self, command: &str, line: &mut Line, desk: &Desk) -> Result<bool, Trouble> {
        line.ask(format!("{command}\r").as_bytes(), Meaning::Command(command.into()), self.patience.answer, &desk.trace).await?;
        let deadline = Instant::now() + self.patience.answer;
        loop {
            let heard = timeout_at(deadline, line.read()).await.map_err(|_| Trouble::Silent)??;
            if let Some(result) = self.hear(&heard, desk) {
                return Ok(result);
            }
        }
    }

    /// Takes bytes; returns the result of a command if there was one.
    fn hear(&mut self, bytes: &[u8], desk: &Desk) -> Option<bool> {
        let mut result = None;
        for (text, reports) in self.lines.feed(bytes) {
            desk.trace.add(Direction::In, text.as_bytes(), meaning(&text, &reports));
            for report in reports {
                match report {
                    Report::Ok => result = Some(true),
                    Report::Error => result = Some(false),
                    _ => {}
                }
                let events = self.calls.on(&report, self.now_ms());
                self.tell(events);
            }
        }
        result
    }

    fn tell(&self, events: Vec<CallEvent>) {
        for event in events {
            if self.sender.try_send(event).is_err() {
                tracing::warn!("call.dropped");
            }
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// A raw message may report several things: who calls tells most.
fn meaning(text: &str, reports: &[Report]) -> Meaning {
    let told = reports.iter().find(|report| matches!(report, Report::Number(_))).or(reports.first());
    match told {
        Some(Report::Ok) => Meaning::Done,
        Some(Report::Error) => Meaning::Refused,
        Some(Report::Ring) => Meaning::Ring,
        Some(Report::Number(_) | Report::Name(_)) => Meaning::Caller(text.into()),
        Some(Report::When(_)) => Meaning::CallTime(text.into()),
        Some(Report::Damaged) => Meaning::Damaged(text.into()),
        Some(Report::Other) | None => Meaning::Said(text.into()),
    }
}

#[cfg(all(test, feature = "lab"))]
mod tests;
