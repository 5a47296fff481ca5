//! Decisions that span domains, and the one list of everything the chain knows.
pub mod import;
pub mod prove;
pub mod registry;
pub mod write;
