//! One machine with its disk, its clock, its key and the process on it: an edge or the hub. The process dies with every crash
//! and every kill; what is on the disk is all that it has when it comes back.

use super::super::{
    chance::Chance,
    clock::{Clock, World as Time},
    disk::{
        Disk, Image,
        lineage::{DiskLineage, LINEAGE},
    },
    newer,
    server::Database,
    shop,
};
use super::{counter, plain::Plain};
use shared::{
    base::{BranchId, CommandId, StaffId, StreamId},
    exchange::{edge, recovery, sign::Keys},
    facts::journal::Opened,
    journal::{Actor, Command, Fault, Head, Moment, Read, Refusal, Right},
    store::{
        Opening, Outcome, Store, Writer,
        clerk::{Work, group},
        lineage::Lineage,
        writer::meta_number,
    },
    views::{Registry, Side},
};
use std::sync::{Arc, OnceLock, mpsc};

/// The database of every replica.
pub const DATABASE: &str = "catena.db";

/// A machine and, while it runs, the process on it.
pub struct Replica {
    pub disk: Disk,
    /// Where a server holds its database, instead of the disk: head office's only.
    pub server: Option<Database>,
    /// What its hardware says it is.
    pub machine: String,
    pub keys: Arc<Keys>,
    pub clock: Clock,
    /// It runs the next release.
    pub newer: bool,
    /// It knows documents as the product shows them, too: its tills sell by the desk's own commands.
    pub desk: bool,
    /// None: the hub.
    pub branch: Option<BranchId>,
    pub store: Option<Store>,
    pub chance: Chance,
    /// Of the hub: it appended or took in what its rules have not looked at, or may have.
    pub unlooked: bool,
    /// What was folded here and is not in the sum of its entries.
    fresh: Vec<Head>,
    /// What its entries come to, once that was asked.
    pub plain: Option<Plain>,
    /// Failures of disk and line that were already noticed.
    pub noticed: u64,
    /// With the line to the server its own power goes.
    loses_power: bool,
}

/// An older state of what holds a database.
pub enum Kept {
    Disk(Image),
    /// Its name at the server.
    Server(String),
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Acknowledged: durable from here on.
    Done(Outcome),
    Refused(Refusal),
    /// The process is down, or the disk failed: it may have happened or not.
    Nothing(Fault),
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Said::Done(Outcome::Done(heads)) => heads.iter().try_for_each(|head| write!(f, "is entry {} of {} ", head.seq, head.stream)),
            Said::Done(Outcome::Already) => write!(f, "was done before"),
            Said::Refused(refusal) => write!(f, "is refused: {refusal}"),
            Said::Nothing(fault) => write!(f, "fails: {fault}"),
        }
    }
}

impl Replica {
    /// A new machine with an empty disk.
    pub fn new(machine: &str, branch: Option<BranchId>, time: Time, chance: &mut Chance) -> Self {
        let mut chance = chance.branch();
        let off_ms = if branch.is_some() { chance.between(-4_000, 4_000) } else { 0 };
        Replica {
            disk: Disk::new(chance.draw()),
            server: None,
            machine: machine.to_owned(),
            keys: Arc::new(Keys::from_secret(chance.bytes())),
            clock: Clock::off(time, off_ms, chance.between(-80, 80)),
            newer: false,
            desk: false,
            branch,
            store: None,
            chance,
            unlooked: true,
            fresh: Vec::new(),
            plain: None,
            noticed: 0,
            loses_power: false,
        }
    }

    /// A copy of this machine's disk, key included, in another machine; or in one that says it is the same.
    pub fn copy(&mut self, machine: &str, time: Time) -> Self {
        let mut chance = self.chance.branch();
        Replica {
            disk: Disk::cloned(&self.disk.image(), chance.draw()),
            server: None,
            machine: machine.to_owned(),
            keys: self.keys.clone(),
            clock: Clock::off(time, 0, 0),
            newer: self.newer,
            desk: self.desk,
            branch: self.branch,
            store: None,
            chance,
            unlooked: true,
            fresh: Vec::new(),
            plain: None,
            noticed: 0,
            loses_power: false,
        }
    }

    /// Whether its process runs.
    pub fn runs(&self) -> bool {
        self.store.is_some()
    }

