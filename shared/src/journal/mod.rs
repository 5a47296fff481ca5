//! What a stream is made of and how a command becomes entries. Knows no store, no clock and no domain.
pub mod command;
pub mod entry;
pub mod job;
pub mod memory;
pub mod moment;
pub mod read;
pub mod refusal;
pub mod stamp;
pub mod stream;

pub use command::{Command, Decided, DocumentWrite, Part};
pub use entry::{Actor, Entry, Hash, Head};
pub use job::Job;
pub use moment::{Moment, Right};
pub use read::{Fault, Read, Row, Value};
pub use refusal::Refusal;
pub use stamp::Stamp;
