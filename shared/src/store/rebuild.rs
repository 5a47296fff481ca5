//! Every view dropped, folded again from entries and compared. Writes no job and lists nothing: no rebuild ever prints or sends.
use super::append::entry_of;
use super::documents;
use super::engine::{query, write};
use super::writer::Writer;
use super::{Store, schema};
use crate::base::guards::{Guard, on};
use crate::base::{DocumentId, StreamId};
use crate::documents::Fields;
use crate::documents::automerge::merge::Conflict;
use crate::journal::{Fault, Read, Value};
use crate::ledger::{balance, issued, issuers, liability};
use crate::views::{Rows, Table};
use std::collections::BTreeMap;

/// Entries folded between two writes of merged rows.
const CHUNK: usize = 5_000;

/// What a rebuild found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    pub entries: u64,
    pub documents: u64,
    /// Tables whose rows differ from what stood before, with the number of rows before and after.
    pub differing: Vec<(&'static str, usize, usize)>,
}

/// A digest and the row count of every view table kept here.
///
/// # Errors
/// A fault of the store.
pub fn digests(db: &dyn Read, tables: &[&'static Table]) -> Result<BTreeMap<&'static str, (blake3::Hash, usize)>, Fault> {
    let mut digests = BTreeMap::new();
    for table in tables {
        let mut hasher = blake3::Hasher::new();
        let rows = db.rows(ordered(table), &[])?;
        let mut counted = 0;
        for row in rows.iter().filter(|row| !empty_sum(table, &row.0)) {
            counted += 1;
            for value in &row.0 {
                match value {
                    Value::Int(n) => hasher.update(&[1]).update(&n.to_be_bytes()),
                    Value::Text(text) => hasher.update(&[2]).update(&(text.len() as u64).to_be_bytes()).update(text.as_bytes()),
                    Value::Blob(bytes) => hasher.update(&[3]).update(&(bytes.len() as u64).to_be_bytes()).update(bytes),
                };
            }
        }
        digests.insert(table.name, (hasher.finalize(), counted));
    }
    Ok(digests)
}

/// A sum that came to nothing stands for no row at all.
fn empty_sum(table: &Table, values: &[Value]) -> bool {
    table.law == crate::views::Law::Sum && values[table.key.len()..].iter().all(|value| *value == Value::Int(0))
}

fn ordered(table: &Table) -> &'static str {
    let names: Vec<&str> = table.key.iter().map(|column| column.name).collect();
    format!("select * from {} order by {}", table.name, names.join(", ")).leak()
}

impl Store {
    /// The view tables this replica keeps.
    pub fn tables(&self) -> Vec<&'static Table> {
        self.registry.tables.iter().copied().filter(|table| table.kept_at(self.side)).collect()
    }

    /// Drops every view, folds it again and compares, in one transaction: the store is never seen half built.
    ///
    /// # Errors
    /// A fault of the store; then nothing changed.
    pub fn rebuild(&mut self) -> Result<Rebuilt, Fault> {
        let tables = self.tables();
        self.transaction(|writer| {
            let before = digests(writer, &tables)?;
            let (documents, entries) = writer.fold_anew()?;
            if !on(Guard::JobOnce) {
                writer.execute("update job set state = 0 where state = 2", &[])?;
            }
            let after = digests(writer, &tables)?;
            let differing = tables
                .iter()
                .filter(|table| before[table.name].0 != after[table.name].0)
                .map(|table| (table.name, before[table.name].1, after[table.name].1));
            Ok(Rebuilt { entries, documents, differing: differing.collect() })
        })
    }
}

impl Writer<'_> {
    /// Merges every document again from its kept changes, and leaves it so; answers those that were something else before.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn merge_anew(&mut self) -> Result<Vec<DocumentId>, Fault> {
        let sql = "select document from document union select document from entry where document <> x'' order by 1";
        let ids: Vec<DocumentId> = query(self.db, sql, &[])?.iter().map(|row| DocumentId(row.raw(0))).collect();
        let mut differing = Vec::new();
        for id in ids {
            let before = self.content(id);
            write(self.db, "delete from document where document = ?1", &[id.into()])?;
            self.merge_again(id)?;
            if before != self.content(id) {
                differing.push(id);
            }
        }
        Ok(differing)
    }

    /// What a document says; none where it is not there or cannot be read.
    fn content(&self, id: DocumentId) -> Option<(u16, u32, Fields, Vec<Conflict>)> {
        let held = documents::held(self, id).ok().flatten()?;
        Some((held.kind, held.generation, held.document.fields(), held.document.conflicts()))
    }

    /// Every view folded again from what is kept; answers documents and entries.
    pub(super) fn fold_anew(&mut self) -> Result<(u64, u64), Fault> {
        let tables: Vec<&'static Table> = self.registry.tables.iter().copied().filter(|table| table.kept_at(self.side)).collect();
        self.empty(&tables)?;
        Ok((self.project_all()?, self.fold_all(&tables)?))
    }

    /// View tables, as they are declared now, empty.
    pub(super) fn empty(&mut self, tables: &[&'static Table]) -> Result<(), Fault> {
        self.memory.forget();
        for table in tables {
            let built = query(self.db, "select version from built where name = ?1", &[table.name.into()])?;
            if built.first().is_some_and(|row| row.int(0) == i64::from(table.version)) {
                write(self.db, &format!("delete from {}", table.name), &[])?;
                continue;
            }
            self.db.batch(&format!("drop table if exists {0}; delete from built where name = '{0}'", table.name))?;
            self.db.create(table)?;
        }
        Ok(())
    }

    pub(super) fn project_all(&mut self) -> Result<u64, Fault> {
        let ids = query(self.db, "select document from document order by document", &[])?;
        for row in &ids {
            self.project_again(DocumentId(row.raw(0)))?;
        }
        Ok(ids.len() as u64)
    }

    /// Folds every fact into some of the tables.
    pub(super) fn fold_all(&mut self, tables: &[&'static Table]) -> Result<u64, Fault> {
        let here = self.identity.map(|identity| identity.stream);
        let sql = format!(
            "select {} from entry where (stream, seq) > (?1, ?2) and folded = {} and kind < {} order by stream, seq limit {CHUNK}",
            super::append::ENTRY_COLUMNS,
            schema::FOLDED,
            crate::journal::entry::CHANGE
        );
        let (mut stream, mut seq, mut folded) = (StreamId([0; 16]), 0_u64, 0);
        loop {
            let chunk = query(self.db, &sql, &[stream.into(), seq.into()])?;
            let Some(last) = chunk.last().map(entry_of) else { return Ok(folded) };
            (stream, seq) = (last.stream, last.seq);
            let mut rows = Rows::new(self.side);
            for entry in chunk.iter().map(entry_of) {
                let (Some(bytes), Some(fact)) = (entry.body.bytes(), self.registry.fact(entry.kind, entry.version)) else { continue };
                let read = (fact.fold)(bytes, &entry.head(), &mut rows).map_err(|unreadable| Fault::Damaged(unreadable.to_string()))?;
                balance::put(&read.postings, here, &mut rows);
                issuers::put(&read.postings, &entry.head(), &mut rows);
                issued::put(&read.postings, &entry.head(), &mut rows);
                liability::put(&read.postings, read.day, &entry.head(), &mut rows);
                folded += 1;
            }
            rows.keep(tables);
            self.put(rows)?;
        }
    }
}
