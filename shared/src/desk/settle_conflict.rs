//! One of two values that two people wrote at once is chosen. It is written again on top of both, which is itself a change and ends the
//! conflict at every replica. Refusals, in order: NotFound, ConflictGone.
use crate::base::DocumentId;
use crate::documents::Scalar;
use crate::journal::{Command, Decided, DocumentWrite, Fault, Moment, Read, Refusal, Right};
use crate::store::documents::held;

/// The candidate of this rank shall stand; 0 is the one that stands already.
#[derive(Debug, Clone)]
pub struct SettleConflict {
    pub document: DocumentId,
    pub key: String,
    pub rank: i64,
}

pub struct State {
    kind: Option<u16>,
    chosen: Option<Scalar>,
}

impl Command for SettleConflict {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Conflicts);

    fn content(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        let Some(held) = held(db, self.document)? else { return Ok(State { kind: None, chosen: None }) };
        let conflict = held.document.conflicts().into_iter().find(|conflict| conflict.key == self.key);
        let rank = usize::try_from(self.rank).unwrap_or(usize::MAX);
        let chosen = conflict.and_then(|conflict| conflict.candidates.into_iter().nth(rank)).map(|candidate| candidate.value);
        Ok(State { kind: Some(held.kind), chosen })
    }

    fn decide(&self, state: &State, _: &Moment) -> Result<Decided, Refusal> {
        let Some(kind) = state.kind else { return Err(Refusal::NotFound { what: "document".into() }) };
        let Some(value) = state.chosen.clone() else { return Err(Refusal::ConflictGone) };
        let set = [(self.key.clone(), value)].into();
        Ok(Decided::nothing().change(DocumentWrite { document: self.document, kind, set, removed: Vec::new() }))
    }
}
