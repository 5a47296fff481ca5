//! One process per data folder: two would write one stream. The lock goes with the process, however it ends.
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// Held as long as a process has the folder open.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why a folder cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    #[error("another process has {0} open: stop it first")]
    Held(PathBuf),
    #[error("{0}: {1}")]
    Disk(PathBuf, std::io::Error),
}

/// Takes a folder for this process.
///
/// # Errors
/// `Held` if another process has it; file errors.
pub fn lock(folder: &Path) -> Result<Lock, NotTaken> {
    let path = folder.join("lock");
    let disk = |error| NotTaken::Disk(path.clone(), error);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(disk)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(NotTaken::Held(folder.to_path_buf())),
        Err(TryLockError::Error(error)) => Err(NotTaken::Disk(path, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_taken_once_and_free_again_afterwards() {
        let folder = std::env::temp_dir().join(format!("catena-lock-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        let held = lock(&folder).expect("free");
        assert!(matches!(lock(&folder), Err(NotTaken::Held(_))));
        drop(held);
        assert!(lock(&folder).is_ok());
        std::fs::remove_dir_all(&folder).expect("the test's own folder");
    }
}
