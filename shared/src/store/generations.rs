//! Generations in the store: a new one replaces what stood, late changes of the old one are kept and not merged, and what was erased stays
//! erased, also where it comes late.
use super::append::{Arrived, ENTRY_COLUMNS, entry_of};
use super::documents::{Held, held};
use super::engine::{query, write};
use super::jobs::State;
use super::writer::Writer;
use crate::base::{DocumentId, StreamId};
use crate::documents::automerge::gate::{self, Incoming};
use crate::documents::automerge::merge::{Document, Edits};
use crate::documents::{self, Fields, Kind};
use crate::facts::Fact;
use crate::facts::journal::{ERASED, Erased, Rebased};
use crate::journal::entry::{Body, CHANGE};
use crate::journal::{Entry, Fault, Read};
use crate::views::generations::{self, Begun};
use crate::views::registry::decoded;
use crate::views::{Rows, Side};

/// Edits of an old generation that the new one lacks; whoever made them writes them again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    pub document: DocumentId,
    pub kind: u16,
    pub generation: u32,
    pub edits: Edits,
}

impl Writer<'_> {
    /// Begins the generation that `Rebased` describes, unless it stands already.
    pub(super) fn rebase(&mut self, rebased: &Rebased, rows: &mut Rows) -> Result<Arrived, Fault> {
        let Some(kind) = self.registry.document(rebased.kind).copied() else { return Ok(Arrived::Unknown) };
        let before = held(self, rebased.document)?;
        if before.as_ref().is_some_and(|held| held.generation >= rebased.generation) {
            return Ok(Arrived::Folded);
        }
        let new = match base(rebased, kind.kind) {
            Ok(new) => new,
            Err(refused) => return Ok(Arrived::Aside(refused)),
        };
        let own = self.identity()?.stream;
        let late = before.as_ref().filter(|_| self.side == Side::Edge && rebased.reason != ERASED);
        let edits = late.map_or_else(|| Ok(Edits::new()), |held| self.edits_missed(held, rebased, own))?;
        if !edits.is_empty() {
            self.late.push(Late { document: rebased.document, kind: rebased.kind, generation: rebased.generation, edits });
        }
        let stood = before.map_or_else(Default::default, |held| (held.document.fields(), held.document.conflicts()));
        self.store_document(rebased.document, &kind, rebased.generation, &new, stood)?;
        self.release_waiting(rebased.document, rebased.generation, rows)?;
        Ok(Arrived::Folded)
    }

    /// What this install edited and a new generation lacks. One that follows another beginning of the number held here, which a hub that was put back
    /// wrote again, lacks also what this side's beginning had taken in and the other had not.
    fn edits_missed(&self, held: &Held, rebased: &Rebased, own: StreamId) -> Result<Edits, Fault> {
        let includes = includes(rebased);
        let mut edits = Edits::new();
        if !includes.iter().any(|head| held.document.holds(head)) {
            let begun = generations::begun(self, rebased.document)?;
            let twice = begun.chunk_by(|a, b| a.generation == b.generation).skip_while(|same| same[0].generation > held.generation);
            let twice: Vec<_> = twice.take_while(|same| same.len() > 1 && same.iter().all(|one| one.reason != ERASED)).collect();
            for one in twice.into_iter().rev().flatten() {
                behind(&mut edits, self.edits_before(one, rebased.document, held.kind, own, |_| Ok(0))?);
            }
        }
        behind(&mut edits, held.document.edits_beyond(&own.0, &includes, 0));
        Ok(edits)
    }

    /// What a stream edited in the generation before this one and beyond what this one took in; `known`: after how many of its changes of a generation.
    fn edits_before(
        &self,
        begun: &Begun,
        document: DocumentId,
        kind: u16,
        stream: StreamId,
        known: impl Fn(u32) -> Result<u64, Fault>,
    ) -> Result<Edits, Fault> {
        let Some(rebased) = self.rebased(begun)? else { return Ok(Edits::new()) };
        let (before, mut edits) = (begun.generation - 1, Edits::new());
        for made in self.made(document, kind, before)? {
            behind(&mut edits, made.edits_beyond(&stream.0, &includes(&rebased), known(before)?));
        }
        Ok(edits)
    }

    /// What this transaction found to be written again.
    pub fn take_late(&mut self) -> Vec<Late> {
        std::mem::take(&mut self.late)
    }

    /// At the hub: late edits of a stream whose author writes nothing any more, in its entries from `from` on.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn late_of(&self, stream: StreamId, from: u64) -> Result<Vec<Late>, Fault> {
        // Which documents did it change from there on?
        let sql = "select distinct document, generation, kind from entry where stream = ?1 and seq >= ?2 and document <> x'' order by 1, 2";
        let mut late = Vec::new();
        for row in query(self.db, sql, &[stream.into(), from.into()])? {
            let (document, old, kind) = (DocumentId(row.raw(0)), row.int(1) as u32, row.int(2) as u16 & !CHANGE);
            let begun = generations::begun(self, document)?;
            let newest = begun.first().filter(|newest| newest.generation > old && newest.reason != ERASED);
            let Some(newest) = newest else { continue };
            let known = |old: u32| {
                let sql = "select count(*) from entry where stream = ?1 and seq < ?2 and document = ?3 and generation = ?4";
                self.number(sql, &[stream.into(), from.into(), document.into(), old.into()]).map(|known| known as u64)
            };
            let mut edits = Edits::new();
            for next in begun.iter().filter(|begun| begun.generation == old + 1) {
                behind(&mut edits, self.edits_before(next, document, kind, stream, known)?);
            }
            late.push(Late { document, kind, generation: newest.generation, edits });
        }
        Ok(late)
    }

    /// A generation as all of its kept changes make it, late ones too; once for each time that it was begun.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn made(&self, document: DocumentId, kind: u16, generation: u32) -> Result<Vec<Document>, Fault> {
        let Some(of) = Kind::from_number(kind) else { return Ok(Vec::new()) };
        if generation == 0 {
            return Ok(vec![self.grown(Document::new(), document, of, generation)?]);
        }
        let mut made = Vec::new();
        for begun in generations::begun(self, document)?.iter().filter(|begun| begun.generation == generation) {
            let rebased = self.rebased(begun)?;
            let base = rebased.and_then(|rebased| base(&rebased, of).ok()).unwrap_or_default();
            made.push(self.grown(base, document, of, generation)?);
        }
        Ok(made)
    }

    fn grown(&self, mut made: Document, document: DocumentId, kind: Kind, generation: u32) -> Result<Document, Fault> {
        let sql = format!("select {ENTRY_COLUMNS} from entry where document = ?1 and generation = ?2 and kind >= {CHANGE} order by stamp");
        let entries: Vec<Entry> = query(self.db, &sql, &[document.into(), generation.into()])?.iter().map(entry_of).collect();
        let changes = entries.iter().filter_map(|entry| Some(Incoming { bytes: entry.body.bytes()?, actor: Some(entry.stream.0) }));
        let changes: Vec<Incoming<'_>> = changes.collect();
        let allowed = |key: &str, value: Option<&documents::Scalar>| documents::allowed(kind, documents::Side::Hq, key, value);
        // Some may come before what they build on: again, until nothing new goes in.
        for _ in 0..changes.len() {
            let heads = made.heads();
            gate::admit_all(&mut made, &changes, &allowed);
            if made.heads() == heads {
                break;
            }
        }
        Ok(made)
    }

    fn rebased(&self, begun: &Begun) -> Result<Option<Rebased>, Fault> {
        let sql = "select body from entry where stream = ?1 and seq = ?2 and kind = ?3 and erased = 0";
        let row = self.row(sql, &[begun.stream.into(), begun.seq.into(), Rebased::KIND.into()])?;
        Ok(row.and_then(|row| decoded::<Rebased>(row.blob(0)).ok()))
    }

    /// The document as its newest generation begins, before any change of it; none where it has one generation only.
    pub(super) fn begin_again(&mut self, document: DocumentId) -> Result<(), Fault> {
        let Some(newest) = generations::begun(self, document)?.first().copied() else { return Ok(()) };
        let Some(rebased) = self.rebased(&newest)? else { return Ok(()) };
        let Some(kind) = self.registry.document(rebased.kind).copied() else { return Ok(()) };
        let made = base(&rebased, kind.kind).map_err(Fault::Damaged)?;
        self.store_document(document, &kind, rebased.generation, &made, (Fields::new(), Vec::new()))
    }

    /// Takes body and salt of what `Erased` names, with the rows that facts made; their hashes stand in their place.
    pub(super) fn erase(&mut self, erased: &Erased) -> Result<(), Fault> {
        let sql = format!("select {ENTRY_COLUMNS} from entry where document = ?1 and generation < ?2 and erased = 0");
        let mut gone: Vec<Entry> =
            query(self.db, &sql, &[erased.document.into(), erased.generation.into()])?.iter().map(entry_of).collect();
        let sql = format!("select {ENTRY_COLUMNS} from entry where stream = ?1 and seq = ?2 and erased = 0");
        for written in &erased.entries {
            gone.extend(query(self.db, &sql, &[written.stream.into(), written.seq.into()])?.iter().map(entry_of));
        }
        // Head office does not know yet what was told here meanwhile, in this stream and in those before it.
        let own = self.identity()?.stream;
        let sql = format!(
            "select {ENTRY_COLUMNS} from entry where kind < {CHANGE} and salt <> x'' and erased = 0 and stream in
             (select e.stream from stream e join stream o on o.device_key = e.device_key where o.stream = ?1)"
        );
        let told = query(self.db, &sql, &[own.into()])?;
        gone.extend(told.iter().map(entry_of).filter(|entry| self.told_of(entry) == Some(erased.document)));
        for entry in &gone {
            self.forget_rows(entry)?;
            let sql = "update entry set body = ?3, salt = x'', erased = 1 where stream = ?1 and seq = ?2";
            write(self.db, sql, &[entry.stream.into(), entry.seq.into(), entry.body.hash().into()])?;
        }
        // Slips that were printed are made anew from facts where somebody wants a copy: what stood on them goes.
        write(
            self.db,
            "update job set body = x'' where state in (?1, ?2)",
            &[(State::Done as i64).into(), (State::Dropped as i64).into()],
        )?;
        // What was deleted lies in the file until its pages are written over.
        self.touch("erased");
        Ok(())
    }

    /// Takes away the rows of a fact whose body goes. Nothing else wrote under their keys: all that is said of the document goes.
    fn forget_rows(&mut self, entry: &Entry) -> Result<(), Fault> {
        let Some((fact, body)) = self.registry.fact(entry.kind, entry.version).zip(entry.body.bytes()) else { return Ok(()) };
        let mut rows = Rows::new(self.side);
        if (fact.fold)(body, &entry.head(), &mut rows).is_ok() {
            self.memory.forget();
            for row in rows.settle() {
                write(self.db, &row.table.delete(), row.key())?;
            }
        }
        Ok(())
    }

    /// The entry as it may be kept: without its body, where that tells of somebody whose data were erased.
    pub(super) fn as_kept(&self, entry: &Entry) -> Result<Option<Entry>, Fault> {
        let about = match entry.document {
            Some((document, generation)) => {
                let personal = Kind::from_number(entry.kind & !CHANGE).is_some_and(Kind::is_personal);
                let newest = if personal { generations::begun(self, document)?.first().copied() } else { None };
                newest.filter(|newest| newest.reason == ERASED && generation < newest.generation).map(|_| document)
            }
            None => self.told_of(entry).map_or(Ok(None), |of| generations::is_erased(self, of).map(|erased| erased.then_some(of)))?,
        };
        Ok(about.map(|_| Entry { body: Body::Erased(entry.body.hash()), ..entry.clone() }))
    }

    /// Whose personal data the body of a fact holds. That a history began anew is told of everybody.
    fn told_of(&self, entry: &Entry) -> Option<DocumentId> {
        let fact = self.registry.fact(entry.kind, entry.version).filter(|fact| fact.personal && fact.kind != Rebased::KIND)?;
        (fact.fold)(entry.body.bytes()?, &entry.head(), &mut Rows::new(self.side)).ok()?.about
    }
}

/// Adds what the same writer edited later.
pub fn behind(edits: &mut Edits, later: Edits) {
    for (key, edit) in later {
        edits.entry(key).and_modify(|before| before.value.clone_from(&edit.value)).or_insert(edit);
    }
}

fn includes(rebased: &Rebased) -> Vec<[u8; 32]> {
    rebased.includes.iter().filter_map(|head| head.as_slice().try_into().ok()).collect()
}

/// The document as this generation begins.
///
/// # Errors
/// What is wrong with it.
pub fn base(rebased: &Rebased, kind: Kind) -> Result<Document, String> {
    let allowed = |key: &str, value: Option<&documents::Scalar>| documents::allowed(kind, documents::Side::Hq, key, value);
    let changes: Vec<&[u8]> = rebased.base.iter().map(|bytes| bytes.as_slice()).collect();
    gate::admit_base(&changes, &allowed).map_err(|rejected| rejected.to_string())
}