    /// The process ends at once; the machine goes on.
    pub fn kill(&mut self) {
        self.disk.kill();
        self.store = None;
    }

    /// The power goes.
    pub fn crash(&mut self) {
        self.disk.crash();
        self.store = None;
    }

    /// The power goes in the middle of what comes: after so many steps of the disk, or messages to the server.
    pub fn lose_power_after(&mut self, steps: u64, messages: u64) {
        match &self.server {
            Some(server) => {
                self.loses_power = true;
                server.line.cut_after(messages, messages.is_multiple_of(2));
            }
            None => self.disk.crash_after(steps),
        }
    }

    /// Disk and line are put right, and what was to come does not.
    pub fn mend(&mut self) {
        self.disk.mend();
        self.loses_power = false;
        if let Some(server) = &self.server {
            server.line.mend();
        }
    }

    /// Whether disk or line failed since this was last asked.
    pub fn has_failed(&mut self) -> bool {
        let failures = self.disk.failures() + self.server.as_ref().map_or(0, |server| server.line.cuts());
        std::mem::replace(&mut self.noticed, failures) < failures
    }

    /// Its present state, for later. One that a server holds is kept while no process runs on it.
    ///
    /// # Errors
    /// What the server said.
    pub fn keep(&mut self) -> Result<Kept, Fault> {
        let Some(server) = &mut self.server else { return Ok(Kept::Disk(self.disk.image())) };
        self.store = None;
        server.keep().map(Kept::Server)
    }

    /// An older state is put back, with the lineage file or without.
    ///
    /// # Errors
    /// What the server said.
    pub fn put_back(&mut self, kept: &Kept, keeps_lineage: bool) -> Result<(), Fault> {
        match (kept, &self.server) {
            (Kept::Server(name), Some(server)) => {
                self.store = None;
                server.put_back(name)?;
            }
            (Kept::Disk(image), _) if keeps_lineage => self.disk.restore_some(image, |name| name != LINEAGE),
            (Kept::Disk(image), _) => self.disk.restore(image),
            (Kept::Server(_), None) => {}
        }
        Ok(())
    }

    /// Power and process come back. An install that was never opened, was rolled back or copied opens a new stream first.
    ///
    /// # Errors
    /// The disk's; then it does not run.
    pub fn start(&mut self, time: Time) -> Result<(), Fault> {
        if self.runs() {
            return Ok(());
        }
        self.disk.start();
        (self.fresh, self.plain, self.unlooked) = (Vec::new(), None, true);
        let lineage = DiskLineage { disk: self.disk.clone(), machine: self.machine.clone() };
        let side = if self.branch.is_some() { Side::Edge } else { Side::Hub };
        let watched: Option<Box<dyn Lineage>> = Some(Box::new(lineage));
        let path = self.server.as_ref().map_or_else(|| self.disk.database(DATABASE).into(), Database::address);
        let mut store = Store::open(Opening { path, registry: self.registry(), side, lineage: watched })?;
        let (fresh, now_ms) = (self.fresh(time), self.clock.shows(time));
        let key = self.keys.public();
        match (store.identity(), self.branch) {
            (None, None) => store.transaction(|writer| recovery::open_hub(writer, StreamId(fresh), &key, now_ms))?,
            (None, Some(_)) => {
                let opened = Opened { branch: self.branch, device_key: key, predecessor: None, predecessor_seq: 0, epoch: 0 };
                store.transaction(|writer| writer.open_stream(StreamId(fresh), &opened, now_ms))?;
            }
            (Some(own), branch) => {
                if !store.unbroken() {
                    store.transaction(|writer| match branch {
                        Some(_) => edge::renew(writer, own.stream, now_ms, fresh),
                        None => recovery::open_hub(writer, StreamId(fresh), &key, now_ms),
                    })?;
                }
            }
        }
        self.store = Some(store);
        Ok(())
    }

