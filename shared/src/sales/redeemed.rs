//! Gifts taken for points, gift by gift: what the counter takes back and what reports list.
use super::papers::Paper;
use super::receipts::{self, Slip};
use super::takings::{self, Share};
use crate::base::{CommandId, MemberId, Money};
use crate::facts::gifts::{PointsRedeemed, RedeemedGift, RedemptionCancelled};
use crate::facts::sales::Occasion;
use crate::journal::{Fault, Head, Read, Row};
use crate::ledger::person;
use crate::views::Rows;
use crate::{row, table};

table! {
    /// One gift of one redemption.
    130, REDEEMED, "redeemed", Once, First, Both, v 1, [member Blob, redemption Blob, no Int],
    [at_ms Int, day Int, branch Blob, clerk Blob, receipt Text, product Int, quantity Int, points Int, money Int, cost Int],
    index "redeemed_day" on "day, branch"
}

table! {
    /// A redemption that was taken back.
    131, REDEMPTION_CANCELLED, "redemption_cancelled", Least, First, Both, v 1, [redemption Blob], [at_ms Int, receipt Text]
}

/// One gift that a member took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub redemption: CommandId,
    pub receipt_no: String,
    pub at_ms: i64,
    pub product: u32,
    pub quantity: i64,
    pub points: i64,
    pub money: Money,
    pub cancelled: bool,
}

pub fn redeemed(redeemed: &PointsRedeemed, head: &Head, rows: &mut Rows) {
    let at = &redeemed.at;
    for (no, gift) in (1_u16..).zip(&redeemed.gifts) {
        let (quantity, cost) = (gift.quantity.thousandths(), gift.cost.map_or(0, Money::minor));
        let values = row![
            redeemed.member,
            redeemed.id,
            no,
            at.at_ms,
            at.day,
            at.branch,
            at.by,
            redeemed.receipt_no.as_str(),
            gift.product.0,
            quantity,
            gift.points,
            gift.money.minor(),
            cost
        ];
        rows.put(&REDEEMED, values);
    }
    let (receipt_no, tender) = (redeemed.receipt_no.as_str(), redeemed.tender.as_str());
    let paper = Paper { id: head.command, at, receipt_no, member: redeemed.member, paid: redeemed.money, handed: redeemed.money, tender };
    receipts::paper(&paper, Slip::Paper, head, rows);
    put(at, &redeemed.gifts, 1, rows);
}

pub fn cancelled(cancelled: &RedemptionCancelled, head: &Head, rows: &mut Rows) {
    let at = &cancelled.at;
    rows.put(&REDEMPTION_CANCELLED, row![cancelled.of, at.at_ms, cancelled.receipt_no.as_str()]);
    let (receipt_no, tender, paid) =
        (cancelled.receipt_no.as_str(), cancelled.tender.as_str(), Money::from_minor(-cancelled.money.minor()));
    let paper = Paper { id: head.command, at, receipt_no, member: cancelled.member, paid, handed: Money::ZERO, tender };
    receipts::paper(&paper, Slip::Paper, head, rows);
    put(at, &cancelled.gifts, -1, rows);
}

/// Money beside the points is turnover: goods went for it. Points are none.
fn put(at: &Occasion, gifts: &[RedeemedGift], sign: i64, rows: &mut Rows) {
    for gift in gifts {
        let (money, cost) = (sign * gift.money.minor(), sign * gift.cost.map_or(0, Money::minor));
        takings::put(at.branch, at.day, at.hour, Share { turnover: money, received: money, cost, ..Share::default() }, rows);
        takings::product(at, gift.product.0, sign * gift.quantity.thousandths(), money, cost, rows);
    }
}

/// Gifts that a member took last, newest first.
///
/// # Errors
/// A fault of the store.
pub fn of_member(db: &dyn Read, member: MemberId, limit: u32) -> Result<Vec<Taken>, Fault> {
    // What did this member have for points?
    let sql =
        "select r.redemption, r.receipt, r.at_ms, r.product, r.quantity, r.points, r.money, case when c.at_ms is null then 0 else 1 end
               from redeemed r left join redemption_cancelled c on c.redemption = r.redemption where r.member = ?1
               order by r.at_ms desc, r.redemption, r.no limit ?2";
    let read = |row: &Row| Taken {
        redemption: CommandId(row.raw(0)),
        receipt_no: row.text(1).into(),
        at_ms: row.int(2),
        product: row.int(3) as u32,
        quantity: row.int(4),
        points: row.int(5),
        money: Money::from_minor(row.int(6)),
        cancelled: row.int(7) != 0,
    };
    let mut all: Vec<Taken> = Vec::new();
    for one in person::of(db, member)? {
        all.extend(db.rows(sql, &[one.into(), limit.into()])?.iter().map(read));
    }
    all.sort_by_key(|taken| std::cmp::Reverse(taken.at_ms));
    all.truncate(limit as usize);
    Ok(all)
}

/// When a redemption was taken back, and under which receipt number; none if it stands.
///
/// # Errors
/// A fault of the store.
pub fn cancelled_at(db: &dyn Read, redemption: CommandId) -> Result<Option<(i64, String)>, Fault> {
    // Was this redemption taken back?
    let row = db.row("select at_ms, receipt from redemption_cancelled where redemption = ?1", &[redemption.into()])?;
    Ok(row.map(|row| (row.int(0), row.text(1).to_owned())))
}
