//! Gives uses back to their own package (撤销扣次): they were taken by mistake, here. Refusals, in order: UnknownMember, NoShift, NotFound,
//! Gone (undone already, or the package was paid back since), NotSound (reason).
use super::State;
use crate::base::{CommandId, MemberId};
use crate::desk::card::{reason, with_slip};
use crate::desk::find;
use crate::desk::till::Who;
use crate::facts::packages::{TakenUses, UsesTaken, UsesUndone};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::packages::sold;

/// Undoes a use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoUses {
    pub who: Who,
    pub member: MemberId,
    pub of: CommandId,
    pub reason: String,
}

/// The counter, what was taken, and whether that was undone or paid back already.
pub struct Undoing {
    state: State,
    taken: Option<UsesTaken>,
    gone: bool,
}

impl Command for UndoUses {
    type State = Undoing;
    const RIGHT: Option<Right> = Some(Right::Return);

    fn content(&self) -> Vec<u8> {
        encoded(&(52_u8, self.member, self.of, self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Undoing, Fault> {
        let state = State::load(db, &self.who, self.member, moment)?;
        let listed = sold::taken(db, self.member, sold::TAKEN_MAX)?.into_iter().find(|taken| taken.id == self.of);
        let taken = match &listed {
            Some(listed) => find::fact::<UsesTaken>(db, listed.stream, listed.id)?,
            None => None,
        };
        let mut gone = listed.is_some_and(|listed| listed.undone);
        for taken in taken.iter().flat_map(|taken| &taken.taken) {
            gone |= sold::is_refunded(db, taken.package)?;
        }
        Ok(Undoing { state, taken, gone })
    }

    fn decide(&self, undoing: &Undoing, moment: &Moment) -> Result<Decided, Refusal> {
        let State { counter, held } = &undoing.state;
        counter.known(moment)?;
        let taken = undoing.taken.as_ref().ok_or(Refusal::NotFound { what: "use".into() })?;
        if undoing.gone {
            return Err(Refusal::Gone);
        }
        let back = |taken: &TakenUses| TakenUses { left: held.left_here(taken.package, taken.item) + taken.uses, ..taken.clone() };
        let undone = UsesUndone {
            of: self.of,
            at: self.who.occasion(moment, self.who.lent(Right::Return)),
            receipt_no: counter.receipt_no(&self.who, moment),
            member: self.member,
            taken: taken.taken.iter().map(back).collect(),
            branch: taken.at.branch,
            reason: reason(&self.reason)?,
        };
        Ok(with_slip(&undone, &counter.names, moment))
    }
}
