//! The lineage file lies beside the database and in no backup. It names the stream and between which seqs a database in good order stands: one
//! outside them, or with a missing or foreign file, was rolled back or copied, and must open a new stream before it writes.
//!
//! An edge reserves a block of seqs before it writes into it: one more fsync per 64 entries, and a rollback inside the block shows at the first
//! exchange. The hub has nobody who could tell it, so it notes each commit before it says anything of it, and how many positions of its feeds were
//! taken: a backup may lack pages that were given out though the hub itself wrote nothing since. What its branches may hold is not above the mark,
//! and what a power cut left behind between commit and mark nobody has heard of.
use crate::base::StreamId;
use crate::base::guards::{Guard, on};
use crate::base::limits::LINEAGE_BLOCK;
use crate::journal::Fault;
use crate::views::Side;

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mark {
    pub stream: StreamId,
    /// The database has at least this seq.
    pub least: u64,
    /// No seq above this was ever written under this file; none: not known.
    pub most: Option<u64>,
    /// The database has given out at least so many positions of its feeds; 0 at an edge.
    #[serde(default)]
    pub fed: u64,
    /// From hardware serials, not from a file that a disk image copies.
    pub machine: String,
}

impl Mark {
    /// Does a database whose stream stands at `seq` fit?
    pub fn fits(&self, stream: StreamId, seq: u64) -> bool {
        self.stream == stream && self.least <= seq && self.most.is_none_or(|most| seq <= most)
    }
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

/// How far a database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stands {
    /// Last seq of the own stream.
    pub seq: u64,
    /// Positions of feeds given out.
    pub fed: u64,
}

/// May a database that stands there go on writing its own stream?
pub(super) fn unbroken(lineage: &dyn Lineage, stream: StreamId, stands: Stands) -> bool {
    let fits = |mark: Mark| mark.machine == lineage.machine() && mark.fits(stream, stands.seq) && mark.fed <= stands.fed;
    lineage.read().is_some_and(fits) || !on(Guard::Lineage)
}

/// Before a commit that takes the own stream to `seq`.
pub(super) fn before_commit(lineage: &dyn Lineage, side: Side, stream: StreamId, durable: Stands, seq: u64) -> Result<(), Fault> {
    let enough = |mark: Mark| mark.stream == stream && mark.most.is_none_or(|most| seq <= most);
    if lineage.read().is_some_and(enough) {
        return Ok(());
    }
    let most = (side == Side::Edge).then_some((seq / LINEAGE_BLOCK + 1) * LINEAGE_BLOCK);
    lineage.write(&Mark { stream, least: durable.seq, most, fed: durable.fed, machine: lineage.machine() })
}

/// After it, before anybody is answered. A file of another stream is left alone: this database was put back.
pub(super) fn after_commit(lineage: &dyn Lineage, side: Side, stream: StreamId, stands: Stands) -> Result<(), Fault> {
    let behind = |mark: Mark| mark.stream == stream && (mark.least < stands.seq || mark.fed < stands.fed);
    if side == Side::Hub && lineage.read().is_some_and(behind) {
        lineage.write(&Mark { stream, least: stands.seq, most: None, fed: stands.fed, machine: lineage.machine() })?;
    }
    Ok(())
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
