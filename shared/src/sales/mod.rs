//! The sale: its price, payment, points, return, codes and receipt. Pure rules first.
pub mod payment;
pub mod price;
