//! Hub and edges with their real sockets, in one process.
mod asks;
mod chain;
mod devices;
mod foul;
mod link;
mod restored;
mod returns;
mod rights;
mod stock;
mod till;
