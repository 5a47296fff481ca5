//! What a run is made of beside its seed: how long it is, how many branches there are, and what may go wrong.
use std::{collections::BTreeSet, fmt};

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub steps: u64,
    pub branches: u8,
    pub mishaps: Mishaps,
    /// Steps that are left out: a failure is told with as few as can be.
    pub dropped: BTreeSet<u64>,
    /// Address of a database of the PostgreSQL server that holds head office's; none: it lies on a simulated disk too.
    pub server: Option<String>,
}

macro_rules! mishaps {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// Which mishaps a run may have.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Mishaps {
            $($(#[$doc])* pub $name: bool,)*
        }

        impl Mishaps {
            /// Their names, as a person gives them.
            pub const NAMES: &'static [&'static str] = &[$($word),*];
            pub const NONE: Mishaps = Mishaps { $($name: false,)* };
            pub const EVERY: Mishaps = Mishaps { $($name: true,)* };

            /// The same with one of them allowed or not; none if there is no such mishap.
            pub fn with(mut self, word: &str, allowed: bool) -> Option<Mishaps> {
                match word {
                    $($word => self.$name = allowed,)*
                    _ => return None,
                }
                Some(self)
            }

            /// Those that may happen.
            pub fn words(&self) -> Vec<&'static str> {
                [$(($word, self.$name)),*].into_iter().filter(|(_, allowed)| *allowed).map(|(word, _)| word).collect()
            }
        }
    };
}

mishaps! {
    /// Power cuts between any two writes, killed processes.
    crashes = "crashes",
    /// Disks fill up and fail.
    disks = "disks",
    /// Clocks go wrong by a minute, an hour, a year, backwards.
    clocks = "clocks",
    /// Ways are cut; messages are lost, doubled, torn, late.
    network = "network",
    /// Bytes of strangers, spoilt and repeated messages.
    hostile = "hostile",
    /// Edge databases are put back to an older state.
    edges_restored = "edges-restored",
    /// With the lineage file beside them: nobody can tell before the first exchange.
    disks_restored = "disks-restored",
    /// The hub's database is put back.
    hub_restored = "hub-restored",
    /// An edge's disk is copied and the copy goes on selling.
    cloned = "cloned",
    /// An older database of an edge is put into another machine, which knows that it is another. Only where none is put back into its own.
    replaced = "replaced",
    /// Head office begins documents anew.
    rebased = "rebased",
    /// Head office declares a branch lost, and it comes back.
    lost = "lost",
    /// Head office revokes a branch, and its box goes on.
    revoked = "revoked",
    /// Head office erases what is known of a member.
    erased = "erased",
    /// Replicas get the next release one after the other.
    upgraded = "upgraded",
    /// Nothing goes wrong: tills sell by the desk's own commands.
    desk = "desk",
}

impl Mishaps {
    /// What happens in every shop; no machine goes back in time or doubles.
    pub const ORDINARY: Mishaps = Mishaps { crashes: true, disks: true, clocks: true, network: true, hostile: true, ..Mishaps::NONE };
    /// All but whole disks put back and copies: what goes back in time has its lineage file beside it.
    pub const KNOWN: Mishaps = Mishaps { disks_restored: false, cloned: false, ..Mishaps::MACHINES };

    /// All that may happen where machines go back in time and double.
    pub const MACHINES: Mishaps = Mishaps { replaced: false, ..Mishaps::TOGETHER };
    /// All that may happen where what goes back in time goes into another machine.
    pub const REPLACED: Mishaps = Mishaps { edges_restored: false, disks_restored: false, cloned: false, ..Mishaps::TOGETHER };
    /// All but what is looked at in runs of its own.
    const TOGETHER: Mishaps = Mishaps { lost: false, revoked: false, erased: false, upgraded: false, desk: false, ..Mishaps::EVERY };
    /// The same, while head office erases a member and replicas get the next release.
    pub const MIXED: Mishaps = Mishaps { erased: true, upgraded: true, ..Mishaps::MACHINES };
    /// What happens in every shop, and head office ends a branch that is not gone.
    pub const ENDED: Mishaps = Mishaps { lost: true, revoked: true, ..Mishaps::ORDINARY };
    /// What happens in every shop, with the desk's own commands.
    pub const DESK: Mishaps = Mishaps { desk: true, ..Mishaps::ORDINARY };
    /// What happens in every shop, and replicas get the next release.
    pub const UPGRADED: Mishaps = Mishaps { upgraded: true, ..Mishaps::ORDINARY };
    /// What happens in every shop, and head office erases a member.
    pub const ERASED: Mishaps = Mishaps { erased: true, ..Mishaps::ORDINARY };

    /// No install is there twice unseen, as one is that was put back inside its block until the first exchange: what a member was given is spent once.
    pub fn counted(&self) -> bool {
        !self.edges_restored && !self.disks_restored && !self.cloned
    }

    /// No machine goes back in time or doubles.
    pub fn steady(&self) -> bool {
        self.counted() && !self.hub_restored && !self.replaced
    }
}

impl Plan {
    /// Two branches, so many steps.
    pub fn of(mishaps: Mishaps, steps: u64) -> Plan {
        Plan { steps, branches: 2, mishaps, dropped: BTreeSet::new(), server: None }
    }

    /// A plan under which the same goes wrong with fewer mishaps and fewer steps: each is left out that is not needed. Tries at most `tries` runs.
    pub fn shortened(mut self, tries: u32, fails: impl Fn(&Plan) -> bool) -> Plan {
        let mut left = tries;
        let mut needed = |plan: &Plan| {
            left = left.saturating_sub(1);
            left == 0 || !fails(plan)
        };
        for word in self.mishaps.words() {
            let Some(mishaps) = self.mishaps.with(word, false) else { continue };
            let fewer = Plan { mishaps, ..self.clone() };
            if !needed(&fewer) {
                self = fewer;
            }
        }
        let mut size = self.steps.div_ceil(2);
        while size > 0 {
            for first in (0..self.steps).step_by(size as usize).collect::<Vec<_>>().into_iter().rev() {
                let mut dropped = self.dropped.clone();
                dropped.extend(first..(first + size).min(self.steps));
                let fewer = Plan { dropped, ..self.clone() };
                if fewer.dropped.len() > self.dropped.len() && !needed(&fewer) {
                    self = fewer;
                }
            }
            size /= 2;
        }
        self
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (steps, branches, words) = (self.steps - self.dropped.len() as u64, self.branches, self.mishaps.words().join(","));
        write!(f, "with {branches} branches and {steps} steps of {}, mishaps {words}", self.steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Goal: a failure is told as short as it is. Method: a run that fails while one mishap and two of its steps are there.
    #[test]
    fn a_plan_is_shortened_to_what_is_needed() {
        let fails = |plan: &Plan| plan.mishaps.cloned && !plan.dropped.contains(&17) && !plan.dropped.contains(&40);
        let short = Plan::of(Mishaps::EVERY, 60).shortened(1_000, fails);
        assert_eq!((short.mishaps.words(), short.dropped.len()), (vec!["cloned"], 58));
        assert!(fails(&short));
    }
}
