//! The baseline: bare rusqlite, the same tables and rows, held statements, no rules.
use rusqlite::{CachedStatement, Connection};
use shared::base::StreamId;
use shared::desk::registry::REGISTRY;
use shared::journal::{Entry, Read, Row, Value};
use shared::ledger::{balance, issued, issuers, liability};
use shared::store::append::entry_of;
use shared::store::{Opening, Store};
use shared::views::{Rows, Side};
use std::collections::BTreeMap;
use std::path::Path;

/// All that one entry wrote: its own row, and its rows in views.
pub struct Written {
    entry: Vec<Value>,
    rows: Vec<Put>,
}

/// A row, the statement that puts it, and the number of its table.
struct Put {
    table: u16,
    sql: String,
    values: Vec<Value>,
}

pub struct Bare {
    db: Connection,
}

const ENTRY: &str =
    "insert into entry (stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased, asked, folded)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
const STREAM: &str =
    "insert into stream (stream, branch, seq, hash, stamp, device_key, predecessor, fork_seq, sealed, sealed_seq, heard_ms, acked)
    values (x'01', x'', 0, x'', 0, x'', x'', 0, 0, 0, 0, 0)";
const STATEMENT: &str = "insert into statement (scope, topic, key, position, as_of, body) values (?1, ?2, ?3, ?4, ?5, ?6)
    on conflict (scope, topic, key) do update set position = excluded.position, as_of = excluded.as_of, body = excluded.body";
const JOB: &str =
    "insert into job (id, kind, queue, made_ms, state, tries, touched_ms, note, body) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const META: &str = "insert into meta (name, value) values ('last_ms', ?1) on conflict (name) do update set value = excluded.value";

/// The rows of an entry of a store, unmerged with those of other entries.
pub fn written(store: &Store, side: Side, here: StreamId, seq: u64) -> Written {
    let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased, asked, folded
               from entry where stream = ?1 and seq = ?2";
    let row: Row = store.row(sql, &[here.into(), seq.into()]).expect("read").expect("there");
    Written { rows: rows(&entry_of(&row), side), entry: row.0 }
}

fn rows(entry: &Entry, side: Side) -> Vec<Put> {
    let fact = REGISTRY.fact(entry.kind, entry.version).expect("a fact");
    let mut rows = Rows::new(side);
    let read = (fact.fold)(entry.body.bytes().expect("kept"), &entry.head(), &mut rows).expect("readable");
    balance::put(&read.postings, Some(entry.stream), &mut rows);
    issuers::put(&read.postings, &entry.head(), &mut rows);
    issued::put(&read.postings, &entry.head(), &mut rows);
    liability::put(&read.postings, read.day, &entry.head(), &mut rows);
    rows.settle().into_iter().map(|row| Put { table: row.table.no, sql: row.table.upsert(), values: row.values }).collect()
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
        db.execute(STREAM, []).expect("a stream");
        Bare { db }
    }

    /// A bill that the next sale takes away, as each line writes it. Not measured.
    pub fn lay_draft(&self, body: &Value) {
        let sql =
            "insert into draft (kind, id, body) values ('bill', x'0001', ?1) on conflict (kind, id) do update set body = excluded.body";
        self.put(sql, std::slice::from_ref(body));
    }

    /// A sale at a till: its entry with all rows, the stream's head, the job of its slip, its bill gone, the clock noted; one transaction.
    #[inline(never)]
    pub fn sale(&self, written: &Written, job: &[Value]) {
        self.put("begin immediate", &[]);
        self.entry(written, &mut BTreeMap::new());
        self.head();
        self.put(JOB, job);
        self.put("delete from draft where kind = 'bill' and id = x'0001'", &[]);
        self.put(META, &[Value::Blob([1; 8].into())]);
        self.put("commit", &[]);
    }

    /// A batch at the hub: entries with all rows, unmerged; the stream's head, its signature, and the statements that were told.
    #[inline(never)]
    pub fn batch(&self, entries: &[Written], told: &[Row]) {
        self.put("begin immediate", &[]);
        let mut held = BTreeMap::new();
        for written in entries {
            self.entry(written, &mut held);
        }
        drop(held);
        self.head();
        let last = &entries[entries.len() - 1].entry;
        let signature = "insert into signature (stream, last, first, hash, signature) values (?1, ?2, 1, ?3, ?4)";
        self.put(signature, &[last[0].clone(), last[1].clone(), Value::Blob([7; 32].into()), Value::Blob([7; 64].into())]);
        for row in told {
            self.put(STATEMENT, &row.0);
        }
        let feed = "insert into feed_head (scope, next) values (x'', ?1) on conflict (scope) do update set next = excluded.next";
        self.put(feed, &[Value::Int(1)]);
        self.put("commit", &[]);
    }

    /// Statements are taken once and held for the whole transaction.
    fn entry<'w>(&'w self, written: &'w Written, held: &mut BTreeMap<u16, CachedStatement<'w>>) {
        execute(held.entry(0).or_insert_with(|| self.prepared(ENTRY)), &written.entry);
        for Put { table, sql, values } in &written.rows {
            execute(held.entry(*table).or_insert_with(|| self.prepared(sql)), values);
        }
    }

    fn head(&self) {
        let sql = "update stream set seq = ?1, hash = ?2, stamp = ?3 where stream = x'01'";
        self.put(sql, &[Value::Int(1), Value::Blob([7; 32].into()), Value::Int(1)]);
    }

    fn put(&self, sql: &str, values: &[Value]) {
        execute(&mut self.prepared(sql), values);
    }

    fn prepared(&self, sql: &str) -> CachedStatement<'_> {
        self.db.prepare_cached(sql).expect("fits the schema")
    }
}

fn execute(statement: &mut CachedStatement<'_>, values: &[Value]) {
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
