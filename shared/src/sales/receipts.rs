//! Every slip with a receipt number: sales, returns, top-ups, other papers of the member desk; with the lines and tenders behind it.
use crate::facts::bills::Reprinted;
use crate::facts::members::ToppedUp;
use crate::facts::sales::{Paid, Priced, Returned, Sold, VALUE};
use crate::journal::Head;
use crate::sales::papers::Paper;
use crate::sales::receipt_number::ReceiptNumber;
use crate::views::Rows;
use crate::{row, table};

/// What a receipt is of; the number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
#[schema(as = SlipKind)]
pub enum Slip {
    Sale = 1,
    Return = 2,
    TopUp = 3,
    /// Of the member desk: a card, a withdrawal, a package and its uses.
    Paper = 4,
}

impl Slip {
    pub fn from_number(number: i64) -> Slip {
        [Slip::Return, Slip::TopUp, Slip::Paper].into_iter().find(|slip| *slip as i64 == number).unwrap_or(Slip::Sale)
    }
}

table! {
    /// One slip. `of` is the sale that a return takes back, `counter` the till's own count of the day.
    50, RECEIPT, "receipt", Once, First, Both, v 2,
    [id Blob],
    [receipt_no Text, slip Int, stream Blob, branch Blob, till Int, shift Blob, day Int, hour Int, at_ms Int, cashier Blob, member Blob,
     pieces Int, due Int, of Blob, counter Int],
    index "receipt_number" on "receipt_no",
    index "receipt_counter" on "branch, day, till, counter, stream",
    index "receipt_at" on "branch, at_ms",
    index "receipt_member" on "member, at_ms",
    index "receipt_of" on "of"
}

table! {
    /// One line of a sale. `product` 0 is goods without a code.
    51, LINE, "line", Once, First, Both, v 1,
    [sale Blob, no Int],
    [product Int, quantity Int, list_price Int, gross Int, discount Int, rounding Int, net Int, cost Int, priced Int, name Text]
}

table! {
    /// One tender of a sale, return or top-up; corrections follow behind. Of two corrections with one number the lesser stands.
    52, TENDER, "tender", Least, First, Both, v 2,
    [id Blob, no Int],
    [code Text, amount Int, bonus Int, handed Int]
}

table! {
    /// How often a slip was printed again.
    57, COPY, "copy", Sum, First, Both, v 1,
    [id Blob],
    [copies Int]
}

pub(super) fn counter(receipt_no: &str) -> u32 {
    receipt_no.parse::<ReceiptNumber>().map_or(0, |number| number.counter)
}

pub fn sold(sold: &Sold, head: &Head, rows: &mut Rows) {
    let at = &sold.at;
    let pieces: i64 = sold.lines.iter().map(|line| line.quantity.thousandths()).sum();
    let member = sold.buyer.as_ref().map_or(Vec::new(), |buyer| buyer.member.0.to_vec());
    rows.put(
        &RECEIPT,
        row![
            sold.sale,
            sold.receipt_no.as_str(),
            Slip::Sale as u8,
            head.stream,
            at.branch,
            at.till,
            shift(at),
            at.day,
            at.hour,
            at.at_ms,
            at.by,
            member,
            pieces,
            sold.due.minor(),
            Vec::new(),
            counter(&sold.receipt_no)
        ],
    );
    for line in &sold.lines {
        let discount = line.price_discount.minor() + line.rate_discount.minor() + line.bill_discount.minor();
        let product = line.product.map_or(0, |product| product.0);
        let cost = line.cost.map_or(0, |cost| cost.minor());
        rows.put(
            &LINE,
            row![
                sold.sale,
                line.no,
                product,
                line.quantity.thousandths(),
                line.list_price.minor(),
                line.gross.minor(),
                discount,
                line.rounding.minor(),
                line.net.minor(),
                cost,
                priced(line.priced),
                line.name.clone().unwrap_or_default()
            ],
        );
    }
    tenders(&sold.sale.0, &sold.tenders, rows);
}

pub fn returned(returned: &Returned, head: &Head, rows: &mut Rows) {
    let at = &returned.at;
    let pieces: i64 = returned.lines.iter().map(|line| line.quantity.thousandths()).sum();
    let member = returned.member.map_or(Vec::new(), |member| member.0.to_vec());
    rows.put(
        &RECEIPT,
        row![
            head.command,
            returned.receipt_no.as_str(),
            Slip::Return as u8,
            head.stream,
            at.branch,
            at.till,
            shift(at),
            at.day,
            at.hour,
            at.at_ms,
            at.by,
            member,
            pieces,
            -returned.paid_back.minor(),
            returned.sale,
            counter(&returned.receipt_no)
        ],
    );
    tenders(&head.command.0, &returned.tenders, rows);
}

pub fn topped_up(topped: &ToppedUp, head: &Head, rows: &mut Rows) {
    let number = topped.receipt.parse::<ReceiptNumber>().ok();
    let (till, counter) = number.map_or((0, 0), |number| (number.till, number.counter));
    rows.put(
        &RECEIPT,
        row![
            head.command,
            topped.receipt.as_str(),
            Slip::TopUp as u8,
            head.stream,
            topped.branch,
            till,
            topped.shift,
            topped.day,
            topped.hour,
            topped.at_ms,
            topped.clerk,
            topped.member,
            0,
            topped.principal,
            Vec::new(),
            counter
        ],
    );
    rows.put(&TENDER, row![head.command, 1, topped.tender.as_str(), topped.principal, 0, topped.tendered]);
}

/// A slip of the member desk.
pub fn paper(paper: &Paper<'_>, slip: Slip, head: &Head, rows: &mut Rows) {
    let at = paper.at;
    rows.put(
        &RECEIPT,
        row![
            paper.id,
            paper.receipt_no,
            slip as u8,
            head.stream,
            at.branch,
            at.till,
            shift(at),
            at.day,
            at.hour,
            at.at_ms,
            at.by,
            paper.member,
            0,
            paper.paid.minor(),
            Vec::new(),
            counter(paper.receipt_no)
        ],
    );
    if !paper.paid.is_zero() {
        rows.put(&TENDER, row![paper.id, 1, paper.tender, paper.paid.minor(), 0, paper.handed.minor()]);
    }
}

pub fn reprinted(reprinted: &Reprinted, _: &Head, rows: &mut Rows) {
    rows.put(&COPY, row![reprinted.of, 1]);
}

fn tenders(id: &[u8; 16], paid: &[Paid], rows: &mut Rows) {
    for (no, paid) in (1_u16..).zip(paid) {
        rows.put(&TENDER, row![*id, no, paid.code.as_str(), paid.amount.minor(), paid.bonus.minor(), paid.handed.minor()]);
    }
}

fn shift(at: &crate::facts::sales::Occasion) -> Vec<u8> {
    at.shift.map_or(Vec::new(), |shift| shift.0.to_vec())
}

fn priced(priced: Priced) -> u8 {
    priced as u8
}

/// Whether a tender is stored value.
pub fn is_value(paid: &Paid) -> bool {
    paid.code == VALUE
}
