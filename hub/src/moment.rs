//! The moments that head office decides with.
use crate::app::now_ms;
use crate::install::{NotUsable, random};
use shared::base::day::LocalTime;
use shared::base::ids::{derived, time_ordered};
use shared::base::{BusinessDay, CommandId, StaffId};
use shared::branches::HOUSE_ZONE;
use shared::journal::{Actor, Fault, Moment, Right};
use shared::store::Writer;

/// Who asks, when, under which id, and with which fresh bytes. Made before the clerk's turn comes.
#[derive(Debug, Clone)]
pub struct Asking {
    pub command: CommandId,
    pub by: Actor,
    pub rights: Vec<Right>,
    pub now_ms: i64,
    pub entropy: [u8; 16],
}

impl Asking {
    /// A person who signed in.
    ///
    /// # Errors
    /// `Random` if the system gives no random bytes.
    pub fn person(command: CommandId, staff: StaffId, rights: Vec<Right>) -> Result<Asking, NotUsable> {
        Ok(Asking { command, by: Actor::Person(staff), rights, now_ms: now_ms(), entropy: random()? })
    }

    /// Whoever works on the hub's own machine: may everything.
    ///
    /// # Errors
    /// `Random` if the system gives no random bytes.
    pub fn machine() -> Result<Asking, NotUsable> {
        let command = CommandId(time_ordered(now_ms(), random()?));
        Ok(Asking { command, by: Actor::System, rights: Right::ALL.to_vec(), now_ms: now_ms(), entropy: random()? })
    }

    /// The id of the n-th command of what was asked: its own, then ids that follow from it.
    pub fn part(&self, n: u8) -> CommandId {
        if n == 0 { self.command } else { CommandId(derived("part", &[self.command.bytes(), &[n]])) }
    }

    /// The moment at this hub.
    ///
    /// # Errors
    /// `Damaged` before the hub's first stream.
    pub fn moment(&self, writer: &Writer<'_>) -> Result<Moment, Fault> {
        let local = LocalTime::at(self.now_ms, HOUSE_ZONE.zone_minutes);
        Ok(Moment {
            command: self.command,
            by: self.by,
            rights: self.rights.clone(),
            now_ms: self.now_ms,
            hub_ms: self.now_ms,
            branch: None,
            here: writer.identity()?.stream,
            till: None,
            shift: None,
            day: BusinessDay::at(self.now_ms, HOUSE_ZONE).0,
            hour: local.hour,
            entropy: self.entropy,
        })
    }
}
