//! A person's PIN, set at head office. It also unlocks: wrong tries are counted against one PIN. Refusals, in order: UnknownStaff.
use super::person;
use crate::base::StaffId;
use crate::facts::staff::StaffPinSet;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// `sealed` comes from `desk::prove::sealed`, made before: it is slow.
#[derive(Clone)]
pub struct SetPin {
    pub staff: StaffId,
    pub sealed: Vec<u8>,
}

impl Command for SetPin {
    type State = bool;
    const RIGHT: Option<Right> = Some(Right::Staff);

    /// The person only: sealing the same PIN again gives other bytes.
    fn content(&self) -> Vec<u8> {
        self.staff.0.to_vec()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<bool, Fault> {
        Ok(person(db, self.staff)?.is_some())
    }

    fn decide(&self, known: &bool, _: &Moment) -> Result<Decided, Refusal> {
        match known {
            false => Err(Refusal::UnknownStaff),
            true => Ok(Decided::nothing().fact(&StaffPinSet { staff: self.staff, sealed: self.sealed.clone().into() })),
        }
    }
}
