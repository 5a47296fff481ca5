//! A document in memory: what stands in it, where writers disagreed, and how a change to it is written.
//!
//! Any two documents with the same changes show the same fields, winners and conflicts, in whatever order the changes
//! came. Where writers set one key at once, the operation with the greater (counter, actor) stands; a later change of
//! that key ends the conflict.

use super::{Actor, Hash, guard};
use crate::documents::{Fields, Scalar};
use automerge::{ActorId, Automerge, Change, ChangeHash, ExpandedChange, ObjId, ROOT, ReadDoc, ScalarValue, ValueRef, legacy};
use std::{collections::BTreeMap, num::NonZeroU64};

/// One generation of one document.
#[derive(Debug, Clone)]
pub struct Document {
    pub(super) engine: Automerge,
    /// The last change of each writer.
    pub(super) writers: BTreeMap<Actor, Last>,
    /// The greatest operation counter of all changes.
    pub(super) max_op: u64,
    /// The bytes of the change that the gate just let in, as long as there is no other.
    pub(super) first: Option<Vec<u8>>,
}

/// The last change of a writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Last {
    /// Numbered 1, 2, 3… per document and writer.
    pub seq: u64,
    pub change: Hash,
}

/// Stored bytes that are not a sound document. The changes are the truth: build the document from them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the saved document is damaged")]
pub struct Damaged;

/// A key that several writers set at once, with different values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub key: String,
    /// What each of them wrote; the first is the one that stands, on every replica.
    pub candidates: Vec<Candidate>,
}

/// One of the values of a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub value: Scalar,
    pub actor: Actor,
    pub seq: u64,
    /// What the writer's clock said, seconds since 1970 UTC.
    pub time_s: i64,
    pub change: Hash,
    /// The changes the writer knew.
    pub based_on: Vec<Hash>,
    /// What stood under the key when the writer changed it; None if nothing did.
    pub before: Option<Scalar>,
}

/// What one change did to one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub key: String,
    /// What stood there for the writer; None if nothing did.
    pub before: Option<Scalar>,
    /// None: it was removed.
    pub after: Option<Scalar>,
}

/// What a writer did to a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What it wrote last; none: removed.
    pub value: Option<Scalar>,
    /// What stood there for it before.
    pub before: Option<Scalar>,
}

/// By key.
pub type Edits = BTreeMap<String, Edit>;

impl Default for Document {
    fn default() -> Self {
        Self::new()
    }
}

impl Document {
    /// A document without changes.
    pub fn new() -> Self {
        Self { engine: Automerge::new().with_actor(ActorId::from([0; 16])), writers: BTreeMap::new(), max_op: 0, first: None }
    }

    /// Reads what [`Document::save`] wrote.
    pub fn load(saved: &[u8]) -> Result<Self, Damaged> {
        guard::caught(|| Self::loaded(saved)).unwrap_or(Err(Damaged))
    }

    fn loaded(saved: &[u8]) -> Result<Self, Damaged> {
        let mut document = Self { engine: Automerge::load(saved).map_err(|_| Damaged)?, ..Self::new() };
        document.engine.set_actor(ActorId::from([0; 16]));
        for change in document.engine.get_changes_meta(&[]) {
            let actor = actor_of(&change.actor).ok_or(Damaged)?;
            document.max_op = document.max_op.max(change.max_op);
            let last = Last { seq: change.seq, change: change.hash.0 };
            let newest = document.writers.entry(actor).or_insert(last);
            if newest.seq < last.seq {
                *newest = last;
            }
        }
        Ok(document)
    }

    /// The document in compact bytes, proven to load again with the same heads. They hold every change, but two
    /// documents with the same changes need not give the same bytes. A first change is the whole document: the engine took its very bytes, and
    /// most documents never get a second one.
    pub fn save(&self) -> Result<Vec<u8>, Damaged> {
        if let Some(first) = &self.first {
            return Ok(first.clone());
        }
        guard::caught(|| {
            let saved = self.engine.save();
            let again = Automerge::load(&saved).map_err(|_| Damaged)?;
            (again.get_heads() == self.engine.get_heads()).then_some(saved).ok_or(Damaged)
        })
        .unwrap_or(Err(Damaged))
    }

    /// The changes that no other change builds on, in ascending order. Equal heads mean equal documents.
    pub fn heads(&self) -> Vec<Hash> {
        self.engine.get_heads().into_iter().map(|head| head.0).collect()
    }

    /// What stands in the document; of a conflict the winner.
    pub fn fields(&self) -> Fields {
        let items = self.engine.map_range(ROOT, ..);
        items.filter_map(|item| Some((item.key.into_owned(), shown(item.value)?))).collect()
    }

