//! Reporting a member's card lost, and lifting it (挂失, 解挂): it buys nothing here at once, elsewhere as soon as they hear; what an
//! unreachable branch may still do is bounded by what lies there. The card is named by its last digits, as the till shows it.
//! Refusals, in order: UnknownMember, UnknownCard, CardDead (replaced or closed: nothing lifts that).
use super::block_card::reason;
use super::blocked::{Blocked, blocked, is_dead};
use super::member::{Member, member};
use crate::base::MemberId;
use crate::facts::members::{CardBlocked, CardUnblocked};
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Reports a card lost, or lifts that.
#[derive(Debug, Clone)]
pub struct ReportCard {
    pub member: MemberId,
    /// Its last digits.
    pub card: String,
    pub lost: bool,
    pub reason: String,
}

/// The member's card that is meant, and whether it is blocked.
pub struct State {
    known: bool,
    card: Option<(String, Option<Blocked>)>,
}

/// The one card of a member that ends so.
pub fn meant<'a>(member: &'a Member, end: &str) -> Option<&'a String> {
    let mut fitting = member.cards.iter().filter(|card| !end.is_empty() && card.ends_with(end));
    fitting.next().filter(|_| fitting.next().is_none())
}

impl Command for ReportCard {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Enrol);

    fn content(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        let member = member(db, self.member)?;
        let number = member.as_ref().and_then(|member| meant(member, &self.card)).cloned();
        let card = match number {
            Some(number) => Some((number.clone(), blocked(db, &number)?)),
            None => None,
        };
        Ok(State { known: member.is_some(), card })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        if !state.known {
            return Err(Refusal::UnknownMember);
        }
        let (number, blocked) = state.card.as_ref().ok_or_else(|| Refusal::UnknownCard { number: self.card.clone() })?;
        let (number, at_ms) = (number.clone(), moment.now_ms);
        match blocked {
            Some(blocked) if is_dead(blocked) => Err(Refusal::CardDead { number, why: blocked.reason.clone() }),
            None if self.lost => Ok(Decided::nothing().fact(&CardBlocked { number, reason: reason(&self.reason), at_ms })),
            Some(_) if !self.lost => Ok(Decided::nothing().fact(&CardUnblocked { number, at_ms })),
            _ => Ok(Decided::nothing()),
        }
    }
}
