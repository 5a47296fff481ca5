//! A disk that forgets. What was written is seen at once by the machine that wrote it; what was not synced may be gone after a
//! crash, whole, in part, out of order, torn at a sector. It also fills up and breaks on demand, and can be cloned and put back.
//!
//! SQLite runs on it through the VFS of `vfs.rs`; other small files (the lineage file) use `Disk` itself. A run is a
//! function of the seed. Every handle belongs to one *boot*: after a crash or a kill old handles fail and change nothing.

mod content;
mod file;
pub mod lineage;
mod locks;
#[cfg(test)]
mod tests;
mod vfs;

pub use vfs::NAME as VFS;

use super::chance::Chance;
use content::Content;
use file::File;
use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Why the disk did not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The machine is off, or the handle is from before it went off.
    #[error("the machine is off")]
    Off,
    /// No space left (ENOSPC).
    #[error("the disk is full")]
    Full,
    /// The medium failed (EIO).
    #[error("the disk failed")]
    Broken,
    /// There is no such file.
    #[error("no such file")]
    Missing,
}

/// What can be made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Read,
    Write,
    Sync,
}

/// An order to fail: after `after` good operations of this kind the next `times` of them fail with EIO.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub on: Operation,
    pub after: u64,
    pub times: u64,
}

/// Every file of a disk as the running machine saw it at one moment: a backup, or the source of a clone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Image {
    files: BTreeMap<String, Content>,
}

impl Image {
    /// The same without the files whose name says so: a backup that leaves out what must not be in it.
    #[must_use]
    pub fn without(mut self, left_out: impl Fn(&str) -> bool) -> Self {
        self.files.retain(|name, _| !left_out(name));
        self
    }
}

/// A handle on a disk; clones of the handle are the same disk.
#[derive(Clone)]
pub struct Disk {
    id: u64,
    state: Arc<Mutex<State>>,
}

/// What a disk holds and how it is.
struct State {
    files: BTreeMap<String, File>,
    chance: Chance,
    on: bool,
    boot: u64,
    steps: u64,
    crash_at: Option<u64>,
    capacity: Option<usize>,
    fault: Option<Fault>,
    failures: u64,
    locks: locks::Table,
}

impl Disk {
    /// An empty disk of a machine that runs.
    pub fn new(seed: u64) -> Self {
        let state = State {
            files: BTreeMap::new(),
            chance: Chance::new(seed),
            on: true,
            boot: 1,
            steps: 0,
            crash_at: None,
            capacity: None,
            fault: None,
            failures: 0,
            locks: locks::Table::default(),
        };
        let disk = Disk { id: vfs::next_id(), state: Arc::new(Mutex::new(state)) };
        vfs::register(&disk);
        disk
    }

    /// Another disk that holds what this image holds.
    pub fn cloned(image: &Image, seed: u64) -> Self {
        let disk = Disk::new(seed);
        disk.restore(image);
        disk
    }

