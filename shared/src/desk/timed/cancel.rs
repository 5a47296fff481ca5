//! Gives a sitting up that has only begun: it costs nothing (E10). Refusals, in order: Gone, TooLateToCancel, NotSound (reason).
use super::{SITTING, Sitting, going, ran_ms};
use crate::base::SittingId;
use crate::desk::card::reason;
use crate::desk::till::Who;
use crate::facts::timed::SittingCancelled;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Minutes of running within which a sitting may be given up.
const CANCEL_MINUTES: i64 = 5;

/// Gives a sitting up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelSitting {
    pub who: Who,
    pub sitting: SittingId,
    pub reason: String,
}

impl Command for CancelSitting {
    type State = Option<Sitting>;
    const RIGHT: Option<Right> = Some(Right::VoidBill);

    fn content(&self) -> Vec<u8> {
        encoded(&(63_u8, self.sitting, self.reason.as_str()))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Option<Sitting>, Fault> {
        super::sitting(db, self.sitting)
    }

    fn decide(&self, state: &Option<Sitting>, moment: &Moment) -> Result<Decided, Refusal> {
        let sitting = going(state.as_ref())?;
        let ran_ms = ran_ms(&sitting.stretches(moment.now_ms));
        if ran_ms > CANCEL_MINUTES * 60_000 {
            return Err(Refusal::TooLateToCancel { minutes: CANCEL_MINUTES });
        }
        let cancelled = SittingCancelled {
            id: sitting.id,
            at: self.who.occasion(moment, self.who.lent(Right::VoidBill)),
            tariff: sitting.tariff,
            product: sitting.product,
            seat: sitting.seat.clone(),
            member: sitting.member,
            started_ms: sitting.started.at_ms,
            minutes: ran_ms / 60_000,
            reason: reason(&self.reason)?,
        };
        Ok(Decided::nothing().fact(&cancelled).draft(SITTING, &sitting.id.0, None))
    }
}
