//! A whole chain in one process, from one seed: the very code of clerk, store, session and gate on simulated clocks, disks
//! and wires. A run is a function of its seed; a failure prints it.

pub mod allowance;
pub mod chance;
pub mod clock;
pub mod disk;
pub mod network;
pub mod newer;
pub mod seeds;
pub mod server;
pub mod shop;
pub mod story;
pub mod world;

#[cfg(test)]
extern crate self as simulation;
#[cfg(test)]
#[path = "../../shared/tests/house/server.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod house;
#[cfg(test)]
#[path = "../interleavings/mod.rs"]
mod interleavings;
