//! Head office: joins the branches, answers them, shows the chain.
pub mod allowance;
pub mod app;
pub mod control;
pub mod exchange;
pub mod http;
pub mod import;
pub mod init;
pub mod install;
pub mod levels;
pub mod links;
pub mod messages;
pub mod migrate;
pub mod moment;
pub mod password;
pub mod reactions;
pub mod second_factor;
pub mod serve;
