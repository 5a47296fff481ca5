//! Head office: joins the branches, answers them, shows the chain.
pub mod app;
pub mod control;
pub mod exchange;
pub mod http;
pub mod install;
pub mod serve;
