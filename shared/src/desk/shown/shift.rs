//! The open shift without takings, and the Z of a closed one.
use super::done::{PrintState, print_state};
use super::{Person, Viewer, person, tender_names};
use crate::base::{CommandId, Money, ShiftId};
use crate::desk::bill::{self, priced::House};
use crate::desk::shift::close::{amount, paid_ahead, paid_out, times};
use crate::desk::{find, print, shift};
use crate::facts::sales::{CASH, VALUE};
use crate::facts::shifts::{Figure, ShiftClosed};
use crate::journal::{Fault, Read};
use crate::shifts::figures;
use serde::Serialize;
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
    pub moves: Vec<Moved>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ZCash {
    pub float: Money,
    pub sales: Money,
    pub top_ups: Money,
    pub refunds: Money,
    pub paid_in: Money,
    pub paid_out: Money,
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
    Ok(Some(Shift {
        id: begun.shift.to_string(),
        number: begun.number,
        opened_ms: begun.opened_ms,
        business_day: begun.day,
        cashier: person(db, begun.cashier)?,
        float: begun.float,
        bills: times(&figures::of(db, begun.shift)?, Figure::Bills),
        held: bill::all_held(db)?.len(),
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
        head_seq: closed.head_seq,
        head_hash: closed.head_hash.iter().map(|byte| format!("{byte:02x}")).collect(),
        print: print_state(db, print::job_of(command))?,
    }))
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
