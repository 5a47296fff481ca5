//! Panics inside the gate are caught and silent; panics elsewhere end the process.
//!
//! The engine under the documents panics on some bytes that no honest replica writes. The gate runs it on a
//! throw-away copy, so such a panic costs the copy. Everywhere else a panic is a bug, and a process that
//! goes on after a bug may write nonsense: binaries call [`watch`] first thing in `main`.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe, PanicHookInfo},
};

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// True while this thread is inside the gate, where a panic is caught.
pub fn guarded() -> bool {
    DEPTH.with(|depth| depth.get() > 0)
}

/// Sets the panic hook of the process: silent inside the gate, `otherwise` anywhere else.
/// A binary's `otherwise` logs the panic and ends the process.
pub fn watch(otherwise: impl Fn(&PanicHookInfo<'_>) + Send + Sync + 'static) {
    panic::set_hook(Box::new(move |panic| {
        if !guarded() {
            otherwise(panic);
        }
    }));
}

/// The engine panicked on what it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Panicked;

/// Runs `work` and catches its panic. What `work` could reach mutably must be thrown away then.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    struct Inside;
    impl Drop for Inside {
        fn drop(&mut self) {
            DEPTH.with(|depth| depth.set(depth.get() - 1));
        }
    }
    DEPTH.with(|depth| depth.set(depth.get() + 1));
    let _inside = Inside;
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| Panicked)
}
