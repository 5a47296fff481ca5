//! The writer's side of one transaction.
use super::engine::{Engine, query, write};
use crate::base::{Account, BranchId, StreamId};
use crate::facts::journal::HUB_BEFORE;
use crate::journal::entry::Hash;
use crate::journal::memory::{Memory, kept};
use crate::journal::{Fault, Head, Read, Refusal, Row, Stamp, Value};
use crate::views::{self, Law, Registry, Rows, Side, Spread, Table};

/// Names in `meta` that move with every sale or exchange; no decision keeps in mind what they say.
const CLOCKS: [&str; 2] = [LAST_MS, "hub_ms"];
pub(super) const LAST_MS: &str = "last_ms";
/// The id in memory of what there is one of.
const HERE: [u8; 16] = [0; 16];

/// How far a stream is, as far as appending to it needs to know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tip {
    pub seq: u64,
    pub hash: Hash,
    pub stamp: Stamp,
}

/// UTC ms of the last thing decided here.
#[derive(Debug, Clone, Copy)]
struct LastMs(i64);

/// Which install this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The stream it writes; also its place.
    pub stream: StreamId,
    /// None at the hub.
    pub branch: Option<BranchId>,
}

/// Where a stream stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamHead {
    pub stream: StreamId,
    /// None: a hub's.
    pub branch: Option<BranchId>,
    /// Last seq held, 0 for none.
    pub seq: u64,
    pub hash: Hash,
    pub stamp: Stamp,
    pub device_key: [u8; 32],
    /// 0: open; else the reason of `Sealed`.
    pub sealed: u8,
    pub sealed_seq: u64,
    /// When its replica was last heard, UTC ms; 0 never.
    pub heard_ms: i64,
    /// At an edge: the last seq that the hub has acknowledged.
    pub acked: u64,
    /// Of the second side of a fork: the first seq that is its own; else 0. Its predecessor is the first side.
    pub fork_seq: u64,
    /// The stream of the install before this one.
    pub predecessor: Option<StreamId>,
}

impl StreamHead {
    /// Known only as a place that entries given back to a restored hub speak of; its own entries come yet.
    pub fn nameless(&self) -> bool {
        self.branch.is_some() && self.device_key == [0; 32]
    }
}

/// One open transaction of the one writer.
pub struct Writer<'c> {
    pub(super) db: &'c Engine,
    pub(super) registry: &'static Registry,
    pub(super) side: Side,
    pub(super) identity: Option<Identity>,
    pub(super) memory: &'c Memory,
    /// What this transaction appended, for whoever listens after the commit.
    pub(super) appended: Vec<Head>,
    /// The own stream grew: the lineage must be ahead of it before the commit.
    pub(super) grew: bool,
    /// So many positions of feeds were taken, with those that new scopes begin behind.
    pub(super) fed: u64,
    /// What was refused, for the figures.
    pub(super) refused: Vec<Refusal>,
    /// Names of other things that changed: draft kinds, `job`, statement topics.
    pub(super) touched: Vec<&'static str>,
    /// Members whose balances this transaction touched, at the hub.
    pub(super) members: std::collections::BTreeSet<crate::base::MemberId>,
    /// Accounts that entries of others posted to in this transaction, at the hub: what it may have to carry on.
    pub(super) added: Vec<Account>,
    /// Scopes whose feed grew.
    pub(super) scopes: Vec<Vec<u8>>,
    /// Edits that a new generation of their document lacks, to be written again before the commit.
    pub(super) late: Vec<super::generations::Late>,
    /// Rows of the feed, written last: commit order is feed order.
    pub(super) feed: Vec<(Vec<u8>, StreamId, u64)>,
}

impl Read for Writer<'_> {
    fn rows(&self, sql: &'static str, parameters: &[Value]) -> Result<Vec<Row>, Fault> {
        self.db.rows(sql, parameters)
    }

    fn rows_each(&self, sql: &'static str, keys: &[Value]) -> Result<Vec<Vec<Row>>, Fault> {
        self.db.rows_each(sql, keys)
    }

    fn memory(&self) -> Option<&Memory> {
        Some(self.memory)
    }
}

impl Identity {
    /// Which install this database is; none before its first stream is opened.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn load(db: &dyn Read) -> Result<Option<Identity>, Fault> {
        let Some(row) = db.row("select s.stream, s.branch from meta m join stream s on s.stream = m.value where m.name = 'stream'", &[])?
        else {
            return Ok(None);
        };
        Ok(Some(Identity { stream: StreamId(row.raw(0)), branch: branch(row.blob(1)) }))
    }
}

fn branch(bytes: &[u8]) -> Option<BranchId> {
    bytes.try_into().ok().map(BranchId)
}

