//! Head office's database on a real PostgreSQL server: one of its own for each run, behind a line that is cut between any two messages. What was
//! committed stays with the server; what was not goes with the connection. Copies of it are the older states that a run puts back.

use super::chance::Chance;
use shared::journal::Fault;
use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    os::{fd::OwnedFd, unix::net::UnixStream},
    path::PathBuf,
    process::{Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

/// A message of either side: a letter and a length; the first of a client has no letter.
const HEAD_BYTES: usize = 5;
/// Messages of a client that the server answers with `READY`: a statement as text, and the end of one in parts.
const ANSWERED: [u8; 2] = [b'Q', b'S'];
const READY: u8 = b'Z';

/// The database of one run.
pub struct Database {
    /// Address of another database of the server, from which this one is made and dropped.
    server: String,
    name: String,
    /// Names of its older states.
    kept: u32,
    pub line: Line,
}

impl Database {
    /// Makes an empty one; its name is chance.
    ///
    /// # Errors
    /// What the server said.
    pub fn new(server: &str, chance: &mut Chance) -> Result<Database, Fault> {
        let name = format!("catena_run_{}_{:016x}", std::process::id(), chance.draw());
        let line = Line::to(server)?;
        let database = Database { server: server.to_owned(), name, kept: 0, line };
        database.ask(&[&format!("create database {} template template0 encoding 'UTF8' locale 'C'", database.name)])?;
        Ok(database)
    }

    /// As a store is opened, over the line.
    pub fn address(&self) -> PathBuf {
        let user = self.server.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@')).map_or("catena", |(user, _)| user);
        format!("postgres://{user}@{}/{}", self.line.address, self.name).into()
    }

    /// Keeps its present state under a name. Nobody may be connected.
    ///
    /// # Errors
    /// What the server said.
    pub fn keep(&mut self) -> Result<String, Fault> {
        self.kept += 1;
        let kept = format!("{}_{}", self.name, self.kept);
        self.ask(&[&alone(&self.name), &format!("create database {kept} template {}", self.name)])?;
        Ok(kept)
    }

    /// Puts an older state in its place.
    ///
    /// # Errors
    /// What the server said.
    pub fn put_back(&self, kept: &str) -> Result<(), Fault> {
        let Database { name, .. } = self;
        self.ask(&[&format!("drop database {name} with (force)"), &format!("create database {name} template {kept}")])
    }

    /// Asks the server beside the line, as whoever looks after it does.
    fn ask(&self, statements: &[&str]) -> Result<(), Fault> {
        let mut psql = Command::new("psql");
        psql.args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", &self.server]).stdin(Stdio::null());
        statements.iter().for_each(|statement| _ = psql.args(["-c", statement]));
        let done = psql.output().map_err(|error| Fault::Server(format!("psql: {error}")))?;
        if done.status.success() { Ok(()) } else { Err(Fault::Server(String::from_utf8_lossy(&done.stderr).into_owned())) }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let names = (1..=self.kept).map(|n| format!("{}_{n}", self.name)).chain([self.name.clone()]);
        let drops: Vec<String> = names.map(|name| format!("drop database if exists {name} with (force)")).collect();
        // Left behind it costs room on a server for tests.
        let _ = self.ask(&drops.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

/// Ends the sessions of a database that are still saying farewell.
fn alone(name: &str) -> String {
    format!("select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where datname = '{name}'")
}

/// The way to the server.
pub struct Line {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// Messages that are still carried; none: no cut is due.
    left: Option<u64>,
    /// Whether messages count: outside of a writer's work nothing is cut.
    counts: bool,
    /// The message at which it is cut still arrives; only its answer does not.
    arrives: bool,
    /// Answers are kept back, and behind the last of them the line is cut.
    silent: bool,
    cuts: u64,
}

impl Line {
    fn to(server: &str) -> Result<Line, Fault> {
        let far = Far::of(server).ok_or_else(|| Fault::Server(format!("{server}: not an address with a host")))?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(broken)?;
        let address = listener.local_addr().map_err(broken)?;
        let state = Arc::<Mutex<State>>::default();
        let carried = state.clone();
        // Ends with the process; a run has one, asleep when nobody connects.
        thread::spawn(move || {
            for near in listener.incoming().flatten() {
                // Nagle would hold a statement's last part back until the one before is acknowledged.
                let _ = near.set_nodelay(true);
                if let Ok(far) = far.connect() {
                    carry(&UnixStream::from(OwnedFd::from(near)), &far, &carried);
                }
            }
        });
        Ok(Line { address, state })
    }

    /// It is cut after so many messages of a writer: before the next arrives, or before its answer comes back.
    pub fn cut_after(&self, messages: u64, arrives: bool) {
        let mut state = locked(&self.state);
        (state.left, state.arrives) = (Some(messages), arrives);
    }

    /// It is not cut any more.
    pub fn mend(&self) {
        locked(&self.state).left = None;
    }

    /// Runs a writer's work; whether the line was cut in it.
    pub fn with<T>(&self, work: impl FnOnce() -> T) -> (T, bool) {
        let before = self.cuts();
        locked(&self.state).counts = true;
        let done = work();
        locked(&self.state).counts = false;
        (done, self.cuts() > before)
    }

    /// How often it was cut.
    pub fn cuts(&self) -> u64 {
        locked(&self.state).cuts
    }
}

/// Where the server listens: a folder of sockets, or a host and a port.
enum Far {
    Folder(PathBuf),
    Host(String),
}

impl Far {
    fn of(address: &str) -> Option<Far> {
        let (_, rest) = address.split_once("://")?;
        let host = rest.rsplit_once('/').map_or(rest, |(host, _)| host);
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        Some(match host.replace("%2F", "/") {
            folder if folder.starts_with('/') => Far::Folder(PathBuf::from(folder).join(".s.PGSQL.5432")),
            host if host.contains(':') => Far::Host(host),
            host => Far::Host(format!("{host}:5432")),
        })
    }

    fn connect(&self) -> io::Result<UnixStream> {
        match self {
            Far::Folder(socket) => UnixStream::connect(socket),
            Far::Host(host) => {
                let stream = TcpStream::connect(host)?;
                stream.set_nodelay(true)?;
                Ok(UnixStream::from(OwnedFd::from(stream)))
            }
        }
    }
}

/// Carries one connection until it ends or is cut.
fn carry(near: &UnixStream, far: &UnixStream, state: &Arc<Mutex<State>>) {
    let (Ok(asks), Ok(answers), Ok(tell), Ok(give)) = (near.try_clone(), far.try_clone(), far.try_clone(), near.try_clone()) else {
        return;
    };
    let (asked, answered) = (state.clone(), state.clone());
    thread::spawn(move || {
        let _ = ask(&asks, &tell, &asked);
        end(&asks, &tell);
    });
    thread::spawn(move || {
        let _ = answer(&answers, &give, &answered);
        end(&answers, &give);
    });
}

fn end(one: &UnixStream, other: &UnixStream) {
    // Either may be gone already.
    let _ = (one.shutdown(Shutdown::Both), other.shutdown(Shutdown::Both));
}

fn ask(mut near: &UnixStream, mut far: &UnixStream, state: &Mutex<State>) -> io::Result<()> {
    // The first message is a length and what it counts.
    let mut first = [0; 4];
    near.read_exact(&mut first)?;
    far.write_all(&[first.as_slice(), &rest(near, first, 4)?].concat())?;
    loop {
        let message = message(near)?;
        if !may_pass(&mut locked(state), message[0]) {
            return Ok(());
        }
        far.write_all(&message)?;
    }
}

/// Counts a message; whether it is carried.
fn may_pass(state: &mut State, letter: u8) -> bool {
    let Some(left) = state.left.filter(|_| state.counts) else { return true };
    if left > 0 {
        state.left = Some(left - 1);
        return true;
    }
    if state.arrives && !ANSWERED.contains(&letter) {
        return true;
    }
    (state.left, state.silent, state.cuts) = (None, state.arrives, state.cuts + 1);
    state.arrives
}

fn answer(far: &UnixStream, mut near: &UnixStream, state: &Mutex<State>) -> io::Result<()> {
    loop {
        let message = message(far)?;
        if locked(state).silent {
            if message[0] == READY {
                locked(state).silent = false;
                return Ok(());
            }
            continue;
        }
        near.write_all(&message)?;
    }
}

fn message(mut from: &UnixStream) -> io::Result<Vec<u8>> {
    let mut head = [0; HEAD_BYTES];
    from.read_exact(&mut head)?;
    let [_, length @ ..] = head;
    Ok([head.as_slice(), &rest(from, length, 4)?].concat())
}

/// What a length counts beyond the bytes of it that were read.
fn rest(mut from: &UnixStream, length: [u8; 4], read: usize) -> io::Result<Vec<u8>> {
    let mut rest = vec![0; (u32::from_be_bytes(length) as usize).saturating_sub(read)];
    from.read_exact(&mut rest)?;
    Ok(rest)
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn broken(error: io::Error) -> Fault {
    Fault::Server(format!("line to the server: {error}"))
}