    /// The keys that writers set at once to different values, in the order of the keys.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let contested = self.engine.map_range(ROOT, ..).filter(|item| item.conflict);
        contested.filter_map(|item| self.conflict(&item.key)).collect()
    }

    fn conflict(&self, key: &str) -> Option<Conflict> {
        let candidates: Vec<_> = self.standing(key).iter().rev().filter_map(|standing| self.candidate(key, standing)).collect();
        let (winner, others) = candidates.split_first()?;
        let differ = others.iter().any(|other| other.value != winner.value);
        differ.then(|| Conflict { key: key.to_owned(), candidates })
    }

    fn candidate(&self, key: &str, standing: &Standing) -> Option<Candidate> {
        let change = self.engine.hash_for_opid(&standing.id)?;
        let meta = self.engine.get_change_meta_by_hash(&change)?;
        let before = self.standing_at(key, &meta.deps).pop();
        Some(Candidate {
            value: standing.value.clone(),
            actor: actor_of(&meta.actor)?,
            seq: meta.seq,
            time_s: meta.timestamp,
            change: change.0,
            based_on: meta.deps.iter().map(|dep| dep.0).collect(),
            before: before.map(|before| before.value),
        })
    }

    /// What a change of this document says of each key; none if it is no change, or not of this document.
    pub fn said(&self, bytes: &[u8]) -> Option<Vec<Said>> {
        let change = Change::from_bytes(bytes.to_vec()).ok()?;
        self.engine.get_change_meta_by_hash(&change.hash())?;
        let expanded = change.decode();
        let said = |operation| {
            let (key, after) = super::operations::flat(operation).ok()?;
            let before = self.standing_at(key, change.deps()).pop().map(|before| before.value);
            Some(Said { key: key.to_owned(), before, after })
        };
        expanded.operations.iter().map(said).collect()
    }

    /// The last change of a writer, if it wrote any.
    pub fn last_of(&self, actor: &Actor) -> Option<Last> {
        self.writers.get(actor).copied()
    }

    /// Number of the writer's last change, 0 if it wrote none.
    pub fn actor_seq(&self, actor: &Actor) -> u64 {
        self.last_of(actor).map_or(0, |last| last.seq)
    }

    /// The greatest operation counter; 0 in an empty document.
    pub fn max_op(&self) -> u64 {
        self.max_op
    }

    /// Whether this change was admitted.
    pub fn holds(&self, change: &Hash) -> bool {
        self.engine.get_change_meta_by_hash(&ChangeHash(*change)).is_some()
    }

    /// All admitted changes, each after those that it builds on: what another replica needs to begin with.
    pub fn base(&self) -> Vec<Vec<u8>> {
        self.engine.get_changes(&[]).iter().map(|change| change.raw_bytes().to_vec()).collect()
    }

    /// The change by which `actor` sets and removes keys on top of everything here, for the gate and the entry.
    /// `time_s` is seconds since 1970 UTC. A key in both lists is set. None if the document already says so; setting a
    /// key in conflict to the value that stands is a change, because it ends the conflict: pass only keys that were touched.
    pub fn changed(&self, actor: Actor, time_s: i64, set: &Fields, removed: &[String]) -> Option<Vec<u8>> {
        let puts = set.iter().filter_map(|(key, value)| {
            let standing = self.standing(key);
            let agreed = !standing.is_empty() && standing.iter().all(|one| one.value == *value);
            (!agreed).then(|| (key, operation(key, legacy::OpType::Put(stored(value)), &standing)))
        });
        let mut operations: BTreeMap<&String, legacy::Op> = puts.collect();
        for key in removed.iter().filter(|key| !set.contains_key(*key)) {
            let standing = self.standing(key);
            if !standing.is_empty() {
                operations.insert(key, operation(key, legacy::OpType::Delete, &standing));
            }
        }
        if operations.is_empty() {
            return None;
        }
        let change = ExpandedChange {
            operations: operations.into_values().collect(),
            actor_id: ActorId::from(actor),
            hash: None,
            seq: self.actor_seq(&actor) + 1,
            start_op: NonZeroU64::MIN.saturating_add(self.max_op),
            time: time_s,
            message: None,
            deps: self.engine.get_heads(),
            extra_bytes: Vec::new(),
            author: None,
        };
        Some(Change::from(change).raw_bytes().to_vec())
    }

    /// What `actor` changed beyond its change number `after` and beyond what somebody who knows `heads` knows.
    pub fn edits_beyond(&self, actor: &Actor, heads: &[Hash], after: u64) -> Edits {
        let known: Vec<ChangeHash> = heads.iter().filter(|head| self.holds(head)).map(|head| ChangeHash(*head)).collect();
        let mut edits = Edits::new();
        for change in self.engine.get_changes(&known) {
            if actor_of(change.actor_id()) != Some(*actor) || change.seq() <= after {
                continue;
            }
            for operation in change.decode().operations {
                let legacy::Key::Map(key) = &operation.key else { continue };
                let at = |heads: &[ChangeHash]| self.standing_at(key, heads).pop().map(|standing| standing.value);
                let edit = edits.entry(key.to_string()).or_insert_with(|| Edit { value: None, before: at(change.deps()) });
                edit.value = at(&[change.hash()]);
            }
        }
        edits
    }

    /// Whether everything that a change says it builds on is held; false of what is no change.
    pub fn precedes(&self, bytes: &[u8]) -> bool {
        guard::caught(|| Change::from_bytes(bytes.to_vec()).is_ok_and(|change| change.deps().iter().all(|dep| self.holds(&dep.0))))
            .unwrap_or(false)
    }

    /// What a change would edit that this document does not hold; what stood for its writer is what the changes say that it builds on and that are held.
    pub fn edits_in(&self, bytes: &[u8]) -> Edits {
        let edits = guard::caught(|| {
            let Ok(change) = Change::from_bytes(bytes.to_vec()) else { return Edits::new() };
            let known: Vec<ChangeHash> = change.deps().iter().copied().filter(|dep| self.holds(&dep.0)).collect();
            let edit = |operation: &legacy::Op| {
                let legacy::Key::Map(key) = &operation.key else { return None };
                let before = if known.is_empty() { None } else { self.standing_at(key, &known).pop().map(|standing| standing.value) };
                let value = if let legacy::OpType::Put(value) = &operation.action { scalar(value) } else { None };
                Some((key.to_string(), Edit { value, before }))
            };
            change.decode().operations.iter().filter_map(edit).collect()
        });
        edits.unwrap_or_default()
    }

    /// What stands under a key, the winner last.
    pub(super) fn standing(&self, key: &str) -> Vec<Standing> {
        standing(self.engine.get_all(ROOT, key).unwrap_or_default())
    }

    /// What stood under a key for a writer that knew `heads`, the winner last.
    pub(super) fn standing_at(&self, key: &str, heads: &[ChangeHash]) -> Vec<Standing> {
        standing(self.engine.get_all_at(ROOT, key, heads).unwrap_or_default())
    }
}