impl<'c> Writer<'c> {
    pub(super) fn new(
        db: &'c Engine,
        registry: &'static Registry,
        side: Side,
        identity: Option<Identity>,
        memory: &'c Memory,
    ) -> Writer<'c> {
        Writer {
            db,
            registry,
            side,
            identity,
            memory,
            appended: Vec::new(),
            grew: false,
            fed: 0,
            refused: Vec::new(),
            touched: Vec::new(),
            members: Default::default(),
            added: Vec::new(),
            scopes: Vec::new(),
            late: Vec::new(),
            feed: Vec::new(),
        }
    }

    pub fn side(&self) -> Side {
        self.side
    }

    pub fn registry(&self) -> &'static Registry {
        self.registry
    }

    /// Which install writes.
    ///
    /// # Errors
    /// `Damaged` before the first stream is opened.
    pub fn identity(&self) -> Result<Identity, Fault> {
        self.identity.ok_or_else(|| Fault::Damaged("no stream is open here: enrol this install first".into()))
    }

    /// A statement that changes rows of a core table; answers how many.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn execute(&mut self, sql: &'static str, parameters: &[Value]) -> Result<usize, Fault> {
        write(self.db, sql, parameters)
    }

    /// A small named value that is no entry: hub time, epoch, cursors of rebuilds.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn set_meta(&mut self, name: &str, value: &[u8]) -> Result<(), Fault> {
        if !CLOCKS.contains(&name) {
            self.memory.forget();
        }
        let sql = "insert into meta (name, value) values (?1, ?2) on conflict (name) do update set value = excluded.value";
        write(self.db, sql, &[name.into(), value.into()])?;
        if let Some(ms) = value.try_into().ok().filter(|_| name == LAST_MS) {
            self.memory.keep(HERE, LastMs(i64::from_be_bytes(ms)));
        }
        Ok(())
    }

    /// Notes that something other than an entry changed, for whoever listens.
    pub fn touch(&mut self, what: &'static str) {
        if !self.touched.contains(&what) {
            self.touched.push(what);
        }
    }

    /// Writes rows: settled, met with what stands. The only road of view rows into the store.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn put(&mut self, rows: Rows) -> Result<(), Fault> {
        self.put_settled(&rows.settle())
    }

    pub(super) fn put_settled(&mut self, settled: &[views::rows::Row]) -> Result<(), Fault> {
        for rows in settled.chunk_by(|a, b| a.table.no == b.table.no) {
            let table = rows[0].table;
            self.forget_of(table);
            self.db.put(table, rows)?;
        }
        Ok(())
    }

    /// Writes what a document now stands for: rows no longer there go, rows that differ are replaced, equal ones are left alone.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn project(&mut self, before: Rows, after: Rows) -> Result<(), Fault> {
        let (before, after) = (before.settle(), after.settle());
        debug_assert!(after.iter().all(|row| row.table.law == Law::Projected));
        before.iter().chain(&after).for_each(|row| self.forget_of(row.table));
        for gone in before.iter().filter(|row| !after.iter().any(|kept| kept.table.no == row.table.no && kept.key() == row.key())) {
            write(self.db, &gone.table.delete(), gone.key())?;
        }
        let new: Vec<_> = after.into_iter().filter(|row| !before.contains(row)).collect();
        for rows in new.chunk_by(|a, b| a.table.no == b.table.no) {
            self.db.put(rows[0].table, rows)?;
        }
        Ok(())
    }

    /// Tables that are the same everywhere change rarely, and decisions keep in mind what they read from them.
    fn forget_of(&self, table: &Table) {
        if table.spread == Spread::Everywhere {
            self.memory.forget();
        }
    }

    /// Accounts that entries of others posted to in this transaction, since this was asked last.
    pub fn take_added(&mut self) -> Vec<Account> {
        let mut added = std::mem::take(&mut self.added);
        added.sort_unstable();
        added.dedup();
        added
    }

    /// Where a stream stands; none if never seen.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn stream(&self, stream: StreamId) -> Result<Option<StreamHead>, Fault> {
        stream_head(self, stream)
    }

    /// At the hub: notes an earlier stream of its own, if it is not known.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn know_hub_before(&mut self, stream: StreamId, key: &[u8; 32]) -> Result<(), Fault> {
        if self.stream(stream)?.is_none() {
            self.know_stream(stream, None, key, None)?;
            self.seal_head(stream, HUB_BEFORE, 0)?;
        }
        Ok(())
    }

    /// At the hub: notes a place of a branch of which nothing else is known yet.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn know_place(&mut self, stream: StreamId, branch: BranchId) -> Result<(), Fault> {
        if self.stream(stream)?.is_none() { self.know_stream(stream, Some(branch), &[0; 32], None) } else { Ok(()) }
    }

    /// Moves the head of a stream on.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn set_head(&mut self, stream: StreamId, seq: u64, hash: &Hash, stamp: Stamp) -> Result<(), Fault> {
        let sql = "update stream set seq = ?2, hash = ?3, stamp = ?4 where stream = ?1";
        write(self.db, sql, &[stream.into(), seq.into(), (*hash).into(), stamp.0.into()])?;
        self.memory.keep(stream.0, Tip { seq, hash: *hash, stamp });
        Ok(())
    }

    /// How far the own stream is.
    pub(super) fn own_tip(&self) -> Result<Tip, Fault> {
        let stream = self.identity()?.stream;
        kept(self, stream.0, || {
            let head = self.stream(stream)?.ok_or_else(|| Fault::Damaged("the own stream has no head".into()))?;
            Ok(Tip { seq: head.seq, hash: head.hash, stamp: head.stamp })
        })
    }

    /// When something was last decided here, UTC ms; 0 for never.
    pub(super) fn last_ms(&self) -> Result<i64, Fault> {
        kept(self, HERE, || Ok(LastMs(meta_number(self, LAST_MS)?))).map(|last| last.0)
    }

    /// Numbers and writes the feed rows gathered so far, and what is to be told; the last step before the commit.
    pub fn flush_feed(&mut self) -> Result<(), Fault> {
        self.tell_balances()?;
        self.list_late()?;
        let mut gathered = std::mem::take(&mut self.feed);
        gathered.sort_by(|a, b| a.0.cmp(&b.0));
        for scope in gathered.chunk_by(|a, b| a.0 == b.0) {
            self.note_scope(&scope[0].0);
            let first = self.take_positions(&scope[0].0, scope.len() as u64)?;
            let mut rows = Vec::with_capacity(scope.len());
            for (position, (scope, stream, seq)) in (first..).zip(scope) {
                if !self.withheld(scope, position, *stream, *seq)? {
                    rows.push(Row(crate::row![scope.as_slice(), position, *stream, *seq]));
                }
            }
            self.db.write_all("insert into feed (scope, position, stream, seq) values (?1, ?2, ?3, ?4)", &rows)?;
        }
        Ok(())
    }

    /// Notes that a scope's feed grew, for the live link.
    pub fn note_scope(&mut self, scope: &[u8]) {
        if !self.scopes.iter().any(|known| known == scope) {
            self.scopes.push(scope.to_vec());
        }
    }

    /// Takes `count` positions of a scope's feed; answers the first. Also how a statement that changed gets its place.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn take_positions(&mut self, scope: &[u8], count: u64) -> Result<u64, Fault> {
        let sql = "insert into feed_head (scope, next) values (?1, 1 + ?2) on conflict (scope) do update set next = feed_head.next + ?2 returning next";
        let next = query(self.db, sql, &[scope.into(), count.into()])?.first().map_or(0, |row| row.int(0)) as u64;
        self.fed += if next == 1 + count { next } else { count };
        Ok(next - count)
    }
}

