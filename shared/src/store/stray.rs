//! Strays: entries of a history that its author and head office lost together, when both were put back to older disks. Other replicas hold them under
//! numbers that the author has given to other entries since. Whatever head office holds under a number stands; a stray is kept beside it under a name
//! of its own, a sealed place like that of a second side.
use super::engine::{query, write};
use super::schema::{ASIDE, FOLDED, WAITING};
use super::writer::{Writer, stream_head};
use crate::base::ids::derived;
use crate::base::{BranchId, StreamId};
use crate::facts::journal::FORK;
use crate::journal::entry::NO_HASH;
use crate::journal::{Entry, Fault, Read};

impl Writer<'_> {
    /// The entry that is held under the number of this one, if that is another.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn held_otherwise(&self, entry: &Entry) -> Result<Option<Entry>, Fault> {
        let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased from entry where stream = ?1 and seq = ?2";
        let held = self.row(sql, &[entry.stream.into(), entry.seq.into()])?.as_ref().map(super::append::entry_of);
        Ok(held.filter(|held| held.hash(&NO_HASH) != entry.hash(&NO_HASH)))
    }

    /// At the hub: keeps an entry whose number another entry has, and books what it posts to the place of its new name. Answers that name; none if it is
    /// kept already.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn keep_stray(&mut self, entry: &Entry) -> Result<Option<StreamId>, Fault> {
        let stray = self.know_stray(entry)?;
        self.rename_in_pages(entry.stream, entry.seq, stray)?;
        let booked = self.take_in(&[Entry { stream: stray, ..entry.clone() }])?;
        Ok((booked != [super::Arrived::Known]).then_some(stray))
    }

    /// Is this entry kept as a stray?
    ///
    /// # Errors
    /// A fault of the store.
    pub fn holds_stray(&self, entry: &Entry) -> Result<bool, Fault> {
        let sql = "select count(*) from entry where stream = ?1 and seq = ?2";
        Ok(self.number(sql, &[stray_name(entry).into(), entry.seq.into()])? > 0)
    }

    /// At an edge: head office holds other entries under numbers that this replica learned in an earlier epoch. What is held here makes room for them;
    /// documents that it changed begin anew, as head office says in the same feed.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn make_room(&mut self, entries: &[Entry]) -> Result<(), Fault> {
        let own = self.stream(self.identity()?.stream)?.map(|head| head.device_key);
        let mut facts = false;
        for entry in entries {
            let Some(held) = self.held_otherwise(entry)? else { continue };
            // What this install wrote itself is parted when the hub says so.
            if self.stream(entry.stream)?.is_some_and(|head| Some(head.device_key) == own) {
                continue;
            }
            let stray = self.know_stray(&held)?;
            self.rename_in_pages(held.stream, held.seq, stray)?;
            self.rename(&held, stray)?;
            facts |= !held.is_change();
        }
        if facts { self.fold_anew().map(|_| ()) } else { Ok(()) }
    }

    /// At the hub: facts that stand on a second side of `name`. What was booked of them as strays is booked there instead, and what waited under the name
    /// of the first side waits no more. All of it stays, as what pages say.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn gather_strays(&mut self, name: StreamId, side: &[Entry]) -> Result<(), Fault> {
        let mut gathered = 0;
        for entry in side.iter().filter(|entry| !entry.is_change()) {
            let written = Entry { stream: name, ..entry.clone() };
            let set_aside = "update entry set folded = ?3 where stream = ?1 and seq = ?2 and folded = ?4";
            let key = |stream: StreamId, from: i64| [stream.into(), entry.seq.into(), ASIDE.into(), from.into()];
            if self.held_otherwise(&written)?.is_none() {
                write(self.db, set_aside, &key(name, WAITING))?;
            }
            gathered += write(self.db, set_aside, &key(stray_name(&written), FOLDED))?;
        }
        if gathered > 0 { self.fold_anew().map(|_| ()) } else { Ok(()) }
    }

    fn know_stray(&mut self, entry: &Entry) -> Result<StreamId, Fault> {
        let stray = stray_name(entry);
        if self.stream(stray)?.is_none() {
            let branch = self.stream(entry.stream)?.and_then(|head| head.branch).unwrap_or(BranchId([0; 16]));
            self.know_stream(stray, Some(branch), &[0; 32], Some(entry.stream))?;
            self.mark_side(stray, entry.seq)?;
            self.seal_head(stray, FORK, entry.seq)?;
        }
        Ok(stray)
    }

    fn rename(&mut self, entry: &Entry, to: StreamId) -> Result<(), Fault> {
        for sql in [
            "update entry set stream = ?3 where stream = ?1 and seq = ?2",
            "update set_aside set stream = ?3 where stream = ?1 and seq = ?2",
            "update feed set stream = ?3 where stream = ?1 and seq = ?2",
        ] {
            write(self.db, sql, &[entry.stream.into(), entry.seq.into(), to.into()])?;
        }
        Ok(())
    }

    /// Pages that brought an entry go on to find it.
    fn rename_in_pages(&mut self, stream: StreamId, seq: u64, to: StreamId) -> Result<(), Fault> {
        let key = |stream: StreamId| [stream.bytes(), &seq.to_be_bytes()].concat();
        let (old, new) = (key(stream), key(to));
        for row in query(self.db, "select epoch, scope, upto, entries from page", &[])? {
            let keys: Vec<u8> = row.blob(3).chunks(old.len()).flat_map(|key| if key == old { new.clone() } else { key.to_vec() }).collect();
            if keys != row.blob(3) {
                let sql = "update page set entries = ?4 where epoch = ?1 and scope = ?2 and upto = ?3";
                write(self.db, sql, &[row.0[0].clone(), row.0[1].clone(), row.0[2].clone(), keys.into()])?;
            }
        }
        Ok(())
    }
}

/// One name for one entry, at every replica.
fn stray_name(entry: &Entry) -> StreamId {
    StreamId(derived("stray", &[entry.stream.bytes(), &entry.seq.to_be_bytes(), &entry.hash(&NO_HASH)]))
}

/// The stream in which a stray was written; none if this is no name of a stray.
///
/// # Errors
/// A fault of the store.
pub fn strayed_from(db: &dyn Read, stream: StreamId) -> Result<Option<StreamId>, Fault> {
    let head = stream_head(db, stream)?.filter(|head| head.nameless() && head.fork_seq > 0);
    Ok(head.and_then(|head| head.predecessor))
}
