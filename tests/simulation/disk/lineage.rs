//! The lineage file on a simulated disk: lost or put back with the disk, untouched when only the database is.

use super::{Disk, Trouble};
use shared::{
    journal::Fault,
    store::{Lineage, Mark},
};

/// The name of the file.
pub const LINEAGE: &str = "lineage";

/// The lineage file of a machine.
pub struct DiskLineage {
    pub disk: Disk,
    /// What this machine's hardware says it is.
    pub machine: String,
}

impl Lineage for DiskLineage {
    fn read(&self) -> Option<Mark> {
        serde_json::from_slice(&self.disk.read(LINEAGE).ok()?).ok()
    }

    fn write(&self, mark: &Mark) -> Result<(), Fault> {
        let bytes = serde_json::to_vec(mark).map_err(|error| Fault::Disk(error.to_string()))?;
        self.disk.replace(LINEAGE, &bytes).map_err(|trouble| match trouble {
            Trouble::Full => Fault::DiskFull,
            Trouble::Off | Trouble::Broken | Trouble::Missing => Fault::Disk(trouble.to_string()),
        })
    }

    fn machine(&self) -> String {
        self.machine.clone()
    }
}