    fn registry(&self) -> &'static Registry {
        let first = if self.desk { counter::registry() } else { shop::registry() };
        if self.newer { newer::registry(first) } else { first }
    }

    /// A new machine comes with an empty store installed. Its tables are made once per process for all machines of a side.
    pub fn unpack(&self) {
        static INSTALLED: [OnceLock<Option<Image>>; 4] = [const { OnceLock::new() }; 4];
        let side = if self.branch.is_some() { Side::Edge } else { Side::Hub };
        let install = || {
            let disk = Disk::new(0);
            let opened = Store::open(Opening { path: disk.database(DATABASE).into(), registry: self.registry(), side, lineage: None });
            opened.ok().map(|store| {
                drop(store);
                disk.image()
            })
        };
        let installed = INSTALLED[2 * usize::from(self.desk) + usize::from(side == Side::Edge)].get_or_init(install);
        if let (Some(image), None) = (installed, &self.server) {
            self.disk.restore(image);
        }
    }

    /// Random bytes behind the time, as a new stream is named: a later one has the greater name.
    pub fn fresh(&mut self, time: Time) -> [u8; 16] {
        let mut fresh: [u8; 16] = self.chance.bytes();
        fresh[..6].copy_from_slice(&time.now_ms().to_be_bytes()[2..]);
        fresh
    }

    /// Runs work in one group of the clerk.
    ///
    /// # Errors
    /// The fault; the process is down if it was not running or its machine went off.
    pub fn clerk<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let store = self.store.as_mut().ok_or(Fault::Stopped)?;
        let (tell, told) = mpsc::channel();
        let answer = move |done| {
            // The world always listens.
            let _ = tell.send(done);
        };
        let works = vec![Work::new(work, answer)];
        let (committed, cut) = match &self.server {
            Some(server) => server.line.with(|| group(store, works)),
            None => (group(store, works), false),
        };
        if cut && self.loses_power {
            self.disk.crash();
        } else if cut {
            // The next writer connects anew; nobody knows what was committed.
            self.plain = None;
            group(store, vec![Work::new(|_| Ok(()), |_| {})]);
        }
        self.loses_power &= !cut;
        self.unlooked |= !committed.heads.is_empty();
        self.fresh.extend(committed.heads);
        if !self.disk.is_on() {
            self.store = None;
        }
        let done = told.try_recv().unwrap_or(Err(Fault::Stopped));
        if done.is_err() {
            // It may have been written all the same.
            (self.plain, self.unlooked) = (None, true);
        }
        done
    }

    /// Brings the sum of its entries up to what was committed; false if it cannot be read.
    pub fn sums_up(&mut self) -> bool {
        let fresh = std::mem::take(&mut self.fresh);
        let Some(db) = &self.store else { return false };
        let plain = match self.plain.take() {
            Some(mut plain) => plain.catch_up(db, &fresh).map(|()| plain),
            None => Plain::of(db, |_, _| true),
        };
        self.plain = plain.ok();
        self.plain.is_some()
    }

    /// Decides a command of a person at this replica.
    pub fn decide<C: Command + Send + 'static>(&mut self, id: CommandId, command: C, time: Time) -> Said {
        let Some(moment) = self.moment(id, time) else { return Said::Nothing(Fault::Stopped) };
        match self.clerk(move |writer| writer.decide(&command, &moment)) {
            Ok(Ok(outcome)) => Said::Done(outcome),
            Ok(Err(refusal)) => Said::Refused(refusal),
            Err(fault) => Said::Nothing(fault),
        }
    }

    /// The moment of a command here and now.
    pub fn moment(&mut self, command: CommandId, time: Time) -> Option<Moment> {
        let store = self.store.as_ref()?;
        let here = store.identity()?.stream;
        let now_ms = self.clock.shows(time);
        Some(Moment {
            command,
            by: Actor::Person(StaffId([7; 16])),
            rights: vec![Right::Branches, Right::Members],
            now_ms,
            hub_ms: meta_number(store, "hub_ms").unwrap_or(0),
            branch: self.branch,
            here,
            till: None,
            shift: None,
            day: (now_ms / 86_400_000) as u32,
            hour: (now_ms / 3_600_000 % 24) as u8,
            entropy: self.chance.bytes(),
        })
    }

    /// The stream it writes, while it runs.
    pub fn stream(&self) -> Option<StreamId> {
        self.store.as_ref()?.identity().map(|own| own.stream)
    }

    /// Something to read from, while it runs.
    pub fn db(&self) -> Option<&dyn Read> {
        self.store.as_ref().map(|store| store as &dyn Read)
    }
}
