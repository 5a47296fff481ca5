//! The next release of the shop: of the sales of a day those are taken off that came back, and a member may be greeted, which no earlier release has heard of.

use crate::{
    shop::{self, Rung, TAKINGS, TakenBack},
    world::counter,
};
use minicbor::{Decode, Encode};
use shared::{
    base::{MemberId, Posting, StreamId},
    fact_kind,
    facts::{Audience, Fact, Writer},
    journal::{Command, Decided, Fault, Head, Moment, Read, Refusal, Right, command::encoded},
    row, table,
    views::{Registry, Rows, registry::FactKind},
};
use std::sync::LazyLock;

/// A member was greeted; every branch is to know it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Greeted {
    #[n(0)]
    pub member: MemberId,
    #[n(1)]
    pub day: u32,
}

impl Fact for Greeted {
    const KIND: u16 = 0x7004;
    const NAME: &'static str = "sim_greeted";
    const WRITER: Writer = Writer::Both;

    fn postings(&self, _: StreamId) -> Vec<Posting> {
        Vec::new()
    }

    fn audience(&self) -> Audience {
        Audience::Chain
    }
}

table! {
    /// Takings by branch and day, with the sales that did not come back.
    9_002, TAKINGS_KEPT, "sim_takings", Sum, First, Both, v 2, [branch Blob, day Int], [cash Int, sales Int]
}
table! {
    /// How often a member was greeted.
    9_006, GREETING, "sim_greeting", Sum, First, Both, v 1, [member Blob], [times Int]
}

fn takings_of_rung(fact: &Rung, _: &Head, rows: &mut Rows) {
    rows.put(&TAKINGS_KEPT, row![fact.branch, fact.day, fact.cash, 1_i64]);
}

fn takings_of_taken_back(fact: &TakenBack, _: &Head, rows: &mut Rows) {
    rows.put(&TAKINGS_KEPT, row![fact.branch, fact.sold.day, -fact.sold.cash, -1_i64]);
}

fn fold_greeted(fact: &Greeted, _: &Head, rows: &mut Rows) {
    rows.put(&GREETING, row![fact.member, 1_i64]);
}

/// What this release knows, where the one before it knew this.
pub fn registry(before: &'static Registry) -> &'static Registry {
    static SHOP: LazyLock<&'static Registry> = LazyLock::new(|| after(shop::registry()));
    static COUNTER: LazyLock<&'static Registry> = LazyLock::new(|| after(counter::registry()));
    if std::ptr::eq(before, shop::registry()) { &SHOP } else { &COUNTER }
}

fn after(before: &'static Registry) -> &'static Registry {
    let changed = [Rung::KIND, TakenBack::KIND];
    let mut facts: Vec<FactKind> = before.facts.iter().filter(|fact| !changed.contains(&fact.kind)).cloned().collect();
    facts.push(fact_kind!(Rung => [shop::fold_rung, takings_of_rung]));
    facts.extend([fact_kind!(TakenBack => [takings_of_taken_back]), fact_kind!(Greeted => [fold_greeted])]);
    let mut tables: Vec<_> = before.tables.iter().copied().filter(|table| table.no != TAKINGS.no).collect();
    tables.extend([&TAKINGS_KEPT, &GREETING]);
    Box::leak(Box::new(Registry { facts: facts.leak(), documents: before.documents, tables: tables.leak() }))
}

/// Greets a member.
#[derive(Debug, Clone)]
pub struct Greet {
    pub member: MemberId,
}

impl Command for Greet {
    type State = ();
    const RIGHT: Option<Right> = None;

    fn content(&self) -> Vec<u8> {
        encoded(&self.member)
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), moment: &Moment) -> Result<Decided, Refusal> {
        Ok(Decided::nothing().fact(&Greeted { member: self.member, day: moment.day }))
    }
}
