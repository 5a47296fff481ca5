//! Checks a database with public keys alone: every chain, every signature, every sum, every document and view against one made anew. Believes
//! nothing that the database says of itself, and says what is wrong where.
use super::pages::page_entries;
use super::push::{stretch, written_as};
use super::salvage::{OWNERS, courier_of};
use super::sign::{PublicKey, page_signed, push_signed};
use super::wire::entries_hash;
use crate::base::account::unbalanced;
use crate::base::{DocumentId, StreamId};
use crate::facts::{Fact, journal::Opened};
use crate::journal::entry::{Hash, NO_HASH};
use crate::journal::{Entry, Fault, Read, Stamp};
use crate::store::writer::{StreamHead, stream_head};
use crate::store::{Opening, Store, backup, is_server};
use crate::views::{Registry, Rows, Side, registry::decoded};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

/// Keys that whoever checks brought from elsewhere. Keys taken from the database itself show damage, not forgery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    pub hub: PublicKey,
    pub devices: Vec<PublicKey>,
}

impl Trusted {
    /// Head office's key and those of the devices it enrolled, as the hub's own database names them.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn named(db: &dyn Read, hub: PublicKey) -> Result<Trusted, Fault> {
        let rows = db.rows("select device_key from device order by device_key", &[])?;
        Ok(Trusted { hub, devices: rows.iter().map(|row| row.hash(0)).collect() })
    }

    /// Reads what [`Trusted`] prints; none if a line is neither `hub KEY` nor `device KEY`, 64 hexadecimal digits each, or the hub's is missing.
    pub fn read(text: &str) -> Option<Trusted> {
        let (mut hub, mut devices) = (None, Vec::new());
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (whose, key) = line.split_once(' ')?;
            let key: PublicKey = bytes_of_hex(key.trim())?.try_into().ok()?;
            match whose {
                "hub" => hub = Some(key),
                "device" => devices.push(key),
                _ => return None,
            }
        }
        Some(Trusted { hub: hub?, devices })
    }
}

impl std::fmt::Display for Trusted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "hub {}", hex(&self.hub))?;
        self.devices.iter().try_for_each(|device| writeln!(f, "device {}", hex(device)))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect()
}

/// One thing that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("stream {0}: its key is not among the trusted ones")]
    Key(StreamId),
    #[error("stream {0}: does not begin with its opening by its own key")]
    Opening(StreamId),
    #[error("stream {stream}: entries {first} to {last} are missing")]
    Missing { stream: StreamId, first: u64, last: u64 },
    #[error("stream {stream}: something in entries {first} to {last} was altered")]
    Altered { stream: StreamId, first: u64, last: u64 },
    #[error("stream {stream}: the signature over entries {first} to {last} does not fit")]
    Signature { stream: StreamId, first: u64, last: u64 },
    #[error("stream {stream}: entry {seq} is stamped no later than the one before")]
    Order { stream: StreamId, seq: u64 },
    #[error("stream {stream}: entry {seq} cannot be read: {why}")]
    Unreadable { stream: StreamId, seq: u64, why: String },
    #[error("stream {stream}: the postings of entry {seq} do not sum to zero")]
    Unbalanced { stream: StreamId, seq: u64 },
    #[error("page {epoch}.{upto} of the feed: something in its {entries} entries was altered, or they are not all here")]
    Page { epoch: u64, upto: u64, entries: u64 },
    #[error("page {epoch}.{upto} of the feed: head office's signature does not fit")]
    PageSignature { epoch: u64, upto: u64 },
    #[error("stream {stream}: entry {seq} lies here without proof that its writer wrote it")]
    Unproven { stream: StreamId, seq: u64 },
    #[error("document {0} is not what its changes make of it")]
    Document(DocumentId),
    #[error("view {table} differs from its facts: {rows} rows, {anew} when folded anew")]
    View { table: &'static str, rows: usize, anew: usize },
}

/// What a check saw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    pub streams: u64,
    /// Entries that were hashed.
    pub entries: u64,
    /// Of them, those whose owner's signature was checked.
    pub signed: u64,
    /// Of them, those that a later install of the branch brought and signed.
    pub salvaged: u64,
    /// Of them, those whose body was erased.
    pub erased: u64,
    /// Pages of the feed with head office's signature.
    pub pages: u64,
    /// Documents and views were compared with ones made anew; only where every entry is as it was written.
    pub views: bool,
    pub wrong: Vec<Wrong>,
}

