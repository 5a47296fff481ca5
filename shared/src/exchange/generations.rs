//! A document's history begins anew: head office says so, long ones by itself; what came late for the old generation its author writes again on the
//! new one, head office for a stream that nobody writes any more, and nobody after an erasure.
use super::asks::{self, moment};
use super::hub::VERDICT;
use crate::base::ids::derived;
use crate::base::limits::{DOCUMENT_CHANGES_MAX, ERASED_ENTRIES_MAX, PARTS_MAX};
use crate::base::{CommandId, DocumentId, StreamId};
use crate::documents::automerge::merge::Document;
use crate::documents::{Fields, Scalar};
use crate::facts::journal::{Conflicted, ERASED, Erased, LONG, Rebased, Written};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, DocumentWrite, Fault, Moment, Read, Refusal, Right};
use crate::store::Writer;
use crate::store::documents::{Held, held};
use crate::store::generations::Late;
use crate::views::generations::is_erased;
use crate::views::{Registry, Rows, Side};

/// Characters of a reason.
const WHY_CHARS_MAX: usize = 200;

/// Begins a new generation from what stands. Refusals, in order: NotAllowed, NotFound, NotSound (somebody must settle its conflicts first; long,
/// set aside and fork).
#[derive(Debug, Clone)]
pub struct Rebase {
    pub document: DocumentId,
    /// `Rebased.reason`.
    pub reason: u8,
}

impl Command for Rebase {
    type State = Option<Held>;
    const RIGHT: Option<Right> = Some(Right::Conflicts);
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        [self.document.bytes(), &[self.reason]].concat()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Option<Held>, Fault> {
        held(db, self.document)
    }

    fn decide(&self, state: &Option<Held>, moment: &Moment) -> Result<Decided, Refusal> {
        let held = state.as_ref().ok_or_else(|| Refusal::NotFound { what: "document".into() })?;
        if self.reason != ERASED && !held.document.conflicts().is_empty() {
            return Err(Refusal::NotSound { field: "document".into(), why: "conflict".into() });
        }
        Ok(Decided::nothing().fact(&self.rebased(held, moment)))
    }
}

impl Rebase {
    pub(super) fn rebased(&self, held: &Held, moment: &Moment) -> Rebased {
        let fields = if self.reason == ERASED { Fields::new() } else { held.document.fields() };
        let base = Document::new().changed(moment.here.0, moment.now_ms / 1000, &fields, &[]);
        Rebased {
            document: self.document,
            kind: held.kind,
            generation: held.generation + 1,
            base: base.into_iter().map(Into::into).collect(),
            includes: held.document.heads().into_iter().map(|head| head.to_vec().into()).collect(),
            reason: self.reason,
        }
    }
}

/// Erases what is known of a person: the document begins anew with nothing in it, and the bodies that told of it go, at every replica. Refusals,
/// in order: NotAllowed, NotFound, NotSound (no reason; erased already).
#[derive(Debug, Clone)]
pub struct Erase {
    pub document: DocumentId,
    /// On whose request, and by what right; never who it was about.
    pub why: String,
    /// Facts that tell of the person, from `written_about`.
    pub entries: Vec<Written>,
}

impl Command for Erase {
    type State = (Option<Held>, bool);
    const RIGHT: Option<Right> = Some(Right::Members);

