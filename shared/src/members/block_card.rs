//! Blocking a card that was lost or misused, and unblocking it. Refusals, in order: UnknownCard, CardDead.
use super::blocked::{Blocked, blocked, is_dead};
use super::search::by_card;
use crate::base::MemberId;
use crate::facts::members::{CardBlocked, CardUnblocked};
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Characters of a reason.
const REASON_CHARS_MAX: usize = 100;

/// Blocks a card, or takes that back.
#[derive(Debug, Clone)]
pub struct BlockCard {
    pub number: String,
    pub block: bool,
    pub reason: String,
}

/// A reason as facts carry it.
pub(super) fn reason(said: &str) -> String {
    said.chars().take(REASON_CHARS_MAX).collect()
}

pub struct State {
    holders: Vec<MemberId>,
    blocked: Option<Blocked>,
}

impl Command for BlockCard {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Members);

    fn content(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        Ok(State { holders: by_card(db, &self.number)?, blocked: blocked(db, &self.number)? })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let (number, at_ms) = (self.number.clone(), moment.now_ms);
        if state.holders.is_empty() {
            return Err(Refusal::UnknownCard { number });
        }
        if let Some(blocked) = state.blocked.as_ref().filter(|blocked| !self.block && is_dead(blocked)) {
            return Err(Refusal::CardDead { number, why: blocked.reason.clone() });
        }
        Ok(match (&state.blocked, self.block) {
            (None, true) => Decided::nothing().fact(&CardBlocked { number, reason: reason(&self.reason), at_ms }),
            (Some(_), false) => Decided::nothing().fact(&CardUnblocked { number, at_ms }),
            _ => Decided::nothing(),
        })
    }
}
