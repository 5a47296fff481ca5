//! Ids, money, quantities, days, text, limits and accounts: what every level speaks of. Never reads a clock, an environment or a file.
pub mod account;
pub mod bytes;
pub mod day;
pub mod guards;
pub mod ids;
pub mod limits;
pub mod lunar;
pub mod money;
pub mod quantity;
pub mod rate;
mod schema;
pub mod text;
pub mod vault;

pub use account::{Account, Holder, Posting, Purpose, Unit};
pub use bytes::Bytes;
pub use day::{BusinessDay, LocalTime, Month, Weekday, Zone};
pub use ids::*;
pub use money::{Money, Overflow, Rounding};
pub use quantity::Quantity;
pub use rate::Rate;
