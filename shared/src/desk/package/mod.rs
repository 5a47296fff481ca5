//! Counted packages at the desk: sold, used, undone, extended, paid back. One command a file.
pub mod extend;
pub mod open;
pub mod refund;
pub mod sell;
pub mod undo;
pub mod use_up;

use super::card::Counter;
use super::till::Who;
use crate::base::{BranchId, BusinessDay, MemberId, PackageId, StreamId, Unit};
use crate::facts::packages::PackageItem;
use crate::journal::{Fault, Moment, Read};
use crate::ledger::statement;
use crate::packages::sold::{self, Package};
use crate::packages::worth::Terms;
use std::collections::BTreeMap;

/// What a member has of packages: what was sold, what lies here, and by hearsay elsewhere.
pub struct Held {
    pub packages: Vec<Package>,
    pub here: BTreeMap<(PackageId, u16), i64>,
    pub elsewhere: BTreeMap<(PackageId, u16), i64>,
}

impl Held {
    /// # Errors
    /// A fault of the store.
    pub fn load(db: &dyn Read, member: MemberId, holdings: &[(Unit, i64)], here: StreamId) -> Result<Held, Fault> {
        let lies = holdings.iter().filter_map(|(unit, amount)| match unit {
            Unit::Uses(package, item) => Some(((*package, *item), *amount)),
            _ => None,
        });
        Ok(Held { packages: sold::of_member(db, member)?, here: lies.collect(), elsewhere: statement::uses(db, member, here)? })
    }

    pub fn package(&self, id: PackageId) -> Option<&Package> {
        self.packages.iter().find(|package| package.id == id)
    }

    pub fn left_here(&self, id: PackageId, item: u16) -> i64 {
        self.here.get(&(id, item)).copied().unwrap_or(0)
    }

    pub fn left_elsewhere(&self, id: PackageId, item: u16) -> i64 {
        self.elsewhere.get(&(id, item)).copied().unwrap_or(0)
    }

    /// Uses of any item lie elsewhere.
    pub fn is_elsewhere(&self, id: PackageId) -> bool {
        self.elsewhere.iter().any(|((of, _), uses)| *of == id && *uses > 0)
    }

    /// How many were taken, as known here.
    pub fn used(&self, id: PackageId, no: u16, item: &PackageItem) -> i64 {
        (item.paid + item.gift - self.left_here(id, no) - self.left_elsewhere(id, no)).max(0)
    }

    /// By name, for slips.
    pub fn names(&self) -> BTreeMap<PackageId, String> {
        self.packages.iter().map(|package| (package.id, package.name.clone())).collect()
    }
}

/// A counter with packages.
pub struct State {
    pub counter: Counter,
    pub held: Held,
}

impl State {
    /// # Errors
    /// A fault of the store.
    pub fn load(db: &dyn Read, who: &Who, member: MemberId, moment: &Moment) -> Result<State, Fault> {
        let mut counter = Counter::load(db, who, member, moment)?;
        let held = Held::load(db, member, &counter.holdings, moment.here)?;
        counter.names.packages = held.names();
        Ok(State { counter, held })
    }
}

/// What was paid for an item.
pub fn terms(item: &PackageItem) -> Terms {
    Terms { price: item.price, paid: item.paid, gift: item.gift }
}

/// A package has ended.
pub fn has_ended(package: &Package, day: BusinessDay) -> bool {
    package.ends != 0 && day.0 > package.ends
}

/// A package is good at a branch.
pub fn good_at(package: &Package, branch: Option<BranchId>) -> bool {
    package.branches.is_empty() || branch.is_some_and(|branch| package.branches.contains(&branch))
}
