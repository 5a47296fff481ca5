//! PostgreSQL: the store of a hub that outgrew one machine. Several processes of the hub may share one database; they write by turns.
//!
//! A writer's transaction begins by raising the one counter in `turn`, and so waits for the transaction before it, whichever process that is
//! of: what it reads from then on is what was committed, nobody else writes meanwhile, and the order of commits is the order of turns. It
//! takes no other lock that a writer could wait for, so there is no deadlock. A counter that moved by more than one says that another process
//! wrote. A process that dies loses its turn with its connection, one that hangs after `IDLE_MAX`.
use super::schema;
use super::secured::{self, Line};
use crate::journal::{Fault, Row, Value};
use crate::views::{self, Law, Table, Type};
use ::postgres::error::SqlState;
use ::postgres::types::{ToSql, Type as Kind};
use ::postgres::{Client, NoTls, Statement};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::Path;

/// Read committed, durable before it is answered; a process that hangs gives its turn back, and none waits for ever.
const SESSION: &str = "set synchronous_commit = on; set idle_in_transaction_session_timeout = '20s'; set lock_timeout = '30s';
    set default_transaction_isolation = 'read committed'; set client_min_messages = warning";

/// What only this engine has: whose turn it is.
const TURN: &str = "create table turn (name text primary key, n bigint not null); insert into turn values ('write', 0);";

/// A connection, with its statements held ready.
pub(super) struct Database {
    address: String,
    /// None once it is given away to be closed.
    client: RefCell<Option<Client>>,
    statements: RefCell<HashMap<Box<str>, Statement>>,
    /// The counter as this process's last transaction left it; none before its first.
    turn: Cell<Option<i64>>,
    /// That of the open transaction.
    taken: Cell<Option<i64>>,
    open: Cell<bool>,
}

impl Database {
    pub fn connect(address: &Path) -> Result<Database, Fault> {
        let address = address.to_string_lossy().into_owned();
        let client = RefCell::new(Some(client(&address)?));
        let (statements, turn, taken, open) = Default::default();
        Ok(Database { address, client, statements, turn, taken, open })
    }

    /// Connects a writer, and creates the core tables where they are missing.
    pub fn open(address: &Path) -> Result<Database, Fault> {
        let db = Database::connect(address)?;
        let sql = "select datcollate, pg_encoding_to_char(encoding)::text from pg_database where datname = current_database()";
        let made = db.query(sql, &[])?;
        let (collation, encoding) = made.first().map_or(("", ""), |row| (row.text(0), row.text(1)));
        if !["C", "POSIX"].contains(&collation) || encoding != "UTF8" {
            let how = "create database catena template template0 encoding 'UTF8' locale 'C'";
            return Err(Fault::Damaged(format!("the database has locale {collation} and encoding {encoding}; make it with: {how}")));
        }
        db.migrate()?;
        Ok(db)
    }

    fn migrate(&self) -> Result<(), Fault> {
        self.batch("begin; select pg_advisory_xact_lock(20261122)")?;
        self.open.set(true);
        let sql = "select count(*) from information_schema.tables where table_schema = current_schema() and table_name = 'built'";
        let done = self.query(sql, &[]).and_then(|rows| match rows.first().map_or(0, |row| row.int(0)) {
            0 => self.batch(&format!("{} {TURN} insert into built values ('core', {})", table(schema::CORE), schema::VERSION)),
            _ => {
                let found = self.query("select version from built where name = 'core'", &[])?.first().map_or(0, |row| row.int(0));
                match found {
                    schema::VERSION => Ok(()),
                    0 => Err(Fault::Damaged("tables without a version".into())),
                    found => {
                        self.batch(&format!("{} update built set version = {} where name = 'core'", schema::steps(found)?, schema::VERSION))
                    }
                }
            }
        });
        match done.and_then(|()| self.batch("commit")) {
            Ok(()) => {
                self.open.set(false);
                Ok(())
            }
            Err(fault) => {
                let _ = self.end();
                Err(fault)
            }
        }
    }