    /// The path of a file of this disk for whoever opens it with the VFS `VFS`.
    pub fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/{}/{name}", self.id))
    }

    /// The same as one URI that names the VFS too.
    pub fn database(&self, name: &str) -> String {
        format!("file:/{}/{name}?vfs={}", self.id, VFS)
    }

    /// The power goes: what was not synced is kept or lost as the seed says, and the machine is off.
    pub fn crash(&self) {
        self.lock().crash();
    }

    /// The process dies (SIGKILL) and the machine runs on: nothing written is lost, every handle and lock is gone.
    pub fn kill(&self) {
        self.lock().new_boot();
    }

    /// The power goes in the middle of the work: before the step that comes after this many more changing steps.
    pub fn crash_after(&self, steps: u64) {
        let mut state = self.lock();
        state.crash_at = Some(state.steps + steps);
    }

    /// The machine is on again; orders to crash, to fail and to be full are forgotten.
    pub fn start(&self) {
        self.mend();
        self.lock().on = true;
    }

    /// Whether the machine runs.
    pub fn is_on(&self) -> bool {
        self.lock().on
    }

    /// How many changing steps (writes, syncs, truncations, deletions) there were.
    pub fn steps(&self) -> u64 {
        self.lock().steps
    }

    /// Equal as long as nothing that is seen on it changed: how often it was put back or came back from a power cut, and its changing steps.
    pub fn version(&self) -> (u64, u64) {
        let state = self.lock();
        (state.boot, state.steps)
    }

    /// The disk takes this many bytes in all, or any number.
    pub fn limit(&self, capacity: Option<usize>) {
        self.lock().capacity = capacity;
    }

    /// Whether it was made to fail or to be full.
    pub fn ailing(&self) -> bool {
        let state = self.lock();
        state.fault.is_some() || state.capacity.is_some()
    }

    /// Orders to crash, to fail and to be full are forgotten.
    pub fn mend(&self) {
        let mut state = self.lock();
        (state.crash_at, state.fault, state.capacity) = (None, None, None);
    }

    /// How often it failed or was full.
    pub fn failures(&self) -> u64 {
        self.lock().failures
    }

    /// The bytes of all files together.
    pub fn used(&self) -> usize {
        self.lock().used()
    }

    /// Makes the disk fail as ordered.
    pub fn fail(&self, fault: Fault) {
        self.lock().fault = Some(fault);
    }

    /// The disk as it is seen now.
    pub fn image(&self) -> Image {
        let state = self.lock();
        let seen = |(name, file): (&String, &File)| file.seen().map(|content| (name.clone(), content.clone()));
        Image { files: state.files.iter().filter_map(seen).collect() }
    }

    /// Puts an image in the place of everything that the disk held; whatever had files open is dead. The machine is on.
    pub fn restore(&self, image: &Image) {
        let mut state = self.lock();
        state.new_boot();
        state.on = true;
        state.files = image.files.iter().map(|(name, content)| (name.clone(), File::durable(content.clone()))).collect();
    }

    /// Puts only these files of an image back and removes those that it lacks: a restored database beside files that stay.
    pub fn restore_some(&self, image: &Image, which: impl Fn(&str) -> bool) {
        let mut state = self.lock();
        state.new_boot();
        state.on = true;
        state.files.retain(|name, _| !which(name));
        let chosen = image.files.iter().filter(|(name, _)| which(name));
        state.files.extend(chosen.map(|(name, content)| (name.clone(), File::durable(content.clone()))));
    }

    /// The whole content of a small file.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, Trouble> {
        let mut state = self.lock();
        let boot = state.boot;
        state.before_read(boot)?;
        state.files.get(name).and_then(File::seen).map(Content::to_vec).ok_or(Trouble::Missing)
    }

    /// Replaces a small file as a careful program does: beside it, synced, renamed. It is the old or the new one after a crash.
    pub fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), Trouble> {
        let mut state = self.lock();
        let boot = state.boot;
        state.before_write(boot)?;
        state.room_for(bytes.len())?;
        state.before_sync(boot)?;
        state.files.insert(name.to_owned(), File::durable(Content::of(bytes)));
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn new_boot(&mut self) {
        self.boot += 1;
        self.locks = locks::Table::default();
    }

    fn crash(&mut self) {
        self.new_boot();
        self.on = false;
        for file in self.files.values_mut() {
            file.crash(&mut self.chance);
        }
        self.files.retain(|_, file| file.seen().is_some());
    }

    fn used(&self) -> usize {
        self.files.values().filter_map(File::seen).map(Content::len).sum()
    }

    fn room_for(&mut self, more: usize) -> Result<(), Trouble> {
        let full = self.capacity.is_some_and(|capacity| more > 0 && self.used() + more > capacity);
        self.failures += u64::from(full);
        if full { Err(Trouble::Full) } else { Ok(()) }
    }

    fn alive(&self, boot: u64) -> Result<(), Trouble> {
        if self.on && self.boot == boot { Ok(()) } else { Err(Trouble::Off) }
    }

    /// Every changing step passes here: this is where the power goes.
    fn step(&mut self, boot: u64) -> Result<(), Trouble> {
        self.alive(boot)?;
        if self.crash_at == Some(self.steps) {
            self.crash_at = None;
            self.crash();
            return Err(Trouble::Off);
        }
        self.steps += 1;
        Ok(())
    }

    fn before_read(&mut self, boot: u64) -> Result<(), Trouble> {
        self.alive(boot)?;
        self.obey(Operation::Read)
    }

    fn before_write(&mut self, boot: u64) -> Result<(), Trouble> {
        self.step(boot)?;
        self.obey(Operation::Write)
    }

    fn before_sync(&mut self, boot: u64) -> Result<(), Trouble> {
        self.step(boot)?;
        self.obey(Operation::Sync)
    }

    fn obey(&mut self, operation: Operation) -> Result<(), Trouble> {
        let Some(fault) = self.fault.as_mut().filter(|fault| fault.on == operation) else { return Ok(()) };
        if fault.after > 0 {
            fault.after -= 1;
            return Ok(());
        }
        self.failures += 1;
        fault.times -= 1;
        if fault.times == 0 {
            self.fault = None;
        }
        Err(Trouble::Broken)
    }
}
