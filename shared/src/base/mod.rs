//! Ids, money, quantities, days, text, limits and accounts: what every level speaks of. Never reads a clock, an environment or a file.
pub mod account;
pub mod ids;
pub mod limits;

pub use account::{Account, Holder, Posting, Purpose, Unit};
pub use ids::*;
