//! Simulation, integration and bench: everything that needs more than one crate.

pub mod simulation;

#[cfg(test)]
mod interleavings;
