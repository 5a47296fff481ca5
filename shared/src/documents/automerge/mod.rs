//! Documents as sets of changes that merge field by field. The only folder that names `automerge`.
//!
//! A document is a flat map of keys to scalars: no nested objects, no counters, no text objects.
//! Nothing enters a [`merge::Document`] but through [`gate::admit`], not even what was written here.
//! Knows no document kind, reads no clock, makes no random actor, queues nothing.

mod chunk;
pub mod gate;
pub mod guard;
pub mod limits;
pub mod merge;
mod operations;
pub mod rejected;

/// Who writes changes: the id of a stream, which is one install of one replica.
pub type Actor = [u8; 16];

/// Names one change: the SHA-256 of its chunk.
pub type Hash = [u8; 32];
