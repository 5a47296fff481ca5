//! What the writer knows already, kept decoded from one decision to the next: what it read from tables that rarely change — settings, branches,
//! staff — and what it wrote last itself: where streams stand, the clock, the open bills. It is forgotten whole in the transaction that changes
//! what was read, and by every rollback.
use crate::base::Bytes;
use crate::base::ids::Raw;
use crate::journal::{Fault, Read};
use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

type Draft = Arc<dyn Any + Send + Sync>;

/// Values by type and id; drafts by kind and id.
#[derive(Default)]
pub struct Memory {
    known: RefCell<HashMap<(TypeId, Raw), Box<dyn Any + Send>>>,
    drafts: RefCell<HashMap<(&'static str, Bytes), Draft>>,
}

/// Values kept at most: the staff of a shop, the streams of a chain. Beyond that all are forgotten, and read again as they are needed.
const KEPT_MAX: usize = 4_096;
/// Drafts kept at most: a bill for each till of a large shop.
const DRAFTS_MAX: usize = 64;

impl Memory {
    /// Nothing kept is true any longer.
    pub fn forget(&self) {
        self.known.borrow_mut().clear();
        self.drafts.borrow_mut().clear();
    }

    /// Keeps what was just written in the place of what was known.
    pub fn keep<T: Send + 'static>(&self, id: Raw, value: T) {
        let mut known = self.known.borrow_mut();
        if known.len() >= KEPT_MAX {
            known.clear();
        }
        known.insert((TypeId::of::<T>(), id), Box::new(value));
    }

    /// Keeps what the body of a draft stands for.
    pub fn keep_draft(&self, kind: &'static str, id: &[u8], value: Draft) {
        let mut drafts = self.drafts.borrow_mut();
        if drafts.len() >= DRAFTS_MAX {
            drafts.clear();
        }
        drafts.insert((kind, id.into()), value);
    }

    /// This draft is another one now, or gone.
    pub fn forget_draft(&self, kind: &'static str, id: &[u8]) {
        self.drafts.borrow_mut().remove(&(kind, id.into()));
    }

    /// What a draft stands for, if it is kept.
    pub fn draft<T: Send + Sync + 'static>(&self, kind: &'static str, id: &[u8]) -> Option<Arc<T>> {
        self.drafts.borrow().get(&(kind, id.into())).cloned()?.downcast().ok()
    }
}

/// A value made from rarely changing rows alone: the one kept under this id, or what `load` reads. A reader without a memory always loads.
///
/// # Errors
/// Those of `load`.
pub fn kept<T: Clone + Send + 'static>(db: &dyn Read, id: Raw, load: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    let Some(memory) = db.memory() else { return load() };
    let key = (TypeId::of::<T>(), id);
    if let Some(known) = memory.known.borrow().get(&key).and_then(|known| known.downcast_ref::<T>()) {
        return Ok(known.clone());
    }
    let loaded = load()?;
    memory.keep(id, loaded.clone());
    Ok(loaded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Row, Value};

    #[derive(Default)]
    struct Remembers(Memory);

    impl Read for Remembers {
        fn rows(&self, _: &'static str, _: &[Value]) -> Result<Vec<Row>, Fault> {
            Ok(Vec::new())
        }

        fn memory(&self) -> Option<&Memory> {
            Some(&self.0)
        }
    }

    #[test]
    fn kept_until_forgotten_and_apart_by_type_and_id() {
        let db = Remembers::default();
        let read = |id: u8, found: u64| kept(&db, [id; 16], || Ok(found)).expect("read");
        assert_eq!((read(1, 7), read(1, 8), read(2, 9)), (7, 7, 9));
        assert_eq!(kept(&db, [1; 16], || Ok("text")).expect("read"), "text");
        db.0.forget();
        assert_eq!(read(1, 8), 8);
        assert_eq!(kept::<u32>(&db, [1; 16], || Err(Fault::Busy)), Err(Fault::Busy), "a fault is not kept");
        assert_eq!(kept(&db, [1; 16], || Ok(5_u32)), Ok(5));
    }

    #[test]
    fn bounded() {
        let db = Remembers::default();
        for id in 0..10_000_u16 {
            let mut raw = [0; 16];
            raw[..2].copy_from_slice(&id.to_be_bytes());
            kept(&db, raw, || Ok(id)).expect("read");
        }
        assert!(db.0.known.borrow().len() <= KEPT_MAX);
    }
    #[test]
    fn a_draft_until_it_is_written_again() {
        let memory = Memory::default();
        memory.keep_draft("bill", &[0, 1], Arc::new(7_u32));
        assert_eq!(memory.draft::<u32>("bill", &[0, 1]).as_deref(), Some(&7));
        assert_eq!((memory.draft::<u32>("held", &[0, 1]), memory.draft::<u64>("bill", &[0, 1])), (None, None));
        memory.forget_draft("bill", &[0, 1]);
        assert_eq!(memory.draft::<u32>("bill", &[0, 1]), None);
    }
}
