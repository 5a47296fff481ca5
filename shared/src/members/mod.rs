//! Members: who they are, how they are found, what level they have, what proves that they may spend, what a top-up brings.
//! Pure rules: `gift`, `proof`; `settings` reads what they need from the chain's settings.
pub mod block_card;
pub mod blocked;
pub mod book_opening;
pub mod deposit;
pub mod filter;
pub mod gift;
pub mod give_level;
pub mod level;
pub mod member;
pub mod merge;
pub mod opening;
pub mod pin;
pub mod proof;
pub mod purse;
pub mod report_card;
pub mod search;
pub mod set_pin;
pub mod settings;
pub mod topped_up;
pub mod unmerge;
pub mod visit;

pub use blocked::{Blocked, blocked};
pub use level::{Level, level, levels};
pub use member::{Member, masked_name, member};
pub use pin::sealed_pin;
pub use purse::{Purse, purse};
pub use search::{Hit, Why, by_card, by_phone, search};
