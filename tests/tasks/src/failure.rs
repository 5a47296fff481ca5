//! What can go wrong in a task; each says what to do next.

use std::io;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("cannot start `{program}`: {cause}")]
    NotStarted { program: String, cause: io::Error },
    #[error("`{line}` ended with {code}")]
    Ended { line: String, code: i32 },
    #[error("`{line}` was stopped by a signal")]
    Stopped { line: String },
    #[error("{0}")]
    Pages(uibuild::Fault),
    #[error("{what} is missing. Run: {how}")]
    Missing { what: String, how: String },
    #[error("{file} is not what the binaries say. Run: cargo gen")]
    Stale { file: String },
    #[error("{what}\n{}", crate::demo::USAGE)]
    Usage { what: String },
    #[error("port {port} is taken ({cause}); choose another by --port")]
    PortTaken { port: u16, cause: io::Error },
    #[error("stopped before it was ready")]
    StoppedEarly,
    #[error("{name} ended by itself. Its last words:\n{last_words}")]
    Died { name: String, last_words: String },
    #[error("{name} was not ready after {seconds} s. Its last words:\n{last_words}")]
    NotReady { name: String, seconds: u64, last_words: String },
    #[error("`{line}` said what was not expected:\n{said}")]
    Unexpected { line: String, said: String },
    #[error("cannot wait for signals: {cause}")]
    Signals { cause: io::Error },
    #[error("{}: {cause}", path.display())]
    Disk { path: PathBuf, cause: io::Error },
}
