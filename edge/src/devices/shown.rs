//! Devices and slips as pages are shown them: states, and the code of what is wrong. Pages hold the words, one pair per code.
use super::bound::{Bound, LastReading};
use super::{Devices, News, binding, lock};
use crate::config::Kind;
use crate::mirror::MirrorHealth;
use hardware::trace::Direction;
use hardware::{Health, Trouble};
use serde::Serialize;
use shared::base::{DeviceId, JobId};
use shared::desk::print::PrintJob;
use shared::desk::shown::done::{Done, PrintState, Printing, print_state};
use shared::journal::{Fault, Read};
use shared::store::jobs;
use std::path::PathBuf;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use utoipa::ToSchema;

/// A slip waits, and no printer is bound.
const UNBOUND: &str = "unbound";
/// Rows of bytes shown at most.
const BYTES_MAX: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Working {
    Ok,
    Trying,
    Failed,
    /// Bound, but its driver does not run.
    Off,
}

/// One device for the status bar and for head office. `what` is a code of `hardware::Trouble`: pages have words for it and for what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeviceState {
    pub id: String,
    /// A kind of device, or `mirror`: the second medium.
    pub kind: String,
    pub name: String,
    pub state: Working,
    #[schema(required)]
    pub what: Option<String>,
    /// In this state since, UTC ms.
    pub since_ms: i64,
}

/// What a device last had to complain of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LastError {
    pub at_ms: i64,
    pub meaning: Meaning,
}

/// What bytes or a driver say: the code of the page's words, and what stands beside them in every language alike. Of the code `trouble` that
/// is a code of `hardware::Trouble`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ByteMeaning)]
pub struct Meaning {
    pub code: String,
    pub said: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LastRead {
    pub at_ms: i64,
    pub text: String,
}

/// One device for the device page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Device {
    pub id: String,
    pub kind: Kind,
    pub name: String,
    pub address: String,
    #[schema(required)]
    pub baud: Option<u32>,
    #[schema(required)]
    pub profile: Option<String>,
    /// Of a printer: the tills whose slips it prints.
    pub tills: Vec<u16>,
    pub state: Working,
    #[schema(required)]
    pub what: Option<String>,
    pub since_ms: i64,
    /// Failed attempts since it last worked.
    pub tries: u32,
    #[schema(required)]
    pub last_error: Option<LastError>,
    #[schema(required)]
    pub last_reading: Option<LastRead>,
    pub profiles: Vec<String>,
}

/// One piece of a line's traffic, in hex and in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Bytes {
    pub at_ms: i64,
    pub direction: Way,
    pub hex: String,
    pub meaning: Meaning,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    In,
    Out,
}

/// A port of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Port {
    pub path: String,
    /// The name to bind: it stays when cables move, as far as the machine can tell.
    pub stable: String,
    pub label: String,
    #[schema(required)]
    pub usb: Option<Usb>,
    /// The device bound to it.
    #[schema(required)]
    pub used_by: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Usb {
    pub vid: String,
    pub pid: String,
    #[schema(required)]
    pub serial: Option<String>,
}

/// What may be bound.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PortKind {
    pub kind: Kind,
    pub profiles: Vec<String>,
    pub bauds: Vec<u32>,
}

/// The code of a trouble, as in JSON.
pub fn code(trouble: Trouble) -> String {
    trouble.code().into()
}

fn meaning(meaning: &hardware::Meaning) -> Meaning {
    let (code, said) = meaning.said();
    Meaning { code: code.into(), said }
}

fn state(bound: &Bound) -> (Working, Option<String>) {
    match *bound.health.borrow() {
        Health::Ok => (Working::Ok, None),
        Health::Trying => (Working::Trying, None),
        Health::Failed { trouble: Trouble::Stopped } => (Working::Off, Some(code(Trouble::Stopped))),
        Health::Failed { trouble } => (Working::Failed, Some(code(trouble))),
    }
}

fn device(bound: &Bound) -> Device {
    let named = &bound.binding.device;
    let (state, what) = state(bound);
    let warned = bound.trace.last_warning().map(|warning| LastError { at_ms: warning.at_ms, meaning: meaning(&warning.meaning) });
    let read = |last: &LastReading| LastRead { at_ms: last.at_ms, text: last.text.clone() };
    Device {
        id: bound.binding.id.to_string(),
        kind: named.kind,
        name: named.name.clone(),
        address: named.address.clone(),
        baud: named.baud,
        profile: named.profile.clone(),
        tills: named.tills.clone(),
        state,
        what,
        since_ms: bound.record.since_ms.load(Ordering::Relaxed),
        tries: bound.record.tries.load(Ordering::Relaxed),
        last_error: warned,
        last_reading: bound.record.last_reading.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(read),
        profiles: binding::profiles(named.kind).iter().map(|name| (*name).into()).collect(),
    }
}

