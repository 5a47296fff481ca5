//! The one way into a document, for changes from outside and for what was written here.
//!
//! 1. Own code reads frame, checksum, header and run lengths ([`super::limits`] bound all of it).
//! 2. The engine reads the change, its panics caught.
//! 3. Deps known, sequence dense, operation counters right, operations those of a flat document.
//! 4. The engine would write the very same bytes.
//! 5. It is applied to a copy; the document is replaced when that went well.
//!
//! A change that is refused leaves the document as it was. Nothing is queued: what waits for deps waits in the store.

pub use super::{operations::Allowed, rejected::Rejected};

use super::{
    Actor, Hash,
    chunk::{self, Header},
    guard, limits,
    merge::{Document, Last},
    operations,
};
use automerge::{Change, ChangeHash};

/// What came of a change that was not refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It is part of the document now.
    New(Admitted),
    /// It was there before.
    Known { change: Hash },
}

/// A change that is part of the document now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    pub change: Hash,
    pub actor: Actor,
    /// Numbered 1, 2, 3… per document and writer.
    pub seq: u64,
    /// What the writer's clock said, seconds since 1970 UTC.
    pub time_s: i64,
    /// The changes the writer knew.
    pub deps: Vec<Hash>,
    /// The keys it sets or removes, ascending.
    pub keys: Vec<String>,
}

/// A change on its way in.
#[derive(Debug, Clone, Copy)]
pub struct Incoming<'a> {
    pub bytes: &'a [u8],
    /// Who must have written it; None where the changes of many writers come in one list, as in a base.
    pub actor: Option<Actor>,
}

/// Admits one change that `actor` must have written.
pub fn admit(document: &mut Document, bytes: &[u8], actor: &Actor, allowed: &Allowed<'_>) -> Result<Admission, Rejected> {
    admit_one(document, Incoming { bytes, actor: Some(*actor) }, allowed)
}

