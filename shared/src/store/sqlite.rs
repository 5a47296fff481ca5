//! SQLite: WAL, synchronous FULL, tables without rowid. One connection writes; pages read from a pool of read-only ones; checkpoints run on
//! their own connection, because a checkpoint inside a commit is the slow sale (store.md 1).
use super::schema;
use crate::base::limits::WAL_BYTES_MAX;
use crate::journal::{Fault, Row, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement, StatementStatus};
use std::path::Path;
use std::time::Duration;

/// How long a statement waits for another connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens or creates the file for its one writer and brings its core tables up to date.
pub(super) fn open(path: &Path) -> Result<Connection, Fault> {
    let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    let mode: String = db.query_row("pragma journal_mode = wal", [], |row| row.get(0)).map_err(fault)?;
    if mode != "wal" {
        return Err(Fault::Damaged(format!("write-ahead log refused, journal mode is {mode}")));
    }
    // What a savepoint may take back stays in memory; else each page written behind one goes to a temporary file as well.
    let set = "pragma synchronous = full; pragma wal_autocheckpoint = 0; pragma cache_size = -65536; pragma temp_store = memory;";
    db.execute_batch(set).map_err(fault)?;
    // What the log holds may only be in the machine's memory: a sync that failed before this start was forgotten by the system, and what is
    // appended behind it would be lost with the power. Moved into the file and synced, it is certain.
    db.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).map_err(fault)?;
    migrate(&db)?;
    Ok(db)
}

pub(super) fn reader(path: &Path) -> Result<Connection, Fault> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// A commit whose sync failed stands in the log, whole, until another is written over it: a copy of the files made until then would begin with
/// entries that were taken back here, and whose numbers others get. What was committed before moves into the file, and the log is emptied; a
/// disk that refuses this too is asked again by the next open.
pub(super) fn clear_log(db: &Connection) {
    if let Err(error) = db.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())) {
        tracing::warn!(%error, "store.log_not_cleared");
    }
}

/// Moves what the log holds into the file, without holding up the writer or a reader. True: the log is long all the same, because the writer
/// never rests, and should be emptied by the writer itself.
pub(super) fn checkpoint(path: &Path) -> Result<bool, Fault> {
    let log = path.with_extension(format!("{}-wal", path.extension().and_then(|e| e.to_str()).unwrap_or_default()));
    let long = std::fs::metadata(log).is_ok_and(|log| log.len() as i64 > WAL_BYTES_MAX);
    let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    db.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(())).map_err(fault)?;
    Ok(long && !empty_log(&db)?)
}

/// Moves the rest of the log into the file and empties it, at once or not at all: whoever empties it holds up every writer, and would wait for
/// the slowest reader. Answers whether it is empty.
pub(super) fn empty_log(db: &Connection) -> Result<bool, Fault> {
    db.busy_timeout(Duration::ZERO).map_err(fault)?;
    let busy = db.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get::<_, bool>(0));
    db.busy_timeout(PATIENCE).map_err(fault)?;
    busy.map(|busy| !busy).map_err(fault)
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, Fault> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(path, flags).map_err(fault)?;
    db.busy_timeout(PATIENCE).map_err(fault)?;
    db.set_prepared_statement_cache_capacity(512);
    // Otherwise the planner looks at bound values, and compiles a held statement again whenever another value is bound: a fifth of a sale.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(fault)?;
    Ok(db)
}

fn migrate(db: &Connection) -> Result<(), Fault> {
    let found: i64 = db.query_row("pragma user_version", [], |row| row.get(0)).map_err(fault)?;
    if found == schema::VERSION {
        return Ok(());
    }
    batch(db, &format!("begin immediate; {} pragma user_version = {}; commit;", schema::steps(found)?, schema::VERSION))
}

pub(super) fn batch(db: &Connection, sql: &str) -> Result<(), Fault> {
    db.execute_batch(sql).map_err(fault)
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
