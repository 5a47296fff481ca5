//! Sets the clock by hand where it is wrong and the hub is out of reach (K1). What is sold until the hub is heard again is marked.
//! Refusals, in order: ClockTooEarly.
use super::till::Who;
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::store::writer::meta_number;

/// Says what time it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetClock {
    pub who: Who,
    /// UTC ms.
    pub now_ms: i64,
}

impl Command for SetClock {
    /// The last moment that the books know.
    type State = i64;
    const RIGHT: Option<Right> = Some(Right::SetClock);
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        encoded(&(24_u8, self.now_ms))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<i64, Fault> {
        Ok(meta_number(db, "last_ms")?.max(moment.hub_ms))
    }

    fn decide(&self, last_ms: &i64, _: &Moment) -> Result<Decided, Refusal> {
        match self.now_ms < *last_ms {
            true => Err(Refusal::ClockTooEarly { last_ms: *last_ms }),
            false => Ok(Decided::nothing()),
        }
    }
}