    fn content(&self) -> Vec<u8> {
        [self.document.bytes(), self.why.as_bytes()].concat()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<(Option<Held>, bool), Fault> {
        Ok((held(db, self.document)?, is_erased(db, self.document)?))
    }

    fn decide(&self, (state, erased): &(Option<Held>, bool), moment: &Moment) -> Result<Decided, Refusal> {
        let held = state.as_ref().ok_or_else(|| Refusal::NotFound { what: "member".into() })?;
        let why = self.why.trim();
        if why.is_empty() || why.chars().nth(WHY_CHARS_MAX).is_some() {
            return Err(Refusal::NotSound { field: "why".into(), why: format!("1 to {WHY_CHARS_MAX} characters") });
        }
        if *erased {
            return Err(Refusal::NotSound { field: "member".into(), why: "erased".into() });
        }
        Ok(Erase { why: why.into(), ..self.clone() }.decided(held, moment))
    }
}

impl Erase {
    pub(super) fn decided(&self, held: &Held, moment: &Moment) -> Decided {
        let rebased = Rebase { document: self.document, reason: ERASED }.rebased(held, moment);
        let of = |entries: &[Written]| Erased {
            document: self.document,
            kind: held.kind,
            generation: rebased.generation,
            entries: entries.to_vec(),
            why: self.why.clone(),
        };
        let first = Decided::nothing().fact(&rebased);
        let chunks = self.entries.chunks(ERASED_ENTRIES_MAX);
        if self.entries.is_empty() { first.fact(&of(&[])) } else { chunks.fold(first, |decided, some| decided.fact(&of(some))) }
    }
}

/// The facts whose bodies tell of a person. Looks at every fact of a personal kind: not under the clerk.
///
/// # Errors
/// A fault of the store.
pub fn written_about(db: &dyn Read, registry: &Registry, document: DocumentId) -> Result<Vec<Written>, Fault> {
    let mut written = Vec::new();
    for fact in registry.facts.iter().filter(|fact| fact.personal) {
        // Which facts of this kind are there?
        let sql = "select stream, seq, stamp, by, command, part, kind, version, document, generation, body, salt, erased
                   from entry where kind = ?1 and version = ?2 and erased = 0 order by stream, seq";
        for entry in db.rows(sql, &[fact.kind.into(), fact.version.into()])?.iter().map(crate::store::append::entry_of) {
            let about = entry.body.bytes().and_then(|body| (fact.fold)(body, &entry.head(), &mut Rows::new(Side::Hub)).ok()?.about);
            if about == Some(document) {
                written.push(Written { stream: entry.stream, seq: entry.seq });
            }
        }
    }
    Ok(written)
}

/// The documents that these entries changed.
///
/// # Errors
/// A fault of the store.
pub fn changed_by(db: &dyn Read, entries: &[(StreamId, u64)]) -> Result<Vec<DocumentId>, Fault> {
    let mut documents = std::collections::BTreeSet::new();
    for (stream, seq) in entries {
        // Which document does this entry change?
        let sql = "select document from entry where stream = ?1 and seq = ?2 and document <> x''";
        documents.extend(db.row(sql, &[(*stream).into(), (*seq).into()])?.map(|row| DocumentId(row.raw(0))));
    }
    Ok(documents.into_iter().collect())
}

/// Documents among these whose present generation has more changes than it should.
///
/// # Errors
/// A fault of the store.
pub fn long(db: &dyn Read, documents: &[DocumentId]) -> Result<Vec<DocumentId>, Fault> {
    let mut long = Vec::new();
    for document in documents {
        // How many changes has its present generation?
        let sql = "select count(*) from entry e join document d on d.document = e.document and d.generation = e.generation
                   where e.document = ?1 and e.document <> x''";
        if db.number(sql, &[(*document).into()])? > DOCUMENT_CHANGES_MAX {
            long.push(*document);
        }
    }
    Ok(long)
}

/// At the hub: begins a long document anew, unless its conflicts wait for a person.
///
/// # Errors
/// A fault of the store.
pub fn begin_anew(writer: &mut Writer<'_>, document: DocumentId, now_ms: i64) -> Result<(), Fault> {
    let here = writer.identity()?.stream;
    let Some(generation) = held(writer, document)?.map(|held| held.generation) else { return Ok(()) };
    let command = CommandId(derived("begin anew", &[document.bytes(), &generation.to_be_bytes()]));
    let moment = Moment { rights: vec![Right::Conflicts], ..moment(command, VERDICT, here, None, now_ms) };
    let _ = writer.decide(&Rebase { document, reason: LONG }, &moment)?;
    Ok(())
}

/// Edits written again on the new generation; where something else stands there than their author knew, both are kept for a person.
struct WriteLate {
    write: Option<DocumentWrite>,
    conflicts: Vec<Conflicted>,
}

impl Command for WriteLate {
    type State = ();
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        encoded(&self.conflicts)
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        let first = self.write.iter().cloned().fold(Decided::nothing(), Decided::change);
        Ok(self.conflicts.iter().take(PARTS_MAX - 1).fold(first, |decided, conflicted| decided.fact(conflicted)))
    }
}

/// Writes late edits again, in the transaction that found them.
///
/// # Errors
/// A fault of the store.
pub(super) fn write_late(writer: &mut Writer<'_>, late: &[Late], cause: &[u8], now_ms: i64) -> Result<(), Fault> {
    let own = writer.identity()?;
    for late in late {
        let stands = held(writer, late.document)?.map_or_else(Fields::new, |held| held.document.fields());
        let again = again(late, &stands);
        if again.write.is_none() && again.conflicts.is_empty() {
            continue;
        }
        let parts = [late.document.bytes(), &late.generation.to_be_bytes()[..], own.stream.bytes(), cause];
        let command = CommandId(derived("late edits", &parts));
        let _ = writer.decide(&again, &moment(command, asks::WRITE_AGAIN, own.stream, own.branch, now_ms))?;
    }
    Ok(())
}

fn again(late: &Late, stands: &Fields) -> WriteLate {
    let (mut set, mut removed, mut conflicts) = (Fields::new(), Vec::new(), Vec::new());
    for (key, edit) in late.edits.iter().filter(|(key, edit)| edit.value.as_ref() != stands.get(*key)) {
        let now = stands.get(key);
        match (&edit.value, edit.before.as_ref() == now) {
            (Some(value), true) => drop(set.insert(key.clone(), value.clone())),
            (None, true) => removed.push(key.clone()),
            (mine, false) => conflicts.push(Conflicted {
                document: late.document,
                kind: late.kind,
                generation: late.generation,
                key: key.clone(),
                mine: mine.as_ref().map(Scalar::to_string),
                before: edit.before.as_ref().map(Scalar::to_string),
                stands: now.map(Scalar::to_string),
            }),
        }
    }
    let some = !(set.is_empty() && removed.is_empty());
    WriteLate { write: some.then_some(DocumentWrite { document: late.document, kind: late.kind, set, removed }), conflicts }
}

/// At the hub: writes again what came late in a stream that nobody writes any more, from the entry `from` on.
///
/// # Errors
/// A fault of the store.
pub(super) fn write_for(writer: &mut Writer<'_>, stream: StreamId, from: u64, now_ms: i64) -> Result<(), Fault> {
    let late = writer.late_of(stream, from)?;
    write_late(writer, &late, &[stream.bytes(), &from.to_be_bytes()[..]].concat(), now_ms)
}
