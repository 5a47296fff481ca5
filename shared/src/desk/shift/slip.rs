//! The slip of a closed shift, from its fact alone and the names of people: the same whenever it is printed again.
use super::close::{amount, paid_ahead, paid_out, times};
use crate::base::{BusinessDay, Money, StaffId};
use crate::desk::slips::Names;
use crate::facts::corrections::is_money;
use crate::facts::days::DayClosed;
use crate::facts::sales::{CASH, VALUE};
use crate::facts::shifts::{Counted, DrawerCount, Figure, ShiftClosed};
use crate::sales::receipt::paper::PaperLine;
use crate::sales::receipt::shift::{CashAccount, HandedOver, ShiftEvents, ShiftSlip, TenderCount};
use crate::sales::receipt::words::Word;
use crate::sales::receipt::{Slip, time_said};

fn total(figures: &[Counted], figure: Figure, wanted: impl Fn(&str) -> bool) -> Money {
    let mine = figures.iter().filter(|counted| counted.figure == figure && wanted(&counted.tender));
    Money::from_minor(mine.map(|counted| counted.amount.minor()).sum())
}

/// The slip of a day that ended: the blocks of a shift, summed over all of them.
pub fn of_day(closed: &DayClosed, names: &Names) -> Slip {
    let receipts = (closed.first_receipt.clone(), closed.last_receipt.clone());
    Slip::Shift(ShiftSlip { day_of: Some(closed.shifts), ..blocks(&closed.as_shift(), names, &[], &receipts) })
}

/// The slip of a closed shift.
pub fn slip(closed: &ShiftClosed, names: &Names, people: &[(StaffId, String)], receipts: &(String, String)) -> Slip {
    Slip::Shift(blocks(closed, names, people, receipts))
}

fn blocks(closed: &ShiftClosed, names: &Names, people: &[(StaffId, String)], (first, last): &(String, String)) -> ShiftSlip {
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
    ShiftSlip {
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
        handed_over: handed_over(closed, names, people),
        day_of: None,
        head_hash: closed.head_hash[..8].iter().map(|byte| format!("{byte:02x}")).collect(),
    }
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
        handed_in: Some(figure(Figure::HandIns, "")).filter(|handed| !handed.is_zero()),
        expected: closed.expected,
        counted: closed.counted,
    }
}

/// Everybody whom the slip names beside its cashier.
pub fn named(closed: &ShiftClosed) -> impl Iterator<Item = StaffId> + '_ {
    let over = closed.hand_over.iter();
    let people = over.flat_map(|over| {
        let held = over.handed_on.iter().map(|held| held.cashier);
        over.cashiers.iter().map(|sum| sum.cashier).chain(held).chain([over.of])
    });
    people.chain(closed.at.allowed_by)
}

/// The people, counts and held bills behind the figures.
fn handed_over(closed: &ShiftClosed, names: &Names, people: &[(StaffId, String)]) -> Option<HandedOver> {
    let of = closed.hand_over.as_ref()?;
    let name = |id: StaffId| people.iter().find(|(one, _)| *one == id).map_or_else(String::new, |(_, name)| name.clone());
    let word = |word: Word| word.said(names.language);
    let line = |label: String, text: String| PaperLine { label, text };
    let mut counting: Vec<PaperLine> = Vec::new();
    if of.counts.len() > 1 {
        let count = |(n, count): (usize, &DrawerCount)| line(format!("{} {n}", word(Word::CountNo)), count.counted.to_string());
        counting.extend((1..).zip(&of.counts).map(count));
    }
    for one in of.counts.last().into_iter().flat_map(|count| &count.pieces).filter(|one| one.pieces > 0) {
        let worth = Money::from_minor(one.face.minor().saturating_mul(one.pieces.into()));
        counting.push(line(format!("{} x {}", one.face, one.pieces), worth.to_string()));
    }
    let held = of.handed_on.iter().map(|held| {
        let label = if held.label.is_empty() { name(held.cashier) } else { format!("{} {}", held.label, name(held.cashier)) };
        line(format!("{label} x{}", held.lines), held.total.to_string())
    });
    let cashier = |sum: &crate::facts::shifts::CashierSum| {
        line(format!("{} {} {}", name(sum.cashier), sum.bills, word(Word::Bills)), sum.amount.to_string())
    };
    Some(HandedOver {
        counting,
        held: held.collect(),
        cashiers: of.cashiers.iter().map(cashier).collect(),
        closed_for: Some(name(of.of)).filter(|_| of.of != closed.at.by),
        beside: closed.at.allowed_by.map(name),
    })
}
