//! A job is what is to be done to the outside world (print, dial, send). It is written by the transaction that decided here, never by a fold,
//! so no rebuild and no copy ever prints or sends again.
use crate::base::JobId;

/// Waits until a worker leases it, marks it tried before and done after; tried but not done is shown to a person, not repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: JobId,
    /// What kind of work, e.g. `print`; the worker of that name takes it.
    pub kind: &'static str,
    /// Which queue it waits in: a till, a printer.
    pub queue: String,
    /// What the worker needs, in the worker's own encoding.
    pub body: Vec<u8>,
}
