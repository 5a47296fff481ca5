//! The first start of a newer binary: views that changed are folded anew, entries that could not be read before are folded now. An older binary
//! refuses a store in whose own stream a newer one wrote kinds that it does not know: it would decide without them.
use super::Store;
use super::append::{Arrived, ENTRY_COLUMNS, entry_of};
use super::engine::{is_server, query};
use super::schema::UNKNOWN;
use super::writer::{Writer, meta};
use crate::journal::entry::CHANGE;
use crate::journal::{Entry, Fault};
use crate::views::{Law, Rows, Table};
use std::collections::BTreeSet;

/// Unknown entries tried in one go.
const CHUNK: i64 = 1_000;

/// Which tables stand, in `meta`: a process of another version sees that it was overtaken.
const TABLES: &str = "tables";
const OVERTAKEN: &str = "another version of this program serves this database; start that version here too";

impl Store {
    /// Brings a store that another version of this program wrote up to this one's views and kinds, in one transaction.
    ///
    /// # Errors
    /// `Damaged` if a newer version wrote to the own stream; faults of the store, and then nothing changed.
    pub(super) fn upgrade(&mut self) -> Result<(), Fault> {
        self.refuse_newer()?;
        let outdated = self.outdated()?;
        let known = known(self.registry);
        if outdated.is_empty() && self.is_current()? {
            return Ok(());
        }
        if self.db.begin()? {
            self.others_wrote()?;
        }
        // Another process of this hub may have done it while this one waited.
        let outdated = self.outdated()?;
        let made = made(&self.tables());
        let mut writer = Writer::new(&self.db, self.registry, self.side, self.identity, &self.memory);
        let done = writer.upgrade(&outdated, &known).and_then(|()| writer.set_meta(TABLES, &made)).and_then(|()| self.db.commit());
        self.memory.forget();
        if done.is_err() {
            self.db.roll_back();
        }
        done
    }

    /// Were kinds and tables of this database brought up to date by this very version?
    fn is_current(&self) -> Result<bool, Fault> {
        let found = query(&self.db, "select value from meta where name in ('kinds', 'tables') order by name", &[])?;
        let own = [known(self.registry), made(&self.tables())];
        Ok(found.iter().map(|row| row.blob(0)).eq(own.iter().map(Vec::as_slice)))
    }

    /// Another process of this hub may be of another version: what that made of the views, and which kinds it folds, this one must not write into.
    ///
    /// # Errors
    /// `Damaged`; faults of the store.
    pub(super) fn refuse_overtaken(&self) -> Result<(), Fault> {
        if self.identity.is_none() || self.is_current()? { Ok(()) } else { Err(Fault::Damaged(OVERTAKEN.into())) }
    }

    /// Tables that are missing or were made for another version.
    fn outdated(&self) -> Result<Vec<&'static Table>, Fault> {
        let built = query(&self.db, "select name, version from built", &[])?;
        let made = |table: &Table| built.iter().any(|row| row.text(0) == table.name && row.int(1) == i64::from(table.version));
        Ok(self.tables().into_iter().filter(|table| !made(table)).collect())
    }

    /// Is a table of a later version than this one makes? Where several processes serve, one that starts again must not take it back.
    fn is_behind(&self) -> Result<bool, Fault> {
        let built = query(&self.db, "select name, version from built", &[])?;
        let later = |table: &Table| built.iter().any(|row| row.text(0) == table.name && row.int(1) > i64::from(table.version));
        Ok(self.tables().into_iter().any(later))
    }

    fn refuse_newer(&self) -> Result<(), Fault> {
        let Some(identity) = self.identity else { return Ok(()) };
        let known = known(self.registry);
        let written = meta(&self.db, "kinds")?.unwrap_or_default();
        if is_server(&self.path) && (!kinds(&written).is_subset(&kinds(&known)) || self.is_behind()?) {
            return Err(Fault::Damaged(OVERTAKEN.into()));
        }
        for kind in kinds(&written).difference(&kinds(&known)) {
            let sql = "select count(*) from (select 1 from entry where stream = ?1 and kind = ?2 and version = ?3 limit 1) as used";
            let used = query(&self.db, sql, &[identity.stream.into(), kind.0.into(), kind.1.into()])?;
            if used.first().is_some_and(|row| row.int(0) > 0) {
                let why = format!("a newer version wrote entries of kind {} version {} here: start that version", kind.0, kind.1);
                return Err(Fault::Damaged(why));
            }
        }
        Ok(())
    }
}

/// Name and version of every table, in short.
fn made(tables: &[&'static Table]) -> Vec<u8> {
    let all: BTreeSet<(&str, u32)> = tables.iter().map(|table| (table.name, table.version)).collect();
    let mut hasher = blake3::Hasher::new();
    for (name, version) in all {
        hasher.update(name.as_bytes()).update(&version.to_be_bytes());
    }
    hasher.finalize().as_bytes().to_vec()
}

/// Kind and version of every fact, 3 bytes each, in order.
fn known(registry: &crate::views::Registry) -> Vec<u8> {
    let kinds: BTreeSet<(u16, u8)> = registry.facts.iter().map(|fact| (fact.kind, fact.version)).collect();
    let documents = registry.documents.iter().map(|document| (CHANGE | document.kind.number(), 1));
    kinds
        .into_iter()
        .chain(documents.collect::<BTreeSet<_>>())
        .flat_map(|(kind, version)| [(kind >> 8) as u8, kind as u8, version])
        .collect()
}

fn kinds(bytes: &[u8]) -> BTreeSet<(u16, u8)> {
    bytes.chunks_exact(3).map(|kind| (u16::from_be_bytes([kind[0], kind[1]]), kind[2])).collect()
}

impl Writer<'_> {
    fn upgrade(&mut self, outdated: &[&'static Table], known: &[u8]) -> Result<(), Fault> {
        self.empty(outdated)?;
        if !outdated.is_empty() && self.identity.is_some() {
            tracing::info!(tables = outdated.len(), "store.views_folded_anew");
            if outdated.iter().any(|table| table.law == Law::Projected) {
                self.project_all()?;
            }
            self.fold_all(outdated)?;
        }
        if self.identity.is_some() {
            self.fold_unknown()?;
        }
        self.set_meta("kinds", known)?;
        self.flush_feed()
    }

    /// Folds entries that an earlier version kept unread; the laws commute, so they may come late.
    fn fold_unknown(&mut self) -> Result<(), Fault> {
        let sql = format!(
            "select {ENTRY_COLUMNS} from entry where folded = {UNKNOWN} and (stream, seq) > (?1, ?2) order by stream, seq limit {CHUNK}"
        );
        let (mut stream, mut seq) = (crate::base::StreamId([0; 16]), 0_u64);
        loop {
            let entries: Vec<Entry> = query(self.db, &sql, &[stream.into(), seq.into()])?.iter().map(entry_of).collect();
            let Some(last) = entries.last() else { return Ok(()) };
            (stream, seq) = (last.stream, last.seq);
            let mut rows = Rows::new(self.side);
            for entry in &entries {
                let outcome = self.fold(entry, None, &mut rows)?;
                if outcome == Arrived::Unknown {
                    continue;
                }
                self.note(entry, &outcome)?;
                if let Some((document, generation)) = entry.document.filter(|_| outcome == Arrived::Folded) {
                    self.release_waiting(document, generation, &mut rows)?;
                }
            }
            self.put(rows)?;
        }
    }
}
