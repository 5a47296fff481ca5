//! What lies beside the database and in no backup: the device key, the vault key, the lineage file, and where the hub is.
use shared::base::vault::Vault;
use shared::base::{BranchId, StreamId};
use shared::desk::registry::REGISTRY;
use shared::exchange::edge::renew;
use shared::exchange::sign::Keys;
use shared::journal::Fault;
use shared::store::lineage::LineageFile;
use shared::store::{Opening, Store, secret};
use shared::views::{Registry, Side};
use std::path::{Path, PathBuf};

/// The files of one install under its data folder.
#[derive(Clone)]
pub struct Install {
    folder: PathBuf,
    registry: &'static Registry,
}

/// Where the hub is and who it is; written by enrolment.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Link {
    pub hub_url: String,
    /// Ed25519 public key of the hub, 64 hex digits.
    pub hub_key: String,
    pub branch: BranchId,
}

/// Why an install cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NotUsable {
    #[error("{path}: {error}")]
    File { path: PathBuf, error: std::io::Error },
    #[error("{path} is damaged: {why}")]
    Damaged { path: PathBuf, why: String },
    #[error("this install is not enrolled: run `edge enrol --data DIR --hub URL --code CODE` with a code from head office")]
    NotEnrolled,
    #[error("the store cannot be opened: {0}")]
    Store(#[from] Fault),
    #[error("no random bytes from the system")]
    Random,
}

impl Install {
    pub fn new(folder: &Path) -> Install {
        Install { folder: folder.to_path_buf(), registry: &REGISTRY }
    }

    /// The same folder for a program that knows other facts and views.
    #[must_use]
    pub fn knowing(self, registry: &'static Registry) -> Install {
        Install { registry, ..self }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A path in the data folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.path(name)
    }

    pub fn database(&self) -> PathBuf {
        self.path("edge.db")
    }

    /// The device's key pair; made at the first call.
    ///
    /// # Errors
    /// File errors.
    pub fn keys(&self) -> Result<Keys, NotUsable> {
        let path = self.path("device.key");
        if path.exists() {
            return Ok(Keys::from_secret(read_secret(&path)?));
        }
        std::fs::create_dir_all(&self.folder).map_err(|error| NotUsable::File { path: self.folder.clone(), error })?;
        let secret: [u8; 32] = random()?;
        write_secret(&path, &secret)?;
        Ok(Keys::from_secret(secret))
    }

    /// # Errors
    /// `NotEnrolled` before enrolment; file errors.
    pub fn vault(&self) -> Result<Vault, NotUsable> {
        let path = self.path("vault.key");
        if path.exists() { read_secret(&path).map(Vault::new) } else { Err(NotUsable::NotEnrolled) }
    }

    /// # Errors
    /// File errors.
    pub fn keep_vault(&self, vault: &Vault) -> Result<(), NotUsable> {
        write_secret(&self.path("vault.key"), vault.key())
    }

    /// # Errors
    /// `NotEnrolled` before enrolment; file errors.
    pub fn link(&self) -> Result<Link, NotUsable> {
        let path = self.path("link.json");
        let bytes = std::fs::read(&path).map_err(|_| NotUsable::NotEnrolled)?;
        serde_json::from_slice(&bytes).map_err(|error| NotUsable::Damaged { path, why: error.to_string() })
    }

    /// # Errors
    /// File errors.
    pub fn keep_link(&self, link: &Link) -> Result<(), NotUsable> {
        let path = self.path("link.json");
        let text = serde_json::to_vec_pretty(link).map_err(|error| NotUsable::Damaged { path: path.clone(), why: error.to_string() })?;
        std::fs::write(&path, text).map_err(|error| NotUsable::File { path, error })
    }

    /// The store, without asking whether it was rolled back.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn store(&self) -> Result<Store, NotUsable> {
        let lineage = LineageFile::new(self.path("lineage.json"), machine());
        let opening = Opening { path: self.database(), registry: self.registry, side: Side::Edge, lineage: Some(Box::new(lineage)) };
        Ok(Store::open(opening)?)
    }

    /// The store of an enrolled install. A database that was rolled back or copied opens a new stream before anything is written.
    ///
    /// # Errors
    /// `NotEnrolled`; faults of the store.
    pub fn open(&self, now_ms: i64) -> Result<Store, NotUsable> {
        let mut store = self.store()?;
        let identity = store.identity().ok_or(NotUsable::NotEnrolled)?;
        let head = shared::store::writer::stream_head(&store, identity.stream)?.ok_or(NotUsable::NotEnrolled)?;
        if !store.unbroken() {
            let fresh = StreamId(shared::base::ids::time_ordered(now_ms, random()?));
            tracing::warn!(stream = %identity.stream, seq = head.seq, new = %fresh, "install.rolled_back_or_copied");
            store.transaction(|writer| renew(writer, identity.stream, now_ms, fresh.0))?;
        }
        Ok(store)
    }
}

/// The hub's key out of the link file.
pub fn hub_key(link: &Link) -> Option<[u8; 32]> {
    let bytes: Option<Vec<u8>> =
        (0..link.hub_key.len()).step_by(2).map(|i| u8::from_str_radix(link.hub_key.get(i..i + 2)?, 16).ok()).collect();
    bytes?.try_into().ok()
}

/// Random bytes of the system.
///
/// # Errors
/// `Random` if it has none.
pub fn random<const N: usize>() -> Result<[u8; N], NotUsable> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NotUsable::Random)?;
    Ok(bytes)
}

fn read_secret(path: &Path) -> Result<[u8; 32], NotUsable> {
    secret::read(path).map_err(|error| NotUsable::File { path: path.to_path_buf(), error })
}

fn write_secret(path: &Path, key: &[u8; 32]) -> Result<(), NotUsable> {
    secret::write(path, key).map_err(|error| NotUsable::File { path: path.to_path_buf(), error })
}

/// This machine, from serials of its hardware: a disk image copied elsewhere does not carry them along.
fn machine() -> String {
    let mut serials: Vec<String> = ["/sys/class/dmi/id/product_uuid", "/sys/class/dmi/id/board_serial"]
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .map(|text| text.trim().to_owned())
        .collect();
    for interface in std::fs::read_dir("/sys/class/net").into_iter().flatten().flatten() {
        // Only interfaces with hardware behind them have a device.
        if interface.path().join("device").exists() {
            serials.extend(std::fs::read_to_string(interface.path().join("address")).ok().map(|text| text.trim().to_owned()));
        }
    }
    serials.sort();
    serials.join("+")
}
