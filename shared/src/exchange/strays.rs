//! What pages of an earlier epoch bring back under numbers that other entries have by now: its author and this hub were both put back to before it, and the
//! author was heard first. Replicas that read those pages hold it, and edits that build on it. So its documents begin anew, which every replica
//! does in the order of the feed, and head office writes the lost edits again, because their author does not know them any more.
//!
//! The same where a document began anew in what was lost, and this hub began it anew without knowing: two beginnings, one number. It begins once more.
use super::asks::moment;
use super::generations::{Erase, Rebase, write_late, written_about};
use super::hub::VERDICT;
use crate::base::guards::{Guard, on};
use crate::base::ids::derived;
use crate::base::limits::PARTS_MAX;
use crate::base::{CommandId, DocumentId};
use crate::documents::automerge::gate;
use crate::documents::automerge::merge::{Document, Edits};
use crate::documents::{Kind, Scalar};
use crate::facts::Fact;
use crate::facts::journal::{Conflicted, ERASED, FORKED, Rebased};
use crate::journal::entry::{CHANGE, NO_HASH};
use crate::journal::{Command, Decided, Entry, Fault, Moment, Read, Refusal, Right};
use crate::store::Writer;
use crate::store::documents::held;
use crate::store::generations::{Late, base, behind};
use crate::views::generations::{begun, is_erased};
use crate::views::registry::decoded;
use std::collections::BTreeMap;

/// Begins a document anew.
struct Anew(Decided);

impl Command for Anew {
    type State = ();
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        Vec::new()
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(self.0.clone())
    }
}

/// Why documents begin anew: by document, an id of what came back.
type Broken = BTreeMap<DocumentId, [u8; 16]>;

/// Sorts out the entries of given pages whose numbers others have; answers the rest. Edits of strays, and those that come back only now that their
/// document began anew, are written again: their authors may have lost them too.
///
/// # Errors
/// A fault of the store.
pub(super) fn sorted_out(writer: &mut Writer<'_>, given: Vec<Entry>, now_ms: i64) -> Result<Vec<Entry>, Fault> {
    let (mut rest, mut changes) = (Vec::with_capacity(given.len()), Vec::new());
    let (mut strayed, mut overtaken) = (Broken::new(), Vec::new());
    for entry in given {
        if let Some((rebased, cause)) = overtakes(writer, &entry)? {
            let now = held(writer, rebased.document)?.map_or(0, |held| held.generation);
            for _ in now..=rebased.generation {
                anew(writer, rebased.document, rebased.kind, &cause, rebased.reason == ERASED, now_ms)?;
            }
            overtaken.push(rebased);
        }
        if on(Guard::Stray) && (writer.held_otherwise(&entry)?.is_some() || changed_otherwise(writer, &entry)?) {
            let Some(stray) = writer.keep_stray(&entry)? else { continue };
            if let Some((document, _)) = entry.document {
                strayed.entry(document).or_insert(stray.0);
                changes.push((entry, true));
            }
            continue;
        }
        if entry.is_change() && !is_held(writer, &entry)? {
            changes.push((entry.clone(), false));
        }
        rest.push(entry);
    }
    let lost = lost(writer, &changes, &strayed, &overtaken)?;
    write_lost(writer, lost, &strayed, now_ms)?;
    Ok(rest)
}

/// The other way round: what came back was here first, and its author sends another change under the number that it has among its changes of the document.
/// That stays in its stream and is not merged; the document begins anew, and what was edited is written again, with the edits behind it.
///
/// # Errors
/// A fault of the store.
pub(super) fn sent_after(writer: &mut Writer<'_>, new: &[Entry], now_ms: i64) -> Result<(), Fault> {
    if !on(Guard::Stray) || !new.iter().any(Entry::is_change) || super::recovery::epoch(writer)? < 2 {
        return Ok(());
    }
    let (mut strayed, mut changes) = (Broken::new(), Vec::new());
    for entry in new {
        let Some((document, _)) = entry.document.filter(|_| entry.is_change()) else { continue };
        if changed_otherwise(writer, entry)? {
            let cause = derived("sent after", &[entry.stream.bytes(), &entry.seq.to_be_bytes(), &entry.hash(&NO_HASH)]);
            strayed.entry(document).or_insert(cause);
        }
        if strayed.contains_key(&document) || is_off_history(writer, entry)? {
            changes.push((entry.clone(), true));
        }
    }
    let lost = lost(writer, &changes, &strayed, &[])?;
    write_lost(writer, lost, &strayed, now_ms)
}

