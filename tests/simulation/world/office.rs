//! What goes on beside the counters: head office's rules look at what came in, slips are printed.
use super::{HUB, World};
use crate::{network::Node, world::replica::Said};
use shared::{
    desk::notice::notices,
    exceptions::raise::REACTION,
    journal::{Actor, Fault},
    store::jobs::State,
};

/// The kind and queue of slips.
pub const PRINT: &str = "print";
pub const RECEIPTS: &str = "receipts";

impl World {
    /// What came in at head office since is looked at, and what is wrong with it is raised.
    pub fn notice(&mut self) {
        let heads = std::mem::take(&mut self.replicas[HUB].heads);
        let now_ms = self.replicas[HUB].clock.shows(self.time);
        let Some(db) = self.replicas[HUB].db().filter(|_| !heads.is_empty()) else { return };
        let found = notices(db, &heads, now_ms);
        let raised = found.and_then(|raises| raises.into_iter().try_for_each(|raise| self.raise(raise)));
        self.replicas[HUB].heads.clear();
        if let Err(fault) = raised {
            self.unnoticed = true;
            self.broken = self.broken.take().or(self.fault(HUB, &fault).err());
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
