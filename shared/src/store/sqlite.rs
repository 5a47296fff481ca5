//! SQLite: WAL, synchronous FULL, tables without rowid. One connection writes; pages read from a pool of read-only ones; checkpoints run on
//! their own connection, because a checkpoint inside a commit is the slow sale (store.md 1).
use super::figures::Figures;
use super::lineage::{self, Lineage, Stands};
use super::schema;
use super::writer::{Identity, Writer};
use crate::base::StreamId;
use crate::base::limits::WAL_BYTES_MAX;
use crate::journal::memory::Memory;
use crate::journal::{Fault, Read, Row, Value};
use crate::views::{Registry, Side, Table};
use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement, StatementStatus};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Where a store lies and what it is.
pub struct Opening {
    /// As SQLite takes it: a path, or a `file:` URI that names a virtual file system.
    pub path: PathBuf,
    pub registry: &'static Registry,
    pub side: Side,
    /// The file beside the database by which a rolled-back or copied database is known; none at a place that cannot be rolled back.
    pub lineage: Option<Box<dyn Lineage>>,
}

/// The one writer's store.
pub struct Store {
    pub(super) db: Connection,
    pub(super) registry: &'static Registry,
    pub(super) side: Side,
    pub(super) identity: Option<Identity>,
    pub(super) lineage: Option<Box<dyn Lineage>>,
    /// How long the last commit took; none if it failed.
    pub(super) commit: Option<Duration>,
    pub(super) figures: Arc<Figures>,
    mirror: Option<Box<dyn Mirror>>,
    pub(super) memory: Memory,
    /// How far the own stream was at the last commit.
    durable: Stands,
    path: PathBuf,
}

/// A second medium that follows what is committed, before it is answered. What it cannot write it tells itself: it never stops the writer.
pub trait Mirror: Send {
    /// `own`: the stream that this install writes.
    fn follow(&mut self, db: &dyn Read, own: StreamId);
}

