//! The processes of a demo: started in groups of their own, so that Ctrl-C reaches only the demo, which then stops them in order.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use tokio::signal::unix::{SignalKind, signal};

use crate::failure::Failure;

/// Longest start of one process; a hub of a large chain reads its views first.
const START_MAX: Duration = Duration::from_secs(60);
/// Longest orderly stop, then it is killed.
const STOP_MAX: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);
/// Devices of each branch: card reader, receipt printer, caller-ID modem.
const DEVICES: usize = 3;
const LAST_LINES: usize = 12;

pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    pub fn start(name: &str, program: &Path, args: &[OsString], folder: &Path, log: &Path) -> Result<Self, Failure> {
        let disk = |cause| Failure::Disk { path: log.to_path_buf(), cause };
        let out = File::create(log).map_err(disk)?;
        let err = out.try_clone().map_err(disk)?;
        let mut command = Command::new(program);
        command.args(args).current_dir(folder).stdin(Stdio::null()).stdout(out).stderr(err).process_group(0);
        let child = command.spawn().map_err(|cause| Failure::NotStarted { program: program.display().to_string(), cause })?;
        Ok(Self { name: name.into(), child, log: log.to_path_buf() })
    }

    fn ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    fn last_words(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let mut last = VecDeque::new();
        for line in text.lines() {
            last.push_back(line);
            if last.len() > LAST_LINES {
                last.pop_front();
            }
        }
        last.into_iter().collect::<Vec<_>>().join("\n")
    }
}

/// All processes, in the order they were started; stopped in the opposite order.
pub struct Company {
    processes: Vec<Process>,
    stop: Stop,
}

impl Company {
    pub fn new() -> Result<Self, Failure> {
        Ok(Self { processes: Vec::new(), stop: Stop::listen()? })
    }

    pub fn add(&mut self, process: Process) {
        self.processes.push(process);
    }

    /// Waits until what listens on `port` says that it is well.
    pub fn until_healthy(&mut self, port: u16) -> Result<(), Failure> {
        self.until(|| healthy(port).then_some(()))
    }

    /// Waits until the lab named all its devices; returns (device, path).
    pub fn until_devices(&mut self, log: &Path) -> Result<Vec<(String, String)>, Failure> {
        self.until(|| {
            let text = fs::read_to_string(log).ok()?;
            let ready = text.lines().filter_map(|line| line.strip_prefix("READY ")?.split_once(' '));
            let found: Vec<_> = ready.map(|(device, path)| (device.into(), path.trim().into())).collect();
            (found.len() >= DEVICES && text.contains("LISTEN ")).then_some(found)
        })
    }

    fn until<T>(&mut self, mut there: impl FnMut() -> Option<T>) -> Result<T, Failure> {
        let began = Instant::now();
        loop {
            if let Some(found) = there() {
                return Ok(found);
            }
            self.all_alive()?;
            if self.stop.asked() {
                return Err(Failure::StoppedEarly);
            }
            if began.elapsed() > START_MAX {
                let newest = self.processes.last().map(|process| (process.name.clone(), process.last_words())).unwrap_or_default();
                return Err(Failure::NotReady { name: newest.0, seconds: START_MAX.as_secs(), last_words: newest.1 });
            }
            sleep(PAUSE);
        }
    }

    fn all_alive(&mut self) -> Result<(), Failure> {
        match self.processes.iter_mut().find_map(|process| process.ended().then_some(process)) {
            Some(process) => Err(Failure::Died { name: process.name.clone(), last_words: process.last_words() }),
            None => Ok(()),
        }
    }

    /// Returns when a person stops the demo; fails when a process ends by itself.
    pub fn wait_for_the_end(&mut self) -> Result<(), Failure> {
        while !self.stop.asked() {
            self.all_alive()?;
            sleep(PAUSE);
        }
        Ok(())
    }

    /// Asks each to end, newest first, and kills what does not.
    pub fn stop(&mut self) {
        println!("stopping");
        for process in self.processes.iter_mut().rev() {
            if process.ended() {
                continue;
            }
            let asked = Command::new("kill").args(["-TERM", &process.child.id().to_string()]).status();
            let began = Instant::now();
            while asked.is_ok() && !process.ended() && began.elapsed() < STOP_MAX {
                sleep(PAUSE);
            }
            if !process.ended() {
                eprintln!("{} did not stop within {} s and was killed", process.name, STOP_MAX.as_secs());
                let killed = process.child.kill().and_then(|()| process.child.wait());
                killed.err().into_iter().for_each(|cause| eprintln!("{}: {cause}", process.name));
            }
        }
        self.processes.clear();
    }
}

impl Drop for Company {
    fn drop(&mut self) {
        if !self.processes.is_empty() {
            self.stop();
        }
    }
}

/// Whether somebody asked for the end, by Ctrl-C or SIGTERM.
struct Stop(Arc<AtomicBool>);

impl Stop {
    fn listen() -> Result<Self, Failure> {
        let signals = |cause| Failure::Signals { cause };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(signals)?;
        let asked = Arc::new(AtomicBool::new(false));
        let (mut interrupt, mut terminate) = {
            let _entered = runtime.enter();
            (signal(SignalKind::interrupt()).map_err(signals)?, signal(SignalKind::terminate()).map_err(signals)?)
        };
        let heard = asked.clone();
        thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
            });
            heard.store(true, Ordering::SeqCst);
        });
        Ok(Self(asked))
    }

    fn asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

fn healthy(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect((std::net::Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(&head == b"HTTP/1.1 200")
    };
    ask().unwrap_or(false)
}
