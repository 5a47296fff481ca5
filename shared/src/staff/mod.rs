//! People who work for the chain: who they are, what they may, how they prove it.
pub mod commission;
pub mod disable;
pub mod give_roles;
pub mod person;
pub mod pin;
pub mod rights;
pub mod set_pin;

pub use person::{Person, by_code, person};
pub use pin::sealed_pin;
pub use rights::{Limits, Rights, RoleName, rights};