/// Admits changes in order, each on its own merits: one that is refused stops no other. Copies the document once.
pub fn admit_all(document: &mut Document, changes: &[Incoming<'_>], allowed: &Allowed<'_>) -> Vec<Result<Admission, Rejected>> {
    let mut copy = document.clone();
    let mut outcomes = Vec::with_capacity(changes.len());
    for change in changes {
        let outcome = guard::caught(|| apply(&mut copy, *change, allowed)).unwrap_or(Err(Rejected::Panicked));
        if matches!(outcome, Err(Rejected::Panicked | Rejected::NotApplied)) {
            // The copy may be damaged. One by one, each has its own.
            return changes.iter().map(|change| admit_one(document, *change, allowed)).collect();
        }
        outcomes.push(outcome);
    }
    *document = copy;
    outcomes
}

/// A document of the changes of a base, as [`Document::base`] gave them on another replica. All or nothing.
pub fn admit_base(base: &[impl AsRef<[u8]>], allowed: &Allowed<'_>) -> Result<Document, Rejected> {
    let mut document = Document::new();
    let changes: Vec<_> = base.iter().map(|bytes| Incoming { bytes: bytes.as_ref(), actor: None }).collect();
    let outcomes: Result<Vec<_>, _> = admit_all(&mut document, &changes, allowed).into_iter().collect();
    outcomes.map(|_| document)
}

/// Whether the writer of a change has given its number to another change that the document holds.
pub fn number_is_taken(document: &Document, bytes: &[u8]) -> bool {
    let taken = || chunk::read(bytes).is_ok_and(|header| header.seq <= document.actor_seq(&header.actor) && !document.holds(&header.hash));
    guard::caught(taken).unwrap_or(false)
}

fn admit_one(document: &mut Document, change: Incoming<'_>, allowed: &Allowed<'_>) -> Result<Admission, Rejected> {
    let attempt = guard::caught(|| match look(document, change, allowed)? {
        Looked::Known(change) => Ok((Admission::Known { change }, None)),
        Looked::New(admitted, change) => {
            let mut copy = document.clone();
            take(&mut copy, &admitted, *change)?;
            Ok((Admission::New(admitted), Some(copy)))
        }
    });
    let (admission, copy) = attempt.unwrap_or(Err(Rejected::Panicked))?;
    if let Some(copy) = copy {
        *document = copy;
    }
    Ok(admission)
}

/// Like [`admit_one`], but on a document that may be thrown away.
fn apply(copy: &mut Document, change: Incoming<'_>, allowed: &Allowed<'_>) -> Result<Admission, Rejected> {
    match look(copy, change, allowed)? {
        Looked::Known(change) => Ok(Admission::Known { change }),
        Looked::New(admitted, change) => take(copy, &admitted, *change).map(|()| Admission::New(admitted)),
    }
}

enum Looked {
    Known(Hash),
    New(Admitted, Box<Change>),
}

/// Steps 1 to 4.
fn look(document: &Document, incoming: Incoming<'_>, allowed: &Allowed<'_>) -> Result<Looked, Rejected> {
    let header = chunk::read(incoming.bytes)?;
    if incoming.actor.is_some_and(|actor| actor != header.actor) {
        return Err(Rejected::WrongActor { actor: header.actor });
    }
    if document.holds(&header.hash) {
        return Ok(Looked::Known(header.hash));
    }
    let deps = place(document, &header)?;
    let change = Change::from_bytes(incoming.bytes.to_vec()).map_err(|_| Rejected::Unreadable)?;
    let decoded = change.decode();
    if change.hash().0 != header.hash || change.len() as u64 != header.operations {
        return Err(Rejected::Unreadable);
    }
    let keys = operations::check(document, &decoded, deps.as_deref(), allowed)?;
    let Header { hash, deps, actor, seq, time_s, .. } = header;
    if Change::from(decoded).raw_bytes() != incoming.bytes {
        return Err(Rejected::NotCanonical);
    }
    Ok(Looked::New(Admitted { change: hash, actor, seq, time_s, deps, keys }, Box::new(change)))
}

/// Does the change stand where its writer may put it? Returns its deps, None if they are all there is.
fn place(document: &Document, header: &Header) -> Result<Option<Vec<ChangeHash>>, Rejected> {
    let last = document.last_of(&header.actor);
    let last_seq = last.map_or(0, |last| last.seq);
    if header.seq == 0 {
        return Err(Rejected::SeqGap { expected: last_seq + 1, seq: 0 });
    }
    if header.seq <= last_seq {
        return Err(Rejected::Equivocation { actor: header.actor, seq: header.seq });
    }
    if !header.deps.is_sorted_by(|before, after| before < after) {
        return Err(Rejected::DepsOrder);
    }
    let missing: Vec<Hash> = header.deps.iter().filter(|dep| !document.holds(dep)).copied().collect();
    if !missing.is_empty() {
        return Err(Rejected::MissingDeps(missing));
    }
    if header.seq != last_seq + 1 {
        return Err(Rejected::SeqGap { expected: last_seq + 1, seq: header.seq });
    }
    let all = document.heads() == header.deps;
    let deps: Vec<_> = header.deps.iter().map(|dep| ChangeHash(*dep)).collect();
    let known_max = if all { document.max_op() } else { max_op(document, &deps) };
    let expected = known_max + 1;
    if header.start_op != expected || expected + header.operations > limits::COUNTER {
        return Err(Rejected::StartOp { expected, start_op: header.start_op });
    }
    if all {
        return Ok(None);
    }
    if last.is_some_and(|last| !knows(document, &deps, last)) {
        return Err(Rejected::OffOwnHistory);
    }
    Ok(Some(deps))
}

fn max_op(document: &Document, deps: &[ChangeHash]) -> u64 {
    let known = deps.iter().filter_map(|dep| document.engine.get_change_meta_by_hash(dep));
    known.map(|change| change.max_op).max().unwrap_or(0)
}

/// Whether somebody who knows `deps` knows the writer's last change.
fn knows(document: &Document, deps: &[ChangeHash], last: Last) -> bool {
    let unknown = document.engine.get_changes_meta(deps);
    unknown.iter().all(|change| change.hash.0 != last.change)
}

/// Step 5. After an error the copy must be thrown away.
fn take(copy: &mut Document, admitted: &Admitted, change: Change) -> Result<(), Rejected> {
    let max_op = change.max_op();
    let mut heads = copy.heads();
    heads.retain(|head| admitted.deps.binary_search(head).is_err());
    heads.push(admitted.change);
    heads.sort_unstable();
    copy.first = copy.writers.is_empty().then(|| change.raw_bytes().to_vec());
    copy.engine.apply_changes([change]).map_err(|_| Rejected::NotApplied)?;
    if copy.heads() != heads {
        return Err(Rejected::NotApplied);
    }
    copy.writers.insert(admitted.actor, Last { seq: admitted.seq, change: admitted.change });
    copy.max_op = copy.max_op.max(max_op);
    Ok(())
}
