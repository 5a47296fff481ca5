//! Decisions that span domains, and the one list of everything the chain knows.
pub mod registry;
