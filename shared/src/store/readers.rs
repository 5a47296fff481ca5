//! Readers for pages: each question is answered from one committed state.
use super::engine::Engine;
use crate::journal::{Fault, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A pool of read-only connections.
pub struct Readers {
    path: PathBuf,
    free: Mutex<Vec<Engine>>,
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
        let pooled = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let db = match pooled {
            Some(db) => db,
            None => Engine::reader(&self.path)?,
        };
        db.begin_reading()?;
        let answer = question(&db);
        db.end_reading()?;
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(db);
        answer
    }
    /// Closes the connections that nobody uses. Those to a server may not be closed by a thread that runs async work.
    pub fn close(&self) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
