//! Entries on their way between edge and hub. One round trip pushes, pulls, asks and tells; resending is always safe; pull is the one
//! correctness path, the live link only says that there is something. Sans-IO: the same code in edge, hub and simulator.
pub mod asks;
mod carry;
pub mod debts;
pub mod edge;
pub mod enrol;
pub mod generations;
pub mod hub;
pub mod intake;
pub mod leave;
pub mod limits;
pub mod mirror;
pub mod pages;
pub mod push;
pub mod recovery;
mod renewal;
pub mod salvage;
pub mod session;
pub mod sign;
mod strays;
pub mod verify;
pub mod wire;

pub use crate::store::statements::CHAIN;
