//! A caller-ID box tells of a call. Refusals: none; what the box sends is noted as it came.
use crate::base::{BranchId, CallId};
use crate::facts::calls::{CallRang, Hidden};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Notes a call. Produces `CallRang`; the command's id is the call's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    pub branch: BranchId,
    pub number: Option<String>,
    pub hidden: Option<Hidden>,
    /// Name of the line or the device.
    pub line: String,
}

impl Command for Ring {
    type State = ();
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        encoded(&(self.number.as_deref(), self.hidden, self.line.as_str()))
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), moment: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&CallRang {
            call: CallId(moment.command.0),
            branch: self.branch,
            day: moment.day,
            at_ms: moment.now_ms,
            number: self.number.clone(),
            hidden: self.hidden,
            line: self.line.clone(),
        }))
    }
}
