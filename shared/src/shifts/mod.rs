//! Shifts: who holds which drawer since when, the figures of the Z, and days that ended.
pub mod day;
pub mod drawer;
pub mod figures;
