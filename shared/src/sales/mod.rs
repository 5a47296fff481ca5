//! The sale: its price, payment, points, return, codes and receipt. Pure rules first.
pub mod back;
pub mod codes;
pub mod corrections;
pub mod discount;
pub mod held;
pub mod payment;
pub mod points;
pub mod price;
pub mod receipt;
pub mod receipt_number;
pub mod receipts;
pub mod refund;
pub mod refusals;
pub mod scan;
pub mod settings;
pub mod spend;
pub mod takings;
