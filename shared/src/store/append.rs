//! The one way into the entry table, for what is decided here and for what arrived: kept, folded, listed in the feed.
use super::engine::write;
use super::entries::entry_row;
pub use super::entries::{ENTRY_COLUMNS, entry_of};
use super::schema::{ASIDE, FOLDED, UNKNOWN, WAITING};
use super::writer::{Identity, Writer};
use crate::base::guards::Guard;
use crate::base::{BranchId, CommandId, DocumentId, Holder, Posting, StreamId};
use crate::facts::journal::{Erased, Opened, Rebased};
use crate::facts::{Audience, Fact};
use crate::journal::command::{Value, encoded};
use crate::journal::entry::{Body, CHANGE, Hash, NO_HASH};
use crate::journal::memory::kept;
use crate::journal::stream::is_hub_stream;
use crate::journal::{Actor, Entry, Fault, Head, Moment, Part, Stamp};
use crate::ledger::place::{self, Owner};
use crate::ledger::{balance, issued, issuers, liability, sound};
use crate::views::registry::{self, Unreadable};
use crate::views::{FactKind, Rows, Side};

/// An entry in its place, with its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    pub head: Head,
    pub hash: Hash,
}

/// A fact that was just decided here, and what it posts.
pub(super) type Known = (Value, Vec<Posting>);

/// The hub's own key, by which it knows the names of its streams.
#[derive(Clone, Copy)]
struct HubKey([u8; 32]);

/// What became of an arrived entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrived {
    Folded,
    /// Of a kind that this version does not know: kept, folded when understood.
    Unknown,
    /// Kept, not believed; the reason goes back to its author.
    Aside(String),
    /// A change whose document lacks what it builds on.
    Waiting,
    /// Held already.
    Known,
}

impl Arrived {
    pub(super) fn state(&self) -> i64 {
        match self {
            Arrived::Folded | Arrived::Known => FOLDED,
            Arrived::Unknown => UNKNOWN,
            Arrived::Aside(_) => ASIDE,
            Arrived::Waiting => WAITING,
        }
    }
}

