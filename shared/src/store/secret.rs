//! A secret key in a file of its own: beside the database, in no backup, readable by its owner alone.
use std::fs::OpenOptions;
use std::io::{Error, ErrorKind, Write};
use std::path::Path;

/// Reads a key.
///
/// # Errors
/// The file's; `InvalidData` if it does not hold 32 bytes.
pub fn read(path: &Path) -> Result<[u8; 32], Error> {
    std::fs::read(path)?.try_into().map_err(|_| Error::new(ErrorKind::InvalidData, "not 32 bytes"))
}

/// Writes a key, durable when it answers.
///
/// # Errors
/// The file's.
pub fn write(path: &Path, key: &[u8; 32]) -> Result<(), Error> {
    keep(path, key)
}

/// Writes an address with a password in it, in the same way.
///
/// # Errors
/// The file's.
pub fn write_text(path: &Path, text: &str) -> Result<(), Error> {
    keep(path, text.as_bytes())
}

fn keep(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_was_written_by_its_owner_alone() {
        let path = std::env::temp_dir().join(format!("catena-secret-{}", std::process::id()));
        write(&path, &[7; 32]).expect("written");
        assert_eq!(read(&path).expect("read"), [7; 32]);
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).expect("there").permissions());
        assert_eq!(mode & 0o077, 0, "others cannot read it");
        std::fs::write(&path, b"short").expect("written");
        assert_eq!(read(&path).map_err(|error| error.kind()), Err(ErrorKind::InvalidData));
        std::fs::remove_file(&path).expect("the test's own file");
        assert_eq!(read(&path).map_err(|error| error.kind()), Err(ErrorKind::NotFound));
    }
}
