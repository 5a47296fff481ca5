//! Members who are one person (F: two branches enrolled one phone, a lost card was issued anew) become one; only head office says so. Nothing is
//! moved. Who stands for one of them already brings all of theirs: there is one level.
//! Refusals, in order: UnknownMember, MemberMerged (the survivor is merged into another), NotSound (nobody else is named, or too many).
use super::member::member;
use crate::base::MemberId;
use crate::facts::members::Merged;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::ledger::person;

/// Members of one person.
pub const PERSON_MEMBERS_MAX: usize = 20;

/// The members are one person with the survivor, who stands for all of them.
#[derive(Debug, Clone)]
pub struct Merge {
    pub survivor: MemberId,
    pub members: Vec<MemberId>,
}

pub struct State {
    known: bool,
    /// The survivor stands for itself.
    stands: bool,
    /// Everybody of the persons named, but the survivor.
    others: Vec<MemberId>,
    /// How many the survivor stands for already.
    already: usize,
}

impl Command for Merge {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Members);

    fn content(&self) -> Vec<u8> {
        encoded(&(self.survivor, self.members.clone()))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        let mut known = member(db, self.survivor)?.is_some();
        let mine = person::of(db, self.survivor)?;
        let mut others = Vec::new();
        for named in &self.members {
            known = known && member(db, *named)?.is_some();
            others.extend(person::of(db, *named)?);
        }
        others.sort_unstable();
        others.dedup();
        others.retain(|other| !mine.contains(other));
        Ok(State { known, stands: mine[0] == self.survivor, others, already: mine.len() })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        if !state.known {
            return Err(Refusal::UnknownMember);
        }
        if !state.stands {
            return Err(Refusal::MemberMerged);
        }
        if state.others.is_empty() {
            return Err(Refusal::NotSound { field: "members".into(), why: "missing".into() });
        }
        if state.others.len() + state.already > PERSON_MEMBERS_MAX {
            return Err(Refusal::NotSound { field: "members".into(), why: format!("1 to {PERSON_MEMBERS_MAX}") });
        }
        Ok(Decided::nothing().fact(&Merged { survivor: self.survivor, members: state.others.clone(), at_ms: moment.now_ms }))
    }
}
