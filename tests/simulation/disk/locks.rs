//! The locks that the connections of one machine hold on its database files: SQLite's five levels on the file, and the
//! eight slots of WAL mode. They live in memory; a crash or a kill frees them all.

use rusqlite::ffi;
use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicU32},
};

/// The slots of WAL mode.
const SLOTS: usize = ffi::SQLITE_SHM_NLOCK as usize;

/// One region of the memory that the connections to one database share (the index of the WAL).
pub type Region = Arc<[AtomicU32]>;

/// The locks on every file of one machine.
#[derive(Default)]
pub struct Table {
    files: BTreeMap<String, Held>,
    shared: BTreeMap<String, Memory>,
}

/// What all connections together hold on one file.
#[derive(Default)]
struct Held {
    readers: u32,
    /// The highest level above SHARED; only one connection is above SHARED.
    above: i32,
}

#[derive(Default)]
struct Memory {
    users: u32,
    regions: Vec<Region>,
    readers: [u32; SLOTS],
    writers: [bool; SLOTS],
}

impl Table {
    /// Raises a connection from level `held` to `wanted`; gives the level it has then, which is lower than `wanted` when
    /// others are in the way (PENDING is kept, so that new readers wait).
    pub fn raise(&mut self, name: &str, held: i32, wanted: i32) -> i32 {
        let file = self.files.entry(name.to_owned()).or_default();
        let others_above = file.above > 0 && held <= ffi::SQLITE_LOCK_SHARED;
        match wanted {
            _ if held >= wanted => held,
            ffi::SQLITE_LOCK_SHARED if file.above >= ffi::SQLITE_LOCK_PENDING => held,
            ffi::SQLITE_LOCK_SHARED => {
                file.readers += 1;
                wanted
            }
            _ if others_above => held,
            ffi::SQLITE_LOCK_EXCLUSIVE if file.readers > 1 => {
                file.above = ffi::SQLITE_LOCK_PENDING;
                ffi::SQLITE_LOCK_PENDING
            }
            _ => {
                file.above = wanted;
                wanted
            }
        }
    }

    /// Lowers a connection from level `held` to SHARED or NONE.
    pub fn lower(&mut self, name: &str, held: i32, wanted: i32) {
        let file = self.files.entry(name.to_owned()).or_default();
        if held > ffi::SQLITE_LOCK_SHARED {
            file.above = 0;
        }
        if held >= ffi::SQLITE_LOCK_SHARED && wanted == ffi::SQLITE_LOCK_NONE {
            file.readers -= 1;
        }
    }

    /// Whether any connection is at RESERVED or above.
    pub fn reserved(&self, name: &str) -> bool {
        self.files.get(name).is_some_and(|file| file.above >= ffi::SQLITE_LOCK_RESERVED)
    }

    /// A connection begins to use the shared memory of a database.
    pub fn share(&mut self, name: &str) {
        self.shared.entry(name.to_owned()).or_default().users += 1;
    }

    /// It ends to; the last one takes the memory with it.
    pub fn unshare(&mut self, name: &str) {
        if let Some(memory) = self.shared.get_mut(name) {
            memory.users = memory.users.saturating_sub(1);
            if memory.users == 0 {
                self.shared.remove(name);
            }
        }
    }

    /// The region of this number, made of zeros if `extend` and not there yet.
    pub fn region(&mut self, name: &str, number: usize, bytes: usize, extend: bool) -> Option<Region> {
        let regions = &mut self.shared.entry(name.to_owned()).or_default().regions;
        while extend && regions.len() <= number {
            regions.push((0..bytes / 4).map(|_| AtomicU32::new(0)).collect());
        }
        regions.get(number).cloned()
    }

    /// Takes the slots of `mask` for reading or writing; `mine` are those that this connection already reads.
    pub fn take_slots(&mut self, name: &str, mask: u8, mine: u8, exclusive: bool) -> bool {
        let memory = self.shared.entry(name.to_owned()).or_default();
        let wanted = || (0..SLOTS).filter(move |slot| mask & (1 << slot) != 0);
        let mine_at = |slot: usize| u32::from(mine & (1 << slot) != 0);
        let free = |slot: usize| !memory.writers[slot] && (!exclusive || memory.readers[slot] == mine_at(slot));
        if !wanted().all(free) {
            return false;
        }
        for slot in wanted() {
            if exclusive {
                memory.writers[slot] = true;
            } else {
                memory.readers[slot] += 1;
            }
        }
        true
    }

    /// Gives back slots that this connection holds.
    pub fn give_slots(&mut self, name: &str, reading: u8, writing: u8) {
        let memory = self.shared.entry(name.to_owned()).or_default();
        for slot in 0..SLOTS {
            memory.readers[slot] -= u32::from(reading & (1 << slot) != 0);
            memory.writers[slot] &= writing & (1 << slot) == 0;
        }
    }
}
