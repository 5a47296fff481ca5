//! Commands of head office, one struct each.
pub mod branches;
pub mod conflicts;
pub mod coupons;
pub mod documents;
pub mod exceptions;
pub mod goods;
pub mod house;
pub mod members;
pub mod messages;
pub mod openings;
pub mod packages;
pub mod timed;

use super::refused::No;
use crate::install::random;
use shared::base::BranchId;
use shared::base::vault::{Vault, is_pin};
use shared::desk::prove::{Who, sealed};
use shared::documents::{Fields, Scalar};
use shared::journal::{Read, Refusal};
use shared::members::member::home_field;

/// A new PIN as its fact carries it. Slow on purpose.
fn sealed_pin(vault: &Vault, who: Who, pin: &str) -> Result<Vec<u8>, No> {
    if !is_pin(pin) {
        return Err(Refusal::BadPin.into());
    }
    Ok(sealed(vault, who, pin, random()?))
}

/// Fields on their way into a document: what is given is set, what is empty is taken away.
#[derive(Default)]
struct Wanted {
    set: Fields,
    removed: Vec<String>,
}

impl Wanted {
    fn text(mut self, key: &str, text: &str) -> Wanted {
        match text.trim() {
            "" => self.removed.push(key.into()),
            text => drop(self.set.insert(key.into(), Scalar::Text(text.into()))),
        }
        self
    }

    fn number(mut self, key: &str, number: Option<i64>) -> Wanted {
        match number {
            None => self.removed.push(key.into()),
            Some(number) => drop(self.set.insert(key.into(), Scalar::Int(number))),
        }
        self
    }

    fn yes(mut self, key: &str, yes: bool) -> Wanted {
        self.set.insert(key.into(), Scalar::Bool(yes));
        self
    }

    /// A branch as documents name it.
    fn branch(self, key: &str, branch: Option<BranchId>) -> Wanted {
        self.text(key, &branch.map_or_else(String::new, home_field))
    }

    /// Exactly these tails of a key that has many: `barcode:…`, `card:…`.
    fn only(mut self, head: &str, tails: &[String], old: &Fields) -> Wanted {
        for tail in tails.iter().map(|tail| tail.trim()).filter(|tail| !tail.is_empty()) {
            self.set.insert(format!("{head}{tail}"), Scalar::Bool(true));
        }
        let gone = old.keys().filter(|key| key.starts_with(head) && !self.set.contains_key(*key));
        self.removed.extend(gone.cloned());
        self
    }
}

/// Whether a branch is there.
fn needs_branch(db: &dyn Read, branch: BranchId) -> Result<shared::branches::Branch, No> {
    shared::branches::branch(db, branch)?.ok_or_else(|| No::not_found("branch"))
}
