//! Decisions that span domains, and the one list of everything the chain knows.
pub mod bill;
pub mod change_price;
pub mod check_out;
pub mod enrol;
pub mod find;
pub mod import;
pub mod print;
pub mod print_again;
pub mod prove;
pub mod registry;
pub mod settle_conflict;
pub mod shift;
pub mod shown;
pub mod slips;
pub mod till;
pub mod top_up;
pub mod write;
