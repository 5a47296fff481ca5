//! The figures of a shift's Z, summed by shift, figure and tender.
use crate::base::{Money, ShiftId};
use crate::facts::bills::{BillVoided, DrawerOpened, LineRemoved, Overridden, Reprinted};
use crate::facts::cards::{CardIssued, Withdrawn};
use crate::facts::corrections::{ReturnedWithout, TenderCorrected, TopUpReversed};
use crate::facts::days::HandedIn;
use crate::facts::gifts::{PointsRedeemed, RedemptionCancelled};
use crate::facts::members::ToppedUp;
use crate::facts::packages::{PackageExtended, PackageRefunded, PackageSold};
use crate::facts::sales::{Occasion, Paid, Priced, Returned, Sold};
use crate::facts::shifts::{CashMoved, Counted, Figure, ShiftOpened};
use crate::journal::{Fault, Head, Read};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// One figure of one shift; amounts in minor units.
    72, SHIFT_SUM, "shift_sum", Sum, First, Both, v 1,
    [shift Blob, figure Int, tender Text],
    [count Int, amount Int, more Int]
}

/// Adds to a figure of the shift of an occasion; nothing where there is no shift.
pub fn put(at: &Occasion, figure: Figure, tender: &str, amount: i64, more: i64, rows: &mut Rows) {
    add(at.shift, figure, tender, 1, amount, more, rows);
}

fn add(shift: Option<ShiftId>, figure: Figure, tender: &str, count: i64, amount: i64, more: i64, rows: &mut Rows) {
    if let Some(shift) = shift {
        rows.put(&SHIFT_SUM, row![shift, figure as u8, tender, count, amount, more]);
    }
}

/// The figures of a shift as folded so far, in their order.
///
/// # Errors
/// A fault of the store.
pub fn of(db: &dyn Read, shift: ShiftId) -> Result<Vec<Counted>, Fault> {
    // What did this shift take, give and do?
    let sql = "select figure, tender, count, amount, more from shift_sum where shift = ?1 order by figure, tender";
    let counted = |row: &crate::journal::Row| {
        Some(Counted {
            figure: Figure::from_number(row.int(0))?,
            tender: row.text(1).into(),
            count: row.int(2),
            amount: Money::from_minor(row.int(3)),
            more: Money::from_minor(row.int(4)),
        })
    };
    Ok(db.rows(sql, &[shift.into()])?.iter().filter_map(counted).collect())
}

pub fn sold(sold: &Sold, _: &Head, rows: &mut Rows) {
    put(&sold.at, Figure::Bills, "", sold.due.minor(), 0, rows);
    tenders(&sold.at, Figure::Sales, &sold.tenders, rows);
    let free = sold.lines.iter().filter(|line| line.priced == Priced::Free);
    let (count, worth) = free.fold((0, 0), |(count, worth), line| (count + 1, worth + line.gross.minor()));
    if count > 0 {
        add(sold.at.shift, Figure::Free, "", count, worth, 0, rows);
    }
    if sold.discount.minor() != worth {
        put(&sold.at, Figure::Discounts, "", sold.discount.minor() - worth, 0, rows);
    }
    if !sold.rounding.is_zero() {
        put(&sold.at, Figure::Rounding, "", sold.rounding.minor(), 0, rows);
    }
    if let Some(off) = sold.off_by_hand {
        put(&sold.at, Figure::OffByHand, "", off.minor(), 0, rows);
    }
}

pub fn returned(returned: &Returned, _: &Head, rows: &mut Rows) {
    put(&returned.at, Figure::Returns, "", returned.paid_back.minor(), 0, rows);
    tenders(&returned.at, Figure::Refunds, &returned.tenders, rows);
}

pub fn topped_up(topped: &ToppedUp, _: &Head, rows: &mut Rows) {
    add(Some(topped.shift), Figure::TopUps, &topped.tender, 1, topped.principal, topped.bonus, rows);
}

/// The count of bills by tender follows the tender that it truly was (A15).
pub fn tender_corrected(corrected: &TenderCorrected, _: &Head, rows: &mut Rows) {
    let amount = corrected.amount.minor();
    add(corrected.at.shift, Figure::Sales, &corrected.from, -1, -amount, 0, rows);
    add(corrected.at.shift, Figure::Sales, &corrected.to, 1, amount, 0, rows);
}