    /// Waits for the turn; answers whether somebody else wrote since the last one.
    pub fn begin(&self) -> Result<bool, Fault> {
        self.start("begin")?;
        let turn = self.query("update turn set n = n + 1 where name = 'write' returning n", &[]);
        let n = turn.inspect_err(|_| self.give_up())?.first().map_or(0, |row| row.int(0));
        self.taken.set(Some(n));
        Ok(self.turn.get() != Some(n - 1))
    }

    pub fn begin_reading(&self) -> Result<(), Fault> {
        self.start("begin isolation level repeatable read read only")
    }

    /// A connection that was lost meanwhile is made anew: nothing was begun on it.
    fn start(&self, how: &str) -> Result<(), Fault> {
        let lost = || self.client.borrow().as_ref().is_none_or(Client::is_closed);
        let begun = if lost() { Err(Fault::Busy) } else { self.batch(how) };
        if begun.is_err() && lost() {
            self.client.replace(Some(client(&self.address)?));
            self.statements.borrow_mut().clear();
            self.batch(how)?;
        } else {
            begun?;
        }
        self.open.set(true);
        Ok(())
    }

    fn give_up(&self) {
        // The server rolls back what a lost connection left open.
        let _ = self.end();
    }

    pub fn commit(&self) -> Result<(), Fault> {
        self.batch("commit")?;
        self.open.set(false);
        self.turn.set(self.taken.get());
        Ok(())
    }

    /// Ends the open transaction, if there is one, without a trace.
    pub fn end(&self) -> Result<(), Fault> {
        if self.open.replace(false) { self.batch("rollback") } else { Ok(()) }
    }

    pub fn batch(&self, sql: &str) -> Result<(), Fault> {
        self.ask(sql, |client| client.batch_execute(&dialect(sql)))
    }

    pub fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
        let statement = self.statement(sql, || dialect(sql), &parameters.iter().map(kind).collect::<Vec<_>>())?;
        let bound: Vec<Bound> = parameters.iter().map(bound).collect();
        let rows = self.ask(sql, |client| client.query(&statement, &references(&bound)))?;
        rows.iter().map(|row| row_of(row, sql)).collect()
    }

    pub fn write(&self, sql: &str, parameters: &[Value]) -> Result<usize, Fault> {
        let statement = self.statement(sql, || dialect(sql), &parameters.iter().map(kind).collect::<Vec<_>>())?;
        let bound: Vec<Bound> = parameters.iter().map(bound).collect();
        self.ask(sql, |client| client.execute(&statement, &references(&bound))).map(|changed| changed as usize)
    }

    /// One statement for all rows, a column an array: row by row would be four times as slow (store.md 3).
    pub fn put(&self, table: &Table, rows: &[views::rows::Row]) -> Result<(), Fault> {
        let columns = || table.key.iter().chain(table.columns).map(|column| column.kind);
        let kinds: Vec<Kind> = columns().map(array).collect();
        let text = || table.upsert_from(&format!("select * from unnest({})", places(columns())));
        let statement = self.statement(table.name, text, &kinds)?;
        let arrays: Vec<Bound> =
            columns().enumerate().map(|(at, kind)| column(rows.iter().map(move |row| &row.values[at]), kind)).collect();
        self.ask(table.name, |client| client.execute(&statement, &references(&arrays))).map(|_| ())
    }

    /// An insert of `values (?1, …)` for all rows at once: its values become the rows of arrays, one a column.
    pub fn write_all(&self, sql: &str, rows: &[Row]) -> Result<(), Fault> {
        let Some(first) = rows.first() else { return Ok(()) };
        let kinds: Vec<Type> = first.0.iter().map(of_value).collect();
        let (insert, values) = sql.split_once("values (").ok_or_else(|| Fault::Damaged(format!("no values in {sql}")))?;
        let meet = values.split_once(')').map_or("", |(_, meet)| meet);
        let text = || format!("{insert}select * from unnest({}){meet}", places(kinds.iter().copied()));
        let arrays: Vec<Kind> = kinds.iter().copied().map(array).collect();
        let statement = self.statement(&format!("all {sql}"), text, &arrays)?;
        let cells = |at: usize| rows.iter().map(move |row| &row.0[at]);
        let bound: Vec<Bound> = kinds.iter().enumerate().map(|(at, kind)| column(cells(at), *kind)).collect();
        self.ask(sql, |client| client.execute(&statement, &references(&bound))).map(|_| ())
    }

    /// The rows of one statement for each of many keys, in one answer: each row says at its end which key it is of, from 1.
    pub fn query_each(&self, sql: &str, keys: &[Value]) -> Result<Vec<Vec<Row>>, Fault> {
        let mut found = vec![Vec::new(); keys.len()];
        let Some(kind) = keys.first().map(of_value) else { return Ok(found) };
        let each = |asked: &str| {
            let from = places(std::iter::once(kind));
            format!("select found.*, wanted.n from unnest({from}) with ordinality as wanted (key, n), lateral ({asked}) as found")
        };
        let statement = self.statement(&format!("each {sql}"), || each(&sql.replace("?1", "wanted.key")), &[array(kind)])?;
        let bound = column(keys.iter(), kind);
        for row in self.ask(sql, |client| client.query(&statement, &[&*bound]))? {
            let Row(mut cells) = row_of(&row, sql)?;
            let Some(Value::Int(n)) = cells.pop() else { continue };
            found[n as usize - 1].push(Row(cells));
        }
        Ok(found)
    }

    fn ask<T>(&self, about: &str, ask: impl FnOnce(&mut Client) -> Result<T, ::postgres::Error>) -> Result<T, Fault> {
        let mut client = self.client.borrow_mut();
        let client = client.as_mut().ok_or_else(|| Fault::Server("no connection".into()))?;
        ask(client).map_err(|error| in_words(error, about))
    }

    /// Prepared once per connection.
    fn statement(&self, name: &str, text: impl FnOnce() -> String, kinds: &[Kind]) -> Result<Statement, Fault> {
        if let Some(held) = self.statements.borrow().get(name) {
            return Ok(held.clone());
        }
        let prepared = self.ask(name, |client| client.prepare_typed(&text(), kinds))?;
        self.statements.borrow_mut().insert(name.into(), prepared.clone());
        Ok(prepared)
    }
}

