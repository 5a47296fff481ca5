//! A whole chain in one process, from one seed: the very code of clerk, store, session and gate on simulated clocks, disks
//! and wires. A run is a function of its seed; a failure prints it.

pub mod chance;
pub mod clock;
pub mod disk;
pub mod network;
pub mod newer;
pub mod seeds;
pub mod shop;
pub mod story;
pub mod world;

#[cfg(test)]
extern crate self as simulation;
#[cfg(test)]
#[path = "../interleavings/mod.rs"]
mod interleavings;
