//! Drafts: what one replica holds before it is decided. Written by the clerk, durable, never folded, never replicated.
use super::engine::write;
use super::writer::Writer;
use crate::journal::{Fault, Read};
use std::sync::Arc;

/// Id and body of a draft.
pub type Draft = (Vec<u8>, Vec<u8>);

/// One draft's bytes.
///
/// # Errors
/// A fault of the store.
pub fn draft(db: &dyn Read, kind: &str, id: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
    Ok(db.row("select body from draft where kind = ?1 and id = ?2", &[kind.into(), id.into()])?.map(|row| row.blob(0).to_vec()))
}

/// What one draft stands for: as the writer keeps it, or read from its bytes.
///
/// # Errors
/// A fault of the store, or of `read`.
pub fn decoded<T: Send + Sync + 'static>(
    db: &dyn Read,
    kind: &'static str,
    id: &[u8],
    read: fn(&[u8]) -> Result<T, Fault>,
) -> Result<Option<Arc<T>>, Fault> {
    if let Some(known) = db.memory().and_then(|memory| memory.draft(kind, id)) {
        return Ok(Some(known));
    }
    let Some(body) = draft(db, kind, id)? else { return Ok(None) };
    let value = Arc::new(read(&body)?);
    if let Some(memory) = db.memory() {
        memory.keep_draft(kind, id, value.clone());
    }
    Ok(Some(value))
}

/// All drafts of a kind, by id.
///
/// # Errors
/// A fault of the store.
pub fn drafts(db: &dyn Read, kind: &str) -> Result<Vec<Draft>, Fault> {
    let rows = db.rows("select id, body from draft where kind = ?1 order by id", &[kind.into()])?;
    Ok(rows.iter().map(|row| (row.blob(0).to_vec(), row.blob(1).to_vec())).collect())
}

impl Writer<'_> {
    /// Writes a draft, or takes it away.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn set_draft(&mut self, kind: &'static str, id: &[u8], body: Option<&[u8]>) -> Result<(), Fault> {
        match body {
            Some(body) => write(
                self.db,
                "insert into draft (kind, id, body) values (?1, ?2, ?3) on conflict (kind, id) do update set body = excluded.body",
                &[kind.into(), id.into(), body.into()],
            ),
            None => write(self.db, "delete from draft where kind = ?1 and id = ?2", &[kind.into(), id.into()]),
        }?;
        self.memory.forget_draft(kind, id);
        self.touch(kind);
        Ok(())
    }
}
