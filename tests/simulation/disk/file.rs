//! One file: what the running machine sees, what the medium holds, and the changes between the two that no sync has carried over.

use super::{super::chance::Chance, content::Content};

/// What the medium writes whole or not at all, in bytes.
pub const SECTOR: usize = 512;

/// A change that the medium may or may not have when the power goes.
#[derive(Debug, Clone)]
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Length(usize),
}

/// One file of a simulated disk.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// What the machine sees; `None` after it was removed.
    content: Option<Content>,
    /// What the medium holds for certain; `None` while its name was never synced.
    durable: Option<Content>,
    changes: Vec<Change>,
    /// Some of what the machine sees never reaches the medium.
    parted: bool,
    /// Its name is new and not yet on the medium.
    fresh: bool,
}

impl File {
    /// A file that the medium holds.
    pub fn durable(content: Content) -> Self {
        File { content: Some(content.clone()), durable: Some(content), ..File::default() }
    }

    /// What the machine sees.
    pub fn seen(&self) -> Option<&Content> {
        self.content.as_ref()
    }

    /// Opens it for writing; a removed one begins empty.
    pub fn create(&mut self) {
        if self.content.is_none() {
            (self.content, self.fresh, self.parted) = (Some(Content::default()), true, false);
            self.changes.push(Change::Length(0));
        }
    }

    /// How much longer it would become.
    pub fn growth(&self, offset: usize, length: usize) -> usize {
        (offset + length).saturating_sub(self.seen().map_or(0, Content::len))
    }

    /// Writes; a gap before `offset` reads as zeros.
    pub fn write(&mut self, offset: usize, bytes: &[u8]) {
        self.content.get_or_insert_default().write(offset, bytes);
        self.changes.push(Change::Write { offset, bytes: bytes.to_vec() });
    }

    /// Cuts or lengthens it.
    pub fn set_length(&mut self, length: usize) {
        self.content.get_or_insert_default().resize(length);
        self.changes.push(Change::Length(length));
    }

    /// Everything reaches the medium. True if its name was new: then SQLite syncs the directory too, and with it every
    /// earlier removal.
    pub fn sync(&mut self) -> bool {
        match &self.content {
            Some(content) if !self.parted => {
                self.durable = Some(content.clone());
                self.changes.clear();
            }
            _ => {
                let durable = self.durable.get_or_insert_default();
                self.changes.drain(..).for_each(|change| change.reach(durable));
            }
        }
        std::mem::take(&mut self.fresh)
    }

    /// The sync failed and the machine drops the pages as clean (as Linux does): they are seen, and never reach the medium.
    pub fn lose_changes(&mut self) {
        self.parted |= !self.changes.is_empty();
        self.changes.clear();
    }

    /// Removes it; certain only if `synced`.
    pub fn remove(&mut self, synced: bool) {
        self.content = None;
        if synced {
            *self = File::default();
        }
    }

    /// The power goes. How much of the unsynced changes the medium has is one of: nothing, all, those up to some moment with
    /// the last one torn, each sector for itself.
    pub fn crash(&mut self, chance: &mut Chance) {
        let removed = self.content.is_none() && chance.percent(50);
        let named = self.durable.is_some() || chance.percent(50);
        let changes = std::mem::take(&mut self.changes);
        if removed || !named {
            *self = File::default();
            return;
        }
        let medium = self.durable.get_or_insert_default();
        let end = chance.index(changes.len() + 1);
        match chance.below(4) {
            0 => {}
            1 => changes.iter().for_each(|change| change.reach(medium)),
            2 => {
                changes.iter().take(end).for_each(|change| change.reach(medium));
                changes.iter().skip(end).take(1).for_each(|change| change.reach_torn(medium, chance));
            }
            _ => changes.iter().for_each(|change| change.reach_torn(medium, chance)),
        }
        (self.content, self.fresh, self.parted) = (self.durable.clone(), false, false);
    }
}

impl Change {
    fn reach(&self, medium: &mut Content) {
        match self {
            Change::Write { offset, bytes } => medium.write(*offset, bytes),
            Change::Length(length) => medium.resize(*length),
        }
    }

    /// Each sector that the change touches arrives or not.
    fn reach_torn(&self, medium: &mut Content, chance: &mut Chance) {
        match self {
            Change::Length(length) if chance.percent(50) => medium.resize(*length),
            Change::Length(_) => {}
            Change::Write { offset, bytes } => {
                let mut at = 0;
                while at < bytes.len() {
                    let next = (SECTOR - (offset + at) % SECTOR + at).min(bytes.len());
                    if chance.percent(50) {
                        medium.write(offset + at, &bytes[at..next]);
                    }
                    at = next;
                }
            }
        }
    }
}
