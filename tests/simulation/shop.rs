//! A shop small enough to be watched: goods sold for cash and stored value, value topped up, sales taken back, members'
//! and goods' documents edited. Its facts post what the design says of them, and its views use every law. Everything below
//! them (clerk, ledger, gate, store, exchange) is the product's own.

use crate::world::{PRINT, RECEIPTS};
use minicbor::{Decode, Encode};
use shared::{
    base::{BranchId, DocumentId, Holder, JobId, MemberId, Posting, ProductNo, Purpose, SaleId, StreamId, Unit},
    documents::{Fields, Kind, Scalar},
    fact_kind,
    facts::{Fact, Writer, ledger::Carried, transfer},
    journal::{Command, Decided, Fault, Head, Job, Moment, Read, Refusal, Right, command::DocumentWrite, command::encoded},
    ledger::balance,
    row, table,
    views::{DocumentKind, Registry, Rows, Table, registry::FactKind},
};
use std::sync::LazyLock;

/// Money of this tender is counted in the drawer.
pub const CASH: u8 = 1;

/// One sale of one product.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Rung {
    #[n(0)]
    pub branch: BranchId,
    #[n(1)]
    pub sale: SaleId,
    #[n(2)]
    pub product: ProductNo,
    /// Thousandths of a piece.
    #[n(3)]
    pub quantity: i64,
    /// Minor units paid in cash.
    #[n(4)]
    pub cash: i64,
    #[n(5)]
    pub member: Option<MemberId>,
    /// What was taken of the member's value and bonus.
    #[n(6)]
    pub value: Vec<Carried>,
    #[n(7)]
    pub day: u32,
}

/// Stored value bought with cash, with a bonus.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Loaded {
    #[n(0)]
    pub branch: BranchId,
    #[n(1)]
    pub member: MemberId,
    #[n(2)]
    pub principal: i64,
    #[n(3)]
    pub bonus: i64,
}

/// A whole sale taken back; its right to be taken back is used up.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct TakenBack {
    #[n(0)]
    pub branch: BranchId,
    #[n(1)]
    pub sold: Rung,
}

table! {
    /// Each sale, once.
    9_001, RUNG, "sim_rung", Once, First, Both, v 1, [sale Blob], [branch Blob, cash Int, quantity Int]
}
table! {
    /// Takings by branch and day.
    9_002, TAKINGS, "sim_takings", Sum, First, Both, v 1, [branch Blob, day Int], [cash Int, sales Int]
}
table! {
    /// Last visit of a member.
    9_003, VISIT, "sim_visit", Greatest, First, Both, v 1, [member Blob], [day Int, stream Blob, seq Int]
}
table! {
    /// First sale of a product.
    9_004, FIRST, "sim_first", Least, First, Both, v 1, [product Int], [day Int, stream Blob, seq Int]
}
table! {
    /// What stands in a document.
    9_005, FIELD, "sim_field", Projected, First, Both, v 1, [document Blob, field Text], [value Text]
}

impl Fact for Rung {
    const KIND: u16 = 0x7001;
    const NAME: &'static str = "sim_rung";
    const WRITER: Writer = Writer::Edge;

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let house = |purpose| Holder::House(self.branch, purpose);
        let mut postings = Vec::new();
        postings.extend(transfer(Unit::Goods(self.product), house(Purpose::Stock), house(Purpose::Sold), self.quantity, here));
        postings.extend(transfer(Unit::Money(CASH), Holder::Outside, house(Purpose::Drawer), self.cash, here));
        postings.extend(transfer(Unit::Right(self.sale, 0), Holder::Outside, house(Purpose::Returnable), self.quantity, here));
        let taken = self.value.iter().filter_map(|carried| carried.account().map(|(holder, unit)| (holder, unit, carried.amount)));
        postings.extend(taken.flat_map(|(holder, unit, amount)| transfer(unit, holder, house(Purpose::Redeemed), amount, here)));
        postings
    }
}

