//! One bound device while it runs: its driver, how it is, and what it said last. Dropping it ends its tasks and frees its port.
use super::binding::Binding;
use super::{News, Stir};
use crate::app::now_ms;
use crate::config::Kind;
use hardware::caller_id::{CallEvent, CallerId, Modem};
use hardware::printer::{Printer, Profile};
use hardware::reader::protocol::StripeRule;
use hardware::reader::{CardReader, Reader, Reading};
use hardware::{Device, Health, PortAddress, Trace, Trouble};
use shared::base::DeviceId;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

/// How often the count of tries is read, and how often at most new bytes are told.
const LOOK: Duration = Duration::from_secs(1);
const BYTES_EVERY: Duration = Duration::from_millis(200);

/// What a device said last, for the device page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastReading {
    pub at_ms: i64,
    pub text: String,
}

/// What changes while a device runs.
#[derive(Debug, Default)]
pub struct Record {
    pub since_ms: AtomicI64,
    pub tries: AtomicU32,
    pub last_reading: Mutex<Option<LastReading>>,
}

pub struct Bound {
    pub binding: Binding,
    /// Of a printer.
    pub printer: Option<Arc<Printer>>,
    pub health: watch::Receiver<Health>,
    pub trace: Trace,
    pub record: Arc<Record>,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Bound {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Bound {
    /// Starts the driver. Needs a running runtime.
    pub fn start(binding: Binding, stir: &Stir) -> Bound {
        let record = Arc::new(Record { since_ms: AtomicI64::new(now_ms()), ..Record::default() });
        let Ok(port) = binding.port() else { return Bound::without_port(binding, record) };
        let opener = Arc::new(port);
        let (device, kind) = (binding.id, binding.device.kind);
        let mut bound = match kind {
            Kind::Printer => {
                let name = binding.device.profile.as_deref().unwrap_or(Profile::NAMES[0]);
                let profile = Profile::named(name).unwrap_or_default().with_font();
                let printer = Arc::new(Printer::start(opener, profile, stir.patience));
                let tries = tokio::spawn(count_tries(Arc::downgrade(&printer), record.clone()));
                let (health, trace) = (printer.health(), printer.trace());
                Bound { binding, printer: Some(printer), health, trace, record: record.clone(), tasks: vec![tries] }
            }
            Kind::Reader => {
                let reader = Reader::start(opener, StripeRule::default());
                let (health, trace) = (reader.health(), reader.trace());
                let task = tokio::spawn(read_cards(reader, device, record.clone(), stir.news.clone()));
                Bound { binding, printer: None, health, trace, record: record.clone(), tasks: vec![task] }
            }
            Kind::CallerId => {
                let modem = Modem::start(opener as Arc<PortAddress>, Default::default());
                let (health, trace) = (modem.health(), modem.trace());
                let task = tokio::spawn(hear_calls(modem, device, record.clone(), stir.news.clone()));
                Bound { binding, printer: None, health, trace, record: record.clone(), tasks: vec![task] }
            }
        };
        bound.tasks.push(tokio::spawn(watch_health(bound.health.clone(), record, stir.clone())));
        bound.tasks.push(tokio::spawn(watch_bytes(bound.trace.clone(), device, stir.news.clone())));
        bound
    }

    /// A device whose address names no port: shown as such, never tried.
    fn without_port(binding: Binding, record: Arc<Record>) -> Bound {
        let (_, health) = watch::channel(Health::Failed { trouble: Trouble::NotThere });
        Bound { binding, printer: None, health, trace: Trace::default(), record, tasks: Vec::new() }
    }

    /// What is wrong; none while it works or is only starting.
    pub fn trouble(&self) -> Option<Trouble> {
        match *self.health.borrow() {
            Health::Failed { trouble } => Some(trouble),
            Health::Ok | Health::Trying => None,
        }
    }

    /// A printer that works.
    pub fn ready(&self) -> Option<Arc<Printer>> {
        let works = *self.health.borrow() == Health::Ok;
        self.printer.clone().filter(|_| works)
    }
}

async fn watch_health(mut health: watch::Receiver<Health>, record: Arc<Record>, stir: Stir) {
    while health.changed().await.is_ok() {
        record.since_ms.store(now_ms(), Ordering::Relaxed);
        stir.now(News::Devices);
    }
}

async fn watch_bytes(trace: Trace, device: DeviceId, news: broadcast::Sender<News>) {
    let mut newest = trace.newest();
    while newest.changed().await.is_ok() {
        // Nobody looks at the device page: fine.
        let _ = news.send(News::Bytes { device });
        tokio::time::sleep(BYTES_EVERY).await;
    }
}

async fn count_tries(printer: std::sync::Weak<Printer>, record: Arc<Record>) {
    while let Some(printer) = printer.upgrade() {
        record.tries.store(printer.tries(), Ordering::Relaxed);
        drop(printer);
        tokio::time::sleep(LOOK).await;
    }
}

fn note(record: &Record, text: String) {
    let last = LastReading { at_ms: now_ms(), text };
    *record.last_reading.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
}

async fn read_cards(mut reader: Reader, device: DeviceId, record: Arc<Record>, news: broadcast::Sender<News>) {
    loop {
        tokio::select! {
            reading = reader.next() => {
                let Some(reading) = reading else { return };
                note(&record, match &reading {
                    Reading::Card(card) => card.raw.clone(),
                    Reading::BankCard => "bank_card".into(),
                    Reading::Unreadable => "unreadable".into(),
                });
                // No follower, no till: the card is presented again.
                let _ = news.send(News::Read { device, reading });
            }
            () = tokio::time::sleep(LOOK) => record.tries.store(reader.tries(), Ordering::Relaxed),
        }
    }
}

async fn hear_calls(mut modem: Modem, device: DeviceId, record: Arc<Record>, news: broadcast::Sender<News>) {
    loop {
        tokio::select! {
            event = modem.next() => {
                let Some(event) = event else { return };
                if let CallEvent::Ringing { caller, .. } | CallEvent::Identified { caller, .. } = &event {
                    note(&record, match caller {
                        hardware::caller_id::Caller::Number { raw, .. } => raw.clone(),
                        hidden => format!("{hidden:?}").to_lowercase(),
                    });
                }
                let _ = news.send(News::Rang { device, event });
            }
            () = tokio::time::sleep(LOOK) => record.tries.store(modem.tries(), Ordering::Relaxed),
        }
    }
}