/// The check found something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this database is not as it was written, in {0} places")]
pub struct NotAsWritten(usize);

impl Verified {
    /// # Errors
    /// If anything is wrong.
    pub fn verdict(&self) -> Result<(), NotAsWritten> {
        if self.wrong.is_empty() { Ok(()) } else { Err(NotAsWritten(self.wrong.len())) }
    }
}

impl std::fmt::Display for Verified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.wrong.iter().try_for_each(|wrong| writeln!(f, "{wrong}"))?;
        let Verified { streams, entries, signed, salvaged, erased, pages, .. } = self;
        writeln!(
            f,
            "{entries} entries in {streams} streams, {signed} under their writers' signatures, {salvaged} salvaged, {pages} signed pages, {erased} erased"
        )?;
        let views = if self.views { "compared with ones made anew" } else { "not compared: mend the entries first" };
        write!(f, "documents and views: {views}")
    }
}

/// Checks a database without touching it: a copy is made at `scratch`, checked, and removed.
///
/// # Errors
/// A fault of the store: the database cannot be read at all.
pub fn verify_copy(
    database: &Path,
    scratch: &Path,
    registry: &'static Registry,
    side: Side,
    trusted: &Trusted,
    progress: &mut dyn FnMut(u64),
) -> Result<Verified, Fault> {
    let open = || Store::open(Opening { path: scratch.to_path_buf(), registry, side, lineage: None });
    let opened = if is_server(database) {
        open().and_then(|mut copy| copy.take_over(database, &mut |_, _| ()).map(|()| copy))
    } else {
        backup::copy(database, scratch).and_then(|()| open())
    };
    let verified = opened.and_then(|mut copy| verify(&mut copy, trusted, progress));
    for end in ["", "-wal", "-shm"] {
        let mut file = scratch.as_os_str().to_owned();
        file.push(end);
        let _ = std::fs::remove_file(file);
    }
    verified
}

/// Checks a copy that may be written to: its views are folded anew. `progress` is told how many entries were hashed so far.
///
/// # Errors
/// A fault of the store: the copy cannot be read at all.
pub fn verify(copy: &mut Store, trusted: &Trusted, progress: &mut dyn FnMut(u64)) -> Result<Verified, Fault> {
    let registry = copy.registry();
    let mut walk = Walk { db: copy, registry, trusted, points: BTreeMap::new(), progress, found: Verified::default() };
    walk.streams()?;
    let proven = walk.pages()?;
    walk.beyond(&proven)?;
    let mut found = walk.found;
    found.views = found.wrong.is_empty();
    if !found.views {
        return Ok(found);
    }
    found.wrong.extend(copy.transaction(|writer| writer.merge_anew())?.into_iter().map(Wrong::Document));
    let differing = copy.rebuild()?.differing;
    found.wrong.extend(differing.into_iter().map(|(table, rows, anew)| Wrong::View { table, rows, anew }));
    Ok(found)
}

struct Walk<'a> {
    db: &'a dyn Read,
    registry: &'static Registry,
    trusted: &'a Trusted,
    /// Chain hashes where second sides begin.
    points: BTreeMap<(StreamId, u64), Hash>,
    progress: &'a mut dyn FnMut(u64),
    found: Verified,
}

/// By last seq: first seq, chain hash and signature, empty where only the hash was noted.
type Signatures = BTreeMap<u64, (u64, Hash, Vec<u8>)>;

/// Where a walk along a stream stands.
struct Step {
    name: StreamId,
    at: u64,
    hash: Hash,
    stamp: Stamp,
    /// Up to here a hash fitted.
    good: u64,
}

