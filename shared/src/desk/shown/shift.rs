//! The open shift without takings, and the Z of a closed one.
use super::done::{PrintState, print_state};
use super::{Person, Viewer, person, tender_names};
use crate::base::{CommandId, Money, ShiftId};
use crate::desk::bill::{self, priced::House};
use crate::desk::shift::close::{amount, paid_ahead, paid_out, times};
use crate::desk::shift::count::counting;
use crate::desk::{find, print, shift};
use crate::facts::sales::{CASH, VALUE};
use crate::facts::shifts::{CashierSum, DrawerCount, Figure, HandedOn, ShiftClosed};
use crate::journal::{Fault, Read};
use crate::shifts::figures;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Moved {
    /// `in` or `out`.
    pub direction: String,
    pub amount: Money,
    pub reason: String,
    pub at_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Shift {
    pub id: String,
    pub number: u32,
    pub opened_ms: i64,
    pub business_day: u32,
    pub cashier: Person,
    pub float: Money,
    pub bills: i64,
    pub held: usize,
    /// Held at this till: what closing it hands on.
    pub held_here: usize,
    pub moves: Vec<Moved>,
    /// Counts of the drawer so far, in their order.
    pub counts: Vec<ZCount>,
}

/// Notes or coins of one face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Pieces)]
pub struct ZPieces {
    pub face: Money,
    pub pieces: u32,
}

/// One count, with what should have lain there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ZCount {
    pub counted: Money,
    pub expected: Money,
    pub at_ms: i64,
    pub pieces: Vec<ZPieces>,
}

/// A held bill that goes to whoever takes over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ZHeld {
    pub bill: String,
    pub label: String,
    pub lines: u16,
    pub total: Money,
    pub cashier: Person,
}

