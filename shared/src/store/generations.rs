//! Generations in the store: a new one replaces what stood, late changes of the old one are kept and not merged, and what was erased stays
//! erased, also where it comes late.
use super::append::{Arrived, ENTRY_COLUMNS, entry_of};
use super::documents::held;
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
        let edits = late.map_or_else(Edits::new, |held| held.document.edits_beyond(&own.0, &includes(rebased), 0));
        if !edits.is_empty() {
            self.late.push(Late { document: rebased.document, kind: rebased.kind, generation: rebased.generation, edits });
        }
        let stood = before.map_or_else(Default::default, |held| (held.document.fields(), held.document.conflicts()));
        self.store_document(rebased.document, &kind, rebased.generation, &new, stood)?;
        self.release_waiting(rebased.document, rebased.generation, rows)?;
        Ok(Arrived::Folded)
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
            let next = begun.iter().find(|begun| begun.generation == old + 1);
            let (Some(newest), Some(next)) = (newest, next) else { continue };
            let Some(next) = self.rebased(next)? else { continue };
            let sql = "select count(*) from entry where stream = ?1 and seq < ?2 and document = ?3 and generation = ?4";
            let known = query(self.db, sql, &[stream.into(), from.into(), document.into(), old.into()])?;
            let known = known.first().map_or(0, |row| row.int(0)) as u64;
            let edits = self.generation(document, kind, old)?.edits_beyond(&stream.0, &includes(&next), known);
            late.push(Late { document, kind, generation: newest.generation, edits });
        }
        Ok(late)
    }

    /// A generation as all of its kept changes make it, late ones too.
    fn generation(&self, document: DocumentId, kind: u16, generation: u32) -> Result<Document, Fault> {
        let begun = generations::begun(self, document)?.into_iter().find(|begun| begun.generation == generation);
        let rebased = begun.map(|begun| self.rebased(&begun)).transpose()?.flatten();
        let Some(kind) = Kind::from_number(kind) else { return Ok(Document::new()) };
        let mut made = rebased.and_then(|rebased| base(&rebased, kind).ok()).unwrap_or_default();
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
        // Head office does not know yet what was told here meanwhile.
        let own = self.identity()?.stream;
        let sql = format!("select {ENTRY_COLUMNS} from entry where stream = ?1 and kind < {CHANGE} and salt <> x'' and erased = 0");
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

fn includes(rebased: &Rebased) -> Vec<[u8; 32]> {
    rebased.includes.iter().filter_map(|head| head.as_slice().try_into().ok()).collect()
}

fn base(rebased: &Rebased, kind: Kind) -> Result<Document, String> {
    let allowed = |key: &str, value: Option<&documents::Scalar>| documents::allowed(kind, documents::Side::Hq, key, value);
    let changes: Vec<&[u8]> = rebased.base.iter().map(|bytes| bytes.as_slice()).collect();
    gate::admit_base(&changes, &allowed).map_err(|rejected| rejected.to_string())
}
