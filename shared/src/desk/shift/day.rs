//! Ends a business day of the branch (日结): every shift of it is closed (J7 waits and says 未交班), and whatever happens afterwards
//! belongs to the next day. Refusals, in order: NotSound (a day still to come), DayIsClosed, NoShift, ShiftsOpen.
use super::{close, slip};
use crate::base::{BranchId, BusinessDay, Money, ShiftId};
use crate::branches::{self, HOUSE_ZONE};
use crate::desk::bill::priced::House;
use crate::desk::print::PrintJob;
use crate::desk::slips::Names;
use crate::desk::till::Who;
use crate::facts::days::DayClosed;
use crate::facts::shifts::{Counted, Figure};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right, Row};
use crate::shifts::figures;
use crate::store::writer::stream_head;
use std::collections::BTreeMap;

/// Ends a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseDay {
    pub who: Who,
    pub day: u32,
}

/// A shift of a day, as its end needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftOfDay {
    pub shift: ShiftId,
    pub till: u16,
    pub opened_ms: i64,
    pub cashier: String,
    /// None: open still.
    pub ended: Option<Ended>,
}

/// What a closed shift expected and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    pub expected: Money,
    pub counted: Money,
}

pub struct State {
    pub today: BusinessDay,
    pub closed: bool,
    pub shifts: Vec<ShiftOfDay>,
    pub figures: Vec<Counted>,
    pub receipts: (String, String),
    pub head: (u64, [u8; 32]),
    pub names: Names,
}

impl Command for CloseDay {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::DayEnd);

    fn content(&self) -> Vec<u8> {
        encoded(&(35_u8, self.day))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let branch = moment.branch.unwrap_or(BranchId([0; 16]));
        let house = House::load(db, moment.branch)?;
        let zone = branches::branch(db, branch)?.map_or(HOUSE_ZONE, |branch| branch.zone);
        let shifts = shifts(db, branch, self.day)?;
        Ok(State {
            today: BusinessDay::at(moment.now_ms, zone),
            closed: is_closed(db, branch, self.day)?,
            figures: summed(db, &shifts)?,
            receipts: receipts(db, branch, &shifts)?,
            head: stream_head(db, moment.here)?.map_or((0, [0; 32]), |head| (head.seq, head.hash)),
            names: Names::load(db, &house, self.who.language, self.who.staff)?,
            shifts,
        })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        if self.day > state.today.0 {
            return Err(Refusal::NotSound { field: "day".into(), why: "to_come".into() });
        }
        if state.closed {
            return Err(Refusal::DayIsClosed { day: self.day });
        }
        let opened_ms = state.shifts.iter().map(|shift| shift.opened_ms).min().ok_or(Refusal::NoShift)?;
        let open: Vec<&str> = state.shifts.iter().filter(|shift| shift.ended.is_none()).map(|shift| shift.cashier.as_str()).collect();
        if !open.is_empty() {
            return Err(Refusal::ShiftsOpen { count: open.len() as u32, cashiers: open.join(", ") });
        }
        let ended = |of: fn(&Ended) -> Money| Money::sum(state.shifts.iter().filter_map(|shift| shift.ended.as_ref()).map(of));
        let closed = DayClosed {
            day: self.day,
            at: self.who.occasion(moment, self.who.lent(Right::DayEnd)),
            shifts: state.shifts.len() as u32,
            opened_ms,
            expected: ended(|ended| ended.expected)?,
            counted: ended(|ended| ended.counted)?,
            figures: state.figures.clone(),
            first_receipt: state.receipts.0.clone(),
            last_receipt: state.receipts.1.clone(),
            head_seq: state.head.0,
            head_hash: state.head.1,
        };
        let job = PrintJob::new(moment.command, "", slip::of_day(&closed, &state.names), None).job(moment, self.who.till);
        Ok(Decided::nothing().fact(&closed).job(job))
    }
}

/// Whether a day of a branch ended.
///
/// # Errors
/// A fault of the store.
pub fn is_closed(db: &dyn Read, branch: BranchId, day: u32) -> Result<bool, Fault> {
    // Did this day of this branch end?
    Ok(db.row("select closed_ms from day_end where branch = ?1 and day = ?2 limit 1", &[branch.into(), day.into()])?.is_some())
}

/// The shifts of a day, in the order in which they began.
///
/// # Errors
/// A fault of the store.
pub fn shifts(db: &dyn Read, branch: BranchId, day: u32) -> Result<Vec<ShiftOfDay>, Fault> {
    // Which shifts had this day at this branch, and how did they end?
    let sql = "select s.shift, s.till, s.opened_ms, coalesce(p.name, ''), e.expected, e.counted, coalesce(e.closed_ms, 0)
               from shift s left join shift_end e on e.shift = s.shift left join staff p on p.staff = s.cashier
               where s.branch = ?1 and s.day = ?2 order by s.opened_ms, s.shift";
    let shift = |row: &Row| ShiftOfDay {
        shift: ShiftId(row.raw(0)),
        till: row.int(1) as u16,
        opened_ms: row.int(2),
        cashier: row.text(3).into(),
        ended: (row.int(6) != 0).then(|| Ended { expected: Money::from_minor(row.int(4)), counted: Money::from_minor(row.int(5)) }),
    };
    Ok(db.rows(sql, &[branch.into(), day.into()])?.iter().map(shift).collect())
}

/// The figures of several shifts, added.
fn summed(db: &dyn Read, shifts: &[ShiftOfDay]) -> Result<Vec<Counted>, Fault> {
    let mut sums: BTreeMap<(Figure, String), (i64, i64, i64)> = BTreeMap::new();
    for shift in shifts {
        for counted in figures::of(db, shift.shift)? {
            let sum = sums.entry((counted.figure, counted.tender)).or_default();
            let more = (counted.count, counted.amount.minor(), counted.more.minor());
            *sum = (sum.0.saturating_add(more.0), sum.1.saturating_add(more.1), sum.2.saturating_add(more.2));
        }
    }
    let counted = |((figure, tender), (count, amount, more))| Counted {
        figure,
        tender,
        count,
        amount: Money::from_minor(amount),
        more: Money::from_minor(more),
    };
    Ok(sums.into_iter().map(counted).collect())
}

/// First receipt of the first shift that had one, last of the last.
fn receipts(db: &dyn Read, branch: BranchId, shifts: &[ShiftOfDay]) -> Result<(String, String), Fault> {
    let mut ends = (String::new(), String::new());
    for shift in shifts {
        let (first, last) = close::receipts(db, shift.shift, branch, shift.opened_ms)?;
        if ends.0.is_empty() {
            ends.0 = first;
        }
        if !last.is_empty() {
            ends.1 = last;
        }
    }
    Ok(ends)
}
