//! A level given by a person. Refusals, in order: UnknownMember, NotSound (a level that is not there).
use super::{level, member::member};
use crate::base::{DocumentId, MemberId};
use crate::facts::members::LevelGiven;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// The member has this level from now on.
#[derive(Debug, Clone)]
pub struct GiveLevel {
    pub member: MemberId,
    pub level: DocumentId,
}

pub struct State {
    known: bool,
    there: bool,
    given: Option<DocumentId>,
}

impl Command for GiveLevel {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Members);

    fn content(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        Ok(State {
            known: member(db, self.member)?.is_some(),
            there: level::levels(db)?.iter().any(|level| level.id == self.level),
            given: level::given(db, self.member)?,
        })
    }

    fn decide(&self, state: &State, _: &Moment) -> Result<Decided, Refusal> {
        if !state.known {
            return Err(Refusal::UnknownMember);
        }
        if !state.there {
            return Err(Refusal::NotSound { field: "level".into(), why: "not_there".into() });
        }
        if state.given == Some(self.level) {
            return Ok(Decided::nothing());
        }
        Ok(Decided::nothing().fact(&LevelGiven { member: self.member, level: self.level.0 }))
    }
}
