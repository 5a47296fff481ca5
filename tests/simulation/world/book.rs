//! What the people in the shops know: which sales were acknowledged, what waits for a balance from elsewhere, what happened.

use super::super::shop::{Rung, Sell, TakeBack};
use shared::{
    base::{CommandId, JobId, MemberId},
    facts::ledger::Wanted,
};
use std::collections::{BTreeMap, BTreeSet};

/// Something a till wants that needs a balance from elsewhere.
#[derive(Debug, Clone)]
pub enum Deed {
    Sell(Sell),
    TakeBack(TakeBack),
}

/// It is decided again when the exchange brought something, a few times.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub edge: usize,
    pub id: CommandId,
    pub deed: Deed,
    pub tries: u32,
}

/// What the world has seen.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// Acknowledged sales as the slip shows them.
    pub sales: BTreeMap<CommandId, Rung>,
    /// Of these, the sales that some disk must still hold: a restored disk takes with it what no other disk has.
    pub due: BTreeSet<CommandId>,
    pub waiting: Vec<Waiting>,
    /// At which machine each telephone number was keyed: long enough to be told apart.
    pub phones: BTreeMap<String, usize>,
    /// How often each deed was done, or may have been: of a try that ended in a fault nobody knows.
    pub tries: BTreeMap<CommandId, u32>,
    /// The most that each member may have left: all that may have been given, less what was surely spent.
    pub value: BTreeMap<MemberId, i64>,
    /// Numbers of slips that the desk's own commands printed.
    pub slips: BTreeSet<String>,
    /// Slips that came out of some printer.
    pub printed: BTreeSet<JobId>,
    pub counts: Counts,
}

/// How often each thing happened, so that a quiet run is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub steps: u64,
    pub sales: u64,
    pub spends: u64,
    pub loads: u64,
    pub returns: u64,
    pub edits: u64,
    pub refusals: u64,
    pub asks: u64,
    pub fetched: u64,
    pub exchanges: u64,
    pub crashes: u64,
    pub faults: u64,
    pub restores: u64,
    pub hub_restores: u64,
    pub clones: u64,
    pub hostile: u64,
    pub set_aside: u64,
    pub forks: u64,
    pub rebuilds: u64,
    pub lost: u64,
    /// Sales booked in two streams because they were decided again after a restore.
    pub doubled: u64,
    pub raised: u64,
    /// Documents that head office began anew.
    pub begun: u64,
    pub slips: u64,
    pub lost_branches: u64,
    pub revoked: u64,
    /// Lost branches of which something came late, and places where that left less than nothing.
    pub came_back: u64,
    pub exposed: u64,
    /// PINs that members keyed, members whose data were erased, and bodies of which only the hash is left.
    pub pins: u64,
    pub erased: u64,
    pub bodies_gone: u64,
    /// Replicas that got the next release, facts of a kind that only it knows, and how many of them others kept unread to the end.
    pub upgrades: u64,
    pub greetings: u64,
    pub kept_unread: u64,
    /// What the desk's own commands did, of that bills paid, and bills brought back.
    pub desk: u64,
    pub bills: u64,
    pub brought_back: u64,
    /// Answers held against a plain sum over the entries.
    pub questions: u64,
    /// Of these, answers that only a walk over all entries bore out.
    pub walks: u64,
    /// Lines to a database server that were cut in a writer's work.
    pub lines_cut: u64,
}

impl Counts {
    /// The sum of two runs.
    #[must_use]
    pub fn plus(self, other: &Counts) -> Counts {
        Counts {
            steps: self.steps + other.steps,
            sales: self.sales + other.sales,
            spends: self.spends + other.spends,
            loads: self.loads + other.loads,
            returns: self.returns + other.returns,
            edits: self.edits + other.edits,
            refusals: self.refusals + other.refusals,
            asks: self.asks + other.asks,
            fetched: self.fetched + other.fetched,
            exchanges: self.exchanges + other.exchanges,
            crashes: self.crashes + other.crashes,
            faults: self.faults + other.faults,
            restores: self.restores + other.restores,
            hub_restores: self.hub_restores + other.hub_restores,
            clones: self.clones + other.clones,
            hostile: self.hostile + other.hostile,
            set_aside: self.set_aside + other.set_aside,
            forks: self.forks + other.forks,
            rebuilds: self.rebuilds + other.rebuilds,
            lost: self.lost + other.lost,
            doubled: self.doubled + other.doubled,
            raised: self.raised + other.raised,
            begun: self.begun + other.begun,
            slips: self.slips + other.slips,
            lost_branches: self.lost_branches + other.lost_branches,
            revoked: self.revoked + other.revoked,
            came_back: self.came_back + other.came_back,
            exposed: self.exposed + other.exposed,
            pins: self.pins + other.pins,
            erased: self.erased + other.erased,
            bodies_gone: self.bodies_gone + other.bodies_gone,
            upgrades: self.upgrades + other.upgrades,
            greetings: self.greetings + other.greetings,
            kept_unread: self.kept_unread + other.kept_unread,
            desk: self.desk + other.desk,
            bills: self.bills + other.bills,
            brought_back: self.brought_back + other.brought_back,
            questions: self.questions + other.questions,
            walks: self.walks + other.walks,
            lines_cut: self.lines_cut + other.lines_cut,
        }
    }
}

impl Deed {
    /// What it asks the hub for.
    pub fn wanted(&self) -> Option<Wanted> {
        match self {
            Deed::Sell(sell) => Some(Wanted::Value(sell.member?, sell.value)),
            Deed::TakeBack(back) => Some(Wanted::Returnable(back.sold.sale)),
        }
    }
}
