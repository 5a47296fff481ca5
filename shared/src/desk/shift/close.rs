//! Closes a shift that was counted (交接班). Closed or open, never half: one fact with the whole Z, every count, and the held bills that go to
//! whoever takes over. Somebody else's shift is closed by who may allow (代交班, J7); far over or short, somebody who may allow stands by (J8).
//! Refusals, in order: NoShift, NotAllowed, BillOpen, HeldBills, NotCounted, NeedsOverride.
use super::count::{COUNT, counting};
use super::{Begun, slip};
use crate::base::{BranchId, CommandId, Money, StaffId};
use crate::desk::bill::{self, priced, priced::House};
use crate::desk::print::PrintJob;
use crate::desk::slips::Names;
use crate::desk::till::Who;
use crate::facts::sales::CASH;
use crate::facts::shifts::{CashierSum, Counted, DrawerCount, Figure, HandOver, HandedOn, ShiftClosed};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::price::{RoundOff, price};
use crate::shifts::figures;
use crate::staff;
use crate::store::writer::stream_head;
use std::sync::Arc;

/// Closes the open shift of the till, with the count made last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseShift {
    pub who: Who,
    pub note: String,
    /// Held bills of this till go to whoever takes over.
    pub hand_on: bool,
}

/// The shift with its figures and counts, what still keeps it open, and the head of the stream.
pub struct State {
    pub shift: Option<Begun>,
    pub figures: Vec<Counted>,
    pub counts: Vec<DrawerCount>,
    pub bill_open: bool,
    pub held: Vec<HandedOn>,
    pub cashiers: Vec<CashierSum>,
    pub head: (u64, [u8; 32]),
    pub house: Arc<House>,
    pub names: Names,
    /// Names of the people whom the slip names beside its cashier.
    pub people: Vec<(StaffId, String)>,
    /// First and last receipt number of the shift.
    pub receipts: (String, String),
}

impl Command for CloseShift {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Shift);

    fn content(&self) -> Vec<u8> {
        encoded(&(32_u8, self.note.as_str(), self.hand_on))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let branch = moment.branch.unwrap_or(BranchId([0; 16]));
        let house = House::load(db, moment.branch)?;
        let head = stream_head(db, moment.here)?.map_or((0, [0; 32]), |head| (head.seq, head.hash));
        let names = Names::load(db, &house, self.who.language, self.who.staff)?;
        let bill_open = bill::open(db, self.who.till)?.is_some_and(|bill| !bill.lines.is_empty());
        let held = held(db, self.who.till, &house)?;
        let mut state = State {
            shift: super::current(db, branch, self.who.till, moment.here)?,
            figures: Vec::new(),
            counts: Vec::new(),
            bill_open,
            held,
            cashiers: Vec::new(),
            head,
            house,
            names,
            people: Vec::new(),
            receipts: Default::default(),
        };
        if let Some(shift) = state.shift {
            state.figures = figures::of(db, shift.shift)?;
            state.counts = counting(db, self.who.till, shift.shift)?;
            state.cashiers = cashiers(db, &shift, branch)?;
            state.receipts = receipts(db, shift.shift, branch, shift.opened_ms)?;
            let named = state.cashiers.iter().map(|sum| sum.cashier).chain(self.who.allowed_by).chain([shift.cashier]);
            state.people = people(db, named.chain(state.held.iter().map(|held| held.cashier)))?;
        }
        Ok(state)
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let shift = state.shift.ok_or(Refusal::NoShift)?;
        let for_another = shift.cashier != self.who.staff;
        if for_another && !moment.may(Right::Allow) {
            return Err(Refusal::NotAllowed { right: Right::Allow });
        }
        if state.bill_open {
            return Err(Refusal::BillOpen);
        }
        if !state.held.is_empty() && !self.hand_on {
            return Err(Refusal::HeldBills { count: state.held.len() as u32 });
        }
        let expected = expected(&state.figures)?;
        let count = state.counts.last().filter(|count| count.expected == expected).ok_or(Refusal::NotCounted)?;
        let (off, limit) = (count.counted.minor().saturating_sub(expected.minor()).abs(), state.house.till.shift_difference_minor);
        let beside = for_another || self.who.allowed_by.is_some_and(|other| other != self.who.staff);
        if off >= limit && !beside {
            return Err(Refusal::NeedsOverride { right: Right::Shift, limit: Some(limit), asked: Some(off) });
        }
        let lent = self.who.lent(Right::Shift) || off >= limit || (for_another && self.who.lent(Right::Allow));
        let hand_over =
            HandOver { of: shift.cashier, counts: state.counts.clone(), handed_on: state.held.clone(), cashiers: state.cashiers.clone() };
        let closed = ShiftClosed {
            shift: shift.shift,
            at: self.who.occasion(moment, lent),
            number: shift.number,
            opened_ms: shift.opened_ms,
            expected,
            counted: count.counted,
            note: self.note.clone(),
            figures: state.figures.clone(),
            head_seq: state.head.0,
            head_hash: state.head.1,
            hand_over: Some(hand_over),
        };
        let slip = slip::slip(&closed, &state.names, &state.people, &state.receipts);
        let job = PrintJob::new(CommandId::from(shift.shift), "", slip, None).job(moment, self.who.till);
        Ok(Decided::nothing().draft(COUNT, &bill::key(self.who.till), None).fact(&closed).job(job))
    }
}

