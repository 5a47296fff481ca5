//! Coupons as head office gives them out. A till uses them on a bill (`desk/bill/coupon`).
pub mod issue;
