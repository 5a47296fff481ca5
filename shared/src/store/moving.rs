//! A store moves whole to another engine: every table, in chunks in the order of its key, so that what was cut short goes on where it ended. The
//! one it leaves must not be written meanwhile. What makes a store somebody's, `meta`, comes last: half a copy is nobody's.
use super::Store;
use super::engine::{Engine, query, write};
use super::schema::KEYS;
use crate::journal::{Fault, Read, Row, Value};
use crate::views::{Law, Table};
use std::collections::BTreeMap;
use std::path::Path;

/// Rows in one transaction.
const CHUNK: usize = 2_000;

/// Where this hub went, in `meta` of the store it left: it is not to be served from there any more.
pub const MOVED_TO: &str = "moved_to";

/// A table as it is copied.
#[derive(Clone, Copy)]
struct Copied {
    name: &'static str,
    key: &'static [&'static str],
    /// Rows that stand for nothing may be there on one side only.
    sums: Option<usize>,
}

/// What was compared of a table: its rows, and a digest of them.
pub type Figures = BTreeMap<&'static str, (u64, blake3::Hash)>;

impl Store {
    /// Copies everything from another database, as it is at one moment, into this one; `progress` is told table and rows.
    ///
    /// # Errors
    /// `Damaged` if this one is somebody's already; faults of either store, and then it goes on from there when it is called again.
    pub fn take_over(&mut self, from: &Path, progress: &mut dyn FnMut(&str, usize)) -> Result<(), Fault> {
        if self.identity.is_some() {
            return Err(Fault::Damaged("there is a hub in this database already".into()));
        }
        let source = Engine::reader(from)?;
        source.begin_reading()?;
        for table in self.copied() {
            let mut copied = 0;
            let mut last = last(&self.db, table)?;
            loop {
                let rows = chunk(&source, table, last.as_deref())?;
                let Some(row) = rows.last() else { break };
                last = Some(row.0[..table.key.len()].to_vec());
                copied += rows.len();
                self.transaction(|writer| writer.db.load(table.name, &rows))?;
                progress(table.name, copied);
            }
        }
        let meta: Vec<Row> = chunk(&source, META, None)?.into_iter().filter(|row| row.text(0) != MOVED_TO).collect();
        self.transaction(|writer| {
            write(writer.db, "delete from meta", &[])?;
            writer.db.load("meta", &meta)
        })?;
        self.others_wrote()
    }

    /// Rows and digest of every table, to be compared with those of another store.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn compared(&self) -> Result<Figures, Fault> {
        self.copied().into_iter().map(|table| Ok((table.name, figure(&self.db, table)?))).collect()
    }

    /// All but `meta`, which is copied last and by itself.
    fn copied(&self) -> Vec<Copied> {
        let core = KEYS.iter().filter(|(name, _)| *name != META.name).map(|(name, key)| Copied { name, key, sums: None });
        let view = |table: &'static Table| Copied {
            name: table.name,
            key: table.key.iter().map(|column| column.name).collect::<Vec<_>>().leak(),
            sums: (table.law == Law::Sum).then_some(table.key.len()),
        };
        core.chain(self.tables().into_iter().map(view)).collect()
    }
}

const META: Copied = Copied { name: "meta", key: &["name"], sums: None };

/// The rows after a key, a chunk at most.
fn chunk(db: &Engine, table: Copied, after: Option<&[Value]>) -> Result<Vec<Row>, Fault> {
    let (name, key) = (table.name, table.key.join(", "));
    let places: Vec<String> = (1..=table.key.len()).map(|i| format!("?{i}")).collect();
    let from = if after.is_some() { format!("where ({key}) > ({})", places.join(", ")) } else { String::new() };
    query(db, &format!("select * from {name} {from} order by {key} limit {CHUNK}"), after.unwrap_or_default())
}

fn last(db: &Engine, table: Copied) -> Result<Option<Vec<Value>>, Fault> {
    let columns = table.key.join(", ");
    let order: Vec<String> = table.key.iter().map(|column| format!("{column} desc")).collect();
    let rows = query(db, &format!("select {columns} from {} order by {} limit 1", table.name, order.join(", ")), &[])?;
    Ok(rows.into_iter().next().map(|row| row.0))
}

fn figure(db: &Engine, table: Copied) -> Result<(u64, blake3::Hash), Fault> {
    let (mut hasher, mut counted, mut after) = (blake3::Hasher::new(), 0, None::<Vec<Value>>);
    loop {
        let rows = chunk(db, table, after.as_deref())?;
        let Some(row) = rows.last() else { return Ok((counted, hasher.finalize())) };
        after = Some(row.0[..table.key.len()].to_vec());
        let nothing = |row: &&Row| table.sums.is_some_and(|from| row.0[from..].iter().all(|value| *value == Value::Int(0)));
        for row in rows.iter().filter(|row| !nothing(row)) {
            counted += 1;
            row.0.iter().for_each(|value| hash(value, &mut hasher));
        }
    }
}

/// One cell, apart from every other.
pub(super) fn hash(value: &Value, hasher: &mut blake3::Hasher) {
    match value {
        Value::Int(n) => hasher.update(&[1]).update(&n.to_be_bytes()),
        Value::Text(text) => hasher.update(&[2]).update(&(text.len() as u64).to_be_bytes()).update(text.as_bytes()),
        Value::Blob(bytes) => hasher.update(&[3]).update(&(bytes.len() as u64).to_be_bytes()).update(bytes),
    };
}

/// Where the hub of a store went; none if it is still there.
///
/// # Errors
/// A fault of the store.
pub fn moved_to(db: &dyn Read) -> Result<Option<String>, Fault> {
    Ok(super::writer::meta(db, MOVED_TO)?.map(|to| String::from_utf8_lossy(&to).into_owned()))
}