impl Drop for Database {
    /// A connection's farewell waits for the server, which a thread that runs async work may not.
    fn drop(&mut self) {
        let client = self.client.take();
        std::thread::spawn(move || drop(client));
    }
}

fn client(address: &str) -> Result<Client, Fault> {
    let Line { address, secured } = Line::of(address)?;
    let client = match secured {
        Some(connector) => Client::connect(&address, connector),
        None => Client::connect(&address, NoTls),
    };
    let mut client = client.map_err(fault)?;
    client.batch_execute(SESSION).map_err(fault)?;
    Ok(client)
}

/// The statements' own subset (replication.md F) in this engine's words.
fn dialect(sql: &str) -> String {
    sql.replace("x''", "''::bytea").replace('?', "$")
}

/// The same for a declaration of tables.
pub(super) fn table(sql: &str) -> String {
    sql.replace(" integer", " bigint").replace(" blob", " bytea").replace(" strict, without rowid", "")
}

/// What is written again and again gets room beside it: a new version of a row in the same page needs no new entry in an index.
pub(super) fn room(law: Law) -> &'static str {
    match law {
        Law::Sum | Law::Greatest | Law::Least => " with (fillfactor = 75)",
        Law::Once | Law::Projected => "",
    }
}

fn kind(value: &Value) -> Kind {
    match value {
        Value::Int(_) => Kind::INT8,
        Value::Text(_) => Kind::TEXT,
        Value::Blob(_) => Kind::BYTEA,
    }
}

fn of_value(value: &Value) -> Type {
    match value {
        Value::Int(_) => Type::Int,
        Value::Text(_) => Type::Text,
        Value::Blob(_) => Type::Blob,
    }
}

fn array(kind: Type) -> Kind {
    match kind {
        Type::Int => Kind::INT8_ARRAY,
        Type::Text => Kind::TEXT_ARRAY,
        Type::Blob => Kind::BYTEA_ARRAY,
    }
}

/// `$1::bytea[], $2::bigint[]`
fn places(columns: impl Iterator<Item = Type>) -> String {
    let word = |kind| match kind {
        Type::Int => "bigint",
        Type::Text => "text",
        Type::Blob => "bytea",
    };
    columns.enumerate().map(|(i, kind)| format!("${}::{}[]", i + 1, word(kind))).collect::<Vec<_>>().join(", ")
}

