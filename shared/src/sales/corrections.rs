//! What was put right on a running day: tenders of sales, their member and clerks, reversed top-ups. Whoever reads a sale reads it as corrected.
use super::receipts::{RECEIPT, Slip, TENDER};
use super::takings::{self, Share};
use crate::base::{CommandId, MemberId, Money, SaleId};
use crate::facts::corrections::{MemberAttached, ReturnedWithout, SalesClerksChanged, TenderCorrected, TopUpReversed};
use crate::facts::sales::{CASH, SalesClerk, Sold};
use crate::journal::command::encoded;
use crate::journal::{Fault, Head, Read};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// One correction of a sale's tender; of two with one number, told by two installs of one till, the first.
    66, TENDER_CORRECTION, "tender_correction", Least, First, Both, v 2, [sale Blob, nth Int], [at_ms Int, no Int, paid_with Text]
}

table! {
    /// A top-up that was reversed; of two reversals, told by two installs of one till, the first.
    67, TOP_UP_REVERSAL, "top_up_reversal", Least, First, Both, v 2, [top_up Blob], [at_ms Int, receipt Text]
}

table! {
    /// A sale that was put right, and where that is told: who goes for the sale gets it as well. `member` and `buyer` of a member put on it, `clerks` of
    /// others named for it; empty: that was not it.
    132, SALE_AMENDED, "sale_amended", Once, First, Both, v 1,
    [sale Blob, command Blob],
    [at_ms Int, stream Blob, member Blob, buyer Blob, clerks Blob],
    index "sale_amended_member" on "member"
}

const NOT_IT: Vec<u8> = Vec::new();

/// Rows of a sale's tenders after those that were keyed: corrections come in pairs, one out, one in.
const FIRST_CORRECTION: u16 = 100;

pub fn tender(corrected: &TenderCorrected, head: &Head, rows: &mut Rows) {
    let (sale, at_ms) = (corrected.sale, corrected.at.at_ms);
    rows.put(&SALE_AMENDED, row![sale, head.command, at_ms, head.stream, NOT_IT, NOT_IT, NOT_IT]);
    rows.put(&TENDER_CORRECTION, row![sale, corrected.nth, at_ms, corrected.no, corrected.to.as_str()]);
    let first = FIRST_CORRECTION.saturating_add(corrected.nth.saturating_mul(2));
    let amount = corrected.amount.minor();
    rows.put(&TENDER, row![sale, first, corrected.from.as_str(), -amount, 0, 0]);
    rows.put(&TENDER, row![sale, first.saturating_add(1), corrected.to.as_str(), amount, 0, 0]);
}

pub fn attached(attached: &MemberAttached, head: &Head, rows: &mut Rows) {
    let (member, buyer) = (attached.buyer.member, encoded(&attached.buyer));
    rows.put(&SALE_AMENDED, row![attached.sale, head.command, attached.at.at_ms, head.stream, member, buyer, NOT_IT]);
}

pub fn clerks_changed(changed: &SalesClerksChanged, head: &Head, rows: &mut Rows) {
    let clerks = encoded(&changed.after);
    rows.put(&SALE_AMENDED, row![changed.sale, head.command, changed.at.at_ms, head.stream, NOT_IT, NOT_IT, clerks]);
}

pub fn top_up(reversed: &TopUpReversed, _: &Head, rows: &mut Rows) {
    rows.put(&TOP_UP_REVERSAL, row![reversed.top_up, reversed.at.at_ms, reversed.receipt_no.as_str()]);
    let (principal, bonus) = (-reversed.principal.minor(), -reversed.bonus.minor());
    let share = Share { received: principal, top_ups: principal, bonus_given: bonus, ..Share::default() };
    takings::put(reversed.at.branch, reversed.at.day, reversed.at.hour, share, rows);
}

pub fn without(returned: &ReturnedWithout, head: &Head, rows: &mut Rows) {
    let at = &returned.at;
    let amount = returned.paid_back.minor();
    let pieces: i64 = returned.lines.iter().map(|line| line.quantity.thousandths()).sum();
    let counter = super::receipts::counter(&returned.receipt_no);
    let shift = at.shift.map_or(Vec::new(), |shift| shift.0.to_vec());
    let (number, none) = (returned.receipt_no.as_str(), Vec::<u8>::new());
    rows.put(
        &RECEIPT,
        row![
            head.command,
            number,
            Slip::Return as u8,
            head.stream,
            at.branch,
            at.till,
            shift,
            at.day,
            at.hour,
            at.at_ms,
            at.by,
            none.clone(),
            pieces,
            -amount,
            none,
            counter
        ],
    );
    rows.put(&TENDER, row![head.command, 1, returned.tender.as_str(), amount, 0, 0]);
    let cost = returned.lines.iter().filter_map(|line| line.cost).map(|cost| cost.minor()).sum::<i64>();
    let share = Share { turnover: -amount, received: -amount, returns: 1, paid_back: amount, cost: -cost, ..Share::default() };
    takings::put(at.branch, at.day, at.hour, share, rows);
    for line in &returned.lines {
        let cost = line.cost.map_or(0, |cost| cost.minor());
        let product = line.product.map_or(0, |product| product.0);
        takings::product(at, product, -line.quantity.thousandths(), -line.net.minor(), -cost, rows);
    }
}

/// A sale as it was put right, and how often its tenders were.
///
/// # Errors
/// A fault of the store.
pub fn corrected(db: &dyn Read, mut sold: Sold) -> Result<(Sold, u16), Fault> {
    // How were this sale's tenders put right?
    let sql = "select no, paid_with from tender_correction where sale = ?1 order by nth";
    let rows = db.rows(sql, &[sold.sale.into()])?;
    for row in &rows {
        put_right(&mut sold, u16::try_from(row.int(0)).unwrap_or(u16::MAX), row.text(1));
    }
    // Who was put on it, and whom did others name for it, in their order?
    let sql = "select buyer, clerks from sale_amended where sale = ?1 order by at_ms, command";
    for row in &db.rows(sql, &[sold.sale.into()])? {
        sold.buyer = minicbor::decode(row.blob(0)).ok().or(sold.buyer);
        if let Ok(clerks) = minicbor::decode::<Vec<SalesClerk>>(row.blob(1)) {
            sold.sales_clerks = Some(clerks).filter(|clerks| !clerks.is_empty());
        }
    }
    Ok((sold, u16::try_from(rows.len()).unwrap_or(u16::MAX)))
}

/// The member who was put on a sale afterwards.
///
/// # Errors
/// A fault of the store.
pub fn attached_to(db: &dyn Read, sale: SaleId) -> Result<Option<MemberId>, Fault> {
    // Who was put on this sale?
    let sql = "select member from sale_amended where sale = ?1 and member <> x'' order by at_ms, command limit 1";
    Ok(db.row(sql, &[sale.into()])?.map(|row| MemberId(row.raw(0))))
}

/// The tender `no`, from 1, was another one.
pub fn put_right(sold: &mut Sold, no: u16, to: &str) {
    if let Some(paid) = usize::from(no).checked_sub(1).and_then(|at| sold.tenders.get_mut(at)) {
        paid.code = to.into();
        paid.handed = if to == CASH { paid.amount } else { Money::ZERO };
    }
}

/// Whether a top-up was reversed.
///
/// # Errors
/// A fault of the store.
pub fn reversed(db: &dyn Read, top_up: CommandId) -> Result<bool, Fault> {
    // Was this top-up reversed?
    Ok(db.row("select at_ms from top_up_reversal where top_up = ?1", &[top_up.into()])?.is_some())
}