impl Fact for Loaded {
    const KIND: u16 = 0x7002;
    const NAME: &'static str = "sim_loaded";
    const WRITER: Writer = Writer::Edge;

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let (issued, member) = (Holder::House(self.branch, Purpose::Issued), Holder::Member(self.member));
        let drawer = Holder::House(self.branch, Purpose::Drawer);
        let mut postings = transfer(Unit::Money(CASH), Holder::Outside, drawer, self.principal, here).to_vec();
        postings.extend(transfer(Unit::Value(self.branch), issued, member, self.principal, here));
        postings.extend(transfer(Unit::Bonus(self.branch), issued, member, self.bonus, here));
        postings
    }
}

impl Fact for TakenBack {
    const KIND: u16 = 0x7003;
    const NAME: &'static str = "sim_taken_back";
    const WRITER: Writer = Writer::Edge;

    fn postings(&self, here: StreamId) -> Vec<Posting> {
        let Rung { sale, product, quantity, cash, .. } = self.sold;
        let house = |purpose| Holder::House(self.branch, purpose);
        let mut postings = Vec::new();
        let returnable = Holder::House(self.sold.branch, Purpose::Returnable);
        postings.extend(transfer(Unit::Right(sale, 0), returnable, Holder::Outside, quantity, here));
        postings.extend(transfer(Unit::Goods(product), house(Purpose::Sold), house(Purpose::Stock), quantity, here));
        postings.extend(transfer(Unit::Money(CASH), house(Purpose::Drawer), Holder::Outside, cash, here));
        let given = self.sold.value.iter().filter_map(|carried| carried.account().map(|(holder, unit)| (holder, unit, carried.amount)));
        postings.extend(given.flat_map(|(holder, unit, amount)| transfer(unit, house(Purpose::Redeemed), holder, amount, here)));
        postings
    }
}

fn takings_of_rung(fact: &Rung, _: &Head, rows: &mut Rows) {
    rows.put(&TAKINGS, row![fact.branch, fact.day, fact.cash, 1_i64]);
}

pub fn fold_rung(fact: &Rung, head: &Head, rows: &mut Rows) {
    rows.put(&RUNG, row![fact.sale, fact.branch, fact.cash, fact.quantity]);
    rows.put(&FIRST, row![i64::from(fact.product.0), fact.day, head.stream, head.seq]);
    if let Some(member) = fact.member {
        rows.put(&VISIT, row![member, fact.day, head.stream, head.seq]);
    }
}

fn takings_of_taken_back(fact: &TakenBack, _: &Head, rows: &mut Rows) {
    rows.put(&TAKINGS, row![fact.branch, fact.sold.day, -fact.sold.cash, 0_i64]);
}

/// What the shop shows of a document.
pub fn project(document: DocumentId, fields: &Fields, rows: &mut Rows) {
    for (field, value) in fields {
        rows.put(&FIELD, row![document, field.as_str(), format!("{value:?}")]);
    }
}

/// The product's tables that the shop's facts write or the exchange and head office's rules read. The others would stand empty, and be opened with
/// every start and rebuilt with every look.
const TOUCHED: [&str; 16] = [
    "balance",
    "issuer",
    "issued",
    "issue_state",
    "liability_day",
    "person",
    "conflict",
    "generation",
    "member",
    "member_card",
    "member_token",
    "member_pin",
    "exception",
    "exception_state",
    "receipt",
    "sale_amended",
];

/// The product's own kinds and the shop's.
pub fn registry() -> &'static Registry {
    static REGISTRY: LazyLock<&'static Registry> = LazyLock::new(|| {
        let documents: Vec<DocumentKind> = [Kind::Product, Kind::Member].map(|kind| DocumentKind { kind, project }).into();
        with(documents, |table| TOUCHED.contains(&table.name))
    });
    &REGISTRY
}

/// The product's own kinds and the shop's, with these documents and of the product's own tables these.
pub fn with(documents: Vec<DocumentKind>, keeps: impl Fn(&Table) -> bool) -> &'static Registry {
    let own = &shared::desk::registry::REGISTRY;
    let mut facts: Vec<FactKind> = own.facts.to_vec();
    facts.extend([
        fact_kind!(Rung => [fold_rung, takings_of_rung]),
        fact_kind!(Loaded => []),
        fact_kind!(TakenBack => [takings_of_taken_back]),
    ]);
    let mut tables: Vec<_> = own.tables.iter().copied().filter(|table| keeps(table)).collect();
    tables.extend([&RUNG, &TAKINGS, &VISIT, &FIRST, &FIELD]);
    Box::leak(Box::new(Registry { facts: facts.leak(), documents: documents.leak(), tables: tables.leak() }))
}

