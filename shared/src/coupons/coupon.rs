//! Every coupon that head office gave out, and its uses. Where the right to one lies is the ledger's.
use crate::base::{BranchId, CommandId, MemberId, Money, SaleId};
use crate::facts::coupons::{CouponReturned, CouponSpent, CouponsIssued};
use crate::journal::{Fault, Head, Read, Row};
use crate::ledger::person;
use crate::views::Rows;
use crate::{row, table};

table! {
    /// One coupon; `member` and `code`: one of them is empty. `branch` is where it was sent at once; empty: it stayed at head office.
    133, COUPON, "coupon", Once, First, Both, v 1,
    [id Blob],
    [issue Blob, at_ms Int, name Text, name_en Text, off Int, least Int, from_day Int, until_day Int, member Blob, code Text, branch Blob],
    index "coupon_member" on "member, until_day",
    index "coupon_code" on "code",
    index "coupon_issue" on "issue"
}

table! {
    /// A coupon was used by a sale.
    134, COUPON_USED, "coupon_used", Once, First, Both, v 1, [coupon Blob, sale Blob], [at_ms Int, branch Blob, receipt Text, off Int],
    index "coupon_used_sale" on "sale"
}

table! {
    /// The sale came back whole, and the coupon with it.
    135, COUPON_BACK, "coupon_back", Least, First, Both, v 1, [coupon Blob, sale Blob], [at_ms Int, receipt Text]
}

pub fn fold_issued(issued: &CouponsIssued, _: &Head, rows: &mut Rows) {
    let terms = &issued.terms;
    for coupon in &issued.coupons {
        let member = coupon.member.map_or(Vec::new(), |member| member.0.to_vec());
        let branch = issued.branch.map_or(Vec::new(), |branch| branch.0.to_vec());
        let (off, least) = (terms.off.minor(), terms.least.minor());
        let (name, name_en, code) = (terms.name.as_str(), terms.name_en.as_str(), coupon.code.as_str());
        let values = row![coupon.id, issued.id, issued.at_ms, name, name_en, off, least, terms.from, terms.until, member, code, branch];
        rows.put(&COUPON, values);
    }
}

pub fn fold_spent(spent: &CouponSpent, _: &Head, rows: &mut Rows) {
    let values = row![spent.coupon, spent.sale, spent.at.at_ms, spent.at.branch, spent.receipt_no.as_str(), spent.off.minor()];
    rows.put(&COUPON_USED, values);
}

pub fn fold_returned(returned: &CouponReturned, _: &Head, rows: &mut Rows) {
    rows.put(&COUPON_BACK, row![returned.coupon, returned.sale, returned.at.at_ms, returned.receipt_no.as_str()]);
}

/// One coupon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coupon {
    pub id: CommandId,
    pub issue: CommandId,
    pub name: String,
    pub name_en: String,
    pub off: Money,
    /// What the bill must come to before it.
    pub least: Money,
    /// First and last business day, yyyymmdd.
    pub from: u32,
    pub until: u32,
    /// None: whoever has the code.
    pub member: Option<MemberId>,
    pub code: String,
    /// Where it was sent; none: it stayed at head office.
    pub branch: Option<BranchId>,
}

/// A use that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    pub at_ms: i64,
    pub branch: BranchId,
    pub receipt_no: String,
}

fn read(row: &Row) -> Coupon {
    Coupon {
        id: CommandId(row.raw(0)),
        issue: CommandId(row.raw(1)),
        name: row.text(2).into(),
        name_en: row.text(3).into(),
        off: Money::from_minor(row.int(4)),
        least: Money::from_minor(row.int(5)),
        from: row.int(6) as u32,
        until: row.int(7) as u32,
        member: row.blob(8).try_into().ok().map(MemberId),
        code: row.text(9).into(),
        branch: row.blob(10).try_into().ok().map(BranchId),
    }
}

/// # Errors
/// A fault of the store.
pub fn coupon(db: &dyn Read, id: CommandId) -> Result<Option<Coupon>, Fault> {
    // What is this coupon?
    let sql = "select id, issue, name, name_en, off, least, from_day, until_day, member, code, branch from coupon where id = ?1";
    Ok(db.row(sql, &[id.into()])?.as_ref().map(read))
}

