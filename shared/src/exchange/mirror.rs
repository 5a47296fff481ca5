//! The mirror: a file on a second medium that holds the entries head office has not acknowledged. It is written after each commit and before
//! its answer, so that a slip is printed only of what two media hold. A mirror that fails is told and tried again; it never stops the till.
use super::push::{chain_hash, of, stretch, written_as};
use super::sign::Keys;
use super::wire::{Push, Side, WireEntry};
use crate::base::StreamId;
use crate::base::limits::{MIRROR_BYTES_MAX, PUSH_ENTRIES_MAX};
use crate::journal::command::encoded;
use crate::journal::entry::{Hash, NO_HASH};
use crate::journal::{Entry, Fault, Read, Stamp};
use crate::store::Mirror;
use crate::store::writer::stream_head;
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

const BEGINNING: &[u8] = b"catena mirror 1\n";
/// Length and checksum in front of each frame.
const HEAD_BYTES: usize = 4 + 8;

/// One entry in the file, with what is needed to go on from it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Frame {
    /// The name under which its owner keeps it.
    #[n(0)]
    kept_as: StreamId,
    /// The name that stands in it.
    #[n(1)]
    stream: StreamId,
    #[n(2)]
    seq: u64,
    /// Chain hash of the entry before.
    #[n(3)]
    prev: ByteArray<32>,
    #[n(4)]
    entry: WireEntry,
}

/// What a mirror held when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirrored {
    pub kept_as: StreamId,
    pub prev: Hash,
    pub entry: Entry,
}

/// The mirror of one edge.
pub struct MirrorFile {
    path: PathBuf,
    file: Option<Follower>,
    /// Said already that it cannot be written.
    told: bool,
}

struct Follower {
    file: File,
    bytes: u64,
    stream: StreamId,
    /// What head office had when the file was begun.
    from: u64,
    /// Written up to here.
    seq: u64,
    hash: Hash,
}

impl MirrorFile {
    pub fn new(path: &Path) -> MirrorFile {
        MirrorFile { path: path.to_path_buf(), file: None, told: false }
    }

    /// Brings the file up to what is committed, durable when it answers.
    ///
    /// # Errors
    /// A fault of the medium or of the store; the next call tries again.
    pub fn keep_up(&mut self, db: &dyn Read, own: StreamId) -> Result<(), Fault> {
        let acked = stream_head(db, own)?.map_or(0, |head| head.acked);
        let goes_on = |follower: &Follower| {
            let shrinks = follower.bytes > MIRROR_BYTES_MAX && acked > follower.from + PUSH_ENTRIES_MAX as u64;
            follower.stream == own && !shrinks && self.path.exists()
        };
        let mut follower = match self.file.take() {
            Some(follower) if goes_on(&follower) => follower,
            _ => self.begin(db, own)?,
        };
        follower.follow(db)?;
        self.file = Some(follower);
        Ok(())
    }

    /// A new file with everything that head office lacks, put in the place of the old one. One that holds what this database lacks is kept:
    /// the database was put back, and the mirror is what it lost.
    fn begin(&self, db: &dyn Read, own: StreamId) -> Result<Follower, Fault> {
        if self.holds_more(db)? {
            let kept = (1..).map(|n| self.path.with_extension(format!("kept-{n}"))).find(|kept| !kept.exists());
            let kept = kept.unwrap_or_else(|| self.path.with_extension("kept"));
            std::fs::rename(&self.path, &kept).map_err(disk)?;
            tracing::warn!(file = %kept.display(), "mirror.holds_more: salvage from it");
        }
        let new = self.path.with_extension("new");
        let mut file = File::create(&new).map_err(disk)?;
        file.write_all(BEGINNING).map_err(disk)?;
        // Which streams of this install has head office not got to their end?
        let sql = "select stream, acked from stream where seq > acked and stream <> ?1 and device_key =
                   (select device_key from stream where stream = ?1) order by stream";
        let mut left: Vec<(StreamId, u64)> =
            db.rows(sql, &[own.into()])?.iter().map(|row| (StreamId(row.raw(0)), row.int(1) as u64)).collect();
        left.push((own, stream_head(db, own)?.map_or(0, |head| head.acked)));
        let mut follower = Follower { file, bytes: BEGINNING.len() as u64, stream: own, from: 0, seq: 0, hash: NO_HASH };
        for (stream, acked) in left {
            follower = Follower { stream, from: acked, seq: acked, hash: chain_hash(db, stream, acked)?, ..follower };
            follower.follow(db)?;
        }
        follower.file.sync_all().map_err(disk)?;
        std::fs::rename(&new, &self.path).map_err(disk)?;
        if let Some(folder) = self.path.parent() {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(disk)?;
        }
        Ok(follower)
    }