type Bound<'v> = Box<dyn ToSql + Sync + 'v>;

fn bound(value: &Value) -> Bound<'_> {
    match value {
        Value::Int(n) => Box::new(n),
        Value::Text(text) => Box::new(readable(text)),
        Value::Blob(bytes) => Box::new(&**bytes),
    }
}

/// This engine's texts hold no zero byte; a name with one is shown with the sign of what cannot be read.
fn readable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

/// One column of many rows.
fn column<'v>(cells: impl Iterator<Item = &'v Value>, kind: Type) -> Bound<'v> {
    match kind {
        Type::Int => Box::new(cells.map(|cell| if let Value::Int(n) = cell { *n } else { 0 }).collect::<Vec<i64>>()),
        Type::Text => Box::new(cells.map(|cell| if let Value::Text(text) = cell { readable(text) } else { "".into() }).collect::<Vec<_>>()),
        Type::Blob => Box::new(cells.map(|cell| if let Value::Blob(bytes) = cell { &**bytes } else { &[] }).collect::<Vec<&[u8]>>()),
    }
}

fn references<'b>(bound: &'b [Bound<'_>]) -> Vec<&'b (dyn ToSql + Sync)> {
    bound.iter().map(|value| &**value as _).collect()
}

fn row_of(row: &::postgres::Row, sql: &str) -> Result<Row, Fault> {
    let cell = |(i, column): (usize, &::postgres::Column)| {
        let none = || Value::Int(0);
        Ok(match *column.type_() {
            Kind::INT8 => row.try_get::<_, Option<i64>>(i).map_err(fault)?.map_or_else(none, Value::Int),
            Kind::INT4 => row.try_get::<_, Option<i32>>(i).map_err(fault)?.map_or_else(none, |n| Value::Int(n.into())),
            Kind::BOOL => row.try_get::<_, Option<bool>>(i).map_err(fault)?.map_or_else(none, |is| Value::Int(is.into())),
            Kind::TEXT | Kind::NAME => row.try_get::<_, Option<&str>>(i).map_err(fault)?.map_or_else(none, |text| Value::Text(text.into())),
            Kind::BYTEA => row.try_get::<_, Option<&[u8]>>(i).map_err(fault)?.map_or_else(none, |bytes| Value::Blob(bytes.into())),
            ref other => return Err(Fault::Damaged(format!("a cell of type {other} in the answer of {sql}"))),
        })
    };
    Ok(Row(row.columns().iter().enumerate().map(cell).collect::<Result<_, Fault>>()?))
}

fn in_words(error: ::postgres::Error, sql: &str) -> Fault {
    match fault(error) {
        Fault::Damaged(why) => Fault::Damaged(format!("{why}, in: {sql}")),
        other => other,
    }
}

/// The engine's errors in our words.
fn fault(error: ::postgres::Error) -> Fault {
    let said = error.as_db_error().map_or_else(|| error.to_string(), |db| db.message().to_owned());
    match error.code() {
        Some(code) if *code == SqlState::DISK_FULL => Fault::DiskFull,
        Some(code) if waits(code) => Fault::Busy,
        Some(code) if refuses(code) => Fault::Server(said),
        Some(_) => Fault::Damaged(said),
        // Without a code nothing came from the server: the connection is lost, or could not be made.
        None => Fault::Server(secured::refused(&error).unwrap_or_else(|| with_causes(&error))),
    }
}

/// The client's own words, with what it says of why.
fn with_causes(error: &::postgres::Error) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(found) = cause {
        said = format!("{said}: {found}");
        cause = found.source();
    }
    said
}

/// A server that lets this user, or anybody, not in, or has no such database: nothing is wrong with the store.
fn refuses(code: &SqlState) -> bool {
    ["28", "3D"].iter().any(|class| code.code().starts_with(class))
}

/// What another try may pass: a turn that did not come, a server that stops or starts, a connection it ended.
fn waits(code: &SqlState) -> bool {
    [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::QUERY_CANCELED,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        SqlState::TOO_MANY_CONNECTIONS,
    ]
    .contains(code)
        || ["57P", "08"].iter().any(|class| code.code().starts_with(class))
}
