//! What *is*, described by several people: flat documents of keys and scalars.
//!
//! Each kind is a plain struct in its own file, with the table of its keys. The same table judges a change at the gate
//! ([`allowed`]) and a line of an import (`validate`). Keys that a kind does not know are refused when written
//! and left alone when read, so that an older binary keeps what a newer one wrote.

pub mod allowance;
pub mod automerge;
pub mod branch;
pub mod category;
pub mod commission;
pub mod field;
pub mod kind;
pub mod level;
pub mod member;
pub mod messages;
pub mod package;
pub mod product;
pub mod role;
pub mod settings;
pub mod staff;
pub mod tariff;

pub use field::{Flaw, Invalid};
pub use kind::{Kind, Side, allowed};

use std::collections::BTreeMap;

/// A value in a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scalar {
    Text(String),
    Int(i64),
    Bool(bool),
}

impl std::fmt::Display for Scalar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Scalar::Text(text) => f.write_str(text),
            Scalar::Int(n) => n.fmt(f),
            Scalar::Bool(yes) => yes.fmt(f),
        }
    }
}

/// What stands in a document, by key.
pub type Fields = BTreeMap<String, Scalar>;

/// What turns one state of a document into another: the keys to set and the keys to remove.
/// Give it the fields of two structs of one kind; keys that the kind does not know are then left alone.
pub fn difference(old: &Fields, new: &Fields) -> (Fields, Vec<String>) {
    let set = new.iter().filter(|(key, value)| old.get(*key) != Some(value));
    let removed = old.keys().filter(|key| !new.contains_key(*key));
    (set.map(|(key, value)| (key.clone(), value.clone())).collect(), removed.cloned().collect())
}
