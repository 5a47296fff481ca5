//! What lies beside the hub's database and in no backup of it: the hub's key, the chain's vault key, the lineage file.
use shared::base::StreamId;
use shared::base::ids::time_ordered;
use shared::base::vault::Vault;
use shared::exchange::recovery::open_hub;
use shared::exchange::sign::Keys;
use shared::journal::Fault;
use shared::store::lineage::LineageFile;
use shared::store::{Opening, Store, secret};
use shared::views::Side;
use std::path::{Path, PathBuf};

/// The files of a hub under its data folder.
#[derive(Debug, Clone)]
pub struct Install {
    folder: PathBuf,
}

/// Why a hub cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum NotUsable {
    #[error("{path}: {error}")]
    File { path: PathBuf, error: std::io::Error },
    #[error("there is no hub in {0}: run `hub init --data DIR --chain NAME`")]
    NotMade(PathBuf),
    #[error("there is a hub in {0} already")]
    Made(PathBuf),
    #[error("the store cannot be used: {0}")]
    Store(#[from] Fault),
    #[error("no random bytes from the system")]
    Random,
}

impl Install {
    pub fn new(folder: &Path) -> Install {
        Install { folder: folder.to_path_buf() }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn database(&self) -> PathBuf {
        self.path("hub.db")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Makes keys, database and the hub's first stream.
    ///
    /// # Errors
    /// `Made` if there is one already; file errors and faults of the store.
    pub fn make(&self, now_ms: i64) -> Result<Store, NotUsable> {
        if self.path("hub.key").exists() {
            return Err(NotUsable::Made(self.folder.clone()));
        }
        std::fs::create_dir_all(&self.folder).map_err(|error| NotUsable::File { path: self.folder.clone(), error })?;
        self.write_secret("vault.key", &random()?)?;
        let mut store = self.store()?;
        let secret = random()?;
        let (key, stream) = (Keys::from_secret(secret).public(), StreamId(time_ordered(now_ms, random()?)));
        store.transaction(|writer| open_hub(writer, stream, &key, now_ms))?;
        // Last, so that a torn init is run again.
        self.write_secret("hub.key", &secret)?;
        Ok(store)
    }

    /// # Errors
    /// `NotMade` before `init`; file errors.
    pub fn keys(&self) -> Result<Keys, NotUsable> {
        self.read_secret("hub.key").map(Keys::from_secret)
    }

    /// # Errors
    /// `NotMade` before `init`; file errors.
    pub fn vault(&self) -> Result<Vault, NotUsable> {
        self.read_secret("vault.key").map(Vault::new)
    }

    fn read_secret(&self, name: &str) -> Result<[u8; 32], NotUsable> {
        secret::read(&self.path(name)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => NotUsable::NotMade(self.folder.clone()),
            _ => NotUsable::File { path: self.path(name), error },
        })
    }

    fn write_secret(&self, name: &str, key: &[u8; 32]) -> Result<(), NotUsable> {
        secret::write(&self.path(name), key).map_err(|error| NotUsable::File { path: self.path(name), error })
    }

    fn lineage(&self) -> LineageFile {
        LineageFile::new(self.path("lineage.json"), self.folder.display().to_string())
    }

    fn store(&self) -> Result<Store, NotUsable> {
        let lineage = Some(Box::new(self.lineage()) as Box<_>);
        Ok(Store::open(Opening { path: self.path("hub.db"), registry: &shared::desk::registry::REGISTRY, side: Side::Hub, lineage })?)
    }

    /// The store. A database older than its lineage was restored from a backup: the hub opens a new stream, a new epoch, and recovers.
    ///
    /// # Errors
    /// `NotMade` before `init`; faults of the store.
    pub fn open(&self, now_ms: i64) -> Result<Store, NotUsable> {
        let key = self.keys()?.public();
        let mut store = self.store()?;
        let identity = store.identity().ok_or_else(|| NotUsable::NotMade(self.folder.clone()))?;
        let seq = shared::store::writer::stream_head(&store, identity.stream)?.map_or(0, |head| head.seq);
        if !store.unbroken() {
            let fresh = StreamId(time_ordered(now_ms, random()?));
            tracing::warn!(stream = %identity.stream, seq, new = %fresh, "hub.restored");
            store.transaction(|writer| open_hub(writer, fresh, &key, now_ms))?;
        }
        Ok(store)
    }
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
