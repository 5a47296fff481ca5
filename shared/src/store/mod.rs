//! The store of edge and hub. One writer; one transaction holds the entry, the rows of every view, jobs, drafts and the feed position.
//! Answers only after the fsync. An entry born here and one that arrived go through the same `append`.
pub mod append;
pub mod backup;
pub mod clerk;
pub mod clock;
pub mod decide;
pub mod disk;
pub mod documents;
pub mod drafts;
pub mod figures;
mod fork;
pub mod jobs;
pub mod lineage;
pub mod lock;
pub mod rebuild;
pub mod schema;
pub mod secret;
pub mod sqlite;
pub mod statements;
mod upgrade;
mod waiting;
pub mod writer;

pub use append::{Appended, Arrived};
pub use clerk::{Clerk, Committed, Priority};
pub use decide::Outcome;
pub use lineage::{Lineage, Mark};
pub use sqlite::{Mirror, Opening, Readers, Store};
pub use writer::{Identity, Writer};
