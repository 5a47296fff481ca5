//! What the writer read from tables that rarely change — settings, branches, staff — kept decoded from one decision to the next. It holds nothing
//! that a sale changes, and is forgotten whole in the transaction that changes what it was read from, and by every rollback.
use crate::base::ids::Raw;
use crate::journal::{Fault, Read};
use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;

/// Values by type and id.
#[derive(Default)]
pub struct Memory(RefCell<HashMap<(TypeId, Raw), Box<dyn Any + Send>>>);

/// Values kept at most: the staff of a shop, the streams of a chain. Beyond that all are forgotten, and read again as they are needed.
const KEPT_MAX: usize = 4_096;

impl Memory {
    /// Nothing kept is true any longer.
    pub fn forget(&self) {
        self.0.borrow_mut().clear();
    }
}

/// A value made from rarely changing rows alone: the one kept under this id, or what `load` reads. A reader without a memory always loads.
///
/// # Errors
/// Those of `load`.
pub fn kept<T: Clone + Send + 'static>(db: &dyn Read, id: Raw, load: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    let Some(memory) = db.memory() else { return load() };
    let key = (TypeId::of::<T>(), id);
    if let Some(known) = memory.0.borrow().get(&key).and_then(|known| known.downcast_ref::<T>()) {
        return Ok(known.clone());
    }
    let loaded = load()?;
    let mut kept = memory.0.borrow_mut();
    if kept.len() >= KEPT_MAX {
        kept.clear();
    }
    kept.insert(key, Box::new(loaded.clone()));
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
        assert!(db.0.0.borrow().len() <= KEPT_MAX);
    }
}