pub fn top_up_reversed(reversed: &TopUpReversed, _: &Head, rows: &mut Rows) {
    add(reversed.at.shift, Figure::TopUps, &reversed.tender, -1, -reversed.principal.minor(), -reversed.bonus.minor(), rows);
}

pub fn returned_without(returned: &ReturnedWithout, _: &Head, rows: &mut Rows) {
    put(&returned.at, Figure::Returns, "", returned.paid_back.minor(), 0, rows);
    put(&returned.at, Figure::Refunds, &returned.tender, returned.paid_back.minor(), 0, rows);
}

pub fn card_issued(issued: &CardIssued, _: &Head, rows: &mut Rows) {
    let paid = issued.fee.minor() + issued.deposit.minor();
    if paid != 0 {
        put(&issued.at, Figure::Cards, &issued.tender, paid, issued.deposit.minor(), rows);
    }
}

pub fn withdrawn(withdrawn: &Withdrawn, _: &Head, rows: &mut Rows) {
    put(&withdrawn.at, Figure::Withdrawals, &withdrawn.tender, withdrawn.paid_out.minor(), withdrawn.bonus.minor(), rows);
}

pub fn package_sold(sold: &PackageSold, _: &Head, rows: &mut Rows) {
    put(&sold.at, Figure::Packages, &sold.tender, sold.price.minor(), 0, rows);
}

pub fn package_extended(extended: &PackageExtended, _: &Head, rows: &mut Rows) {
    if !extended.fee.is_zero() {
        put(&extended.at, Figure::Packages, &extended.tender, extended.fee.minor(), 0, rows);
    }
}

pub fn package_refunded(refunded: &PackageRefunded, _: &Head, rows: &mut Rows) {
    put(&refunded.at, Figure::PackageRefunds, &refunded.tender, refunded.paid.minor(), 0, rows);
}

/// Money beside points is a sale's, and counts no bill.
pub fn points_redeemed(redeemed: &PointsRedeemed, _: &Head, rows: &mut Rows) {
    if !redeemed.money.is_zero() {
        put(&redeemed.at, Figure::Sales, &redeemed.tender, redeemed.money.minor(), 0, rows);
    }
}

pub fn redemption_cancelled(cancelled: &RedemptionCancelled, _: &Head, rows: &mut Rows) {
    if !cancelled.money.is_zero() {
        put(&cancelled.at, Figure::Refunds, &cancelled.tender, cancelled.money.minor(), 0, rows);
    }
}

pub fn opened(opened: &ShiftOpened, _: &Head, rows: &mut Rows) {
    add(Some(opened.shift), Figure::Float, "", 1, opened.float.minor(), 0, rows);
}

pub fn moved(moved: &CashMoved, _: &Head, rows: &mut Rows) {
    let amount = moved.amount.minor();
    let figure = if amount < 0 { Figure::PaidOut } else { Figure::PaidIn };
    add(Some(moved.shift), figure, "", 1, amount.saturating_abs(), 0, rows);
}

pub fn handed_in(handed: &HandedIn, _: &Head, rows: &mut Rows) {
    add(Some(handed.shift), Figure::HandIns, "", 1, handed.amount.minor(), 0, rows);
}

pub fn voided(voided: &BillVoided, _: &Head, rows: &mut Rows) {
    put(&voided.at, Figure::Voids, "", voided.total.minor(), 0, rows);
}

pub fn line_removed(removed: &LineRemoved, _: &Head, rows: &mut Rows) {
    put(&removed.at, Figure::RemovedLines, "", removed.net.minor(), 0, rows);
}

pub fn overridden(overridden: &Overridden, _: &Head, rows: &mut Rows) {
    put(&overridden.at, Figure::Overrides, "", overridden.given.minor(), 0, rows);
}

pub fn drawer_opened(opened: &DrawerOpened, _: &Head, rows: &mut Rows) {
    put(&opened.at, Figure::DrawerOpenings, "", 0, 0, rows);
}

pub fn reprinted(reprinted: &Reprinted, _: &Head, rows: &mut Rows) {
    put(&reprinted.at, Figure::Reprints, "", 0, 0, rows);
}

fn tenders(at: &Occasion, figure: Figure, tenders: &[Paid], rows: &mut Rows) {
    for paid in tenders {
        put(at, figure, &paid.code, paid.amount.minor(), paid.bonus.minor(), rows);
    }
}
