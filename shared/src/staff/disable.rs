//! Whether a person may sign in. Refusals, in order: UnknownStaff, NotSound (disabling oneself).
use super::{Person, person};
use crate::base::StaffId;
use crate::facts::staff::{StaffDisabled, StaffEnabled};
use crate::journal::{Actor, Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Disables a person, or takes that back.
#[derive(Debug, Clone)]
pub struct Disable {
    pub staff: StaffId,
    pub disabled: bool,
    pub reason: String,
}

impl Command for Disable {
    type State = Option<Person>;
    const RIGHT: Option<Right> = Some(Right::Staff);

    fn content(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Option<Person>, Fault> {
        person(db, self.staff)
    }

    fn decide(&self, state: &Option<Person>, moment: &Moment) -> Result<Decided, Refusal> {
        let Some(person) = state else { return Err(Refusal::UnknownStaff) };
        if self.disabled && moment.by == Actor::Person(self.staff) {
            return Err(Refusal::NotSound { field: "staff".into(), why: "oneself".into() });
        }
        Ok(match (person.disabled, self.disabled) {
            (false, true) => {
                let reason = self.reason.chars().take(200).collect();
                Decided::nothing().fact(&StaffDisabled { staff: self.staff, reason })
            }
            (true, false) => Decided::nothing().fact(&StaffEnabled { staff: self.staff }),
            _ => Decided::nothing(),
        })
    }
}
