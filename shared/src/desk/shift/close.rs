//! Closes a shift: the count is made blind, the difference is told afterwards. Closed or open, never half: one fact with the whole Z.
//! Refusals, in order: NoShift, BillOpen, HeldBills, BadAmount.
use super::Begun;
use crate::base::{BranchId, BusinessDay, CommandId, Money};
use crate::desk::bill::{self, priced::House};
use crate::desk::print::PrintJob;
use crate::desk::slips::Names;
use crate::desk::till::Who;
use crate::facts::corrections::is_money;
use crate::facts::sales::{CASH, VALUE};
use crate::facts::shifts::{Counted, Figure, ShiftClosed};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::receipt::shift::{CashAccount, ShiftEvents, ShiftSlip, TenderCount};
use crate::sales::receipt::words::Word;
use crate::sales::receipt::{Slip, time_said};
use crate::shifts::figures;
use crate::store::writer::stream_head;

/// Closes the open shift of the till.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseShift {
    pub who: Who,
    /// Cash counted in the drawer.
    pub counted: Money,
    pub note: String,
}

/// The shift with its figures, what still keeps it open, and the head of the stream.
pub struct State {
    pub shift: Option<Begun>,
    pub figures: Vec<Counted>,
    pub bill_open: bool,
    pub held: u32,
    pub head: (u64, [u8; 32]),
    pub names: Names,
    /// First and last receipt number of the shift.
    pub receipts: (String, String),
}

