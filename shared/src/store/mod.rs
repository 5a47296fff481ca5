//! The store of edge and hub. One writer; one transaction holds the entry, the rows of every view, jobs, drafts and the feed position.
//! Answers only after the fsync. An entry born here and one that arrived go through the same `append`.
pub mod append;
pub mod backup;
pub mod citus;
pub mod clerk;
pub mod clock;
pub mod decide;
pub mod disk;
pub mod documents;
pub mod drafts;
mod engine;
pub mod figures;
mod follow;
mod fork;
pub mod jobs;
pub mod lineage;
pub mod lock;
pub mod moving;
mod postgres;
mod readers;
pub mod rebuild;
pub mod schema;
pub mod secret;
mod sqlite;
pub mod statements;
mod transaction;
mod upgrade;
mod waiting;
pub mod writer;

pub use append::{Appended, Arrived};
pub use clerk::{Clerk, Committed, Priority};
pub use decide::Outcome;
pub use engine::is_server;
pub use lineage::{Lineage, Mark};
pub use readers::Readers;
pub use transaction::{Mirror, Opening, Store};
pub use writer::{Identity, Writer};