/// A change of an earlier generation that builds on what is in none of its histories here.
fn is_off_history(writer: &Writer<'_>, entry: &Entry) -> Result<bool, Fault> {
    let (Some((document, generation)), Some(bytes)) = (entry.document, entry.body.bytes()) else { return Ok(false) };
    if held(writer, document)?.is_none_or(|held| held.generation <= generation) || is_held(writer, entry)? {
        return Ok(false);
    }
    Ok(!writer.made(document, entry.kind & !CHANGE, generation)?.iter().any(|made| made.precedes(bytes)))
}

/// Documents begin anew where strays changed them; then what was lost of them is written again.
fn write_lost(writer: &mut Writer<'_>, lost: BTreeMap<(DocumentId, u16), Lost>, strayed: &Broken, now_ms: i64) -> Result<(), Fault> {
    for ((document, kind), Lost { cause, edits }) in lost {
        if let Some(stray) = strayed.get(&document) {
            anew(writer, document, kind, stray, false, now_ms)?;
        }
        let generation = held(writer, document)?.map_or(0, |held| held.generation);
        if !is_erased(writer, document)? {
            write_late(writer, &[Late { document, kind, generation, edits }], &cause, now_ms)?;
        }
    }
    Ok(())
}

/// The beginning of a generation that comes back after this hub, not knowing it, began as many or, in this epoch, any; with an id of it.
fn overtakes(writer: &Writer<'_>, entry: &Entry) -> Result<Option<(Rebased, [u8; 16])>, Fault> {
    let Some(bytes) = entry.body.bytes().filter(|_| entry.kind == Rebased::KIND && on(Guard::Generation)) else { return Ok(None) };
    let Ok(rebased) = decoded::<Rebased>(bytes) else { return Ok(None) };
    let Some(now) = held(writer, rebased.document)?.map(|held| held.generation) else { return Ok(None) };
    let known = if writer.held_otherwise(entry)?.is_some() { writer.holds_stray(entry)? } else { is_held(writer, entry)? };
    let overtaken = now >= rebased.generation || begun_here(writer, rebased.document, now)?;
    let cause = derived("overtaken", &[entry.stream.bytes(), &entry.seq.to_be_bytes(), &entry.hash(&NO_HASH)]);
    Ok((overtaken && !known).then_some((rebased, cause)))
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
    strayed: &Broken,
    overtaken: &[Rebased],
) -> Result<BTreeMap<(DocumentId, u16), Lost>, Fault> {
    let mut lost = BTreeMap::<(DocumentId, u16), Lost>::new();
    for (entry, is_stray) in changes {
        let (Some((document, generation)), Some(bytes)) = (entry.document, entry.body.bytes()) else { continue };
        let now = held(writer, document)?.map_or(0, |held| held.generation);
        let stray = strayed.get(&document);
        let twice = || overtaken.iter().any(|rebased| rebased.document == document);
        let late = if generation < now { begun_apart(writer, document, generation + 1)? || twice() } else { stray.is_some() || twice() };
        if !(*is_stray || late) || is_erased(writer, document)? {
            continue;
        }
        let cause = || stray.map_or_else(|| [entry.stream.bytes(), &entry.seq.to_be_bytes()[..]].concat(), |stray| stray.to_vec());
        let kind = entry.kind & !CHANGE;
        let of = lost.entry((document, kind)).or_insert_with(|| Lost { cause: cause(), edits: Edits::new() });
        behind(&mut of.edits, written_on(writer, document, kind, generation, overtaken, bytes)?.edits_in(bytes));
    }
    Ok(lost)
}