impl Writer<'_> {
    /// Opens a stream and makes it this install's own. What lay at an earlier place of this database stays there until the hub carries it.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn open_stream(&mut self, stream: StreamId, opened: &Opened, now_ms: i64) -> Result<Appended, Fault> {
        self.know_stream(stream, opened.branch, &opened.device_key, opened.predecessor)?;
        self.set_meta("stream", stream.bytes())?;
        self.identity = Some(Identity { stream, branch: opened.branch });
        if self.side == Side::Edge {
            write(self.db, "delete from balance where place <> ?1", &[stream.into()])?;
        }
        let entry = Entry {
            stream,
            seq: 1,
            stamp: Stamp::after(Stamp::default(), now_ms, 0),
            by: Actor::System,
            command: CommandId(stream.0),
            part: 0,
            kind: Opened::KIND,
            version: Opened::VERSION,
            document: None,
            body: Body::Kept { bytes: encoded(opened), salt: None },
        };
        self.append(entry, None, NO_HASH, 0)
    }

    /// Notes a stream before its first entry comes: whose it is may become known later.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn know_stream(
        &mut self,
        stream: StreamId,
        branch: Option<BranchId>,
        key: &[u8; 32],
        predecessor: Option<StreamId>,
    ) -> Result<(), Fault> {
        let sql =
            "insert into stream (stream, branch, seq, hash, stamp, device_key, predecessor, sealed, sealed_seq, heard_ms, acked, fork_seq)
                   values (?1, ?2, 0, ?3, 0, ?4, ?5, 0, 0, 0, 0, 0)
             on conflict (stream) do update set device_key = excluded.device_key, predecessor = excluded.predecessor
             where stream.branch <> x'' and stream.device_key = ?3";
        self.memory.forget();
        let branch = branch.map_or(Vec::new(), |branch| branch.0.to_vec());
        let predecessor = predecessor.map_or(Vec::new(), |stream| stream.0.to_vec());
        write(self.db, sql, &[stream.into(), branch.into(), NO_HASH.into(), (*key).into(), predecessor.into()]).map(|_| ())
    }

    /// Appends what was decided here to the own stream, as parts of the moment's command.
    ///
    /// # Errors
    /// A fault of the store.
    pub(super) fn append_part(
        &mut self,
        part: Part,
        postings: Vec<Posting>,
        number: u8,
        moment: &Moment,
        asked: i64,
    ) -> Result<Option<Appended>, Fault> {
        let (stream, last) = (self.identity()?.stream, self.own_tip()?);
        let mut command = moment.command;
        let (kind, version, document, bytes, personal, decided) = match part {
            Part::Fact { kind, version, personal, body, fact, own } => {
                command = own.unwrap_or(command);
                (kind, version, None, body, personal, Some((fact, postings)))
            }
            Part::Change(wanted) => match self.changed(&wanted, moment.now_ms)? {
                None => return Ok(None),
                Some((generation, bytes, personal)) => {
                    (CHANGE | wanted.kind, 1, Some((wanted.document, generation)), bytes, personal, None)
                }
            },
        };
        let entry = Entry {
            stream,
            seq: last.seq + 1,
            stamp: Stamp::after(last.stamp, moment.now_ms, moment.hub_ms),
            by: moment.by,
            command,
            part: number,
            kind,
            version,
            document,
            body: Body::Kept { bytes, salt: personal.then(|| moment.salt(number)) },
        };
        self.append(entry, decided, last.hash, asked).map(Some)
    }

    fn append(&mut self, entry: Entry, decided: Option<Known>, prev: Hash, asked: i64) -> Result<Appended, Fault> {
        let hash = entry.hash(&prev);
        let mut rows = Rows::new(self.side);
        let outcome = self.fold(&entry, decided, &mut rows)?;
        if outcome != Arrived::Folded {
            // What we decide ourselves must be sound: this is a bug, and nothing of it is written.
            panic!("own entry of kind {} was not folded: {outcome:?}", entry.kind);
        }
        self.keep(&entry, asked, &outcome)?;
        self.put(rows)?;
        self.set_head(entry.stream, entry.seq, &hash, entry.stamp)?;
        self.appended.push(entry.head());
        self.grew = true;
        Ok(Appended { head: entry.head(), hash })
    }

    /// Takes in entries of other streams in the order given. The caller has checked sequence and signature; nothing else of them is believed.
    /// Rows of the whole batch are merged before they are written.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn take_in(&mut self, entries: &[Entry]) -> Result<Vec<Arrived>, Fault> {
        let mut rows = Rows::new(self.side);
        let mut outcomes = Vec::with_capacity(entries.len());
        let mut held = self.held(entries)?;
        let mut kept = Vec::with_capacity(entries.len());
        for entry in entries {
            if reads_entries(entry) {
                self.keep_all(&mut kept)?;
            }
            if entry.kind == Rebased::KIND {
                // One may be read with those of the same batch before it.
                self.put(std::mem::replace(&mut rows, Rows::new(self.side)))?;
            }
            let erased = self.as_kept(entry)?;
            let entry = erased.as_ref().unwrap_or(entry);
            let waits = held.get(&(entry.stream, entry.seq)) == Some(&WAITING) && !entry.is_change();
            if held.contains_key(&(entry.stream, entry.seq)) && !waits {
                self.fold_without(Guard::Known, entry, &mut rows)?;
                outcomes.push(Arrived::Known);
                continue;
            }
            let outcome = self.fold(entry, None, &mut rows)?;
            if waits {
                self.fold_without(Guard::Released, entry, &mut rows)?;
                self.note(entry, &outcome)?;
            } else {
                kept.push(entry_row(entry, 0, &outcome));
                self.say_why(entry, &outcome)?;
            }
            held.insert((entry.stream, entry.seq), outcome.state());
            if outcome == Arrived::Folded {
                self.appended.push(entry.head());
                if entry.is_change() {
                    let (document, generation) = entry.document.unwrap_or((DocumentId([0; 16]), 0));
                    self.release_waiting(document, generation, &mut rows)?;
                }
            }
            outcomes.push(outcome);
        }
        self.keep_all(&mut kept)?;
        self.put(rows)?;
        Ok(outcomes)
    }

    /// Adds the rows of one entry, or says why not. A change is merged into its document at once. `decided`: the fact and its postings, if it was
    /// just decided here, so that they need not be read from its bytes.
    pub(super) fn fold(&mut self, entry: &Entry, decided: Option<Known>, rows: &mut Rows) -> Result<Arrived, Fault> {
        let own = self.identity()?;
        if entry.is_change() {
            if self.is_side(entry.stream)? {
                // Kept, not merged: two sides cannot be one actor. Its author writes it again under a new stream.
                return Ok(Arrived::Folded);
            }
            let outcome = self.merge_change(entry)?;
            if outcome == Arrived::Folded {
                self.list(entry, Audience::Chain)?;
            }
            return Ok(outcome);
        }
        let Some(bytes) = entry.body.bytes() else { return Ok(Arrived::Folded) };
        let Some(fact) = self.registry.fact(entry.kind, entry.version) else { return Ok(Arrived::Unknown) };
        let mark = rows.mark();
        let decided = decided.and_then(|(decided, postings)| (fact.fold_decided)(&*decided.0, postings, &entry.head(), rows));
        debug_assert!(decided.as_ref().is_none_or(|read| as_stored(fact, entry, read, rows, mark)), "{} reads otherwise", fact.name);
        let read = match decided.map_or_else(|| (fact.fold)(bytes, &entry.head(), rows), Ok) {
            Ok(read) => read,
            Err(unreadable) => {
                rows.forget_from(mark);
                return Ok(Arrived::Aside(unreadable.to_string()));
            }
        };
        if let Err(unsound) = self.check(entry, &read.postings, fact.writer, own)? {
            rows.forget_from(mark);
            return Ok(Arrived::Aside(unsound.to_string()));
        }
        let begun = match entry.kind {
            Rebased::KIND => self.rebase(&registry::decoded(bytes).map_err(damaged)?, rows)?,
            Erased::KIND => self.erase(&registry::decoded(bytes).map_err(damaged)?).map(|()| Arrived::Folded)?,
            _ => Arrived::Folded,
        };
        if begun != Arrived::Folded {
            rows.forget_from(mark);
            return Ok(begun);
        }
        put_postings(&self.booked(entry, &read.postings)?, &read, entry, Some(own.stream), rows);
        self.note_at_hub(entry, &read, own)?;
        self.list(entry, read.audience)?;
        Ok(Arrived::Folded)
    }

    /// At the hub: whose balances postings tell anew, and what may have to be carried on.
    pub(super) fn note_at_hub(&mut self, entry: &Entry, read: &registry::Read, own: Identity) -> Result<(), Fault> {
        if self.side == Side::Edge {
            return Ok(());
        }
        if entry.stream != own.stream {
            // What a branch posts at its own place is nothing to carry on.
            let of_branch = place::owner(self, entry.stream)?.branch().is_some();
            let accounts = read.postings.iter().map(|posting| posting.account);
            self.added.extend(accounts.filter(|account| !of_branch || account.place != entry.stream));
        }
        self.members.extend(read.postings.iter().filter_map(|posting| match posting.account.holder {
            Holder::Member(member) => Some(member),
            _ => None,
        }));
        Ok(())
    }

    /// What an edge wrote is believed by the hub only where it may post; what the hub wrote, and what it sends to an edge, is.
    pub(super) fn check(
        &mut self,
        entry: &Entry,
        postings: &[Posting],
        writer: crate::facts::Writer,
        own: Identity,
    ) -> Result<Result<(), sound::Unsound>, Fault> {
        if self.side == Side::Edge || entry.stream == own.stream {
            return Ok(Ok(()));
        }
        let HubKey(key) = kept(self, own.stream.0, || Ok(HubKey(self.stream(own.stream)?.map_or([0; 32], |head| head.device_key))))?;
        let is_hub = |place| place == own.stream || is_hub_stream(place, &key);
        // Nearly all of a fact's postings lie at one place: each is looked up once.
        for place in postings.chunk_by(|a, b| a.account.place == b.account.place).map(|same| same[0].account.place) {
            // A stream of the hub that it forgot with a restore may first be heard of here.
            if place::owner(self, place)? == Owner::Unknown && is_hub(place) {
                self.know_hub_before(place, &key)?;
            }
        }
        match place::owner(self, entry.stream)? {
            Owner::Branch(_) => Ok(sound::of_edge(writer, postings, entry.stream, &is_hub)),
            // Another hub stream: an earlier self, whose entries edges bring back.
            Owner::Hub | Owner::Unknown => Ok(Ok(())),
        }
    }

    /// At the hub: gathers the feed row of an entry for those who need it.
    pub(super) fn list(&mut self, entry: &Entry, audience: Audience) -> Result<(), Fault> {
        if self.side == Side::Edge {
            return Ok(());
        }
        let scope = match audience {
            Audience::Nobody => return Ok(()),
            Audience::Chain => Vec::new(),
            Audience::Place(stream) => match place::owner(self, stream)?.branch() {
                Some(branch) => branch.0.to_vec(),
                None => return Ok(()),
            },
        };
        self.feed.push((scope, entry.stream, entry.seq));
        Ok(())
    }

    /// At the hub: lists an entry that is held for one more branch.
    pub fn list_for(&mut self, branch: BranchId, stream: StreamId, seq: u64) {
        self.feed.push((branch.0.to_vec(), stream, seq));
    }
}

