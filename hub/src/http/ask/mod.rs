//! Questions, one struct each.
pub mod branches;
pub mod calls;
pub mod conflicts;
pub mod coupons;
pub mod exceptions;
pub mod goods;
pub mod house;
pub mod members;
pub mod messages;
pub mod packages;
pub mod reports;
pub mod settings;
pub mod takings;
pub mod timed;

/// Rows of a page if nobody says.
fn fifty() -> u32 {
    50
}