impl Command for CloseShift {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Shift);

    fn content(&self) -> Vec<u8> {
        encoded(&(32_u8, self.counted, self.note.as_str()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let branch = moment.branch.unwrap_or(BranchId([0; 16]));
        let shift = super::current(db, branch, self.who.till, moment.here)?;
        let figures = shift.map_or(Ok(Vec::new()), |shift| figures::of(db, shift.shift))?;
        let house = House::load(db, moment.branch)?;
        let open = bill::open(db, self.who.till)?;
        let held = bill::all_held(db)?.iter().filter(|held| held.bill.till == self.who.till).count();
        let head = stream_head(db, moment.here)?.map_or((0, [0; 32]), |head| (head.seq, head.hash));
        let names = Names::load(db, &house, self.who.language, self.who.staff)?;
        let receipts = match shift {
            Some(shift) => receipts(db, shift.shift, branch, shift.opened_ms)?,
            None => Default::default(),
        };
        Ok(State { shift, figures, bill_open: open.is_some_and(|bill| !bill.lines.is_empty()), held: held as u32, head, names, receipts })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let shift = state.shift.ok_or(Refusal::NoShift)?;
        if state.bill_open {
            return Err(Refusal::BillOpen);
        }
        if state.held > 0 {
            return Err(Refusal::HeldBills { count: state.held });
        }
        if self.counted.is_negative() {
            return Err(Refusal::BadAmount);
        }
        let closed = ShiftClosed {
            shift: shift.shift,
            at: self.who.occasion(moment, self.who.lent(Right::Shift)),
            number: shift.number,
            opened_ms: shift.opened_ms,
            expected: expected(&state.figures)?,
            counted: self.counted,
            note: self.note.clone(),
            figures: state.figures.clone(),
            head_seq: state.head.0,
            head_hash: state.head.1,
        };
        let slip = slip(&closed, &state.names, &state.receipts);
        let job = PrintJob::new(CommandId::from(shift.shift), "", slip, None).job(moment, self.who.till);
        Ok(Decided::nothing().fact(&closed).job(job))
    }
}

/// Cash that should lie in the drawer: float + sales + top-ups, packages and cards − refunds and what was paid out to members + in − out.
///
/// # Errors
/// An amount out of range.
pub fn expected(figures: &[Counted]) -> Result<Money, Refusal> {
    let cash = |figure, tender| amount(figures, figure, tender);
    let plus = [cash(Figure::Float, ""), cash(Figure::Sales, CASH), paid_ahead(figures, CASH), cash(Figure::PaidIn, "")];
    let minus = [cash(Figure::Refunds, CASH), cash(Figure::PaidOut, ""), paid_out(figures, CASH)];
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

fn total(figures: &[Counted], figure: Figure, wanted: impl Fn(&str) -> bool) -> Money {
    let mine = figures.iter().filter(|counted| counted.figure == figure && wanted(&counted.tender));
    Money::from_minor(mine.map(|counted| counted.amount.minor()).sum())
}

/// The slip of a closed shift.
pub fn slip(closed: &ShiftClosed, names: &Names, (first, last): &(String, String)) -> Slip {
    let figures = &closed.figures;
    let named = |counted: &Counted| {
        let kind = match counted.figure {
            Figure::Packages => Word::Packages,
            Figure::Cards => Word::CardMoney,
            _ => return names.tender(&counted.tender),
        };
        format!("{} {}", kind.said(names.language), names.tender(&counted.tender))
    };
    let counts = |figure: Figure, with_cash: bool| {
        let mine = figures
            .iter()
            .filter(move |counted| counted.figure == figure && counted.tender != VALUE && (with_cash || counted.tender != CASH));
        let count = |counted: &Counted| TenderCount { name: named(counted), bills: counted.count as u32, amount: counted.amount };
        mine.map(count).collect::<Vec<TenderCount>>()
    };
    let value = |figure| figures.iter().find(|counted| counted.figure == figure && counted.tender == VALUE);
    let spent = value(Figure::Sales).map_or((0, 0), |counted| (counted.amount.minor(), counted.more.minor()));
    let back = value(Figure::Refunds).map_or((0, 0), |counted| (counted.amount.minor(), counted.more.minor()));
    // Points are a tender and no money.
    let money_of = |figure| total(figures, figure, is_money).minor();
    let received = [Figure::Sales, Figure::TopUps, Figure::Packages, Figure::Cards].map(money_of).iter().sum::<i64>()
        - [Figure::Refunds, Figure::Withdrawals, Figure::PackageRefunds].map(money_of).iter().sum::<i64>();
    let turnover = amount(figures, Figure::Bills, "").minor() - amount(figures, Figure::Returns, "").minor();
    let times = |figure| times(figures, figure) as u32;
    Slip::Shift(ShiftSlip {
        head: names.head(&closed.at, ""),
        number: closed.number.to_string(),
        business_day: BusinessDay(closed.at.day),
        opened: time_said(closed.opened_ms, names.zone_minutes),
        closed: time_said(closed.at.at_ms, names.zone_minutes),
        cash: cash(closed),
        tenders: counts(Figure::Sales, false),
        value_principal: Money::from_minor(spent.0 - spent.1 - back.0 + back.1),
        value_bonus: Money::from_minor(spent.1 - back.1),
        top_ups: [Figure::TopUps, Figure::Packages, Figure::Cards].into_iter().flat_map(|figure| counts(figure, true)).collect(),
        turnover: Money::from_minor(turnover),
        received: Money::from_minor(received),
        discounts: amount(figures, Figure::Discounts, ""),
        rounding: amount(figures, Figure::Rounding, ""),
        events: ShiftEvents {
            gifts: times(Figure::Free),
            voided_bills: times(Figure::Voids),
            removed_lines: times(Figure::RemovedLines),
            refunds: times(Figure::Returns),
            drawer_openings: times(Figure::DrawerOpenings),
            reprints: times(Figure::Reprints),
            overrides: times(Figure::Overrides),
        },
        first_receipt: first.clone(),
        last_receipt: last.clone(),
        off_by_hand: Some(amount(figures, Figure::OffByHand, "")).filter(|off| !off.is_zero()),
        head_hash: closed.head_hash[..8].iter().map(|byte| format!("{byte:02x}")).collect(),
    })
}

fn cash(closed: &ShiftClosed) -> CashAccount {
    let figure = |figure, tender| amount(&closed.figures, figure, tender);
    CashAccount {
        float: figure(Figure::Float, ""),
        sales: figure(Figure::Sales, CASH),
        top_ups: paid_ahead(&closed.figures, CASH),
        refunds: figure(Figure::Refunds, CASH),
        cash_in: figure(Figure::PaidIn, ""),
        cash_out: Money::from_minor(figure(Figure::PaidOut, "").minor() + paid_out(&closed.figures, CASH).minor()),
        expected: closed.expected,
        counted: closed.counted,
    }
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