/// A value and the operation that put it.
pub(super) struct Standing {
    pub value: Scalar,
    pub id: ObjId,
}

impl Standing {
    /// Counter and actor of the operation.
    pub fn operation(&self) -> Option<legacy::OpId> {
        match &self.id {
            ObjId::Id(counter, actor, _) => Some(legacy::OpId::new(*counter, actor)),
            ObjId::Root => None,
        }
    }
}

fn standing(values: Vec<(automerge::Value<'_>, ObjId)>) -> Vec<Standing> {
    values.into_iter().filter_map(|(value, id)| Some(Standing { value: scalar(value.as_scalar()?)?, id })).collect()
}

fn operation(key: &str, action: legacy::OpType, standing: &[Standing]) -> legacy::Op {
    let pred = standing.iter().filter_map(Standing::operation).collect();
    legacy::Op { action, obj: legacy::ObjectId::Root, key: legacy::Key::Map(key.into()), pred, insert: false }
}

fn stored(value: &Scalar) -> ScalarValue {
    match value {
        Scalar::Text(text) => ScalarValue::Str(text.as_str().into()),
        Scalar::Int(number) => ScalarValue::Int(*number),
        Scalar::Bool(yes) => ScalarValue::Boolean(*yes),
    }
}

/// None for the kinds of value that no document of ours holds.
pub(super) fn scalar(value: &ScalarValue) -> Option<Scalar> {
    match value {
        ScalarValue::Str(text) => Some(Scalar::Text(text.to_string())),
        ScalarValue::Int(number) => Some(Scalar::Int(*number)),
        ScalarValue::Boolean(yes) => Some(Scalar::Bool(*yes)),
        _ => None,
    }
}

fn shown(value: ValueRef<'_>) -> Option<Scalar> {
    match value {
        ValueRef::Scalar(automerge::ScalarValueRef::Str(text)) => Some(Scalar::Text(text.into_owned())),
        ValueRef::Scalar(automerge::ScalarValueRef::Int(number)) => Some(Scalar::Int(number)),
        ValueRef::Scalar(automerge::ScalarValueRef::Boolean(yes)) => Some(Scalar::Bool(yes)),
        _ => None,
    }
}

/// None unless the id has the 16 bytes of a stream's id.
pub(super) fn actor_of(actor: &ActorId) -> Option<Actor> {
    actor.to_bytes().try_into().ok()
}
