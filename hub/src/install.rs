//! What lies beside the hub's database and in no backup of it: the hub's key, the chain's vault key, the lineage file.
use shared::base::StreamId;
use shared::base::ids::time_ordered;
use shared::base::vault::Vault;
use shared::desk::registry::REGISTRY;
use shared::exchange::recovery::open_hub;
use shared::exchange::sign::Keys;
use shared::journal::Fault;
use shared::store::lineage::LineageFile;
use shared::store::{Opening, Store, is_server, secret};
use shared::views::{Registry, Side};
use std::path::{Path, PathBuf};

/// The file that names the database, where it is not the folder's own.
const STORE: &str = "store";

/// The files of a hub under its data folder.
#[derive(Clone)]
pub struct Install {
    folder: PathBuf,
    registry: &'static Registry,
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
    #[error("the hub of {0} moved to {1}: serve it from there, with --store")]
    Moved(PathBuf, String),
    #[error("there is a hub in the database of {0} already; another process of it needs its hub.key and vault.key")]
    Taken(PathBuf),
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

    pub fn registry(&self) -> &'static Registry {
        self.registry
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file, or the address of a server's database.
    pub fn database(&self) -> PathBuf {
        let address = std::fs::read_to_string(self.path(STORE)).ok().map(|text| text.trim().to_owned());
        address.filter(|text| !text.is_empty()).map_or_else(|| self.path("hub.db"), PathBuf::from)
    }

    /// From now on the store lies in this database; every command of this folder knows it. Only its owner reads it: there may be a password in it.
    ///
    /// # Errors
    /// An address that is none; file errors.
    pub fn keep_store(&self, address: &str) -> Result<(), NotUsable> {
        let file = |error| NotUsable::File { path: self.path(STORE), error };
        if !is_server(Path::new(address)) {
            return Err(file(std::io::Error::new(std::io::ErrorKind::InvalidInput, "an address begins with postgres://")));
        }
        std::fs::create_dir_all(&self.folder).map_err(file)?;
        secret::write_text(&self.path(STORE), address).map_err(file)
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
        if is_server(store.path()) && store.identity().is_some() {
            return Err(NotUsable::Taken(self.folder.clone()));
        }
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
        self.store_at(self.database())
    }

    /// The store at this place, whatever became of it.
    ///
    /// # Errors
    /// Faults of the store.
    pub fn store_at(&self, path: PathBuf) -> Result<Store, NotUsable> {
        let lineage = Some(Box::new(self.lineage()) as Box<_>);
        Ok(Store::open(Opening { path, registry: self.registry, side: Side::Hub, lineage })?)
    }

    /// The store. A database older than its lineage was restored from a backup: the hub opens a new stream, a new epoch, and recovers.
    ///
    /// # Errors
    /// `NotMade` before `init`; faults of the store.
    pub fn open(&self, now_ms: i64) -> Result<Store, NotUsable> {
        let key = self.keys()?.public();
        let mut store = self.store()?;
        let identity = store.identity().ok_or_else(|| NotUsable::NotMade(self.folder.clone()))?;
        if let Some(to) = shared::store::moving::moved_to(&store)? {
            return Err(NotUsable::Moved(self.folder.clone(), to));
        }
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
