//! How much room the folder of a database has.
use std::path::Path;

/// A disk with less free than this is nearly full however small it is.
const FREE_BYTES_MIN: u64 = 512 * 1024 * 1024;
/// A disk of which less than one part in so many is free is nearly full (trade: warns at 10 %)…
const FREE_SHARE: u64 = 10;
/// … unless more than this is free: years of a branch's sales.
const FREE_BYTES_PLENTY: u64 = 5 * 1024 * 1024 * 1024;

/// Whether a person should make room now; never where the system does not tell. Nothing is refused before the disk is really full.
pub fn nearly_full(folder: &Path) -> bool {
    let Ok(found) = rustix::fs::statvfs(folder) else { return false };
    low(found.f_bavail.saturating_mul(found.f_frsize), found.f_blocks.saturating_mul(found.f_frsize))
}

fn low(free: u64, whole: u64) -> bool {
    free < FREE_BYTES_MIN || free < (whole / FREE_SHARE).min(FREE_BYTES_PLENTY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_left_or_half_a_gigabyte_is_little() {
        const GB: u64 = 1 << 30;
        assert!(low(3 * GB, 40 * GB) && !low(5 * GB, 40 * GB));
        assert!(!low(6 * GB, 1000 * GB), "plenty");
        assert!(low(GB / 4, GB) && !low(GB, 2 * GB));
    }
}
