//! How much room the data folder has.
use std::path::Path;

/// Bytes free for us; none where the system does not tell.
pub fn free_bytes(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    found.f_bavail.checked_mul(found.f_frsize)
}
