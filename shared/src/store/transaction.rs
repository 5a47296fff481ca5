//! One store and its transaction: all of a work or nothing, whatever the engine below; the lineage file and the mirror are written around the
//! commit. Another process may have written between two transactions of this one, where the engine is shared: what is kept in mind is then
//! read again.
use super::engine::{Engine, is_server};
use super::figures::Figures;
use super::lineage::{self, Lineage, Stands};
use super::readers::Readers;
use super::writer::{Identity, Writer};
use crate::base::StreamId;
use crate::journal::memory::Memory;
use crate::journal::{Fault, Read, Row, Value};
use crate::views::{Registry, Side};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Where a store lies and what it is.
pub struct Opening {
    /// As SQLite takes it, a path or a `file:` URI that names a virtual file system; or the `postgres://` address of a server's database.
    pub path: PathBuf,
    pub registry: &'static Registry,
    pub side: Side,
    /// The file beside the database by which a rolled-back or copied database is known; none at a place that cannot be rolled back.
    pub lineage: Option<Box<dyn Lineage>>,
}

/// The one writer's store.
pub struct Store {
    pub(super) db: Engine,
    pub(super) registry: &'static Registry,
    pub(super) side: Side,
    pub(super) identity: Option<Identity>,
    pub(super) lineage: Option<Box<dyn Lineage>>,
    /// How long the last commit took; none if it failed.
    pub(super) commit: Option<Duration>,
    pub(super) figures: Arc<Figures>,
    mirror: Option<Box<dyn Mirror>>,
    pub(super) memory: Memory,
    /// How far the own stream was at the last commit.
    durable: Stands,
    pub(super) path: PathBuf,
}

/// A second medium that follows what is committed, before it is answered. What it cannot write it tells itself: it never stops the writer.
pub trait Mirror: Send {
    /// `own`: the stream that this install writes.
    fn follow(&mut self, db: &dyn Read, own: StreamId);
}

impl Store {
    /// Opens or creates the database, brings its core tables up to date and creates the tables of views that are missing.
    ///
    /// # Errors
    /// `Damaged` if the file is not ours or was written by a newer version; disk faults.
    pub fn open(opening: Opening) -> Result<Store, Fault> {
        let Opening { path, registry, side, lineage } = opening;
        let db = Engine::open(&path)?;
        let mut store = Store {
            db,
            registry,
            side,
            identity: None,
            lineage,
            memory: Memory::default(),
            mirror: None,
            commit: None,
            figures: Arc::default(),
            durable: Stands::default(),
            path,
        };
        store.identity = Identity::load(&store.db)?;
        store.upgrade()?;
        store.durable = Stands { seq: store.own_seq(store.identity)?, fed: store.fed()? };
        Ok(store)
    }

    /// Which install this is; none before its first stream is opened.
    pub fn identity(&self) -> Option<Identity> {
        self.identity
    }

    pub fn side(&self) -> Side {
        self.side
    }

