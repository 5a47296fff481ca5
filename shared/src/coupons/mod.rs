//! Coupons: what was given out, to whom, and what became of it.
pub mod coupon;
pub use coupon::{Coupon, Used, by_code, coupon, of_member, used};
