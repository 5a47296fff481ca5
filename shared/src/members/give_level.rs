//! A level given by a person. Refusals, in order: UnknownMember, NotSound (a level that is not there, an end that has passed).
use super::level::Given;
use super::{level, member::member};
use crate::base::{BusinessDay, DocumentId, MemberId};
use crate::facts::members::LevelGiven;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// The member has this level from now on.
#[derive(Debug, Clone)]
pub struct GiveLevel {
    pub member: MemberId,
    pub level: DocumentId,
    /// Last business day, yyyymmdd; none: no end.
    pub ends: Option<u32>,
}

pub struct State {
    known: bool,
    there: bool,
    given: Option<Given>,
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

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        if !state.known {
            return Err(Refusal::UnknownMember);
        }
        if !state.there {
            return Err(Refusal::NotSound { field: "level".into(), why: "not_there".into() });
        }
        let sound = |ends: u32| BusinessDay::of(ends / 10_000, ends / 100 % 100, ends % 100).is_some() && ends >= moment.day;
        if !self.ends.is_none_or(sound) {
            return Err(Refusal::NotSound { field: "ends".into(), why: "range".into() });
        }
        if state.given.is_some_and(|given| given.level == self.level && given.ends == self.ends.unwrap_or(0)) {
            return Ok(Decided::nothing());
        }
        Ok(Decided::nothing().fact(&LevelGiven { member: self.member, level: self.level.0, ends: self.ends }))
    }
}
