//! Messages to members: what was asked to be sent, how it ended, who wants none. What is sent is a job, written where it was asked for: a worker takes
//! it once, and of one that was begun and has no end nobody says that it was not sent.
pub mod asked;
pub mod consent;
pub mod text;

/// The channels that head office sends by.
pub const CHANNELS: [&str; 2] = ["sms", "webhook"];
