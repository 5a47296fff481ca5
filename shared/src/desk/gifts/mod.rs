//! Gifts for points (积分兑换) at a counter with a drawer, and taking them back. One command a file.
pub mod cancel;
pub mod redeem;