impl Walk<'_> {
    fn streams(&mut self) -> Result<(), Fault> {
        let rows = self.db.rows("select stream from stream where seq > 0 order by stream", &[])?;
        let mut heads = Vec::with_capacity(rows.len());
        for row in &rows {
            let head = stream_head(self.db, StreamId(row.raw(0)))?;
            heads.extend(head.map(|head| Ok::<_, Fault>((self.sides_above(&head)?.len(), head))).transpose()?);
        }
        // A second side is checked after the first: its chain begins there.
        heads.sort_by_key(|(depth, head)| (*depth, head.stream));
        let mut wanted = BTreeSet::new();
        for (_, head) in heads.iter().filter(|(depth, _)| *depth > 0) {
            wanted.extend(self.parting(head)?);
        }
        heads.iter().try_for_each(|(_, head)| self.stream(head, &wanted))
    }

    /// The first sides above a second side, nearest first; none above a first side.
    fn sides_above(&self, head: &StreamHead) -> Result<Vec<StreamHead>, Fault> {
        let (mut above, mut at) = (Vec::new(), head.clone());
        while let Some(first_side) = at.predecessor.filter(|_| at.fork_seq > 0) {
            let Some(head) = stream_head(self.db, first_side)? else { break };
            above.push(head.clone());
            at = head;
        }
        Ok(above)
    }

    /// The last entry that a second side has in common with another, and on which side it lies.
    fn parting(&self, head: &StreamHead) -> Result<Option<(StreamId, u64)>, Fault> {
        let seq = head.fork_seq.saturating_sub(1);
        Ok(self.sides_above(head)?.iter().find(|above| seq >= above.fork_seq).map(|above| (above.stream, seq)))
    }

    fn stream(&mut self, head: &StreamHead, wanted: &BTreeSet<(StreamId, u64)>) -> Result<(), Fault> {
        self.found.streams += 1;
        let trusted =
            if head.branch.is_none() { self.trusted.hub == head.device_key } else { self.trusted.devices.contains(&head.device_key) };
        if !trusted {
            self.found.wrong.push(Wrong::Key(head.stream));
        }
        let before = self.parting(head)?.and_then(|point| self.points.get(&point).copied()).unwrap_or(NO_HASH);
        let at = head.fork_seq.saturating_sub(1);
        let mut step = Step { name: written_as(self.db, head.stream)?, at, hash: before, stamp: Stamp(i64::MIN), good: at };
        let signatures = self.signatures(head.stream)?;
        loop {
            let entries = stretch(self.db, head.stream, step.at)?;
            let (count, reached) = (entries.len(), step.at);
            for entry in entries.into_iter().take_while(|entry| entry.seq <= head.seq) {
                self.entry(head, entry, &signatures, &mut step);
                if wanted.contains(&(head.stream, step.at)) {
                    self.points.insert((head.stream, step.at), step.hash);
                }
            }
            (self.progress)(self.found.entries);
            if count == 0 || step.at == reached {
                break;
            }
        }
        if step.at < head.seq {
            self.found.wrong.push(Wrong::Missing { stream: head.stream, first: step.at + 1, last: head.seq });
        } else if step.hash != head.hash {
            self.found.wrong.push(Wrong::Altered { stream: head.stream, first: step.good + 1, last: head.seq });
        }
        Ok(())
    }

    fn signatures(&self, stream: StreamId) -> Result<Signatures, Fault> {
        let rows = self.db.rows("select last, first, hash, signature from signature where stream = ?1", &[stream.into()])?;
        Ok(rows.iter().map(|row| (row.int(0) as u64, (row.int(1) as u64, row.hash(2), row.blob(3).to_vec()))).collect())
    }

    fn entry(&mut self, head: &StreamHead, entry: Entry, signatures: &Signatures, step: &mut Step) {
        let (stream, seq) = (head.stream, entry.seq);
        if seq == 1 && !opens(&entry, head) {
            self.found.wrong.push(Wrong::Opening(stream));
        }
        if seq != step.at + 1 {
            self.found.wrong.push(Wrong::Missing { stream, first: step.at + 1, last: seq - 1 });
        }
        if entry.stamp <= step.stamp {
            self.found.wrong.push(Wrong::Order { stream, seq });
        }
        self.fact(&entry);
        let stamp = entry.stamp;
        let hash = Entry { stream: step.name, ..entry }.hash(&step.hash);
        *step = Step { name: step.name, at: seq, hash, stamp, good: step.good };
        let Some((first, noted, signature)) = signatures.get(&seq) else { return };
        if hash != *noted {
            self.found.wrong.push(Wrong::Altered { stream, first: step.good + 1, last: seq });
            // What follows is judged by itself.
            step.hash = *noted;
        }
        if !signature.is_empty() {
            let courier = courier_of(signature);
            let signer = courier.filter(|courier| self.trusted.devices.contains(courier)).unwrap_or(head.device_key);
            let owners = signature.get(..OWNERS).unwrap_or(signature);
            if push_signed(&signer, step.name, *first, seq, noted, owners) {
                *(if courier.is_some() { &mut self.found.salvaged } else { &mut self.found.signed }) += seq - step.good;
            } else {
                self.found.wrong.push(Wrong::Signature { stream, first: *first, last: seq });
            }
        }
        step.good = seq;
    }

    fn fact(&mut self, entry: &Entry) {
        self.found.entries += 1;
        let Some(bytes) = entry.body.bytes() else {
            self.found.erased += 1;
            return;
        };
        let Some(kind) = self.registry.fact(entry.kind, entry.version).filter(|_| !entry.is_change()) else { return };
        match (kind.fold)(bytes, &entry.head(), &mut Rows::new(Side::Hub)) {
            Ok(read) if unbalanced(&read.postings).is_empty() => {}
            Ok(_) => self.found.wrong.push(Wrong::Unbalanced { stream: entry.stream, seq: entry.seq }),
            Err(unreadable) => {
                self.found.wrong.push(Wrong::Unreadable { stream: entry.stream, seq: entry.seq, why: unreadable.to_string() });
            }
        }
    }

    /// The pages of the feed kept here; answers the entries that they prove.
    fn pages(&mut self) -> Result<HashSet<[u8; 24]>, Fault> {
        let mut proven = HashSet::new();
        let keys = self.db.rows("select epoch, scope, upto from page order by epoch, scope, upto", &[])?;
        for key in &keys {
            let sql = "select start, hash, entries, signature from page where epoch = ?1 and scope = ?2 and upto = ?3";
            let Some(page) = self.db.row(sql, &key.0)? else { continue };
            let (epoch, scope, upto) = (key.int(0) as u64, key.blob(1), key.int(2) as u64);
            let entries = page_entries(self.db, page.blob(2))?;
            if entries_hash(&entries) != page.hash(1) {
                self.found.wrong.push(Wrong::Page { epoch, upto, entries: page.blob(2).len() as u64 / 24 });
            }
            if !page_signed(&self.trusted.hub, epoch, scope, page.int(0) as u64, upto, &page.hash(1), page.blob(3)) {
                self.found.wrong.push(Wrong::PageSignature { epoch, upto });
            }
            proven.extend(page.blob(2).chunks_exact(24).filter_map(|key| <[u8; 24]>::try_from(key).ok()));
            self.found.pages += 1;
            entries.iter().for_each(|entry| self.fact(entry));
            (self.progress)(self.found.entries);
        }
        Ok(proven)
    }

    /// What lies beyond the chains must have come in a page.
    fn beyond(&mut self, proven: &HashSet<[u8; 24]>) -> Result<(), Fault> {
        const AT_ONCE: usize = 10_000;
        let sql = "select e.stream, e.seq from entry e left join stream s on s.stream = e.stream
                   where (e.stream, e.seq) > (?1, ?2) and e.seq > coalesce(s.seq, 0) order by e.stream, e.seq limit ?3";
        let (mut stream, mut seq) = (StreamId([0; 16]), 0_u64);
        loop {
            let rows = self.db.rows(sql, &[stream.into(), seq.into(), AT_ONCE.into()])?;
            let Some(last) = rows.last() else { return Ok(()) };
            for row in &rows {
                let mut key = [0; 24];
                key[..16].copy_from_slice(row.blob(0));
                key[16..].copy_from_slice(&row.int(1).to_be_bytes());
                if !proven.contains(&key) {
                    self.found.wrong.push(Wrong::Unproven { stream: StreamId(row.raw(0)), seq: row.int(1) as u64 });
                }
            }
            (stream, seq) = (StreamId(last.raw(0)), last.int(1) as u64);
        }
    }
}

/// Is this the opening of the stream by its own key?
fn opens(entry: &Entry, head: &StreamHead) -> bool {
    let opened = entry.body.bytes().filter(|_| entry.kind == Opened::KIND).and_then(|bytes| decoded::<Opened>(bytes).ok());
    opened.is_some_and(|opened| opened.device_key == head.device_key && opened.branch == head.branch)
}
