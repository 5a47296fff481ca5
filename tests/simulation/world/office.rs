//! What goes on beside the counters: head office's rules look at what came in, slips are printed.
use super::{HUB, World};
use crate::{network::Node, world::replica::Said};
use shared::{
    desk::noticed,
    exceptions::raise::REACTION,
    journal::{Actor, Fault},
    store::jobs::State,
};

/// The kind and queue of slips.
pub const PRINT: &str = "print";
pub const RECEIPTS: &str = "receipts";
/// What came in within so many milliseconds is looked at together.
const PAUSE_MS: i64 = 5_000;

impl World {
    /// Head office's rules look at what was committed behind their marks, all of it that came within a pause; first of all at what a process left that
    /// ended before it had looked.
    pub fn notice(&mut self) {
        let now_ms = self.time.now_ms();
        if !self.replicas[HUB].unlooked || !self.replicas[HUB].runs() || now_ms < self.looked_ms + PAUSE_MS {
            return;
        }
        self.looked_ms = now_ms;
        self.replicas[HUB].unlooked = false;
        if let Err(fault) = self.look() {
            self.replicas[HUB].unlooked = true;
            self.broken = self.broken.take().or(self.fault(HUB, &fault).err());
        }
    }

    /// Until nothing is new, as the process does it.
    fn look(&mut self) -> Result<(), Fault> {
        loop {
            let now_ms = self.replicas[HUB].clock.shows(self.time);
            let seen = noticed::look(self.replicas[HUB].db().ok_or(Fault::Stopped)?, now_ms)?;
            if seen.marks.is_empty() {
                return Ok(());
            }
            seen.raises.into_iter().try_for_each(|raise| self.raise(raise))?;
            self.replicas[HUB].clerk(move |writer| noticed::mark(writer, &seen.marks))?;
        }
    }

    fn raise(&mut self, raise: shared::exceptions::raise::Raise) -> Result<(), Fault> {
        let moment = self.replicas[HUB].moment(raise.command(), self.time).ok_or(Fault::Stopped)?;
        let moment = shared::journal::Moment { by: Actor::Reaction(REACTION), ..moment };
        self.book.counts.raised += 1;
        self.replicas[HUB].clerk(move |writer| writer.decide(&raise, &moment)).map(|_| ())
    }

    /// The printer at an edge takes the next slip, prints it, and notes that.
    pub fn print(&mut self, node: Node) {
        let now_ms = self.replicas[node].clock.shows(self.time);
        let leased = self.replicas[node].clerk(move |writer| writer.lease_job(PRINT, RECEIPTS, now_ms));
        let job = match leased {
            Ok(Some(job)) => job.id,
            Ok(None) => return,
            Err(fault) => {
                self.heard_of(node, "print", &Said::Nothing(fault));
                return;
            }
        };
        self.book.counts.slips += 1;
        if !self.book.printed.insert(job) && self.plan.mishaps.steady() {
            self.broken.get_or_insert(format!("slip {job:?} is printed twice"));
        }
        if let Err(fault) = self.replicas[node].clerk(move |writer| writer.mark_job(job, State::Done, "", now_ms)) {
            self.heard_of(node, "note a slip", &Said::Nothing(fault));
        }
    }
}
