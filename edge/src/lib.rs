//! The branch: tills as web pages, devices, and a replica that goes on selling with the link cut.
pub mod app;
pub mod config;
pub mod devices;
pub mod enrol;
pub mod http;
pub mod install;
pub mod lan;
pub mod mirror;
pub mod reactions;
pub mod salvage;
pub mod serve;
pub mod uplink;