    fn holds_more(&self, db: &dyn Read) -> Result<bool, Fault> {
        let Ok(held) = read(&self.path) else { return Ok(false) };
        for Mirrored { kept_as, entry, .. } in held {
            let sql = "select count(*) from entry where stream = ?1 and seq = ?2 and command = ?3";
            let known = |stream: StreamId| db.number(sql, &[stream.into(), entry.seq.into(), entry.command.into()]);
            if known(kept_as)? + known(entry.stream)? == 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Mirror for MirrorFile {
    fn follow(&mut self, db: &dyn Read, own: StreamId) {
        match self.keep_up(db, own) {
            Ok(()) if self.told => {
                self.told = false;
                tracing::info!(file = %self.path.display(), "mirror.works_again");
            }
            Ok(()) => {}
            Err(fault) if !self.told => {
                self.told = true;
                tracing::error!(file = %self.path.display(), %fault, "mirror.fails");
            }
            Err(_) => {}
        }
    }
}

impl Follower {
    /// Appends what came since, durable when it answers.
    fn follow(&mut self, db: &dyn Read) -> Result<(), Fault> {
        let (name, upto) = (written_as(db, self.stream)?, stream_head(db, self.stream)?.map_or(0, |head| head.seq));
        let mut frames = Vec::new();
        while self.seq < upto {
            let entries = stretch(db, self.stream, self.seq)?;
            if entries.is_empty() {
                break;
            }
            for entry in entries.into_iter().take_while(|entry| entry.seq <= upto) {
                let wire = WireEntry::of(&entry, Stamp(0));
                let frame = Frame { kept_as: self.stream, stream: name, seq: entry.seq, prev: self.hash.into(), entry: wire };
                framed(&encoded(&frame), &mut frames);
                (self.seq, self.hash) = (entry.seq, Entry { stream: name, ..entry }.hash(&self.hash));
            }
        }
        if frames.is_empty() {
            return Ok(());
        }
        self.bytes += frames.len() as u64;
        self.file.write_all(&frames).and_then(|()| self.file.sync_data()).map_err(disk)
    }
}

fn framed(body: &[u8], into: &mut Vec<u8>) {
    into.extend((body.len() as u32).to_le_bytes());
    into.extend(&blake3::hash(body).as_bytes()[..8]);
    into.extend(body);
}

fn disk(error: std::io::Error) -> Fault {
    match error.kind() {
        std::io::ErrorKind::StorageFull => Fault::DiskFull,
        _ => Fault::Disk(error.to_string()),
    }
}

/// Is this file a mirror?
pub fn is_mirror(path: &Path) -> bool {
    let mut beginning = [0; BEGINNING.len()];
    File::open(path).and_then(|mut file| std::io::Read::read_exact(&mut file, &mut beginning)).is_ok() && beginning == BEGINNING
}

/// What a mirror holds, up to the first frame that is torn.
///
/// # Errors
/// The file cannot be read, or is no mirror.
pub fn read(path: &Path) -> Result<Vec<Mirrored>, Fault> {
    let bytes = std::fs::read(path).map_err(disk)?;
    let mut rest = bytes.strip_prefix(BEGINNING).ok_or_else(|| Fault::Damaged(format!("{} is no mirror", path.display())))?;
    let mut held = Vec::new();
    while let Some((mirrored, after)) = next(rest) {
        held.push(mirrored);
        rest = after;
    }
    Ok(held)
}

fn next(bytes: &[u8]) -> Option<(Mirrored, &[u8])> {
    let (head, rest) = bytes.split_at_checked(HEAD_BYTES)?;
    let length = u32::from_le_bytes(head[..4].try_into().ok()?) as usize;
    let (body, rest) = rest.split_at_checked(length)?;
    if blake3::hash(body).as_bytes()[..8] != head[4..] {
        return None;
    }
    let frame: Frame = minicbor::decode(body).ok()?;
    let entry = frame.entry.entry(frame.stream, frame.seq, Stamp(0))?;
    Some((Mirrored { kept_as: frame.kept_as, prev: *frame.prev, entry }, rest))
}

/// What a mirror holds of a stream after `after`, signed by the courier; none if it holds nothing that follows.
pub fn brought(held: &[Mirrored], keys: &Keys, stream: StreamId, after: u64) -> Option<Push> {
    let own = || held.iter().filter(|mirrored| mirrored.kept_as == stream);
    let start = own().position(|mirrored| mirrored.entry.seq == after + 1)?;
    let entries: Vec<Entry> = own().skip(start).take(PUSH_ENTRIES_MAX).map(|mirrored| mirrored.entry.clone()).collect();
    let first = entries.first()?;
    let side = (first.stream != stream).then_some(Side { stream, first: first.seq });
    of(&entries, own().nth(start)?.prev, keys, side)
}
