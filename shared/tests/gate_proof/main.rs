//! The gate under honest, crafted and random changes, each judged by the engine itself.

mod allocation;
mod crafted;
mod fuzz;
mod mutation;
mod oracle;
mod speed;
mod support;
