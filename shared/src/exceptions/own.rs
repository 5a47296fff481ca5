//! Taking care of an exception. Refusals, in order: NotFound, NotSound (closed already).
use super::{Listed, Progress, find};
use crate::base::CommandId;
use crate::facts::exceptions::ExceptionOwned;
use crate::journal::{Actor, Command, Decided, Fault, Moment, Read, Refusal, Right};

/// The person who sends it takes care of the exception; also away from somebody else.
pub struct Own {
    pub exception: CommandId,
}

impl Command for Own {
    type State = Option<Listed>;
    const RIGHT: Option<Right> = Some(Right::Exceptions);

    fn content(&self) -> Vec<u8> {
        self.exception.0.to_vec()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Option<Listed>, Fault> {
        find(db, self.exception)
    }

    fn decide(&self, state: &Option<Listed>, moment: &Moment) -> Result<Decided, Refusal> {
        let owner = open(state, moment)?;
        Ok(Decided::nothing().fact(&ExceptionOwned { exception: self.exception, owner, at_ms: moment.now_ms }))
    }
}

/// Who asks, if the exception may still be worked on.
pub(super) fn open(state: &Option<Listed>, moment: &Moment) -> Result<crate::base::StaffId, Refusal> {
    let Some(listed) = state else { return Err(Refusal::NotFound { what: "exception".into() }) };
    if listed.progress == Progress::Closed {
        return Err(Refusal::NotSound { field: "exception".into(), why: "closed".into() });
    }
    match moment.by {
        Actor::Person(staff) => Ok(staff),
        _ => Err(Refusal::NotAllowed { right: Right::Exceptions }),
    }
}
