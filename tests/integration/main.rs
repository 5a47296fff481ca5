//! Hub and edges with their real sockets, in one process.
mod asks;
mod binaries;
mod chain;
mod devices;
mod drill;
mod foul;
mod full_disk;
mod guides;
mod hub_killed;
mod lan;
mod link;
mod replaced;
mod restored;
mod returns;
mod revoked;
mod rights;
mod secured;
#[path = "../../shared/tests/house/server.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod server;
mod servers;
mod stock;
mod threats;
mod till;
mod upgraded;
mod wire;
