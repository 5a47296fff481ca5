//! PostgreSQL for tests. `CATENA_TEST_POSTGRES` names a server that stands (`cargo verify` starts one); else a test starts its own in a
//! temporary folder from Debian's package. Each test makes its own database there.
#![allow(clippy::disallowed_methods, reason = "which server there is, the machine says")]
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// `nobody` of Debian: the server refuses to run as root.
const NOBODY: u32 = 65_534;

/// Sockets as before; over the network TLS or nothing.
const ONLY_SECURED: &str = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n";

/// A server that ends with the test, or one that stands.
pub struct Server {
    /// Address of its first database.
    address: String,
    own: Option<(PathBuf, PathBuf)>,
}

impl Server {
    /// None where PostgreSQL 15 is not installed; never on a machine that checks for others.
    pub fn start(name: &str) -> Option<Server> {
        if let Some(server) = Server::standing() {
            return Some(server);
        }
        Server::own(name, |_| String::new())
    }

    /// One of the test's own that lets in from the network whoever comes over TLS, and shows this certificate; PEM both.
    pub fn secured(name: &str, port: u16, certificate: &str, key: &str) -> Option<Server> {
        Server::own(name, |data| {
            for (file, text) in [("server.crt", certificate), ("server.key", key), ("pg_hba.conf", ONLY_SECURED)] {
                let file = data.join(file);
                std::fs::write(&file, text).expect("written");
                std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("its owner's alone");
                let _ = chown(&file, Some(NOBODY), Some(NOBODY));
            }
            format!("-c listen_addresses=127.0.0.1 -c port={port} -c ssl=on")
        })
    }

    fn own(name: &str, prepare: impl FnOnce(&Path) -> String) -> Option<Server> {
        let Some(programs) = programs() else {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL 15 is not installed: apt-get install postgresql-15");
            eprintln!("SKIPPED: PostgreSQL 15 is not installed here, so nothing of it was tried: apt-get install postgresql-15");
            return None;
        };
        let folder = std::env::temp_dir().join(format!("catena-pg-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder for the server");
        // Only root may give it away, and only root needs to.
        let _ = chown(&folder, Some(NOBODY), Some(NOBODY));
        let data = folder.join("data");
        let text = |path: &Path| path.to_str().expect("utf-8").to_owned();
        run(&programs.join("initdb"), &["-D", &text(&data), "-U", "catena", "--auth=trust", "--locale=C", "--encoding=UTF8"]);
        let options = format!("-k {} -c listen_addresses= -c max_connections=200 {}", folder.display(), prepare(&data));
        run(&programs.join("pg_ctl"), &["-D", &text(&data), "-o", &options, "-l", &text(&folder.join("log")), "-w", "start"]);
        let port = options.rsplit_once("port=").and_then(|(_, rest)| rest.split(' ').next()).map(|port| format!(":{port}"));
        let address = format!("postgres://catena@{}{}/postgres", text(&folder).replace('/', "%2F"), port.unwrap_or_default());
        Some(Server { address, own: Some((programs, folder)) })
    }

    /// The server that the environment names.
    pub fn standing() -> Option<Server> {
        let address = std::env::var("CATENA_TEST_POSTGRES").ok()?;
        Some(Server { address, own: None })
    }

    /// Address of a database that stands there, from which others are made.
    pub fn address(&self) -> String {
        self.address.clone()
    }

    /// A fresh empty database; its address.
    pub fn database(&self) -> String {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("catena_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        self.psql(&format!("create database {name} template template0 encoding 'UTF8' locale 'C'"));
        let (server, _) = self.address.rsplit_once('/').expect("an address ends in a database");
        format!("{server}/{name}")
    }

    fn psql(&self, sql: &str) {
        psql(&self.address, sql);
    }
}

/// Runs SQL as whoever looks after the database; what it prints, a row a line.
pub fn psql(address: &str, sql: &str) -> String {
    let done = Command::new("psql").args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", address, "-c", sql]).output().expect("psql runs");
    assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

/// Runs a script of one statement a line; the lines that the server refused, from 0, and why.
pub fn refused(address: &str, script: &str) -> Vec<(usize, String)> {
    let file = std::env::temp_dir().join(format!("catena-script-{}.sql", std::process::id()));
    std::fs::write(&file, script).expect("written");
    let done = Command::new("psql").args(["-Xq", "-d", address, "-f"]).arg(&file).output().expect("psql runs");
    let _ = std::fs::remove_file(&file);
    let said = String::from_utf8_lossy(&done.stderr);
    let errors = said.lines().filter_map(|line| line.split_once(": ERROR:"));
    errors
        .map(|(at, why)| (at.rsplit(':').next().and_then(|n| n.parse::<usize>().ok()).expect("a line") - 1, why.trim().to_owned()))
        .collect()
}

impl Drop for Server {
    fn drop(&mut self) {
        let Some((programs, folder)) = &self.own else { return };
        let data = folder.join("data");
        run(&programs.join("pg_ctl"), &["-D", data.to_str().expect("utf-8"), "-m", "immediate", "-w", "stop"]);
        let _ = std::fs::remove_dir_all(folder);
    }
}

fn programs() -> Option<PathBuf> {
    Some(PathBuf::from("/usr/lib/postgresql/15/bin")).filter(|folder| folder.join("initdb").exists())
}

fn run(program: &Path, arguments: &[&str]) {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir(std::env::temp_dir());
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if root {
        command.uid(NOBODY).gid(NOBODY);
    }
    let done = command.status().expect("it starts");
    assert!(done.success(), "{} {arguments:?} failed", program.display());
}
