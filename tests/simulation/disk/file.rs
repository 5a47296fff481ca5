//! One file: what the running machine sees, what the medium holds, and the changes between the two that no sync has carried over.

use super::super::chance::Chance;

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
    content: Option<Vec<u8>>,
    /// What the medium holds for certain; `None` while its name was never synced.
    durable: Option<Vec<u8>>,
    changes: Vec<Change>,
    /// Its name is new and not yet on the medium.
    fresh: bool,
}

impl File {
    /// A file that the medium holds.
    pub fn durable(bytes: Vec<u8>) -> Self {
        File { content: Some(bytes.clone()), durable: Some(bytes), changes: Vec::new(), fresh: false }
    }

    /// What the machine sees.
    pub fn seen(&self) -> Option<&[u8]> {
        self.content.as_deref()
    }

    /// Opens it for writing; a removed one begins empty.
    pub fn create(&mut self) {
        if self.content.is_none() {
            (self.content, self.fresh) = (Some(Vec::new()), true);
            self.changes.push(Change::Length(0));
        }
    }

    /// How much longer it would become.
    pub fn growth(&self, offset: usize, length: usize) -> usize {
        (offset + length).saturating_sub(self.seen().map_or(0, <[u8]>::len))
    }

    /// Writes; a gap before `offset` reads as zeros.
    pub fn write(&mut self, offset: usize, bytes: &[u8]) {
        put(self.content.get_or_insert_default(), offset, bytes);
        self.changes.push(Change::Write { offset, bytes: bytes.to_vec() });
    }

    /// Cuts or lengthens it.
    pub fn set_length(&mut self, length: usize) {
        self.content.get_or_insert_default().resize(length, 0);
        self.changes.push(Change::Length(length));
    }

    /// Everything reaches the medium. True if its name was new: then SQLite syncs the directory too, and with it every
    /// earlier removal.
    pub fn sync(&mut self) -> bool {
        let durable = self.durable.get_or_insert_default();
        for change in self.changes.drain(..) {
            change.reach(durable);
        }
        std::mem::take(&mut self.fresh)
    }

    /// The sync failed and the machine drops the pages as clean (as Linux does): they are seen, and never reach the medium.
    pub fn lose_changes(&mut self) {
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
        (self.content, self.fresh) = (self.durable.clone(), false);
    }
}

impl Change {
    fn reach(&self, medium: &mut Vec<u8>) {
        match self {
            Change::Write { offset, bytes } => put(medium, *offset, bytes),
            Change::Length(length) => medium.resize(*length, 0),
        }
    }

    /// Each sector that the change touches arrives or not.
    fn reach_torn(&self, medium: &mut Vec<u8>, chance: &mut Chance) {
        match self {
            Change::Length(length) if chance.percent(50) => medium.resize(*length, 0),
            Change::Length(_) => {}
            Change::Write { offset, bytes } => {
                let mut at = 0;
                while at < bytes.len() {
                    let next = (SECTOR - (offset + at) % SECTOR + at).min(bytes.len());
                    if chance.percent(50) {
                        put(medium, offset + at, &bytes[at..next]);
                    }
                    at = next;
                }
            }
        }
    }
}

fn put(content: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    if content.len() == offset {
        // Most writes are at the end of the log.
        return content.extend_from_slice(bytes);
    }
    let end = offset + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[offset..end].copy_from_slice(bytes);
}
