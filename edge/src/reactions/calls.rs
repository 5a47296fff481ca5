//! A ring becomes a call on record, and what the line tells late a second fact of the same call. Its id is hash(line, time): a restarted driver
//! tells the same call under another. Which lines ring now is known here alone: it is no fact.
use crate::app::{App, now_ms};
use crate::devices::News;
use crate::install::random;
use hardware::caller_id::{CallEvent, Caller};
use shared::base::ids::derived;
use shared::base::{BranchId, BusinessDay, CallId, CommandId, DeviceId, LocalTime};
use shared::branches::{self, HOUSE_ZONE};
use shared::calls::identify::Identify;
use shared::calls::ring::Ring;
use shared::desk::till::till_id;
use shared::facts::calls::Hidden;
use shared::journal::{Actor, Command, Fault, Moment};
use shared::store::writer::meta_number;
use shared::store::{Priority, Writer, clock};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast::{self, error::RecvError};

/// Changes of calls that a slow page may lag behind.
const NEWS_MAX: usize = 64;

/// The calls on the lines now, for pages.
pub struct Calls {
    lines: Mutex<BTreeMap<DeviceId, Line>>,
    news: broadcast::Sender<CallId>,
}

/// A line that rings.
#[derive(Clone)]
struct Line {
    /// As its driver counts.
    number: u64,
    call: CallId,
    at_ms: i64,
    caller: Caller,
}

impl Default for Calls {
    fn default() -> Calls {
        Calls { lines: Mutex::default(), news: broadcast::channel(NEWS_MAX).0 }
    }
}

impl Calls {
    /// Calls that were noted, identified, or ended, from now on.
    pub fn news(&self) -> broadcast::Receiver<CallId> {
        self.news.subscribe()
    }

    /// Calls whose line still rings.
    pub fn ringing(&self) -> BTreeSet<CallId> {
        self.lines().values().map(|line| line.call).collect()
    }

    fn lines(&self) -> MutexGuard<'_, BTreeMap<DeviceId, Line>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The call that a driver counts so, while it rings.
    fn line(&self, device: DeviceId, number: u64) -> Option<Line> {
        self.lines().get(&device).filter(|line| line.number == number).cloned()
    }

    fn tell(&self, call: CallId) {
        // No page is open: fine.
        let _ = self.news.send(call);
    }
}

/// Notes calls until the devices end.
pub async fn follow(app: Arc<App>) {
    let mut news = app.devices.news();
    loop {
        match news.recv().await {
            Ok(News::Rang { device, event }) => {
                if let Err(fault) = hear(&app, device, event).await {
                    tracing::error!(%fault, "call.not_noted");
                }
            }
            // The line of a device that was unbound no longer rings.
            Ok(News::Devices) => app.calls.lines().retain(|device, _| app.devices.name(*device).is_some()),
            Ok(_) => {}
            Err(RecvError::Lagged(missed)) => tracing::warn!(missed, "call.lagged"),
            Err(RecvError::Closed) => return,
        }
    }
}

async fn hear(app: &App, device: DeviceId, event: CallEvent) -> Result<(), Fault> {
    let (number, caller) = match event {
        CallEvent::Ringing { call, caller, .. } | CallEvent::Identified { call, caller, .. } => (call, caller),
        CallEvent::Ended { call, .. } => {
            if let Some(line) = app.calls.line(device, call) {
                app.calls.lines().remove(&device);
                app.calls.tell(line.call);
            }
            return Ok(());
        }
    };
    let name = app.devices.name(device).unwrap_or_default();
    let line = match app.calls.line(device, number) {
        // A name that came late changes nothing on record.
        Some(line) if line.caller == caller => return Ok(()),
        Some(line) => {
            identify(app, name, &line, &caller).await?;
            Line { caller, ..line }
        }
        None => {
            let at_ms = now_ms();
            Line { number, call: ring(app, name, at_ms, &caller).await?, at_ms, caller }
        }
    };
    let call = line.call;
    app.calls.lines().insert(device, line);
    app.calls.tell(call);
    Ok(())
}

/// Digits, or why there are none.
fn who(caller: &Caller) -> (Option<String>, Option<Hidden>) {
    match caller {
        Caller::Number { national, .. } => (Some(national.clone()), None),
        Caller::Private => (None, Some(Hidden::Private)),
        Caller::OutOfArea => (None, Some(Hidden::OutOfArea)),
        Caller::Unknown => (None, None),
    }
}

async fn ring(app: &App, line: String, at_ms: i64, caller: &Caller) -> Result<CallId, Fault> {
    let command = CommandId(derived("call_rang", &[line.as_bytes(), &at_ms.to_be_bytes()]));
    let (number, hidden) = who(caller);
    note(app, command, at_ms, move |branch| Ring { branch, number, hidden, line }).await?;
    Ok(CallId(command.0))
}

async fn identify(app: &App, line: String, rung: &Line, caller: &Caller) -> Result<(), Fault> {
    let (call, at_ms) = (rung.call, rung.at_ms);
    let (number, hidden) = who(caller);
    let command = CommandId(derived("call_identified", &[call.bytes(), number.as_deref().unwrap_or_default().as_bytes()]));
    note(app, command, at_ms, move |branch| Identify { call, branch, at_ms, number, hidden, line }).await
}

async fn note<C: Command>(app: &App, id: CommandId, at_ms: i64, of: impl FnOnce(BranchId) -> C + Send + 'static) -> Result<(), Fault> {
    let entropy = random().map_err(|_| Fault::Stopped)?;
    let till = app.config.till.unwrap_or(1);
    let decided = app.write(Priority::Till, move |writer| {
        let moment = moment(writer, id, till, at_ms, entropy)?;
        writer.decide(&of(moment.branch.unwrap_or(BranchId([0; 16]))), &moment)
    });
    if let Err(refusal) = decided.await? {
        tracing::error!(%refusal, "call.refused");
    }
    Ok(())
}

/// What a device of a till decides with: no person, no rights.
fn moment(writer: &Writer<'_>, command: CommandId, till: u16, now_ms: i64, entropy: [u8; 16]) -> Result<Moment, Fault> {
    let here = writer.identity()?;
    let branch = here.branch.unwrap_or(BranchId([0; 16]));
    let zone = branches::branch(writer, branch)?.map_or(HOUSE_ZONE, |branch| branch.zone);
    let now_ms = clock::corrected(writer, now_ms)?;
    let till = till_id(branch, till);
    Ok(Moment {
        command,
        by: Actor::Device(till),
        rights: Vec::new(),
        now_ms,
        hub_ms: meta_number(writer, "hub_ms")?,
        branch: Some(branch),
        here: here.stream,
        till: Some(till),
        shift: None,
        day: BusinessDay::at(now_ms, zone).0,
        hour: LocalTime::at(now_ms, zone.zone_minutes).hour,
        entropy,
    })
}
