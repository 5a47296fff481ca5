//! Tables folded from entries, and the four laws by which rows meet. A fold reads nothing, and the laws commute: any order of arrival gives
//! the same tables. Disposable: dropped and folded again at any time.
pub mod conflicts;
pub mod generations;
pub mod registry;
pub mod rows;
pub mod table;

pub use registry::{DocumentKind, FactKind, Registry, Unreadable};
pub use rows::Rows;
pub use table::{Column, Law, Side, Spread, Table, Type, Where};