/// Where a stream stands.
///
/// # Errors
/// A fault of the store.
pub fn stream_head(db: &dyn Read, stream: StreamId) -> Result<Option<StreamHead>, Fault> {
    // Where does this stream stand?
    let sql = "select branch, seq, hash, stamp, device_key, sealed, sealed_seq, heard_ms, acked, predecessor, fork_seq from stream where stream = ?1";
    Ok(db.row(sql, &[stream.into()])?.map(|row| StreamHead {
        stream,
        branch: branch(row.blob(0)),
        seq: row.int(1) as u64,
        hash: row.hash(2),
        stamp: Stamp(row.int(3)),
        device_key: row.hash(4),
        sealed: row.int(5) as u8,
        sealed_seq: row.int(6) as u64,
        heard_ms: row.int(7),
        acked: row.int(8) as u64,
        fork_seq: row.int(10) as u64,
        predecessor: row.blob(9).try_into().ok().map(StreamId),
    }))
}

/// A small named value.
///
/// # Errors
/// A fault of the store.
pub fn meta(db: &dyn Read, name: &str) -> Result<Option<Vec<u8>>, Fault> {
    Ok(db.row("select value from meta where name = ?1", &[name.into()])?.map(|row| row.blob(0).to_vec()))
}

/// A small named number; 0 if never set.
///
/// # Errors
/// A fault of the store.
pub fn meta_number(db: &dyn Read, name: &str) -> Result<i64, Fault> {
    Ok(meta(db, name)?.and_then(|bytes| bytes.try_into().ok()).map_or(0, i64::from_be_bytes))
}
