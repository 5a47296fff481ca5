//! Members: what a top-up brings, what proves that a member may spend. Pure rules first.
pub mod gift;
pub mod proof;
