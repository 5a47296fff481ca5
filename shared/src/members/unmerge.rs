//! One member is taken out of a person again: it was somebody else after all. Each has what the postings name; the others stay together.
//! Refusals, in order: UnknownMember, NotFound (it is merged into nobody).
use super::member::member;
use crate::base::MemberId;
use crate::facts::members::Unmerged;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::person;

/// The member is a person of its own again.
#[derive(Debug, Clone)]
pub struct Unmerge {
    pub member: MemberId,
}

pub struct State {
    known: bool,
    merged: bool,
}

impl Command for Unmerge {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Members);

    fn content(&self) -> Vec<u8> {
        self.member.0.to_vec()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        Ok(State { known: member(db, self.member)?.is_some(), merged: person::survivor(db, self.member)? != self.member })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        if !state.known {
            return Err(Refusal::UnknownMember);
        }
        if !state.merged {
            return Err(Refusal::NotFound { what: "merged member".into() });
        }
        Ok(Decided::nothing().fact(&Unmerged { member: self.member, at_ms: moment.now_ms }))
    }
}
