//! Hub and edges with their real sockets, in one process.
mod asks;
mod binaries;
mod chain;
mod devices;
mod foul;
mod guides;
mod link;
mod replaced;
mod restored;
mod returns;
mod revoked;
mod rights;
mod stock;
mod till;
