//! Takings by hour, day and month. Three figures are kept apart: 营业额 is what goods brought, however it was paid; 实收 is money that came in
//! today, top-ups included; 充值 is what members paid in ahead.
use crate::base::{BranchId, Money};
use crate::facts::members::ToppedUp;
use crate::facts::sales::{Occasion, POINTS, Paid, Returned, Sold, VALUE};
use crate::journal::{Head, Value};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// What one hour of one branch brought.
    53, TAKINGS_HOUR, "takings_hour", Sum, First, Both, v 1,
    [branch Blob, day Int, hour Int],
    [bills Int, turnover Int, received Int, top_ups Int, bonus_given Int, principal_spent Int, bonus_spent Int, discount Int, rounding Int,
     returns Int, paid_back Int, cost Int]
}

table! {
    /// What one business day of one branch brought.
    54, TAKINGS_DAY, "takings_day", Sum, First, Both, v 1,
    [branch Blob, day Int],
    [bills Int, turnover Int, received Int, top_ups Int, bonus_given Int, principal_spent Int, bonus_spent Int, discount Int, rounding Int,
     returns Int, paid_back Int, cost Int]
}

table! {
    /// What one product brought in one month at one branch.
    55, SOLD_MONTH, "sold_month", Sum, First, Both, v 1,
    [branch Blob, month Int, product Int],
    [quantity Int, net Int, cost Int]
}

/// What one slip adds to the takings; minor units, returns as positive amounts in their own columns.
#[derive(Debug, Clone, Copy, Default)]
pub struct Share {
    pub bills: i64,
    pub turnover: i64,
    pub received: i64,
    pub top_ups: i64,
    pub bonus_given: i64,
    pub principal_spent: i64,
    pub bonus_spent: i64,
    pub discount: i64,
    pub rounding: i64,
    pub returns: i64,
    pub paid_back: i64,
    pub cost: i64,
}

/// Adds a share to its hour and its day.
pub(super) fn put(branch: BranchId, day: u32, hour: u8, share: Share, rows: &mut Rows) {
    let columns: Vec<Value> = row![
        share.bills,
        share.turnover,
        share.received,
        share.top_ups,
        share.bonus_given,
        share.principal_spent,
        share.bonus_spent,
        share.discount,
        share.rounding,
        share.returns,
        share.paid_back,
        share.cost
    ];
    rows.put(&TAKINGS_HOUR, row![branch, day, hour].into_iter().chain(columns.clone()).collect());
    rows.put(&TAKINGS_DAY, row![branch, day].into_iter().chain(columns).collect());
}

pub fn sold(sold: &Sold, _: &Head, rows: &mut Rows) {
    let (money, principal, bonus) = by_kind(&sold.tenders);
    let share = Share {
        bills: 1,
        turnover: sold.due.minor(),
        received: money,
        principal_spent: principal,
        bonus_spent: bonus,
        discount: sold.discount.minor(),
        rounding: sold.rounding.minor(),
        cost: sold.lines.iter().filter_map(|line| line.cost).map(|cost| cost.minor()).sum(),
        ..Share::default()
    };
    put(sold.at.branch, sold.at.day, sold.at.hour, share, rows);
    for line in &sold.lines {
        let cost = line.cost.map_or(0, |cost| cost.minor());
        product(&sold.at, line.product.map_or(0, |product| product.0), line.quantity.thousandths(), line.net.minor(), cost, rows);
    }
}

pub fn returned(returned: &Returned, _: &Head, rows: &mut Rows) {
    let (money, principal, bonus) = by_kind(&returned.tenders);
    let share = Share {
        turnover: -returned.value.minor(),
        received: -money,
        principal_spent: -principal,
        bonus_spent: -bonus,
        returns: 1,
        paid_back: returned.paid_back.minor(),
        cost: -returned.lines.iter().filter_map(|line| line.cost).map(|cost| cost.minor()).sum::<i64>(),
        ..Share::default()
    };
    put(returned.at.branch, returned.at.day, returned.at.hour, share, rows);
    for line in &returned.lines {
        let cost = line.cost.map_or(0, |cost| cost.minor());
        product(&returned.at, line.product.map_or(0, |product| product.0), -line.quantity.thousandths(), -line.net.minor(), -cost, rows);
    }
}

/// A top-up is money received and no turnover.
pub fn topped_up(topped: &ToppedUp, _: &Head, rows: &mut Rows) {
    let (principal, bonus) = (topped.principal, topped.bonus);
    let share = Share { received: principal, top_ups: principal, bonus_given: bonus, ..Share::default() };
    put(topped.branch, topped.day, topped.hour, share, rows);
}

/// Money of the member desk: received, or paid out below zero, and no turnover.
pub fn paper(at: &Occasion, paid: Money, rows: &mut Rows) {
    if !paid.is_zero() {
        put(at.branch, at.day, at.hour, Share { received: paid.minor(), ..Share::default() }, rows);
    }
}

pub(super) fn product(at: &Occasion, product: u32, quantity: i64, net: i64, cost: i64, rows: &mut Rows) {
    rows.put(&SOLD_MONTH, row![at.branch, at.day / 100, product, quantity, net, cost]);
}

/// Money, principal and bonus of tenders; points are neither.
fn by_kind(tenders: &[Paid]) -> (i64, i64, i64) {
    tenders.iter().fold((0, 0, 0), |(money, principal, bonus), paid| match paid.code.as_str() {
        VALUE => (money, principal + paid.amount.minor() - paid.bonus.minor(), bonus + paid.bonus.minor()),
        POINTS if !paid.parts.is_empty() => (money, principal, bonus),
        _ => (money + paid.amount.minor(), principal, bonus),
    })
}
