//! The baseline: bare rusqlite, the same tables and rows, held statements, no rules.
use rusqlite::Connection;
use shared::base::StreamId;
use shared::desk::registry::REGISTRY;
use shared::journal::{Read, Row, Value};
use shared::ledger::balance;
use shared::store::append::entry_of;
use shared::store::{Opening, Store};
use shared::views::{Rows, Side};
use std::path::Path;

/// All that one entry wrote: its own row, and its rows in views.
pub struct Written {
    entry: Vec<Value>,
    rows: Vec<(String, Vec<Value>)>,
}

pub struct Bare {
    db: Connection,
}

const ENTRY: &str =
    "insert into entry (stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased, asked, folded)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";

/// The rows of an entry of a store, unmerged with those of other entries.
pub fn written(store: &Store, side: Side, here: StreamId, seq: u64) -> Written {
    let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased, asked, folded
               from entry where stream = ?1 and seq = ?2";
    let row: Row = store.row(sql, &[here.into(), seq.into()]).expect("read").expect("there");
    let entry = entry_of(&row);
    let fact = REGISTRY.fact(entry.kind, entry.version).expect("a fact");
    let mut rows = Rows::new(side);
    let read = (fact.fold)(entry.body.bytes().expect("kept"), &entry.head(), &mut rows).expect("readable");
    balance::put(&read.postings, Some(here), &mut rows);
    let rows = rows.settle().into_iter().map(|row| (row.table.upsert(), row.values)).collect();
    Written { entry: row.0, rows }
}

impl Written {
    pub fn count(&self) -> usize {
        self.rows.len() + 1
    }
}

impl Bare {
    pub fn new(path: &Path, side: Side) -> Bare {
        drop(Store::open(Opening { path: path.to_path_buf(), registry: &REGISTRY, side, lineage: None }).expect("the same tables"));
        let db = Connection::open(path).expect("opens");
        db.execute_batch("pragma synchronous = full; pragma wal_autocheckpoint = 0; pragma cache_size = -65536").expect("set");
        db.set_prepared_statement_cache_capacity(512);
        let stream =
            "insert into stream (stream, branch, seq, hash, stamp, device_key, predecessor, fork_seq, sealed, sealed_seq, heard_ms, acked)
                      values (x'01', x'', 0, x'', 0, x'', x'', 0, 0, 0, 0, 0)";
        db.execute(stream, []).expect("a stream");
        Bare { db }
    }

    /// One transaction with the rows of these entries; `extra`: a job, a draft and a meta row each, as a sale at a till has.
    pub fn write(&self, entries: &[Written], extra: bool) {
        self.db.execute_batch("begin immediate").expect("begins");
        for written in entries {
            self.put(ENTRY, &written.entry);
            for (sql, values) in &written.rows {
                self.put(sql, values);
            }
            self.put(
                "update stream set seq = ?1, hash = ?2, stamp = ?3 where stream = x'01'",
                &[Value::Int(1), Value::Blob([7; 32].into()), Value::Int(1)],
            );
            if extra {
                let id = written.entry[4].clone();
                let job = "insert into job (id, kind, queue, made_ms, state, tries, touched_ms, note, body) values (?1, 'print', 'receipt', 1, 0, 0, 1, '', ?2)";
                self.put(job, &[id.clone(), Value::Blob([7; 700].into())]);
                self.put("delete from draft where kind = 'bill' and id = ?1", &[id]);
                let meta = "insert into meta (name, value) values ('last_ms', ?1) on conflict (name) do update set value = excluded.value";
                self.put(meta, &[Value::Blob([1; 8].into())]);
            }
        }
        self.db.execute_batch("commit").expect("commits");
    }

    fn put(&self, sql: &str, values: &[Value]) {
        let mut statement = self.db.prepare_cached(sql).expect("fits the schema");
        for (i, value) in values.iter().enumerate() {
            match value {
                Value::Int(n) => statement.raw_bind_parameter(i + 1, n),
                Value::Text(text) => statement.raw_bind_parameter(i + 1, &**text),
                Value::Blob(bytes) => statement.raw_bind_parameter(i + 1, &**bytes),
            }
            .expect("binds");
        }
        statement.raw_execute().expect("written");
    }
}
