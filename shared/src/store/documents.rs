//! Documents in the store: raw changes are the truth (they are entries), the saved document is a cache, rows are its projection.
use super::append::Arrived;
use super::engine::write;
use super::writer::Writer;
use crate::base::DocumentId;
use crate::documents::automerge::gate::{self, Rejected};
use crate::documents::automerge::merge::{Conflict, Document};
use crate::documents::{self, Fields, Scalar};
use crate::journal::entry::CHANGE;
use crate::journal::{DocumentWrite, Entry, Fault, Read};
use crate::views::{DocumentKind, Rows, Side, conflicts};

/// A document as it stands here.
pub struct Held {
    pub kind: u16,
    pub generation: u32,
    pub document: Document,
}

/// The document as it stands here; none if no change of it was admitted.
///
/// # Errors
/// `Damaged` if the saved document cannot be read: rebuild it from its changes.
pub fn held(db: &dyn Read, document: DocumentId) -> Result<Option<Held>, Fault> {
    let Some(row) = db.row("select kind, generation, saved from document where document = ?1", &[document.into()])? else {
        return Ok(None);
    };
    let loaded = Document::load(row.blob(2)).map_err(|damaged| Fault::Damaged(format!("{document}: {damaged}")))?;
    Ok(Some(Held { kind: row.int(0) as u16, generation: row.int(1) as u32, document: loaded }))
}

impl Writer<'_> {
    /// The bytes of the change that does what is wanted; none if nothing would change. Not yet admitted: `merge_change` does that.
    pub(super) fn changed(&mut self, wanted: &DocumentWrite, now_ms: i64) -> Result<Option<(u32, Vec<u8>, bool)>, Fault> {
        let actor = self.identity()?.stream.0;
        let kind = self.document_kind(wanted.kind)?;
        let (generation, document) = match held(self, wanted.document)? {
            Some(held) => (held.generation, held.document),
            None => (0, Document::new()),
        };
        let change = document.changed(actor, now_ms / 1000, &wanted.set, &wanted.removed);
        Ok(change.map(|bytes| (generation, bytes, kind.kind.is_personal())))
    }

    fn document_kind(&self, kind: u16) -> Result<DocumentKind, Fault> {
        self.registry.document(kind).copied().ok_or_else(|| Fault::Damaged(format!("document kind {kind} is not registered")))
    }

    /// Through the gate, into the document, and its rows with it.
    pub(super) fn merge_change(&mut self, entry: &Entry) -> Result<Arrived, Fault> {
        let (Some((id, generation)), Some(bytes)) = (entry.document, entry.body.bytes()) else { return Ok(Arrived::Folded) };
        let Some(kind) = self.registry.document(entry.kind & !CHANGE).copied() else { return Ok(Arrived::Unknown) };
        let found = held(self, id)?;
        let (now, mut document) = match found {
            Some(held) if held.kind != kind.kind.number() => {
                return Ok(Arrived::Aside(format!("{id} is of kind {}, not {:?}", held.kind, kind.kind)));
            }
            Some(held) => (held.generation, held.document),
            None => (0, Document::new()),
        };
        if generation < now {
            // Late for its generation: kept, not merged; its author writes it again on the new one.
            return Ok(Arrived::Folded);
        }
        if generation > now {
            return Ok(Arrived::Waiting);
        }
        let side = self.writer_side(entry)?;
        let before = (document.fields(), document.conflicts());
        let allowed = |key: &str, value: Option<&Scalar>| documents::allowed(kind.kind, side, key, value);
        match gate::admit(&mut document, bytes, &entry.stream.0, &allowed) {
            Ok(_) => {}
            Err(Rejected::MissingDeps(_)) => return Ok(Arrived::Waiting),
            Err(rejected) => return Ok(Arrived::Aside(rejected.to_string())),
        }
        self.store_document(id, &kind, generation, &document, before)?;
        Ok(Arrived::Folded)
    }

    /// What hub and edges may write differs; an edge has the hub's word for what comes in a page.
    fn writer_side(&self, entry: &Entry) -> Result<documents::Side, Fault> {
        let own = self.identity()?;
        match (self.side, entry.stream == own.stream) {
            (Side::Edge, true) => Ok(documents::Side::Branch),
            (Side::Edge, false) => Ok(documents::Side::Hq),
            (Side::Hub, _) => Ok(match self.stream(entry.stream)?.and_then(|head| head.branch) {
                Some(_) => documents::Side::Branch,
                None => documents::Side::Hq,
            }),
        }
    }

    pub(super) fn store_document(
        &mut self,
        id: DocumentId,
        kind: &DocumentKind,
        generation: u32,
        document: &Document,
        before: (Fields, Vec<Conflict>),
    ) -> Result<(), Fault> {
        let saved = document.save().map_err(|damaged| Fault::Damaged(format!("{id}: {damaged}")))?;
        let sql = "insert into document (document, kind, generation, saved) values (?1, ?2, ?3, ?4)
                   on conflict (document) do update set kind = excluded.kind, generation = excluded.generation, saved = excluded.saved";
        write(self.db, sql, &[id.into(), kind.kind.number().into(), generation.into(), saved.into()])?;
        self.project(self.rows_of(id, kind, &before.0, &before.1), self.rows_of(id, kind, &document.fields(), &document.conflicts()))
    }

    /// What a document that says this stands for.
    fn rows_of(&self, id: DocumentId, kind: &DocumentKind, fields: &Fields, conflicts: &[Conflict]) -> Rows {
        let mut rows = Rows::new(self.side);
        if !fields.is_empty() {
            (kind.project)(id, fields, &mut rows);
        }
        conflicts::put(id, kind.kind.number(), conflicts, &mut rows);
        rows
    }

    /// Builds a document's rows again from its saved form; the caller has dropped them.
    pub(super) fn project_again(&mut self, id: DocumentId) -> Result<(), Fault> {
        let Some(held) = held(self, id)? else { return Ok(()) };
        let kind = self.document_kind(held.kind)?;
        let rows = self.rows_of(id, &kind, &held.document.fields(), &held.document.conflicts());
        self.project(Rows::new(self.side), rows)
    }
}
