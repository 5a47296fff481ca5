//! What must hold after every step, whatever happened: streams are dense and chained, no guarded account of an own place is
//! below zero, no sale is booked twice, and the views are what a rebuild makes of the entries.

use super::{World, traffic::HUB};
use crate::{
    network::Node,
    newer,
    shop::{self, Rung},
};
use shared::{
    base::{Account, CommandId, Holder, Posting, StreamId, Unit},
    exchange::{push, recovery},
    facts::{Fact, sales::Sold},
    journal::{
        Entry, Read,
        entry::{Hash, NO_HASH},
    },
    store::append::entry_of,
    views::{Rows, Side},
};
use std::collections::BTreeMap;

/// Up to where a replica's streams were found dense and chained.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    upto: BTreeMap<(Node, StreamId), (u64, Hash)>,
    /// The disk on which everything was found in order.
    disks: BTreeMap<Node, (u64, u64)>,
}

impl Checked {
    /// A disk was put back: what was checked there says nothing any more.
    pub fn forget(&mut self, node: Node) {
        self.upto.retain(|(of, _), _| *of != node);
        self.disks.remove(&node);
    }
}

/// A stream as a replica's table of streams tells of it.
struct Head {
    stream: StreamId,
    seq: u64,
    hash: Hash,
    sealed: u8,
    predecessor: Option<StreamId>,
    fork_seq: u64,
}

impl World {
    /// Every invariant that is cheap enough for every step.
    ///
    /// # Errors
    /// The broken one, in words.
    pub fn check(&mut self) -> Result<(), String> {
        if let Some(broken) = self.broken.take() {
            return Err(broken);
        }
        self.spent_once()?;
        for node in 0..self.replicas.len() {
            if let Err(broken) = self.check_replica(node) {
                let postings = self.overdrawn.map_or(Ok(String::new()), |account| self.postings_to(&account))?;
                return Err(format!("node {node}: {broken}{postings}"));
            }
        }
        Ok(())
    }

    fn check_replica(&mut self, node: Node) -> Result<(), String> {
        let disk = self.replicas[node].disk.version();
        if self.checked.disks.get(&node) == Some(&disk) {
            return Ok(());
        }
        let Some(store) = self.replicas[node].store.take() else { return Ok(()) };
        let checked = self.streams(node, &store).and_then(|()| self.guarded(node, &store)).and_then(|()| self.once(&store));
        self.replicas[node].store = Some(store);
        if let Err(broken) = checked {
            let doubled =
                self.doubled.map_or(Ok(String::new()), |sale| Ok::<_, String>(self.held_as(sale)? + &self.streams_of_edges()?))?;
            return Err(broken + &doubled);
        }
        self.checked.disks.insert(node, disk);
        Ok(())
    }

    /// At the hub every stream, at an edge its own: 1, 2, 3 … and each entry chained to the one before.
    fn streams(&mut self, node: Node, db: &dyn Read) -> Result<(), String> {
        let sql = "select stream, seq, hash, sealed, predecessor, fork_seq from stream order by stream";
        let key = self.replicas[node].keys.public();
        let own = "select stream, seq, hash, sealed, predecessor, fork_seq from stream where device_key = ?1 order by stream";
        let rows = if node == HUB { db.rows(sql, &[]) } else { db.rows(own, &[key.into()]) };
        let heads = rows.map_err(|fault| fault.to_string())?.into_iter().map(|row| Head {
            stream: StreamId(row.raw(0)),
            seq: row.int(1) as u64,
            hash: row.hash(2),
            sealed: row.int(3) as u8,
            predecessor: row.blob(4).try_into().ok().map(StreamId),
            fork_seq: row.int(5) as u64,
        });
        for head in heads.collect::<Vec<_>>() {
            // The hub holds of its own earlier streams what edges gave back, which need not be all.
            let forgotten = node == HUB && head.sealed == recovery::HUB_BEFORE || head.seq == 0;
            if !forgotten {
                self.chained(node, db, &head)?;
            }
        }
        Ok(())
    }

    fn chained(&mut self, node: Node, db: &dyn Read, head: &Head) -> Result<(), String> {
        // A stream that was parted ends earlier than it did: it is read again from its beginning.
        let (mut seq, mut hash) = match self.checked.upto.get(&(node, head.stream)) {
            Some(upto) if upto.0 <= head.seq => *upto,
            _ => begin(db, head)?,
        };
        let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased
                   from entry where stream = ?1 and seq > ?2 and seq <= ?3 order by seq";
        let rows = db.rows(sql, &[head.stream.into(), seq.into(), head.seq.into()]).map_err(|fault| fault.to_string())?;
        // As its author chained it: on the second side of a fork it was written under the first side's name.
        let name = push::written_as(db, head.stream).map_err(|fault| fault.to_string())?;
        for entry in rows.iter().map(entry_of) {
            if entry.seq != seq + 1 {
                return Err(format!("stream {} goes from {seq} to {}", head.stream, entry.seq));
            }
            let number = entry.seq;
            (seq, hash) = (number, Entry { stream: name, ..entry }.hash(&hash));
        }
        if (seq, hash) != (head.seq, head.hash) {
            let broken = if seq == head.seq { "its chain is broken" } else { "is not dense" };
            return Err(format!("stream {} ends at {seq}, its head says {}: {broken}", head.stream, head.seq));
        }
        self.checked.upto.insert((node, head.stream), (seq, hash));
        Ok(())
    }