/// What one of several cashiers sold at the drawer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ZCashier {
    pub cashier: Person,
    pub bills: u32,
    pub amount: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ZCash {
    pub float: Money,
    pub sales: Money,
    pub top_ups: Money,
    pub refunds: Money,
    pub paid_in: Money,
    pub paid_out: Money,
    pub handed_in: Money,
    pub expected: Money,
    pub counted: Money,
    /// Over above zero, short below.
    pub over_short: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ZTender {
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub count: i64,
    pub amount: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ZTopUp {
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub count: i64,
    pub amount: Money,
    pub bonus: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ZValue {
    pub count: i64,
    pub principal: Money,
    pub bonus: Money,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ZGiven {
    pub discounts: Money,
    pub free: Money,
    pub rounding: Money,
    /// The part of it that was taken off by hand.
    pub off_by_hand: Money,
    pub voids: i64,
    pub removed_lines: i64,
    pub refunds_count: i64,
    pub refunds: Money,
    pub drawer_openings: i64,
    pub reprints: i64,
    pub overrides: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Z {
    pub shift: String,
    pub number: u32,
    pub business_day: u32,
    pub opened_ms: i64,
    pub closed_ms: i64,
    pub cashier: Person,
    pub cash: ZCash,
    pub tenders: Vec<ZTender>,
    pub value: ZValue,
    pub top_ups: Vec<ZTopUp>,
    pub given: ZGiven,
    /// Whose shift it was, where another closed it.
    #[schema(required)]
    pub closed_for: Option<Person>,
    /// Who stood beside.
    #[schema(required)]
    pub beside: Option<Person>,
    pub counts: Vec<ZCount>,
    pub handed_on: Vec<ZHeld>,
    pub cashiers: Vec<ZCashier>,
    pub head_seq: u64,
    pub head_hash: String,
    pub print: PrintState,
}

/// The open shift of the till.
///
/// # Errors
/// A fault of the store.
pub fn current(db: &dyn Read, viewer: &Viewer) -> Result<Option<Shift>, Fault> {
    let Some(branch) = viewer.branch else { return Ok(None) };
    let Some(begun) = shift::current(db, branch, viewer.till, viewer.here)? else { return Ok(None) };
    // What was moved into and out of this drawer?
    let moves =
        db.rows("select amount, reason, at_ms from cash_move where shift = ?1 order by at_ms, id limit 100", &[begun.shift.into()])?;
    let moved = |row: &crate::journal::Row| Moved {
        direction: if row.int(0) < 0 { "out" } else { "in" }.into(),
        amount: Money::from_minor(row.int(0).saturating_abs()),
        reason: row.text(1).into(),
        at_ms: row.int(2),
    };
    let held = bill::all_held(db)?;
    Ok(Some(Shift {
        id: begun.shift.to_string(),
        number: begun.number,
        opened_ms: begun.opened_ms,
        business_day: begun.day,
        cashier: person(db, begun.cashier)?,
        float: begun.float,
        bills: times(&figures::of(db, begun.shift)?, Figure::Bills),
        held: held.len(),
        held_here: held.iter().filter(|held| held.bill.till == viewer.till).count(),
        counts: counting(db, viewer.till, begun.shift)?.iter().map(count).collect(),
        moves: moves.iter().map(moved).collect(),
    }))
}

/// The Z of the shift of this till that was closed last.
///
/// # Errors
/// A fault of the store.
pub fn last(db: &dyn Read, viewer: &Viewer) -> Result<Option<Z>, Fault> {
    let Some(branch) = viewer.branch else { return Ok(None) };
    match shift::last_closed(db, branch, viewer.till)? {
        Some(shift) => z(db, shift),
        None => Ok(None),
    }
}

/// The Z of a closed shift; none while it is open or unknown.
///
/// # Errors
/// A fault of the store.
pub fn z(db: &dyn Read, shift: ShiftId) -> Result<Option<Z>, Fault> {
    let Some(closed) = find::closed(db, shift)? else { return Ok(None) };
    let house = House::load(db, Some(closed.at.branch))?;
    // Which command closed this shift?
    let sql = "select e.command from shift_end s join entry e on e.stream = s.stream and e.seq = s.seq where s.shift = ?1";
    let command = db.row(sql, &[shift.into()])?.map_or(CommandId([0; 16]), |row| CommandId(row.raw(0)));
    let over = closed.hand_over.as_ref();
    Ok(Some(Z {
        shift: shift.to_string(),
        number: closed.number,
        business_day: closed.at.day,
        opened_ms: closed.opened_ms,
        closed_ms: closed.at.at_ms,
        cashier: person(db, closed.at.by)?,
        cash: cash(&closed),
        tenders: tenders(&closed, &house),
        value: value(&closed),
        top_ups: top_ups(&closed, &house),
        given: given(&closed),
        closed_for: over.filter(|over| over.of != closed.at.by).map(|over| person(db, over.of)).transpose()?,
        beside: closed.at.allowed_by.map(|id| person(db, id)).transpose()?,
        counts: over.map_or(Vec::new(), |over| over.counts.iter().map(count).collect()),
        handed_on: over.map_or(Ok(Vec::new()), |over| over.handed_on.iter().map(|held| handed_on(db, held)).collect())?,
        cashiers: over.map_or(Ok(Vec::new()), |over| over.cashiers.iter().map(|sum| cashier(db, sum)).collect())?,
        head_seq: closed.head_seq,
        head_hash: closed.head_hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        print: print_state(db, print::job_of(command))?,
    }))
}

fn count(count: &DrawerCount) -> ZCount {
    let pieces = count.pieces.iter().map(|one| ZPieces { face: one.face, pieces: one.pieces }).collect();
    ZCount { counted: count.counted, expected: count.expected, at_ms: count.at_ms, pieces }
}

fn handed_on(db: &dyn Read, held: &HandedOn) -> Result<ZHeld, Fault> {
    let cashier = person(db, held.cashier)?;
    Ok(ZHeld { bill: held.bill.to_string(), label: held.label.clone(), lines: held.lines, total: held.total, cashier })
}

fn cashier(db: &dyn Read, sum: &CashierSum) -> Result<ZCashier, Fault> {
    Ok(ZCashier { cashier: person(db, sum.cashier)?, bills: sum.bills, amount: sum.amount })
}

fn cash(closed: &ShiftClosed) -> ZCash {
    let figure = |figure, tender| amount(&closed.figures, figure, tender);
    ZCash {
        float: figure(Figure::Float, ""),
        sales: figure(Figure::Sales, CASH),
        top_ups: paid_ahead(&closed.figures, CASH),
        refunds: figure(Figure::Refunds, CASH),
        paid_in: figure(Figure::PaidIn, ""),
        paid_out: Money::from_minor(figure(Figure::PaidOut, "").minor() + paid_out(&closed.figures, CASH).minor()),
        handed_in: figure(Figure::HandIns, ""),
        expected: closed.expected,
        counted: closed.counted,
        over_short: Money::from_minor(closed.over_short_minor()),
    }
}

fn tenders(closed: &ShiftClosed, house: &House) -> Vec<ZTender> {
    let mine = closed.figures.iter().filter(|counted| counted.figure == Figure::Sales && counted.tender != VALUE);
    mine.map(|counted| {
        let (name, name_en) = tender_names(house, &counted.tender);
        ZTender { code: counted.tender.clone(), name, name_en, count: counted.count, amount: counted.amount }
    })
    .collect()
}

fn top_ups(closed: &ShiftClosed, house: &House) -> Vec<ZTopUp> {
    let mine = closed.figures.iter().filter(|counted| counted.figure == Figure::TopUps);
    mine.map(|counted| {
        let (name, name_en) = tender_names(house, &counted.tender);
        ZTopUp { code: counted.tender.clone(), name, name_en, count: counted.count, amount: counted.amount, bonus: counted.more }
    })
    .collect()
}

fn value(closed: &ShiftClosed) -> ZValue {
    let spent = closed.figures.iter().find(|counted| counted.figure == Figure::Sales && counted.tender == VALUE);
    let (count, amount, bonus) = spent.map_or((0, 0, 0), |counted| (counted.count, counted.amount.minor(), counted.more.minor()));
    ZValue { count, principal: Money::from_minor(amount - bonus), bonus: Money::from_minor(bonus) }
}

fn given(closed: &ShiftClosed) -> ZGiven {
    let (figure, times) = (|figure| amount(&closed.figures, figure, ""), |figure| times(&closed.figures, figure));
    ZGiven {
        discounts: figure(Figure::Discounts),
        free: figure(Figure::Free),
        rounding: figure(Figure::Rounding),
        off_by_hand: figure(Figure::OffByHand),
        voids: times(Figure::Voids),
        removed_lines: times(Figure::RemovedLines),
        refunds_count: times(Figure::Returns),
        refunds: figure(Figure::Returns),
        drawer_openings: times(Figure::DrawerOpenings),
        reprints: times(Figure::Reprints),
        overrides: times(Figure::Overrides),
    }
}
