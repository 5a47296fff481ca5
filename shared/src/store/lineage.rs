//! The lineage file lies beside the database and in no backup. It names the stream and a block of seqs reserved ahead: a database behind its
//! block, or with a missing or foreign file, was rolled back or copied, and must open a new stream before it writes.
use crate::base::StreamId;
use crate::base::guards::{Guard, on};
use crate::base::limits::LINEAGE_BLOCK;
use crate::journal::Fault;
use crate::views::Side;

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mark {
    pub stream: StreamId,
    /// No seq above this was ever written under this file.
    pub reserved: u64,
    /// How far a database in good order may be behind `reserved`.
    #[serde(default)]
    pub ahead: u64,
    /// From hardware serials, not from a file that a disk image copies.
    pub machine: String,
}

/// Keeps one mark, durable before `write` answers.
pub trait Lineage: Send {
    /// None: no file, or one that cannot be read.
    fn read(&self) -> Option<Mark>;

    /// # Errors
    /// The disk's.
    fn write(&self, mark: &Mark) -> Result<(), Fault>;

    /// This machine.
    fn machine(&self) -> String;
}

/// May a database whose own stream stands at `seq` go on writing it?
pub fn unbroken(lineage: &dyn Lineage, stream: StreamId, seq: u64) -> bool {
    let fits = |mark: Mark| {
        mark.stream == stream && mark.machine == lineage.machine() && seq <= mark.reserved && seq + mark.ahead >= mark.reserved
    };
    !on(Guard::Lineage) || lineage.read().is_some_and(fits)
}

/// Reserves ahead of what is committed. An edge reserves blocks: one more fsync per 64 entries, and a rollback inside a block shows at the first
/// exchange. The hub reserves exactly what it commits: what it wrote again under old numbers would hide what its branches hold.
pub(super) fn reserve(lineage: &dyn Lineage, side: Side, stream: StreamId, seq: u64) -> Result<(), Fault> {
    let enough = lineage.read().is_some_and(|mark| mark.stream == stream && seq <= mark.reserved);
    if enough {
        return Ok(());
    }
    let (reserved, ahead) = match side {
        Side::Edge => ((seq / LINEAGE_BLOCK + 1) * LINEAGE_BLOCK, LINEAGE_BLOCK),
        Side::Hub => (seq, 0),
    };
    lineage.write(&Mark { stream, reserved, ahead, machine: lineage.machine() })
}

/// The mark as a small file, replaced whole.
pub struct LineageFile {
    path: std::path::PathBuf,
    machine: String,
    seen: std::sync::Mutex<Option<Mark>>,
}

impl LineageFile {
    pub fn new(path: std::path::PathBuf, machine: String) -> LineageFile {
        let seen = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        LineageFile { path, machine, seen: std::sync::Mutex::new(seen) }
    }
}

impl Lineage for LineageFile {
    fn read(&self) -> Option<Mark> {
        self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    fn write(&self, mark: &Mark) -> Result<(), Fault> {
        use std::io::Write;
        let disk = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::StorageFull => Fault::DiskFull,
            _ => Fault::Disk(error.to_string()),
        };
        let bytes = serde_json::to_vec(mark).map_err(|error| Fault::Disk(error.to_string()))?;
        let fresh = self.path.with_extension("new");
        let mut file = std::fs::File::create(&fresh).map_err(disk)?;
        file.write_all(&bytes).map_err(disk)?;
        file.sync_all().map_err(disk)?;
        std::fs::rename(&fresh, &self.path).map_err(disk)?;
        if let Some(folder) = self.path.parent() {
            std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(disk)?;
        }
        *self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(mark.clone());
        Ok(())
    }

    fn machine(&self) -> String {
        self.machine.clone()
    }
}
