//! The devices of this box: bound, driven, watched. Decides nothing: what a device reads is told to whoever follows, what is printed is a job.
//! A failing device stops nothing; it is tried again by its driver and shown until it works.
pub mod binding;
mod bound;
pub mod print;
pub mod shown;
pub mod slip;
pub mod slips;
pub mod statements;

use crate::config;
use crate::mirror::MirrorHealth;
use binding::{Binding, DEVICE};
use bound::Bound;
use hardware::caller_id::CallEvent;
use hardware::printer::Printer;
use hardware::printer::driver::Patience;
use hardware::reader::Reading;
use shared::base::{DeviceId, JobId};
use shared::desk::shown::done::PrintState;
use shared::journal::{Fault, Refusal};
use shared::store::{Clerk, Committed, Priority, Writer};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast;

/// Happenings that a slow follower may lag behind.
const NEWS_MAX: usize = 256;

/// What happens at the devices, for pages and rules.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// The list of devices or the state of one.
    Devices,
    /// There are new bytes of a device to be looked at.
    Bytes { device: DeviceId },
    /// How a slip stands.
    Slip { job: JobId, receipt_no: String, print: PrintState },
    /// A card was presented.
    Read { device: DeviceId, reading: Reading },
    /// Something happened on a telephone line.
    Rang { device: DeviceId, event: CallEvent },
}

/// What running devices tell.
#[derive(Clone)]
pub(crate) struct Stir {
    pub news: broadcast::Sender<News>,
    pub patience: Patience,
}

impl Stir {
    fn now(&self, news: News) {
        // No page is open: fine.
        let _ = self.news.send(news);
    }
}

/// Handle on the devices of this box.
#[derive(Clone)]
pub struct Devices(Arc<Inner>);

struct Inner {
    /// As `edge.toml` names them.
    file: Vec<config::Device>,
    clerk: Arc<Clerk>,
    events: broadcast::Sender<Arc<Committed>>,
    bound: Mutex<Vec<Bound>>,
    /// Slips under way, with the printer they are sent to.
    printing: Mutex<BTreeMap<JobId, DeviceId>>,
    stir: Stir,
    /// A second medium is no device of the shop, but watched like one.
    mirror: Option<MirrorHealth>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Devices {
    /// Starts the drivers of all bound devices and the print worker. Needs a running runtime.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn start(
        file: Vec<config::Device>,
        clerk: Arc<Clerk>,
        events: broadcast::Sender<Arc<Committed>>,
        patience: Patience,
        mirror: Option<MirrorHealth>,
    ) -> Result<Devices, Fault> {
        let (news, _) = broadcast::channel(NEWS_MAX);
        let stir = Stir { news, patience };
        let bindings = clerk.readers().read(|db| binding::load(db, &file))?;
        let bound = bindings.into_iter().map(|binding| Bound::start(binding, &stir)).collect();
        let devices = Devices(Arc::new(Inner { file, clerk, events, bound: Mutex::new(bound), printing: Mutex::default(), stir, mirror }));
        tokio::spawn(print::work(devices.clone()));
        Ok(devices)
    }

    /// What happens from now on.
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.0.stir.news.subscribe()
    }

    fn bound(&self) -> MutexGuard<'_, Vec<Bound>> {
        lock(&self.0.bound)
    }

    /// Name of a device, as people gave it.
    pub fn name(&self, device: DeviceId) -> Option<String> {
        self.bound().iter().find(|bound| bound.binding.id == device).map(|bound| bound.binding.device.name.clone())
    }

    /// Binds a device, or an id anew; durable before it starts. Tills that a printer names leave the printer they had.
    ///
    /// # Errors
    /// Outer: a fault of the store. Inner: `BadAddress`, `PortTaken`.
    pub async fn bind(&self, binding: Binding) -> Result<Result<(), Refusal>, Fault> {
        let Some(place) = binding.place() else { return Ok(Err(Refusal::BadAddress)) };
        let used_by = self
            .bound()
            .iter()
            .find(|other| other.binding.id != binding.id && other.binding.place().as_ref() == Some(&place))
            .map(|other| other.binding.called());
        if let Some(used_by) = used_by {
            return Ok(Err(Refusal::PortTaken { used_by }));
        }
        let mut kept = vec![binding.clone()];
        kept.extend(self.bound().iter().filter_map(|other| other.binding.without_tills_of(&binding)));
        let written = kept.clone();
        let write = move |writer: &mut Writer<'_>| {
            written.iter().try_for_each(|binding| writer.set_draft(DEVICE, binding.id.bytes(), Some(&binding.kept())))
        };
        self.0.clerk.write(Priority::Till, write).await?;
        let mut bound = self.bound();
        for changed in kept.drain(1..) {
            if let Some(other) = bound.iter_mut().find(|other| other.binding.id == changed.id) {
                other.binding = changed;
            }
        }
        match bound.iter().position(|other| other.binding.id == binding.id) {
            Some(at) => {
                // The old driver lets go of the port first.
                let later = bound.split_off(at + 1);
                drop(bound.pop());
                bound.push(Bound::start(binding, &self.0.stir));
                bound.extend(later);
            }
            None => bound.push(Bound::start(binding, &self.0.stir)),
        }
        drop(bound);
        self.0.stir.now(News::Devices);
        Ok(Ok(()))
    }

    /// Unbinds a device; one that the file names stays unbound over restarts.
    ///
    /// # Errors
    /// Outer: a fault of the store. Inner: `Gone`.
    pub async fn unbind(&self, device: DeviceId) -> Result<Result<(), Refusal>, Fault> {
        if !self.bound().iter().any(|bound| bound.binding.id == device) {
            return Ok(Err(Refusal::Gone));
        }
        let named = self.0.file.iter().any(|named| Binding::of_file(named.clone()).id == device);
        let body = named.then(Binding::gone);
        self.0.clerk.write(Priority::Till, move |writer| writer.set_draft(DEVICE, device.bytes(), body.as_deref())).await?;
        self.bound().retain(|bound| bound.binding.id != device);
        self.0.stir.now(News::Devices);
        Ok(Ok(()))
    }

    /// The printer of a till's slips unless a person says otherwise: the first one that names the till, else the first one.
    pub fn printer_of(&self, till: Option<u16>) -> Option<DeviceId> {
        let bound = self.bound();
        let mut printers = bound.iter().map(|bound| &bound.binding).filter(|binding| binding.device.kind == config::Kind::Printer);
        let first = printers.clone().next();
        let named = printers.find(|binding| till.is_some_and(|till| binding.device.tills.contains(&till)));
        named.or(first).map(|binding| binding.id)
    }

    fn printers(&self) -> Vec<DeviceId> {
        self.bound().iter().filter(|bound| bound.binding.device.kind == config::Kind::Printer).map(|bound| bound.binding.id).collect()
    }

    fn printer(&self, device: DeviceId) -> Option<Arc<Printer>> {
        self.bound().iter().find(|bound| bound.binding.id == device)?.printer.clone()
    }

    /// A printer, if it works now.
    fn ready_printer(&self, device: DeviceId) -> Option<Arc<Printer>> {
        self.bound().iter().find(|bound| bound.binding.id == device)?.ready()
    }
}
