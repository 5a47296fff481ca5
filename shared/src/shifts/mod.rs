//! Shifts: who holds which drawer since when, and the figures of the Z.
pub mod drawer;
pub mod figures;
