//! Goal: the dashboard's API lets in whom it should and nobody else, and does what its page asks. Method: a hub on loopback, asked over HTTP.
mod branch;
mod desk;
mod exceptions;
mod levels;
mod messages;
mod people;
mod rights;
mod segments;
#[path = "../../../shared/tests/house/server.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod server;
mod site;
mod threats;
