//! What pages of an earlier epoch bring back under numbers that other entries have by now: its author and this hub were both put back to before it, and the
//! author was heard first. Replicas that read those pages hold it, and edits that build on it. So its documents begin anew, which every replica
//! does in the order of the feed, and head office writes the lost edits again, because their author does not know them any more.
use super::asks::moment;
use super::generations::write_late;
use super::hub::VERDICT;
use crate::base::guards::{Guard, on};
use crate::base::ids::derived;
use crate::base::limits::PARTS_MAX;
use crate::base::{CommandId, DocumentId, StreamId};
use crate::documents::Scalar;
use crate::documents::automerge::merge::{Document, Edits};
use crate::facts::journal::{Conflicted, FORKED, Rebased};
use crate::journal::entry::CHANGE;
use crate::journal::{Command, Decided, Entry, Fault, Moment, Read, Refusal, Right};
use crate::store::Writer;
use crate::store::documents::held;
use crate::store::generations::Late;
use crate::views::generations::{begun, is_erased};
use std::collections::BTreeMap;

/// Begins a document anew from what stands at the hub; where writers disagreed, what does not stand any more is kept for a person.
struct Anew {
    rebased: Rebased,
    conflicts: Vec<Conflicted>,
}

impl Command for Anew {
    type State = ();
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        crate::journal::command::encoded(&self.rebased)
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        let first = Decided::nothing().fact(&self.rebased);
        Ok(self.conflicts.iter().take(PARTS_MAX - 1).fold(first, |decided, conflicted| decided.fact(conflicted)))
    }
}

/// Sorts out the entries of given pages whose numbers others have; answers the rest. Edits of strays, and those that come back only now that their
/// document began anew, are written again: their authors may have lost them too.
///
/// # Errors
/// A fault of the store.
pub(super) fn sorted_out(writer: &mut Writer<'_>, given: Vec<Entry>, now_ms: i64) -> Result<Vec<Entry>, Fault> {
    let (mut rest, mut changes) = (Vec::with_capacity(given.len()), Vec::new());
    let mut strayed = BTreeMap::<DocumentId, StreamId>::new();
    for entry in given {
        if on(Guard::Stray) && writer.held_otherwise(&entry)?.is_some() {
            let Some(stray) = writer.keep_stray(&entry)? else { continue };
            if let Some((document, _)) = entry.document {
                strayed.entry(document).or_insert(stray);
                changes.push((entry, true));
            }
            continue;
        }
        if entry.is_change() && !is_held(writer, &entry)? {
            changes.push((entry.clone(), false));
        }
        rest.push(entry);
    }
    for ((document, kind), Lost { cause, edits }) in lost(writer, &changes, &strayed)? {
        let generation = match strayed.get(&document) {
            Some(stray) => anew(writer, document, kind, *stray, now_ms)?,
            None => held(writer, document)?.map_or(0, |held| held.generation),
        };
        write_late(writer, &[Late { document, kind, generation, edits }], &cause, now_ms)?;
    }
    Ok(rest)
}

/// What is to be written again of a document.
struct Lost {
    cause: Vec<u8>,
    edits: Edits,
}

/// The edits among these changes, in their order, that will not be merged: of strays, of documents that these changed, and of documents that began anew
/// before they came. Where an earlier self of the hub began them anew, their authors knew it, and what they wrote again comes back too.
fn lost(
    writer: &Writer<'_>,
    changes: &[(Entry, bool)],
    strayed: &BTreeMap<DocumentId, StreamId>,
) -> Result<BTreeMap<(DocumentId, u16), Lost>, Fault> {
    let mut lost = BTreeMap::<(DocumentId, u16), Lost>::new();
    for (entry, is_stray) in changes {
        let (Some((document, generation)), Some(bytes)) = (entry.document, entry.body.bytes()) else { continue };
        let (now, stands) = held(writer, document)?.map_or((0, Document::new()), |held| (held.generation, held.document));
        let stray = strayed.get(&document);
        let late = if generation < now { begun_here(writer, document, generation + 1)? } else { stray.is_some() };
        if !(*is_stray || late) || is_erased(writer, document)? {
            continue;
        }
        let cause = || stray.map_or_else(|| [entry.stream.bytes(), &entry.seq.to_be_bytes()[..]].concat(), |stray| stray.0.to_vec());
        let of = lost.entry((document, entry.kind & !CHANGE)).or_insert_with(|| Lost { cause: cause(), edits: Edits::new() });
        for (key, edit) in stands.edits_in(bytes) {
            of.edits.entry(key).and_modify(|before| before.value.clone_from(&edit.value)).or_insert(edit);
        }
    }
    Ok(lost)
}

fn begun_here(writer: &Writer<'_>, document: DocumentId, generation: u32) -> Result<bool, Fault> {
    let here = writer.identity()?.stream;
    Ok(begun(writer, document)?.iter().any(|begun| begun.generation == generation && begun.stream == here))
}

fn is_held(db: &dyn Read, entry: &Entry) -> Result<bool, Fault> {
    Ok(db.row("select 1 from entry where stream = ?1 and seq = ?2", &[entry.stream.into(), entry.seq.into()])?.is_some())
}

/// Answers the new generation.
fn anew(writer: &mut Writer<'_>, document: DocumentId, kind: u16, stray: StreamId, now_ms: i64) -> Result<u32, Fault> {
    let here = writer.identity()?.stream;
    let (generation, stands) = held(writer, document)?.map_or((0, Document::new()), |held| (held.generation, held.document));
    let base = Document::new().changed(here.0, now_ms / 1000, &stands.fields(), &[]);
    let rebased = Rebased {
        document,
        kind,
        generation: generation + 1,
        base: base.into_iter().map(Into::into).collect(),
        includes: stands.heads().into_iter().map(|head| head.to_vec().into()).collect(),
        reason: FORKED,
    };
    let lesser = stands.conflicts().into_iter().flat_map(|conflict| {
        let now = conflict.candidates.first().map(|candidate| candidate.value.to_string());
        let key = conflict.key;
        conflict.candidates.into_iter().skip(1).map(move |candidate| Conflicted {
            document,
            kind,
            generation: generation + 1,
            key: key.clone(),
            mine: Some(Scalar::to_string(&candidate.value)),
            before: None,
            stands: now.clone(),
        })
    });
    let anew = Anew { conflicts: lesser.collect(), rebased };
    let command = CommandId(derived("strayed", &[document.bytes(), stray.bytes()]));
    let _ = writer.decide(&anew, &moment(command, VERDICT, here, None, now_ms))?;
    Ok(generation + 1)
}