impl Devices {
    /// How all devices are, and the mirror, for the status bar and head office.
    pub fn states(&self) -> Vec<DeviceState> {
        let one = |bound: &Bound| {
            let (state, what) = state(bound);
            let named = &bound.binding.device;
            DeviceState {
                id: bound.binding.id.to_string(),
                kind: named.kind.code().into(),
                name: named.name.clone(),
                state,
                what,
                since_ms: bound.record.since_ms.load(Ordering::Relaxed),
            }
        };
        let mirror = self.0.mirror.as_ref().map(MirrorHealth::state);
        self.bound().iter().map(one).chain(mirror).collect()
    }

    /// All devices for the device page.
    pub fn list(&self) -> Vec<Device> {
        self.bound().iter().map(device).collect()
    }

    /// The last traffic of a device's line, newest last; none if it is not bound.
    pub fn bytes(&self, device: DeviceId) -> Option<Vec<Bytes>> {
        let trace = self.bound().iter().find(|bound| bound.binding.id == device)?.trace.clone();
        let mut pieces = trace.after(0);
        let shown = pieces.split_off(pieces.len().saturating_sub(BYTES_MAX));
        let row = |piece: hardware::trace::Traced| Bytes {
            at_ms: piece.at_ms,
            // Remarks of the driver stand with what comes in.
            direction: if piece.direction == Direction::Out { Way::Out } else { Way::In },
            hex: piece.hex,
            meaning: meaning(&piece.meaning),
        };
        Some(shown.into_iter().map(row).collect())
    }

    /// The ports of this machine, and the simulated ones beside bound devices, with the device on each.
    pub fn ports(&self) -> Vec<Port> {
        let places: Vec<(String, String)> =
            self.bound().iter().filter_map(|bound| Some((bound.binding.place()?, bound.binding.called()))).collect();
        let mut folders: Vec<PathBuf> = self.bound().iter().filter_map(|bound| bound.binding.path()?.parent().map(PathBuf::from)).collect();
        folders.retain(|folder| !folder.starts_with("/dev"));
        folders.sort();
        folders.dedup();
        let port = |found: hardware::ports::FoundPort| {
            let (stable, path) = (found.stable.display().to_string(), found.device.display().to_string());
            let usb_name = found.usb.as_ref().and_then(|usb| usb.name.clone().or_else(|| usb.maker.clone()));
            Port {
                label: usb_name.map_or_else(|| stable.clone(), |name| format!("{name} · {path}")),
                used_by: places.iter().find(|(place, _)| *place == stable || *place == path).map(|(_, name)| name.clone()),
                usb: found.usb.map(|usb| Usb { vid: usb.vendor, pid: usb.product, serial: usb.serial_number }),
                path,
                stable,
            }
        };
        hardware::ports::list(&folders).into_iter().map(port).collect()
    }

    /// What may be bound, the usual choices first.
    pub fn kinds() -> Vec<PortKind> {
        let kind = |kind| PortKind {
            kind,
            profiles: binding::profiles(kind).iter().map(|name| (*name).into()).collect(),
            bauds: binding::bauds(kind).into(),
        };
        [Kind::Printer, Kind::Reader, Kind::CallerId].map(kind).into()
    }

    /// How a print job stands, seen together with its printer.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn print_state(&self, db: &dyn Read, job: JobId) -> Result<PrintState, Fault> {
        Ok(self.with_printer(print_state(db, job)?))
    }

    /// What was finished, with its slip seen together with its printer.
    pub fn with_print(&self, done: Done) -> Done {
        Done { print: self.with_printer(done.print), ..done }
    }

    /// Adds what the printer says to what the store knows of a slip: a slip that waits for a dead printer failed until it lives again.
    pub fn with_printer(&self, print: PrintState) -> PrintState {
        let Some(job) = print.slip.as_deref().and_then(|slip| slip.parse::<JobId>().ok()) else { return print };
        let printer = lock(&self.0.printing).get(&job).copied().or_else(|| self.printer_of(print.till));
        let bound = self.bound();
        let bound = bound.iter().find(|bound| Some(bound.binding.id) == printer);
        let device = bound.map(|bound| bound.binding.device.name.clone());
        let what = bound.and_then(Bound::trouble).map(code);
        match print.state {
            Printing::Queued if device.is_none() => PrintState { state: Printing::None, what: Some(UNBOUND.into()), ..print },
            Printing::Queued if what.is_some() => PrintState { state: Printing::Failed, what, device, ..print },
            Printing::Queued | Printing::Printing => PrintState { what, device, ..print },
            Printing::Failed => PrintState { device, ..print },
            Printing::Printed | Printing::Sent | Printing::None => print,
        }
    }

    pub(super) fn slip_news(&self, db: &dyn Read, job: JobId) -> Result<Option<News>, Fault> {
        let Some(listed) = jobs::job(db, job)? else { return Ok(None) };
        let receipt_no = PrintJob::read(&listed.body).map_or(String::new(), |read| read.receipt_no);
        Ok(Some(News::Slip { job, receipt_no, print: self.print_state(db, job)? }))
    }
}
