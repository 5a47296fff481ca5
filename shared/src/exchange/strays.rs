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

/// Sorts out the entries of given pages whose numbers others have; answers the rest.
///
/// # Errors
/// A fault of the store.
pub(super) fn sorted_out(writer: &mut Writer<'_>, given: Vec<Entry>, now_ms: i64) -> Result<Vec<Entry>, Fault> {
    let (mut rest, mut lost) = (Vec::with_capacity(given.len()), BTreeMap::<(DocumentId, u16), (StreamId, Edits)>::new());
    for entry in given {
        if !on(Guard::Stray) || writer.held_otherwise(&entry)?.is_none() {
            rest.push(entry);
            continue;
        }
        let Some(stray) = writer.keep_stray(&entry)? else { continue };
        let (Some((document, _)), Some(bytes)) = (entry.document, entry.body.bytes()) else { continue };
        let stands = held(writer, document)?.map_or_else(Document::new, |held| held.document);
        let (_, edits) = lost.entry((document, entry.kind & !CHANGE)).or_insert_with(|| (stray, Edits::new()));
        for (key, edit) in stands.edits_in(bytes) {
            edits.entry(key).and_modify(|before| before.value.clone_from(&edit.value)).or_insert(edit);
        }
    }
    for ((document, kind), (stray, edits)) in lost {
        let generation = anew(writer, document, kind, stray, now_ms)?;
        write_late(writer, &[Late { document, kind, generation, edits }], stray.bytes(), now_ms)?;
    }
    Ok(rest)
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
