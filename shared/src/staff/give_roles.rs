//! Which roles a person holds. Refusals, in order: UnknownStaff, NotSound (a role that is not there).
use super::{person, rights::roles};
use crate::base::{DocumentId, StaffId};
use crate::facts::staff::{RoleGiven, RoleTaken};
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// The person holds exactly these roles from now on.
#[derive(Debug, Clone)]
pub struct GiveRoles {
    pub staff: StaffId,
    pub roles: Vec<DocumentId>,
}

pub struct State {
    known: bool,
    held: Vec<DocumentId>,
    all: Vec<DocumentId>,
}

impl Command for GiveRoles {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Staff);

    fn content(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        // Which roles does this person hold now?
        let held = db.rows("select role from staff_role where staff = ?1 and held = 1 order by role", &[self.staff.into()])?;
        Ok(State {
            known: person(db, self.staff)?.is_some(),
            held: held.iter().map(|row| DocumentId(row.raw(0))).collect(),
            all: roles(db)?.into_iter().map(|role| role.id).collect(),
        })
    }

    fn decide(&self, state: &State, _: &Moment) -> Result<Decided, Refusal> {
        if !state.known {
            return Err(Refusal::UnknownStaff);
        }
        if self.roles.iter().any(|role| !state.all.contains(role)) {
            return Err(Refusal::NotSound { field: "roles".into(), why: "not_there".into() });
        }
        let (staff, mut decided) = (self.staff, Decided::nothing());
        for role in self.roles.iter().filter(|role| !state.held.contains(role)) {
            decided = decided.fact(&RoleGiven { staff, role: role.0 });
        }
        for role in state.held.iter().filter(|role| !self.roles.contains(role)) {
            decided = decided.fact(&RoleTaken { staff, role: role.0 });
        }
        Ok(decided)
    }
}