/// The document that a change was written on, as far as it is known: as it stands, as one of its generations was, or as one began that comes back now.
fn written_on(
    writer: &Writer<'_>,
    document: DocumentId,
    kind: u16,
    generation: u32,
    overtaken: &[Rebased],
    bytes: &[u8],
) -> Result<Document, Fault> {
    let stands = held(writer, document)?.map_or_else(Document::new, |held| held.document);
    if stands.precedes(bytes) {
        return Ok(stands);
    }
    let back = overtaken.iter().filter(|back| back.document == document && back.generation == generation);
    let back = back.filter_map(|back| base(back, Kind::from_number(kind)?).ok());
    let made = writer.made(document, kind, generation)?.into_iter().chain(back).find(|made| made.precedes(bytes));
    Ok(made.unwrap_or(stands))
}

fn begun_here(writer: &Writer<'_>, document: DocumentId, generation: u32) -> Result<bool, Fault> {
    let here = writer.identity()?.stream;
    Ok(begun(writer, document)?.iter().any(|begun| begun.generation == generation && begun.stream == here))
}

/// Did this hub begin a generation in this epoch, or begin it again, without knowing of the other?
fn begun_apart(writer: &Writer<'_>, document: DocumentId, generation: u32) -> Result<bool, Fault> {
    let twice = begun(writer, document)?.iter().filter(|begun| begun.generation == generation).count() > 1;
    Ok(twice || begun_here(writer, document, generation)?)
}

/// Has its author given the number that this change has among its changes of the document to another one? Its entries before this one are lost, and
/// other numbers of the stream may hide that.
fn changed_otherwise(writer: &Writer<'_>, entry: &Entry) -> Result<bool, Fault> {
    let (true, Some((document, generation)), Some(bytes)) = (entry.is_change(), entry.document, entry.body.bytes()) else {
        return Ok(false);
    };
    if is_held(writer, entry)? {
        return Ok(false);
    }
    let stands = held(writer, document)?.filter(|held| held.generation == generation);
    Ok(stands.is_some_and(|held| gate::number_is_taken(&held.document, bytes)))
}

fn is_held(db: &dyn Read, entry: &Entry) -> Result<bool, Fault> {
    Ok(db.row("select 1 from entry where stream = ?1 and seq = ?2", &[entry.stream.into(), entry.seq.into()])?.is_some())
}

/// Begins a document anew because of what came back, from what stands at the hub; where writers disagreed, what does not stand any more is kept for a
/// person. What was erased in either history stays erased.
fn anew(writer: &mut Writer<'_>, document: DocumentId, kind: u16, cause: &[u8; 16], erased: bool, now_ms: i64) -> Result<(), Fault> {
    let here = writer.identity()?.stream;
    let Some(stands) = held(writer, document)? else { return Ok(()) };
    let command = CommandId(derived("strayed", &[document.bytes(), cause, &stands.generation.to_be_bytes()]));
    let moment = moment(command, VERDICT, here, None, now_ms);
    let decided = if erased || is_erased(writer, document)? {
        let entries = written_about(writer, writer.registry(), document)?;
        Erase { document, why: "erased before".into(), entries }.decided(&stands, &moment)
    } else {
        let rebased = Rebase { document, reason: FORKED }.rebased(&stands, &moment);
        let lesser = lesser(&stands.document, document, kind, rebased.generation);
        lesser.take(PARTS_MAX - 1).fold(Decided::nothing().fact(&rebased), |decided, lesser| decided.fact(&lesser))
    };
    let _ = writer.decide(&Anew(decided), &moment)?;
    Ok(())
}

/// What does not stand where writers disagreed.
fn lesser(stands: &Document, document: DocumentId, kind: u16, generation: u32) -> impl Iterator<Item = Conflicted> {
    stands.conflicts().into_iter().flat_map(move |conflict| {
        let now = conflict.candidates.first().map(|candidate| candidate.value.to_string());
        let key = conflict.key;
        conflict.candidates.into_iter().skip(1).map(move |candidate| Conflicted {
            document,
            kind,
            generation,
            key: key.clone(),
            mine: Some(Scalar::to_string(&candidate.value)),
            before: None,
            stands: now.clone(),
        })
    })
}
