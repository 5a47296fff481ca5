//! Starting other programs: what they say passes through, how they end is told, silence is broken by a heartbeat.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::Failure;

/// A step that says nothing for this long is shown to be alive.
const HEARTBEAT: Duration = Duration::from_secs(60);

pub struct Line {
    command: Command,
    text: String,
}

/// `program` with `args`, in `folder`.
pub fn line<A: AsRef<OsStr>>(folder: &Path, program: &str, args: impl IntoIterator<Item = A>) -> Line {
    let mut command = Command::new(program);
    command.current_dir(folder).args(args).stdin(Stdio::null());
    let words = std::iter::once(OsStr::new(program)).chain(command.get_args());
    let text = words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ");
    Line { command, text }
}

impl Line {
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs to the end, its words passing through.
    pub fn run(self) -> Result<(), Failure> {
        self.run_and_keep(|_| false).map(drop)
    }

    /// Runs to the end, its words passing through; returns the lines of its standard error that `keep` wants.
    pub fn run_and_keep(mut self, keep: impl Fn(&str) -> bool) -> Result<Vec<String>, Failure> {
        let _heartbeat = Heartbeat::start(self.text.clone());
        let mut child = self.command.stderr(Stdio::piped()).spawn().map_err(|cause| not_started(&self.text, cause))?;
        let said = child.stderr.take().map(BufReader::new);
        let mut kept = Vec::new();
        for text in said.into_iter().flat_map(|said| said.lines()).map_while(Result::ok) {
            eprintln!("{text}");
            if keep(&text) {
                kept.push(text);
            }
        }
        let status = child.wait().map_err(|cause| not_started(&self.text, cause))?;
        ended(&self.text, status.code()).map(|()| kept)
    }

    /// Runs in silence and returns what it said on standard output; its standard error is shown if it failed.
    pub fn read(mut self) -> Result<String, Failure> {
        let Output { status, stdout, stderr } = self.command.output().map_err(|cause| not_started(&self.text, cause))?;
        if !status.success() {
            eprint!("{}", String::from_utf8_lossy(&stderr));
        }
        ended(&self.text, status.code()).map(|()| String::from_utf8_lossy(&stdout).into_owned())
    }
}

fn not_started(text: &str, cause: std::io::Error) -> Failure {
    Failure::NotStarted { program: text.split(' ').next().unwrap_or_default().into(), cause }
}

fn ended(line: &str, code: Option<i32>) -> Result<(), Failure> {
    match code {
        Some(0) => Ok(()),
        Some(code) => Err(Failure::Ended { line: line.into(), code }),
        None => Err(Failure::Stopped { line: line.into() }),
    }
}

/// Prints once a minute what is still running; ends when dropped.
struct Heartbeat {
    _alive: mpsc::Sender<()>,
}

impl Heartbeat {
    fn start(text: String) -> Self {
        let (alive, dropped) = mpsc::channel::<()>();
        let began = Instant::now();
        thread::spawn(move || {
            while dropped.recv_timeout(HEARTBEAT) == Err(mpsc::RecvTimeoutError::Timeout) {
                eprintln!("    … {} s: {text}", began.elapsed().as_secs());
            }
        });
        Self { _alive: alive }
    }
}
