//! The rule of places: others may add to a place, only its own stream takes from it; guarded accounts never go below zero.
pub mod allowance;
pub mod balance;
pub mod issued;
pub mod issuers;
pub mod liability;
pub mod moves;
pub mod person;
pub mod place;
pub mod sound;
pub mod statement;