    /// No guarded account is below zero: at an edge of its own place, at the hub of every place that is not sealed.
    fn guarded(&mut self, node: Node, db: &dyn Read) -> Result<(), String> {
        let sql = "select b.holder, b.unit, b.place, b.amount from balance b join stream s on s.stream = b.place
                   where b.amount < 0 and s.sealed = 0 order by b.place, b.holder, b.unit";
        let rows = db.rows(sql, &[]).map_err(|fault| fault.to_string())?;
        for row in rows {
            let (Some(holder), Some(unit)) = (Holder::from_key(row.blob(0)), Unit::from_key(row.blob(1))) else {
                return Err("a balance has unreadable keys".into());
            };
            let account = Account { holder, unit, place: StreamId(row.raw(2)) };
            if account.guarded() {
                self.overdrawn = Some(account);
                return Err(format!("{account:?} is at {} (seen at node {node})", row.int(3)));
            }
        }
        Ok(())
    }

    /// No sale is booked twice, unless it was decided again after a restore: then it stands in two streams.
    fn once(&mut self, db: &dyn Read) -> Result<(), String> {
        let sql = "select command, count(*) from entry where kind in (?1, ?2) and folded = 1 group by command having count(*) > 1";
        let rows = db.rows(sql, &[Rung::KIND.into(), Sold::KIND.into()]).map_err(|fault| fault.to_string())?;
        let tries = |sale| self.book.tries.get(&sale).copied().unwrap_or(0);
        let wrong = rows.iter().map(|row| (CommandId(row.raw(0)), row.int(1))).find(|(sale, times)| i64::from(tries(*sale)) < *times);
        let Some((sale, times)) = wrong else { return Ok(()) };
        let rung = tries(sale);
        self.doubled = Some(sale);
        Err(format!("sale {sale} was rung up {rung} times and is booked {times} times"))
    }

    /// Nobody spends more than they were given, wherever, whatever was put back.
    fn spent_once(&self) -> Result<(), String> {
        let over = self.book.value.iter().find(|(_, left)| **left < 0).filter(|_| self.plan.mishaps.counted());
        over.map_or(Ok(()), |(member, left)| Err(format!("{member} spent {} more than was ever given", -left)))
    }

    /// Which entries post to an account, and who holds them.
    pub(super) fn postings_to(&self, account: &Account) -> Result<String, String> {
        /// The amount posted, and who holds the entry, folded how.
        type Posted = (i64, Vec<(Node, i64)>);
        let mut posted: BTreeMap<(StreamId, u64), Posted> = BTreeMap::new();
        let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased, folded
                   from entry where kind < 32768 order by stream, seq";
        for (node, replica) in self.replicas.iter().enumerate() {
            let Some(db) = replica.db() else { continue };
            for (entry, folded) in db.rows(sql, &[]).map_err(|fault| fault.to_string())?.iter().map(|row| (entry_of(row), row.int(13))) {
                let amount: i64 =
                    postings(&entry)?.iter().filter(|posting| posting.account == *account).map(|posting| posting.amount).sum();
                if amount != 0 {
                    posted.entry((entry.stream, entry.seq)).or_insert((amount, Vec::new())).1.push((node, folded));
                }
            }
        }
        Ok(posted
            .iter()
            .map(|((stream, seq), (amount, nodes))| format!("\n  {stream} {seq}: {amount} at (node, folded) {nodes:?}"))
            .collect())
    }

    /// Views equal what a rebuild makes of the entries.
    ///
    /// # Errors
    /// The tables that differ.
    pub fn check_rebuild(&mut self) -> Result<(), String> {
        for node in 0..self.replicas.len() {
            let Some(store) = &mut self.replicas[node].store else { continue };
            match store.rebuild() {
                Ok(rebuilt) if rebuilt.differing.is_empty() => self.book.counts.rebuilds += 1,
                Ok(rebuilt) => return Err(format!("node {node}: a rebuild differs in {:?}", rebuilt.differing)),
                Err(fault) => self.fault(node, &fault)?,
            }
        }
        Ok(())
    }
}

/// What an entry posts.
pub(super) fn postings(entry: &Entry) -> Result<Vec<Posting>, String> {
    let (Some(fact), Some(bytes)) = (newer::registry(shop::registry()).fact(entry.kind, entry.version), entry.body.bytes()) else {
        return Ok(Vec::new());
    };
    let mut rows = Rows::new(Side::Hub);
    (fact.fold)(bytes, &entry.head(), &mut rows).map(|read| read.postings).map_err(|unreadable| unreadable.to_string())
}

/// Where a stream begins: the second side of a fork after what it shares with the first.
fn begin(db: &dyn Read, head: &Head) -> Result<(u64, Hash), String> {
    let (1.., Some(first_side)) = (head.fork_seq, head.predecessor) else { return Ok((0, NO_HASH)) };
    let hash = push::chain_hash(db, first_side, head.fork_seq - 1).map_err(|fault| fault.to_string())?;
    Ok((head.fork_seq - 1, hash))
}
