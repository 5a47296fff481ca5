//! What a store asks of the engine below it, and no more: statements with numbered parameters, settled rows of one table in bulk, one
//! transaction at a time. Two engines; which one, the address says. SQL here is the subset that both share.
use super::postgres::{self, Database};
use super::sqlite;
use crate::base::guards::{Guard, on};
use crate::journal::{Fault, Read, Row, Value};
use crate::views::{self, Table};
use rusqlite::Connection;
use std::path::Path;

/// A connection to either engine.
pub(super) enum Engine {
    Sqlite(Connection),
    Postgres(Box<Database>),
}

/// Is this the address of a server, not of a file?
pub fn is_server(path: &Path) -> bool {
    path.to_str().is_some_and(|text| ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme)))
}

impl Engine {
    /// Opens or creates the database for a writer and brings its core tables up to date.
    pub fn open(path: &Path) -> Result<Engine, Fault> {
        if is_server(path) { Ok(Engine::Postgres(Box::new(Database::open(path)?))) } else { sqlite::open(path).map(Engine::Sqlite) }
    }

    /// A connection that only reads.
    pub fn reader(path: &Path) -> Result<Engine, Fault> {
        if is_server(path) { Ok(Engine::Postgres(Box::new(Database::connect(path)?))) } else { sqlite::reader(path).map(Engine::Sqlite) }
    }

    /// Begins the writer's transaction; answers whether somebody else wrote since the last one here.
    pub fn begin(&self) -> Result<bool, Fault> {
        match self {
            Engine::Sqlite(db) => sqlite::write(db, "begin immediate", &[]).map(|_| false),
            Engine::Postgres(db) => db.begin(),
        }
    }

    pub fn commit(&self) -> Result<(), Fault> {
        match self {
            Engine::Sqlite(db) => sqlite::write(db, "commit", &[]).map(|_| ()).inspect_err(|_| {
                self.roll_back();
                sqlite::clear_log(db);
            }),
            Engine::Postgres(db) => db.commit(),
        }
    }

    /// Ends an open transaction without a trace. A failed rollback leaves it to the next open, or to the server, which rolls it back.
    pub fn roll_back(&self) {
        let _ = match self {
            Engine::Sqlite(db) if db.is_autocommit() => Ok(()),
            Engine::Sqlite(db) => sqlite::batch(db, "rollback"),
            Engine::Postgres(db) => db.end(),
        };
    }

    /// From here to `end_reading` every answer comes from one committed state.
    pub fn begin_reading(&self) -> Result<(), Fault> {
        match self {
            Engine::Sqlite(db) => sqlite::batch(db, "begin"),
            Engine::Postgres(db) => db.begin_reading(),
        }
    }

    pub fn end_reading(&self) -> Result<(), Fault> {
        match self {
            Engine::Sqlite(db) => sqlite::batch(db, "rollback"),
            Engine::Postgres(db) => db.end(),
        }
    }

    /// Statements without parameters or answer.
    pub fn batch(&self, sql: &str) -> Result<(), Fault> {
        match self {
            Engine::Sqlite(db) => sqlite::batch(db, sql),
            Engine::Postgres(db) => db.batch(sql),
        }
    }

    /// Creates an empty view table with its indexes and notes its version.
    pub fn create(&self, table: &Table) -> Result<(), Fault> {
        let create = match self {
            Engine::Sqlite(_) => table.create(table.name, " strict, without rowid"),
            Engine::Postgres(_) => postgres::table(&table.create(table.name, postgres::room(table.law))),
        };
        self.batch(&create)?;
        for (name, on) in table.indexes {
            self.batch(&format!("create index {name} on {} ({on})", table.name))?;
        }
        write(self, "insert into built (name, version) values (?1, ?2)", &[table.name.into(), table.version.into()]).map(|_| ())
    }

    /// Writes settled rows of one table, each met with what stands by the table's law.
    pub fn put(&self, table: &Table, rows: &[views::rows::Row]) -> Result<(), Fault> {
        match self {
            // One text per table, made once per process; one statement for all of its rows.
            Engine::Sqlite(db) => {
                let guarded = on(Guard::Law) && on(Guard::TieBreak);
                let sql = if guarded { text(table.name, || table.upsert()) } else { table.upsert().leak() };
                sqlite::write_all(db, sql, rows.iter().map(|row| row.values.as_slice()))
            }
            Engine::Postgres(db) => db.put(table, rows),
        }
    }

    /// Puts rows into a table as they are, every column in its place.
    pub fn load(&self, name: &str, rows: &[Row]) -> Result<(), Fault> {
        let places: Vec<String> = (1..=rows.first().map_or(0, |row| row.0.len())).map(|i| format!("?{i}")).collect();
        self.write_all(&format!("insert into {name} values ({})", places.join(", ")), rows)
    }

    /// Runs a statement that inserts `values (?1, …)` for each of many rows; a server is told all at once.
    pub fn write_all(&self, sql: &str, rows: &[Row]) -> Result<(), Fault> {
        match self {
            Engine::Sqlite(db) => sqlite::write_all(db, sql, rows.iter().map(|row| row.0.as_slice())),
            Engine::Postgres(db) => db.write_all(sql, rows),
        }
    }
}

impl Read for Engine {
    fn rows(&self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
        query(self, sql, parameters)
    }

    fn rows_each(&self, sql: &'static str, keys: &[Value]) -> Result<Vec<Vec<Row>>, Fault> {
        match self {
            Engine::Sqlite(_) => keys.iter().map(|key| query(self, sql, std::slice::from_ref(key))).collect(),
            Engine::Postgres(db) => db.query_each(sql, keys),
        }
    }
}

/// All rows of a statement.
pub(super) fn query(db: &Engine, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
    match db {
        Engine::Sqlite(db) => sqlite::query(db, sql, parameters),
        Engine::Postgres(db) => db.query(sql, parameters),
    }
}

/// Runs a statement that changes rows; answers how many.
pub(super) fn write(db: &Engine, sql: &str, parameters: &[Value]) -> Result<usize, Fault> {
    match db {
        Engine::Sqlite(db) => sqlite::write(db, sql, parameters),
        Engine::Postgres(db) => db.write(sql, parameters),
    }
}

/// Upsert texts by table name, made once per process.
fn text(name: &'static str, make: impl FnOnce() -> String) -> &'static str {
    use std::collections::HashMap;
    use std::sync::{LazyLock, PoisonError, RwLock};
    static MADE: LazyLock<RwLock<HashMap<&'static str, &'static str>>> = LazyLock::new(RwLock::default);
    if let Some(sql) = MADE.read().unwrap_or_else(PoisonError::into_inner).get(name) {
        return sql;
    }
    MADE.write().unwrap_or_else(PoisonError::into_inner).entry(name).or_insert_with(|| make().leak())
}
