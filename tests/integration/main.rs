//! Hub and edges with their real sockets, in one process.
mod chain;
mod link;
mod till;
