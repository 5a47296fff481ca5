//! `edge salvage`: brings head office what it lacks of the install before this one, from its folder, a backup of its database, or its mirror.
//! Writes nothing there and nothing into this install: a till may sell meanwhile.
use crate::app::now_ms;
use crate::install::{Install, NotUsable, hub_key};
use crate::uplink::{Failed, send};
use shared::base::StreamId;
use shared::exchange::mirror::{self, Mirrored};
use shared::exchange::push;
use shared::exchange::salvage;
use shared::exchange::sign::{Keys, PublicKey};
use shared::exchange::wire::{Held, Push, Request, Response, StreamState};
use shared::journal::Fault;
use shared::store::Readers;
use shared::store::lineage::Mark;
use shared::store::writer::stream_head;
use std::path::{Path, PathBuf};

/// What came of one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    pub stream: StreamId,
    /// Up to here the source knew it to be at head office.
    pub known: u64,
    /// Head office has all up to here now.
    pub upto: u64,
    /// Entries behind that are in the source and cannot be read.
    pub unreadable: u64,
}

/// What was salvaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvaged {
    pub streams: Vec<Brought>,
    /// Nothing is missing: the old install is sealed, and what lay there is on its way to this one.
    pub carried: bool,
}

/// Why nothing, or not all, was salvaged. What head office took, it keeps: run again.
#[derive(Debug, thiserror::Error)]
pub enum NotSalvaged {
    #[error(transparent)]
    Install(#[from] NotUsable),
    #[error("{path}: {error}")]
    File { path: PathBuf, error: std::io::Error },
    #[error("it cannot be read: {0}")]
    Store(#[from] Fault),
    #[error("head office cannot be reached: {0}")]
    Unreachable(String),
    #[error("this box was revoked at head office")]
    Revoked,
    #[error("head office does not take {0} from this box: a box brings what another one of its branch wrote, enrolled before it")]
    Refused(StreamId),
    #[error("head office holds {stream} up to {held} only, and what follows is not in this source")]
    Gap { stream: StreamId, held: u64 },
}

/// Where the entries are read.
enum Source {
    /// A copy of the database, beside which its log lay.
    Database {
        folder: PathBuf,
        readers: Readers,
    },
    Mirror(Vec<Mirrored>),
}

impl Drop for Source {
    fn drop(&mut self) {
        if let Source::Database { folder, .. } = self {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

impl Source {
    /// The old medium may be mounted read-only, and the database on it wants to be recovered from its log: it is read from a copy.
    fn open(install: &Install, from: &Path) -> Result<Source, NotSalvaged> {
        if from.is_file() && mirror::is_mirror(from) {
            return Ok(Source::Mirror(mirror::read(from)?));
        }
        let database = if from.is_dir() { from.join("edge.db") } else { from.to_path_buf() };
        let folder = install.beside(&format!("salvage-{}", std::process::id()));
        let fail = |path: &Path| {
            let path = path.to_path_buf();
            move |error| NotSalvaged::File { path, error }
        };
        std::fs::create_dir_all(&folder).map_err(fail(&folder))?;
        let copy = folder.join("edge.db");
        let source = Source::Database { readers: Readers::of(&copy), folder };
        std::fs::copy(&database, &copy).map_err(fail(&database))?;
        let log = database.with_file_name(format!("{}-wal", database.file_name().unwrap_or_default().to_string_lossy()));
        if log.exists() {
            std::fs::copy(&log, copy.with_file_name("edge.db-wal")).map_err(fail(&log))?;
        }
        Ok(source)
    }

    fn streams(&self) -> Result<Vec<(StreamId, u64)>, Fault> {
        match self {
            Source::Database { readers, .. } => readers.read(salvage::streams),
            Source::Mirror(held) => {
                let mut streams: Vec<(StreamId, u64)> = Vec::new();
                for Mirrored { kept_as, entry, .. } in held {
                    if streams.iter().all(|(stream, _)| stream != kept_as) {
                        streams.push((*kept_as, entry.seq - 1));
                    }
                }
                Ok(streams)
            }
        }
    }

    fn brought(&self, keys: &Keys, stream: StreamId, after: u64) -> Result<Option<Push>, Fault> {
        match self {
            Source::Database { readers, .. } => readers.read(|db| salvage::brought(db, keys, stream, after)),
            Source::Mirror(held) => Ok(mirror::brought(held, keys, stream, after)),
        }
    }

    /// The last seq that the source says it has.
    fn last(&self, stream: StreamId) -> Result<u64, Fault> {
        match self {
            Source::Database { readers, .. } => readers.read(|db| Ok(stream_head(db, stream)?.map_or(0, |head| head.seq))),
            Source::Mirror(held) => {
                Ok(held.iter().filter(|mirrored| mirrored.kept_as == stream).map(|mirrored| mirrored.entry.seq).max().unwrap_or(0))
            }
        }
    }
}

/// This install's way to head office.
struct Courier {
    hub_url: String,
    hub: PublicKey,
    keys: Keys,
    client: reqwest::Client,
    stream: StreamId,
    offset_ms: i64,
}

impl Courier {
    fn new(install: &Install) -> Result<Courier, NotSalvaged> {
        let link = install.link()?;
        let hub = hub_key(&link).ok_or(NotUsable::NotEnrolled)?;
        let own = "select value from meta where name = 'stream'";
        let stream = Readers::of(&install.database()).read(|db| db.row(own, &[]))?;
        let stream = stream.map(|row| StreamId(row.raw(0))).ok_or(NotUsable::NotEnrolled)?;
        let client = reqwest::Client::builder().timeout(std::time::Duration::from_secs(60)).build();
        let client = client.map_err(|error| NotSalvaged::Unreachable(error.to_string()))?;
        Ok(Courier { hub_url: link.hub_url, hub, keys: install.keys()?, client, stream, offset_ms: 0 })
    }

    async fn bring(&mut self, pushes: Vec<Push>, salvaged: Option<Held>) -> Result<Vec<StreamState>, NotSalvaged> {
        let request = Request {
            stream: self.stream,
            pushes,
            cursors: Vec::new(),
            asks: Vec::new(),
            told: Vec::new(),
            questions: Vec::new(),
            given_back: Vec::new(),
            given_back_in: None,
            all_given_back: None,
            held: Vec::new(),
            salvaged,
        };
        let mut response = self.send(&request).await?;
        if response.wrong_time {
            self.offset_ms = response.hub_ms - now_ms();
            response = self.send(&request).await?;
        }
        if response.revoked { Err(NotSalvaged::Revoked) } else { Ok(response.streams) }
    }

    async fn send(&self, request: &Request) -> Result<Response, NotSalvaged> {
        let sent = send(&self.hub_url, &self.client, &self.keys, &self.hub, request, now_ms() + self.offset_ms);
        sent.await.map_err(|error: Failed| NotSalvaged::Unreachable(error.to_string()))
    }

    /// Head office knows this box's own stream first: what lay at the old one is carried to it.
    async fn introduce(&mut self, install: &Install) -> Result<(), NotSalvaged> {
        let (stream, keys) = (self.stream, &self.keys);
        let beginning = Readers::of(&install.database()).read(|db| {
            let unheard = stream_head(db, stream)?.is_some_and(|head| head.acked == 0);
            if unheard { push::build(db, keys, stream, 0) } else { Ok(None) }
        });
        self.bring(beginning?.into_iter().collect(), None).await.map(|_| ())
    }

    /// Brings one stream until head office has all that can be read. Begins with the last entry that the source believes to be there, so that
    /// a hub that has forgotten says from where.
    async fn stream(&mut self, source: &Source, stream: StreamId, known: u64) -> Result<Brought, NotSalvaged> {
        let (mut after, mut upto) = (known.saturating_sub(1), 0);
        loop {
            let push = match source.brought(&self.keys, stream, after) {
                Err(fault) if after < known => return Err(fault.into()),
                Ok(None) if after < known => return Err(NotSalvaged::Gap { stream, held: upto }),
                Ok(Some(push)) => push,
                Ok(None) | Err(_) => break,
            };
            let sent = push.first - 1 + push.entries.len() as u64;
            let states = self.bring(vec![push], None).await?;
            let state = states.into_iter().find(|state| state.stream == stream).ok_or(NotSalvaged::Refused(stream))?;
            let next = state.resend_from.map_or(state.acked, |from| from.saturating_sub(1));
            upto = if state.resend_from.is_none() { state.acked } else { upto };
            if next == after && next < sent {
                return Err(NotSalvaged::Gap { stream, held: upto });
            }
            after = next;
        }
        Ok(Brought { stream, known, upto, unreadable: source.last(stream)?.saturating_sub(upto) })
    }
}

/// Brings head office what it lacks of the install that `from` is of.
///
/// # Errors
/// See [`NotSalvaged`].
pub async fn salvage(install: &Install, from: &Path) -> Result<Salvaged, NotSalvaged> {
    let mut courier = Courier::new(install)?;
    courier.introduce(install).await?;
    let source = Source::open(install, from)?;
    let mut streams = Vec::new();
    for (stream, believed) in source.streams()? {
        streams.push(courier.stream(&source, stream, believed).await?);
    }
    let complete = streams.iter().all(|brought| brought.unreadable == 0);
    let carried = match &source {
        Source::Database { readers, .. } if complete && from.is_dir() => {
            let end = readers.read(salvage::end)?.filter(|end| fits(from, end));
            match end {
                Some(end) => courier.bring(Vec::new(), Some(end)).await?.iter().any(|state| state.sealed),
                None => false,
            }
        }
        _ => false,
    };
    Ok(Salvaged { streams, carried })
}

/// Is the lineage file beside the database that of its last stream, and not ahead of it by more than its block? Then it is not an older copy.
fn fits(folder: &Path, end: &Held) -> bool {
    let mark: Option<Mark> = std::fs::read(folder.join("lineage.json")).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    mark.is_some_and(|mark| mark.fits(end.kept_as, end.seq))
}