    pub fn registry(&self) -> &'static Registry {
        self.registry
    }

    /// From now on every commit is followed by a mirror; at once by what it lacks.
    pub fn mirror_to(&mut self, mut mirror: Box<dyn Mirror>) {
        if let Some(identity) = self.identity {
            mirror.follow(&self.db, identity.stream);
        }
        self.mirror = Some(mirror);
    }

    /// One transaction: all of `work` or nothing. The lineage file is written around the commit as each side needs it.
    ///
    /// # Errors
    /// That of `work`, or of the commit; then nothing was written. At the hub also that of the lineage file behind the commit: then it was
    /// written, and like after a power cut nobody may be told.
    pub fn transaction<T>(&mut self, work: impl FnOnce(&mut Writer<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.db.begin()? {
            // A turn that comes to nothing is given back.
            let still = self.others_wrote().and_then(|()| self.refuse_overtaken());
            still.inspect_err(|_| self.db.roll_back())?;
        }
        let mut writer = Writer::new(&self.db, self.registry, self.side, self.identity, &self.memory);
        let done = work(&mut writer);
        let (identity, fed) = (writer.identity, writer.fed);
        let grown = if writer.grew { writer.own_tip().map(|tip| Some(tip.seq)) } else { Ok(None) };
        self.commit = None;
        match done.and_then(|value| self.commit(identity, grown?, fed).map(|()| value)) {
            Ok(value) => Ok(value),
            Err(error) => {
                self.memory.forget();
                self.db.roll_back();
                Err(error)
            }
        }
    }

    /// Another process of this hub wrote since the last transaction here; it may even have opened another stream.
    pub(super) fn others_wrote(&mut self) -> Result<(), Fault> {
        self.memory.forget();
        self.identity = Identity::load(&self.db)?;
        self.durable = Stands { seq: self.own_seq(self.identity)?, fed: self.fed()? };
        Ok(())
    }

    /// How far the own stream is, in this connection's open transaction if there is one; 0 before it is opened.
    fn own_seq(&self, identity: Option<Identity>) -> Result<u64, Fault> {
        let Some(identity) = identity else { return Ok(0) };
        Ok(self.db.number("select seq from stream where stream = ?1", &[identity.stream.into()])? as u64)
    }

    /// How many positions of feeds were given out, in the same way.
    fn fed(&self) -> Result<u64, Fault> {
        Ok(self.db.number("select coalesce(cast(sum(next) as bigint), 0) from feed_head", &[])? as u64)
    }

    /// May this database go on writing its own stream? Not if it was put back, copied, or lost the file beside it: then it opens a new stream first.
    pub fn unbroken(&self) -> bool {
        let Some((file, identity)) = self.lineage.as_deref().zip(self.identity) else { return true };
        lineage::unbroken(file, identity.stream, self.durable) || (is_server(&self.path) && self.joined(file))
    }

    /// Several processes of a hub each keep such a file. One that never wrote here has none; another process may have opened the present
    /// stream after the one that the file names.
    fn joined(&self, file: &dyn Lineage) -> bool {
        let Some(mark) = file.read() else { return true };
        let head = super::writer::stream_head(self, mark.stream);
        let earlier = |head: &super::writer::StreamHead| head.branch.is_none() && head.sealed != 0 && mark.least <= head.seq;
        mark.fed <= self.durable.fed && head.is_ok_and(|head| head.as_ref().is_some_and(earlier))
    }

    /// `grown`: how far the own stream is now, if it grew: only what is written claims the lineage; a rebuild of a database that was put back
    /// must not hide that it was. `fed`: positions of feeds taken.
    #[expect(clippy::disallowed_methods, reason = "how long the disk took is measured, nothing is decided by it")]
    fn commit(&mut self, identity: Option<Identity>, grown: Option<u64>, fed: u64) -> Result<(), Fault> {
        let (seq, grew) = (grown.unwrap_or(self.durable.seq), grown.is_some());
        let stands = Stands { seq, fed: self.durable.fed + fed };
        let durable = if identity == self.identity { self.durable } else { Stands { seq: 0, ..self.durable } };
        let own = identity.map(|identity| identity.stream);
        if let (true, Some(file), Some(stream)) = (grew, self.lineage.as_deref(), own) {
            lineage::before_commit(file, self.side, stream, durable, seq)?;
        }
        let began = Instant::now();
        self.db.commit()?;
        (self.identity, self.durable, self.commit) = (identity, stands, Some(began.elapsed()));
        if let (true, Some(mirror), Some(stream)) = (grew, &mut self.mirror, own) {
            mirror.follow(&self.db, stream);
        }
        self.lineage.as_deref().zip(own).map_or(Ok(()), |(file, stream)| lineage::after_commit(file, self.side, stream, stands))
    }

    /// Readers of the same file for pages.
    pub fn readers(&self) -> Readers {
        Readers::of(&self.path)
    }

    /// Moves what is committed from the log into the file, without holding up anybody. True: the log stays long, and the writer should empty it.
    /// A server does so itself.
    ///
    /// # Errors
    /// Disk faults; nothing is lost by them.
    pub fn checkpoint(path: &Path) -> Result<bool, Fault> {
        if is_server(path) { Ok(false) } else { super::sqlite::checkpoint(path) }
    }

    /// Empties the log between two transactions, if no reader needs it; a checkpoint just before has left little of it.
    pub(super) fn empty_log(&self) {
        if let Engine::Sqlite(db) = &self.db
            && let Err(fault) = super::sqlite::empty_log(db)
        {
            tracing::debug!(%fault, "store.log_not_emptied");
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Read for Store {
    fn rows(&self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
        self.db.rows(sql, parameters)
    }
}
