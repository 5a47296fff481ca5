//! What a rule found is put before a person. The id of the command follows from rule and cause, so the same cause raises once.
use crate::base::CommandId;
use crate::base::ids::derived;
use crate::facts::exceptions::ExceptionRaised;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Number of this reaction in entries.
pub const REACTION: u16 = 20;

/// Raises an exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raise {
    pub found: ExceptionRaised,
    /// What it is about, apart from the moment: an account, a card, an entry.
    pub cause: Vec<u8>,
}

impl Raise {
    /// The one command of this cause.
    pub fn command(&self) -> CommandId {
        CommandId(derived("exception", &[self.found.what.as_bytes(), &self.cause]))
    }
}

impl Command for Raise {
    type State = ();
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    /// The cause only: amounts and times of a second look differ.
    fn content(&self) -> Vec<u8> {
        encoded(&(self.found.what.as_str(), minicbor::bytes::ByteVec::from(self.cause.clone())))
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&self.found))
    }
}
