//! A line tells late who rings. Refusals: none; what the box sends is noted as it came.
use crate::base::{BranchId, CallId};
use crate::facts::calls::{CallIdentified, Hidden};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Notes of a call that was noted before who it is. Produces `CallIdentified`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identify {
    pub call: CallId,
    pub branch: BranchId,
    /// When it rang, UTC ms.
    pub at_ms: i64,
    pub number: Option<String>,
    pub hidden: Option<Hidden>,
    pub line: String,
}

impl Command for Identify {
    type State = ();
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        encoded(&(self.call, self.number.as_deref(), self.hidden))
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), moment: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&CallIdentified {
            call: self.call,
            branch: self.branch,
            day: moment.day,
            at_ms: self.at_ms,
            number: self.number.clone(),
            hidden: self.hidden,
            line: self.line.clone(),
        }))
    }
}