/// The coupon of a code, as typed.
///
/// # Errors
/// A fault of the store.
pub fn by_code(db: &dyn Read, code: &str) -> Result<Option<Coupon>, Fault> {
    // Which coupon has this code?
    let sql = "select id, issue, name, name_en, off, least, from_day, until_day, member, code, branch from coupon
               where code = ?1 and code <> '' limit 1";
    Ok(db.row(sql, &[code.trim().to_ascii_uppercase().as_str().into()])?.as_ref().map(read))
}

/// Coupons of a person that have not run out before a day, the first to run out first.
///
/// # Errors
/// A fault of the store.
pub fn of_member(db: &dyn Read, member: MemberId, day: u32) -> Result<Vec<Coupon>, Fault> {
    // Which coupons has this member?
    let sql = "select id, issue, name, name_en, off, least, from_day, until_day, member, code, branch from coupon
               where member = ?1 and until_day >= ?2 order by until_day, id";
    let mut coupons = Vec::new();
    for one in person::of(db, member)? {
        coupons.extend(db.rows(sql, &[one.into(), day.into()])?.iter().map(read));
    }
    coupons.sort_by_key(|coupon: &Coupon| (coupon.until, coupon.id));
    Ok(coupons)
}

/// The use of a coupon that stands, as known here.
///
/// # Errors
/// A fault of the store.
pub fn used(db: &dyn Read, coupon: CommandId) -> Result<Option<Used>, Fault> {
    // Which use of this coupon did not come back?
    let sql = "select u.at_ms, u.branch, u.receipt from coupon_used u
               left join coupon_back b on b.coupon = u.coupon and b.sale = u.sale
               where u.coupon = ?1 and b.sale is null order by u.at_ms desc limit 1";
    let row = db.row(sql, &[coupon.into()])?;
    Ok(row.map(|row| Used { at_ms: row.int(0), branch: BranchId(row.raw(1)), receipt_no: row.text(2).into() }))
}

/// The coupon that a sale used and that did not come back with it yet.
///
/// # Errors
/// A fault of the store.
pub fn of_sale(db: &dyn Read, sale: SaleId) -> Result<Option<Coupon>, Fault> {
    // Which coupon did this sale use?
    let sql = "select u.coupon from coupon_used u left join coupon_back b on b.coupon = u.coupon and b.sale = u.sale
               where u.sale = ?1 and b.sale is null limit 1";
    let used = db.row(sql, &[sale.into()])?.map(|row| CommandId(row.raw(0)));
    used.map_or(Ok(None), |used| coupon(db, used))
}

/// What was given out at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    pub first: Coupon,
    pub at_ms: i64,
    pub coupons: i64,
    pub used: i64,
    /// What its uses took off.
    pub off: Money,
    /// Of codes.
    pub codes: Vec<String>,
}

/// Everything that was given out, newest first.
///
/// # Errors
/// A fault of the store.
pub fn issues(db: &dyn Read, limit: u32) -> Result<Vec<Issue>, Fault> {
    // What was given out, and what of it was used?
    let sql = "select c.issue, c.at_ms, count(*), count(u.coupon), coalesce(cast(sum(u.off) as bigint), 0) from coupon c
               left join coupon_used u on u.coupon = c.id and not exists
                   (select 1 from coupon_back b where b.coupon = u.coupon and b.sale = u.sale)
               group by c.issue, c.at_ms order by c.at_ms desc, c.issue limit ?1";
    let first = "select id, issue, name, name_en, off, least, from_day, until_day, member, code, branch from coupon
                 where issue = ?1 order by id limit 1";
    let codes = "select code from coupon where issue = ?1 and code <> '' order by code";
    let mut issues = Vec::new();
    for row in db.rows(sql, &[limit.into()])? {
        let Some(first) = db.row(first, &[CommandId(row.raw(0)).into()])?.as_ref().map(read) else { continue };
        let codes = db.rows(codes, &[first.issue.into()])?.iter().map(|row| row.text(0).to_owned()).collect();
        let off = Money::from_minor(row.int(4));
        issues.push(Issue { first, at_ms: row.int(1), coupons: row.int(2), used: row.int(3), off, codes });
    }
    Ok(issues)
}
