//! Names who served the customer (导购): one clerk, or several with shares that come to the whole; nobody takes them off.
//! Refusals, in order: TooMany, UnknownStaff, StaffDisabled, NotHere, SharesNotWhole.
use super::Bill;
use crate::base::limits::BILL_SALES_CLERKS_MAX;
use crate::base::{BranchId, Rate};
use crate::desk::till::Who;
use crate::facts::sales::SalesClerk;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::staff::person::people;
use crate::staff::{self, Person};
use std::collections::BTreeSet;

/// Names them, in place of those named before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameSalesClerks {
    pub who: Who,
    pub clerks: Vec<SalesClerk>,
}

/// The bill, and the people of the command in its order; none: nobody of that id.
pub struct State {
    pub bill: Option<Bill>,
    pub people: Vec<Option<Person>>,
}

impl Command for NameSalesClerks {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(14_u8, &self.clerks))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        Ok(State { bill: super::open(db, self.who.till)?, people: people_of(db, &self.clerks)? })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        judged(&self.clerks, &state.people, moment.branch)?;
        let mut bill = state.bill.clone().unwrap_or_else(|| Bill::new(moment, self.who.till, self.who.staff));
        bill.sales_clerks = Some(self.clerks.clone()).filter(|clerks| !clerks.is_empty());
        Ok(bill.saved(Decided::nothing()))
    }
}

/// The people of these clerks, in their order; none: nobody of that id.
///
/// # Errors
/// A fault of the store.
pub fn people_of(db: &dyn Read, clerks: &[SalesClerk]) -> Result<Vec<Option<Person>>, Fault> {
    clerks.iter().take(BILL_SALES_CLERKS_MAX).map(|clerk| staff::person(db, clerk.staff)).collect()
}

/// Whether these people may be named together.
///
/// # Errors
/// TooMany, UnknownStaff, StaffDisabled, NotHere, SharesNotWhole.
pub fn judged(clerks: &[SalesClerk], people: &[Option<Person>], branch: Option<BranchId>) -> Result<(), Refusal> {
    if clerks.len() > BILL_SALES_CLERKS_MAX {
        return Err(Refusal::TooMany { what: "sales_clerks".into(), limit: BILL_SALES_CLERKS_MAX as i64 });
    }
    for person in people {
        works_here(person.as_ref().ok_or(Refusal::UnknownStaff)?, branch)?;
    }
    let different: BTreeSet<[u8; 16]> = clerks.iter().map(|clerk| clerk.staff.0).collect();
    let shares: u64 = clerks.iter().map(|clerk| u64::from(clerk.share.bp())).sum();
    let whole = shares == u64::from(Rate::WHOLE.bp()) && clerks.iter().all(|clerk| clerk.share.bp() > 0);
    match different.len() == clerks.len() && (clerks.is_empty() || whole) {
        true => Ok(()),
        false => Err(Refusal::SharesNotWhole),
    }
}

fn works_here(person: &Person, branch: Option<BranchId>) -> Result<(), Refusal> {
    if person.disabled {
        return Err(Refusal::StaffDisabled);
    }
    match person.branch == branch {
        true => Ok(()),
        false => Err(Refusal::NotHere { branch: person.branch.map(|branch| branch.to_string()).unwrap_or_default() }),
    }
}

/// Who may be named: the people of the branch who are not disabled, by staff code.
///
/// # Errors
/// A fault of the store.
pub fn of_branch(db: &dyn Read, branch: Option<BranchId>) -> Result<Vec<Person>, Fault> {
    Ok(people(db)?.into_iter().filter(|person| works_here(person, branch).is_ok()).collect())
}