/// The rows of an entry's postings. `booked`: the postings as they are booked; `here`: the own place, which an edge keeps alone.
pub(super) fn put_postings(booked: &[Posting], read: &registry::Read, entry: &Entry, here: Option<StreamId>, rows: &mut Rows) {
    let head = entry.head();
    balance::put(booked, here, rows);
    issuers::put(&read.postings, &head, rows);
    // What only head office keeps: what was given out, what is owed.
    if rows.side() == Side::Hub {
        issued::put(&read.postings, &head, rows);
        liability::put(&read.postings, read.day, &head, rows);
    }
}

/// Whether a fact reads from its bytes as it was decided: a rebuild must give the same rows.
fn as_stored(fact: &FactKind, entry: &Entry, decided: &crate::views::registry::Read, rows: &Rows, mark: usize) -> bool {
    let mut stored = Rows::new(rows.side());
    let read = entry.body.bytes().and_then(|bytes| (fact.fold)(bytes, &entry.head(), &mut stored).ok());
    read.as_ref() == Some(decided) && rows.from(mark) == stored.from(0)
}

/// A fold that just read it cannot have failed.
fn damaged(unreadable: Unreadable) -> Fault {
    Fault::Damaged(unreadable.to_string())
}

/// What folding it needs of entries must be in their table.
pub(super) fn reads_entries(entry: &Entry) -> bool {
    entry.is_change() || [Rebased::KIND, Erased::KIND].contains(&entry.kind)
}
