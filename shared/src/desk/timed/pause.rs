//! Stops the clock of a sitting for a while, or lets it run again. Refusals, in order: Gone (ended, or it stands so already).
use super::{Sitting, going};
use crate::base::SittingId;
use crate::desk::till::Who;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Pauses of one sitting.
const PAUSES_MAX: usize = 200;

/// Pauses a sitting, or goes on with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseSitting {
    pub who: Who,
    pub sitting: SittingId,
    pub pause: bool,
}

impl Command for PauseSitting {
    type State = Option<Sitting>;
    const RIGHT: Option<Right> = Some(Right::Sell);

    fn content(&self) -> Vec<u8> {
        encoded(&(61_u8, self.sitting, self.pause))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Option<Sitting>, Fault> {
        super::sitting(db, self.sitting)
    }

    fn decide(&self, state: &Option<Sitting>, moment: &Moment) -> Result<Decided, Refusal> {
        let mut sitting = going(state.as_ref())?.clone();
        if sitting.since_ms.is_some() != self.pause {
            return Err(Refusal::Gone);
        }
        if self.pause {
            if sitting.ran.len() >= PAUSES_MAX {
                return Err(Refusal::TooMany { what: "pause".into(), limit: PAUSES_MAX as i64 });
            }
            sitting.ran = sitting.stretches(moment.now_ms);
        }
        sitting.since_ms = (!self.pause).then_some(moment.now_ms);
        Ok(sitting.saved(Decided::nothing()))
    }
}