/// Rings up one sale; pays `value` of it from the member's stored value and the rest in cash.
#[derive(Debug, Clone)]
pub struct Sell {
    pub product: ProductNo,
    pub quantity: i64,
    pub price: i64,
    pub member: Option<MemberId>,
    pub value: i64,
}

/// Loads a member's value.
#[derive(Debug, Clone)]
pub struct Load {
    pub member: MemberId,
    pub principal: i64,
    pub bonus: i64,
}

/// Takes a whole sale back.
#[derive(Debug, Clone)]
pub struct TakeBack {
    pub sold: Rung,
}

/// Edits one field of a document.
#[derive(Debug, Clone)]
pub struct Edit {
    pub kind: Kind,
    pub document: DocumentId,
    pub field: String,
    pub value: Scalar,
}

impl Command for Sell {
    type State = Vec<(Unit, i64)>;
    const RIGHT: Option<Right> = None;

    fn content(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Self::State, Fault> {
        let Some(member) = self.member else { return Ok(Vec::new()) };
        let held = balance::holdings(db, Holder::Member(member), moment.here)?;
        Ok(held.into_iter().filter(|(unit, _)| matches!(unit, Unit::Value(_) | Unit::Bonus(_))).collect())
    }

    /// Takes value in the order of the units; if there is too little the last unit is asked for more than it has, so that the
    /// ledger's guard, and nothing before it, says no.
    fn decide(&self, held: &Self::State, moment: &Moment) -> Result<Decided, Refusal> {
        let (Some(branch), mut left, mut value) = (moment.branch, self.value, Vec::new()) else {
            return Err(Refusal::NotFound { what: "branch".into() });
        };
        for (i, (unit, lies)) in held.iter().enumerate() {
            let taken = if i + 1 == held.len() { left } else { left.min(*lies) };
            left -= taken;
            if let (true, Some(member)) = (taken > 0, self.member) {
                value.push(Carried::new(Holder::Member(member), *unit, taken));
            }
        }
        if left > 0 {
            return Err(Refusal::NotEnoughHere { wanted: self.value, here: self.value - left, elsewhere: Vec::new() });
        }
        let Sell { product, quantity, member, .. } = *self;
        let cash = self.price - self.value;
        let sold = Rung { branch, sale: moment.command.into(), product, quantity, cash, member, value, day: moment.day };
        let job = Job { id: JobId(moment.command.0), kind: PRINT, queue: RECEIPTS.into(), body: encoded(&sold) };
        Ok(Decided::nothing().fact(&sold).job(job))
    }
}

impl Command for Load {
    type State = ();
    const RIGHT: Option<Right> = None;

    fn content(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), moment: &Moment) -> Result<Decided, Refusal> {
        let branch = moment.branch.ok_or_else(|| Refusal::NotFound { what: "branch".into() })?;
        let Load { member, principal, bonus } = *self;
        Ok(Decided::nothing().fact(&Loaded { branch, member, principal, bonus }))
    }
}

impl Command for TakeBack {
    type State = ();
    const RIGHT: Option<Right> = None;

    fn content(&self) -> Vec<u8> {
        encoded(&self.sold)
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), moment: &Moment) -> Result<Decided, Refusal> {
        let branch = moment.branch.ok_or_else(|| Refusal::NotFound { what: "branch".into() })?;
        Ok(Decided::nothing().fact(&TakenBack { branch, sold: self.sold.clone() }))
    }
}

impl Command for Edit {
    type State = ();
    const RIGHT: Option<Right> = None;

    fn content(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), _: &Moment) -> Result<Decided, Refusal> {
        let set = Fields::from([(self.field.clone(), self.value.clone())]);
        let write = DocumentWrite { document: self.document, kind: self.kind.number(), set, removed: Vec::new() };
        Ok(Decided::nothing().change(write))
    }
}
