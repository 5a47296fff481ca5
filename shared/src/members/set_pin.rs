//! A member's PIN. The first is set freely; a later one by whoever proved the old one or may do so for another. Refusals, in order:
//! UnknownMember, ProofNeeded.
use super::{member::member, pin::sealed_pin};
use crate::base::MemberId;
use crate::facts::members::MemberPinSet;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// `sealed` comes from `desk::prove::sealed`, made before: it is slow.
#[derive(Clone)]
pub struct SetPin {
    pub member: MemberId,
    pub sealed: Vec<u8>,
    /// The old PIN was keyed and is right (`desk::prove::counted`).
    pub proven: bool,
}

pub struct State {
    known: bool,
    set: bool,
}

impl Command for SetPin {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Enrol);

    /// The member only: sealing the same PIN again gives other bytes.
    fn content(&self) -> Vec<u8> {
        self.member.0.to_vec()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        Ok(State { known: member(db, self.member)?.is_some(), set: sealed_pin(db, self.member)?.is_some() })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        if !state.known {
            return Err(Refusal::UnknownMember);
        }
        if state.set && !self.proven && !moment.may(Right::Allow) && !moment.may(Right::Members) {
            return Err(Refusal::ProofNeeded { kind: "pin".into() });
        }
        Ok(Decided::nothing().fact(&MemberPinSet { member: self.member, sealed: self.sealed.clone().into() }))
    }
}
