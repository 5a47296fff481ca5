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
    #[error("{}: {cause}", path.display())]
    Disk { path: PathBuf, cause: io::Error },
}