impl Store {
    /// Opens or creates the database, brings its core tables up to date and creates the tables of views that are missing.
    ///
    /// # Errors
    /// `Damaged` if the file is not ours or was written by a newer version; disk faults.
    pub fn open(opening: Opening) -> Result<Store, Fault> {
        let Opening { path, registry, side, lineage } = opening;
        let db = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        let mode: String = db.query_row("pragma journal_mode = wal", [], |row| row.get(0)).map_err(fault)?;
        if mode != "wal" {
            return Err(Fault::Damaged(format!("write-ahead log refused, journal mode is {mode}")));
        }
        db.execute_batch("pragma synchronous = full; pragma wal_autocheckpoint = 0; pragma cache_size = -65536;").map_err(fault)?;
        // What the log holds may only be in the machine's memory: a sync that failed before this start was forgotten by the system, and what is
        // appended behind it would be lost with the power. Moved into the file and synced, it is certain.
        db.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).map_err(fault)?;
        migrate(&db)?;
        let mut store = Store {
            db,
            registry,
            side,
            identity: None,
            lineage,
            memory: Memory::default(),
            mirror: None,
            commit: None,
            figures: Arc::default(),
            durable: Stands::default(),
            path,
        };
        store.identity = Identity::load(&Reading(&store.db))?;
        store.durable = Stands { seq: store.own_seq(store.identity)?, fed: store.fed()? };
        store.upgrade()?;
        Ok(store)
    }

    /// Which install this is; none before its first stream is opened.
    pub fn identity(&self) -> Option<Identity> {
        self.identity
    }

    pub fn side(&self) -> Side {
        self.side
    }

    pub fn registry(&self) -> &'static Registry {
        self.registry
    }

    /// From now on every commit is followed by a mirror; at once by what it lacks.
    pub fn mirror_to(&mut self, mut mirror: Box<dyn Mirror>) {
        if let Some(identity) = self.identity {
            mirror.follow(&Reading(&self.db), identity.stream);
        }
        self.mirror = Some(mirror);
    }

    /// One transaction: all of `work` or nothing. The lineage file is written around the commit as each side needs it.
    ///
    /// # Errors
    /// That of `work`, or of the commit; then nothing was written. At the hub also that of the lineage file behind the commit: then it was
    /// written, and like after a power cut nobody may be told.
    pub fn transaction<T>(&mut self, work: impl FnOnce(&mut Writer<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        write(&self.db, "begin immediate", &[])?;
        let mut writer = Writer::new(&self.db, self.registry, self.side, self.identity, &self.memory);
        let done = work(&mut writer);
        let (identity, fed) = (writer.identity, writer.fed);
        let grown = if writer.grew { writer.own_tip().map(|tip| Some(tip.seq)) } else { Ok(None) };
        self.commit = None;
        match done.and_then(|value| self.commit(identity, grown?, fed).map(|()| value)) {
            Ok(value) => Ok(value),
            Err(error) => {
                self.memory.forget();
                if !self.db.is_autocommit() {
                    // A failed rollback leaves the transaction to the next open, which rolls it back from the log.
                    let _ = self.db.execute_batch("rollback");
                }
                Err(error)
            }
        }
    }

    /// How far the own stream is, in this connection's open transaction if there is one; 0 before it is opened.
    fn own_seq(&self, identity: Option<Identity>) -> Result<u64, Fault> {
        let Some(identity) = identity else { return Ok(0) };
        Ok(Reading(&self.db).number("select seq from stream where stream = ?1", &[identity.stream.into()])? as u64)
    }

    /// How many positions of feeds were given out, in the same way.
    fn fed(&self) -> Result<u64, Fault> {
        Ok(Reading(&self.db).number("select coalesce(cast(sum(next) as bigint), 0) from feed_head", &[])? as u64)
    }

    /// May this database go on writing its own stream? Not if it was put back, copied, or lost the file beside it: then it opens a new stream first.
    pub fn unbroken(&self) -> bool {
        let Some((file, identity)) = self.lineage.as_deref().zip(self.identity) else { return true };
        lineage::unbroken(file, identity.stream, self.durable)
    }

    /// `grown`: how far the own stream is now, if it grew: only what is written claims the lineage; a rebuild of a database that was put back
    /// must not hide that it was. `fed`: positions of feeds taken.
    #[expect(clippy::disallowed_methods, reason = "how long the disk took is measured, nothing is decided by it")]
    fn commit(&mut self, identity: Option<Identity>, grown: Option<u64>, fed: u64) -> Result<(), Fault> {
        let (seq, grew) = (grown.unwrap_or(self.durable.seq), grown.is_some());
        let stands = Stands { seq, fed: self.durable.fed + fed };
        let durable = if identity == self.identity { self.durable } else { Stands { seq: 0, ..self.durable } };
        let own = identity.map(|identity| identity.stream);
        if let (true, Some(file), Some(stream)) = (grew, self.lineage.as_deref(), own) {
            lineage::before_commit(file, self.side, stream, durable, seq)?;
        }
        let began = Instant::now();
        write(&self.db, "commit", &[])?;
        (self.identity, self.durable, self.commit) = (identity, stands, Some(began.elapsed()));
        if let (true, Some(mirror), Some(stream)) = (grew, &mut self.mirror, own) {
            mirror.follow(&Reading(&self.db), stream);
        }
        self.lineage.as_deref().zip(own).map_or(Ok(()), |(file, stream)| lineage::after_commit(file, self.side, stream, stands))
    }

    /// Readers of the same file for pages.
    pub fn readers(&self) -> Readers {
        Readers::of(&self.path)
    }

    /// Moves what is committed from the log into the file, without holding up a writer unless the log is too long.
    ///
    /// # Errors
    /// Disk faults; nothing is lost by them.
    pub fn checkpoint(path: &Path) -> Result<(), Fault> {
        let log = path.with_extension(format!("{}-wal", path.extension().and_then(|e| e.to_str()).unwrap_or_default()));
        let long = std::fs::metadata(log).is_ok_and(|log| log.len() as i64 > WAL_BYTES_MAX);
        let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let how = if long { "pragma wal_checkpoint(truncate)" } else { "pragma wal_checkpoint(passive)" };
        db.query_row(how, [], |_| Ok(())).map_err(fault)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Read for Store {
    fn rows(&self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
        Reading(&self.db).rows(sql, parameters)
    }
}

/// A pool of read-only connections.
pub struct Readers {
    path: PathBuf,
    free: Mutex<Vec<Connection>>,
}

impl Readers {
    /// Readers of a database that somebody else may be writing.
    pub fn of(path: &Path) -> Readers {
        Readers { path: path.to_path_buf(), free: Mutex::new(Vec::new()) }
    }

    /// Runs `question` against one committed state.
    ///
    /// # Errors
    /// Those of `question`, or of opening one more connection.
    pub fn read<T>(&self, question: impl FnOnce(&dyn Read) -> Result<T, Fault>) -> Result<T, Fault> {
        let pooled = self.free.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        let db = match pooled {
            Some(db) => db,
            None => connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
        };
        db.execute_batch("begin").map_err(fault)?;
        let answer = question(&Reading(&db));
        db.execute_batch("rollback").map_err(fault)?;
        self.free.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(db);
        answer
    }
}

/// A connection as something that answers questions.
pub(super) struct Reading<'c>(pub &'c Connection);

impl Read for Reading<'_> {
    fn rows(&self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
        query(self.0, sql, parameters)
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, Fault> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(path, flags).map_err(fault)?;
    db.busy_timeout(Duration::from_secs(5)).map_err(fault)?;
    db.set_prepared_statement_cache_capacity(512);
    // Otherwise the planner looks at bound values, and compiles a held statement again whenever another value is bound: a fifth of a sale.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fault)?;
    Ok(db)
}

fn migrate(db: &Connection) -> Result<(), Fault> {
    let found: i64 = db.query_row("pragma user_version", [], |row| row.get(0)).map_err(fault)?;
    match found {
        schema::VERSION => Ok(()),
        0 => db
            .execute_batch(&format!("begin immediate; {} pragma user_version = {}; commit;", schema::CORE, schema::VERSION))
            .map_err(fault),
        newer => Err(Fault::Damaged(format!("written by a newer version (schema {newer}, this one knows {})", schema::VERSION))),
    }
}

/// Creates an empty view table with its indexes and notes its version.
pub(super) fn create(db: &Connection, table: &Table) -> Result<(), Fault> {
    db.execute_batch(&table.create(table.name, " strict, without rowid")).map_err(fault)?;
    for (name, on) in table.indexes {
        db.execute_batch(&format!("create index {name} on {} ({on})", table.name)).map_err(fault)?;
    }
    write(db, "insert into built (name, version) values (?1, ?2)", &[table.name.into(), table.version.into()])?;
    Ok(())
}

pub(super) fn query(db: &Connection, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
    let mut statement = db.prepare_cached(sql).map_err(fault)?;
    let width = statement.column_count();
    bind(&mut statement, parameters)?;
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(fault)? {
        let cells = (0..width).map(|i| {
            Ok(match row.get_ref(i).map_err(fault)? {
                ValueRef::Integer(n) => Value::Int(n),
                ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into()),
                ValueRef::Blob(bytes) => Value::Blob(bytes.into()),
                ValueRef::Null => Value::Int(0),
                ValueRef::Real(_) => return Err(Fault::Damaged(format!("a float in the answer of {sql}"))),
            })
        });
        found.push(Row(cells.collect::<Result<_, Fault>>()?));
    }
    drop(rows);
    note_long(&statement, sql);
    Ok(found)
}

