//! Slips of the member desk beside sales and top-ups: each has a receipt number of its till, its money is received and no turnover.
use super::receipts::{self, Slip};
use super::takings;
use crate::base::{CommandId, MemberId, Money};
use crate::facts::cards::{CardIssued, ValueAdjusted, ValueGiven, Withdrawn};
use crate::facts::packages::{PackageExtended, PackageRefunded, PackageSold, UsesTaken, UsesUndone};
use crate::facts::sales::Occasion;
use crate::journal::Head;
use crate::views::Rows;

/// A slip as the list of receipts has it.
pub struct Paper<'a> {
    pub id: CommandId,
    pub at: &'a Occasion,
    pub receipt_no: &'a str,
    pub member: MemberId,
    /// Money in; paid out below zero.
    pub paid: Money,
    /// Of cash what was handed over.
    pub handed: Money,
    /// Empty: no money moved.
    pub tender: &'a str,
}

fn put(paper: &Paper<'_>, head: &Head, rows: &mut Rows) {
    receipts::paper(paper, Slip::Paper, head, rows);
    takings::paper(paper.at, paper.paid, rows);
}

macro_rules! papers {
    ($($fold:ident, $fact:ty, |$it:ident| $paid:expr, $handed:expr, $tender:expr;)*) => {$(
        pub fn $fold($it: &$fact, head: &Head, rows: &mut Rows) {
            let (at, receipt_no, member) = (&$it.at, $it.receipt_no.as_str(), $it.member);
            put(&Paper { id: head.command, at, receipt_no, member, paid: $paid, handed: $handed, tender: $tender }, head, rows);
        }
    )*};
}

fn less(money: Money) -> Money {
    Money::from_minor(-money.minor())
}

fn both(one: Money, other: Money) -> Money {
    Money::from_minor(one.minor().saturating_add(other.minor()))
}

papers! {
    card_issued, CardIssued, |it| both(it.fee, it.deposit), both(it.fee, it.deposit), &it.tender;
    withdrawn, Withdrawn, |it| less(it.paid_out), Money::ZERO, &it.tender;
    value_given, ValueGiven, |it| Money::ZERO, Money::ZERO, "";
    value_adjusted, ValueAdjusted, |it| Money::ZERO, Money::ZERO, "";
    package_sold, PackageSold, |it| it.price, it.tendered, &it.tender;
    uses_taken, UsesTaken, |it| Money::ZERO, Money::ZERO, "";
    uses_undone, UsesUndone, |it| Money::ZERO, Money::ZERO, "";
    package_extended, PackageExtended, |it| it.fee, it.fee, &it.tender;
    package_refunded, PackageRefunded, |it| less(it.paid), Money::ZERO, &it.tender;
}