/// The held bills of a till, with what they come to.
fn held(db: &dyn Read, till: u16, house: &House) -> Result<Vec<HandedOn>, Fault> {
    let mine = bill::all_held(db)?.into_iter().filter(|held| held.bill.till == till);
    let named = |held: bill::Held| HandedOn {
        bill: held.bill.id,
        lines: held.bill.lines.len() as u16,
        total: price(&priced::bill(&held.bill, house), RoundOff::NONE).map_or(Money::ZERO, |priced| priced.due),
        label: held.label,
        cashier: held.cashier,
    };
    Ok(mine.map(named).collect())
}

/// What each cashier sold in a shift; nobody where it was one alone.
fn cashiers(db: &dyn Read, shift: &Begun, branch: BranchId) -> Result<Vec<CashierSum>, Fault> {
    // Who sold how much at this drawer in this shift?
    let sql = "select cashier, count(*), cast(sum(due) as bigint) from receipt
               where branch = ?1 and at_ms >= ?2 and shift = ?3 and slip = 1 group by cashier order by min(at_ms), cashier";
    let rows = db.rows(sql, &[branch.into(), shift.opened_ms.into(), shift.shift.into()])?;
    let sum = |row: &crate::journal::Row| CashierSum {
        cashier: StaffId(row.raw(0)),
        bills: u32::try_from(row.int(1)).unwrap_or(u32::MAX),
        amount: Money::from_minor(row.int(2)),
    };
    Ok(if rows.len() > 1 { rows.iter().map(sum).collect() } else { Vec::new() })
}

/// Names of people, each once.
///
/// # Errors
/// A fault of the store.
pub fn people(db: &dyn Read, ids: impl Iterator<Item = StaffId>) -> Result<Vec<(StaffId, String)>, Fault> {
    let ids: std::collections::BTreeSet<StaffId> = ids.collect();
    let named =
        |id: StaffId| Ok((id, staff::person(db, id)?.map_or_else(String::new, |person| format!("{} {}", person.name, person.code))));
    ids.into_iter().map(named).collect()
}

/// Cash that should lie in the drawer: float + sales + top-ups, packages and cards − refunds and what was paid out to members + in − out − handed in.
///
/// # Errors
/// An amount out of range.
pub fn expected(figures: &[Counted]) -> Result<Money, Refusal> {
    let cash = |figure, tender| amount(figures, figure, tender);
    let plus = [cash(Figure::Float, ""), cash(Figure::Sales, CASH), paid_ahead(figures, CASH), cash(Figure::PaidIn, "")];
    let minus = [cash(Figure::Refunds, CASH), cash(Figure::PaidOut, ""), cash(Figure::HandIns, ""), paid_out(figures, CASH)];
    Ok(Money::sum(plus)?.minus(Money::sum(minus)?)?)
}

/// What members paid ahead by a tender, no sales: top-ups, packages, fees and deposits of cards.
pub fn paid_ahead(figures: &[Counted], tender: &str) -> Money {
    added(figures, &[Figure::TopUps, Figure::Packages, Figure::Cards], tender)
}

/// What members were paid out by a tender, no returns: stored value, deposits, packages.
pub fn paid_out(figures: &[Counted], tender: &str) -> Money {
    added(figures, &[Figure::Withdrawals, Figure::PackageRefunds], tender)
}

fn added(figures: &[Counted], wanted: &[Figure], tender: &str) -> Money {
    let mine = figures.iter().filter(|counted| wanted.contains(&counted.figure) && counted.tender == tender);
    Money::from_minor(mine.map(|counted| counted.amount.minor()).sum())
}

/// The amount of one figure and tender.
pub fn amount(figures: &[Counted], figure: Figure, tender: &str) -> Money {
    let found = figures.iter().find(|counted| counted.figure == figure && counted.tender == tender);
    found.map_or(Money::ZERO, |counted| counted.amount)
}

/// How often a figure was counted, over all tenders.
pub fn times(figures: &[Counted], figure: Figure) -> i64 {
    figures.iter().filter(|counted| counted.figure == figure).map(|counted| counted.count).sum()
}

/// First and last receipt number of a shift; empty if it had none.
///
/// # Errors
/// A fault of the store.
pub fn receipts(db: &dyn Read, shift: crate::base::ShiftId, branch: BranchId, from_ms: i64) -> Result<(String, String), Fault> {
    // Which receipt of this shift was the first, which the last?
    let first = "select receipt_no from receipt where branch = ?1 and at_ms >= ?2 and shift = ?3 order by at_ms limit 1";
    let last = "select receipt_no from receipt where branch = ?1 and at_ms >= ?2 and shift = ?3 order by at_ms desc limit 1";
    let mut ends = [String::new(), String::new()];
    for (end, sql) in ends.iter_mut().zip([first, last]) {
        *end = db.row(sql, &[branch.into(), from_ms.into(), shift.into()])?.map_or(String::new(), |row| row.text(0).into());
    }
    let [first, last] = ends;
    Ok((first, last))
}