/// Runs a statement that changes rows; answers how many.
pub(super) fn write(db: &Connection, sql: &str, parameters: &[Value]) -> Result<usize, Fault> {
    let mut statement = db.prepare_cached(sql).map_err(fault)?;
    bind(&mut statement, parameters)?;
    let changed = statement.raw_execute().map_err(fault)?;
    note_long(&statement, sql);
    Ok(changed)
}

/// Steps of the engine in one statement that are worth a line in the log: a millisecond or two. What a till waits for stays below, however
/// long the history is.
const STEPS_MAX: i32 = 20_000;

fn note_long(statement: &Statement<'_>, sql: &str) {
    let steps = statement.reset_status(StatementStatus::VmStep);
    if steps > STEPS_MAX {
        tracing::debug!(steps, sql, "store.long_statement");
    }
}

/// Runs one statement for each of many rows.
pub(super) fn write_all<'v>(db: &Connection, sql: &str, rows: impl Iterator<Item = &'v [Value]>) -> Result<(), Fault> {
    let mut statement = db.prepare_cached(sql).map_err(fault)?;
    for parameters in rows {
        bind(&mut statement, parameters)?;
        statement.raw_execute().map_err(fault)?;
    }
    Ok(())
}

fn bind(statement: &mut rusqlite::CachedStatement<'_>, parameters: &[Value]) -> Result<(), Fault> {
    for (i, value) in parameters.iter().enumerate() {
        match value {
            Value::Int(n) => statement.raw_bind_parameter(i + 1, n),
            Value::Text(text) => statement.raw_bind_parameter(i + 1, &**text),
            Value::Blob(bytes) => statement.raw_bind_parameter(i + 1, &**bytes),
        }
        .map_err(fault)?;
    }
    Ok(())
}

/// The engine's errors in our three words.
pub(super) fn fault(error: rusqlite::Error) -> Fault {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Fault::DiskFull,
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::ReadOnly) => Fault::Disk(error.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault::Busy,
        _ => Fault::Damaged(error.to_string()),
    }
}
