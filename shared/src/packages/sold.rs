//! Packages as they were sold, until when they hold, and what was used of them.
use crate::base::{BranchId, CommandId, MemberId, Money, PackageId, ProductNo, StaffId, StreamId};
use crate::facts::openings::PackageOpened;
use crate::facts::packages::{PackageExtended, PackageItem, PackageRefunded, PackageSold, UsesTaken, UsesUndone};
use crate::journal::{Fault, Head, Read, Row};
use crate::ledger::person;
use crate::views::Rows;
use crate::{row, table};

table! {
    /// One sold package. `body` is the fact's items, encoded.
    42, PACKAGE, "package", Once, First, Both, v 1, [member Blob, package Blob],
    [at_ms Int, branch Blob, day Int, receipt_no Text, name Text, price Int, tender Text, seller Blob, branches Blob, items Blob],
    index "package_id" on "package"
}

table! {
    /// Until when it holds, the last word; 0: no end.
    43, PACKAGE_END, "package_end", Greatest, First, Both, v 1, [package Blob], [stamp Int, stream Blob, seq Int, ends Int]
}

table! {
    /// Uses that were taken.
    44, USES_TAKEN, "uses_taken", Once, First, Both, v 1, [id Blob, no Int],
    [member Blob, package Blob, item Int, uses Int, gift Int, worth Int, issuer Blob, at_ms Int, branch Blob, day Int, receipt_no Text,
     service Int, server Blob, stream Blob],
    index "uses_taken_member" on "member, at_ms", index "uses_taken_package" on "package, at_ms"
}

table! {
    /// Uses that were given back to their package.
    45, USES_UNDONE, "uses_undone", Least, First, Both, v 1, [of Blob], [at_ms Int, day Int, branch Blob]
}

table! {
    /// Packages that were paid back.
    46, PACKAGE_REFUND, "package_refund", Once, First, Both, v 1, [package Blob, id Blob, item Int],
    [at_ms Int, day Int, branch Blob, uses Int, paid Int, income Int]
}

pub fn fold_sold(sold: &PackageSold, head: &Head, rows: &mut Rows) {
    let at = &sold.at;
    let branches: Vec<u8> = sold.branches.iter().flat_map(|branch| branch.0).collect();
    let items = crate::journal::command::encoded(&sold.items);
    rows.put(
        &PACKAGE,
        row![
            sold.member,
            sold.id,
            at.at_ms,
            at.branch,
            at.day,
            sold.receipt_no.as_str(),
            sold.name.as_str(),
            sold.price.minor(),
            sold.tender.as_str(),
            at.by,
            branches,
            items
        ],
    );
    rows.put(&PACKAGE_END, row![sold.id, head.stamp.0, head.stream, head.seq, sold.ends]);
}

pub fn fold_opened(opened: &PackageOpened, head: &Head, rows: &mut Rows) {
    let branches: Vec<u8> = opened.branches.iter().flat_map(|branch| branch.0).collect();
    let items = crate::journal::command::encoded(&opened.items);
    let (name, price) = (opened.name.as_str(), opened.price.minor());
    let values = row![opened.member, opened.id, opened.at_ms, opened.issuer, opened.day, "", name, price, "", NOBODY, branches, items];
    rows.put(&PACKAGE, values);
    rows.put(&PACKAGE_END, row![opened.id, head.stamp.0, head.stream, head.seq, opened.ends]);
}

pub fn fold_extended(extended: &PackageExtended, head: &Head, rows: &mut Rows) {
    rows.put(&PACKAGE_END, row![extended.id, head.stamp.0, head.stream, head.seq, extended.ends]);
}

pub fn fold_taken(taken: &UsesTaken, head: &Head, rows: &mut Rows) {
    let at = &taken.at;
    for (no, uses) in (0_u16..).zip(&taken.taken) {
        let server = taken.server.map_or(Vec::new(), |server| server.0.to_vec());
        rows.put(
            &USES_TAKEN,
            row![
                taken.id,
                no,
                taken.member,
                uses.package,
                uses.item,
                uses.uses,
                uses.gift,
                uses.worth.minor(),
                uses.issuer,
                at.at_ms,
                at.branch,
                at.day,
                taken.receipt_no.as_str(),
                taken.service.0,
                server,
                head.stream
            ],
        );
    }
}

pub fn fold_undone(undone: &UsesUndone, _: &Head, rows: &mut Rows) {
    rows.put(&USES_UNDONE, row![undone.of, undone.at.at_ms, undone.at.day, undone.at.branch]);
}

pub fn fold_refunded(refunded: &PackageRefunded, head: &Head, rows: &mut Rows) {
    let at = &refunded.at;
    for item in &refunded.items {
        let values =
            row![refunded.id, head.command, item.item, at.at_ms, at.day, at.branch, item.uses, item.paid.minor(), item.income.minor()];
        rows.put(&PACKAGE_REFUND, values);
    }
}

/// Who sold what was brought from an older system.
const NOBODY: StaffId = StaffId([0; 16]);

/// One sold package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub id: PackageId,
    pub member: MemberId,
    pub at_ms: i64,
    /// Who sold it, and owes it.
    pub branch: BranchId,
    pub receipt_no: String,
    pub name: String,
    pub price: Money,
    /// Last business day, yyyymmdd; 0: no end.
    pub ends: u32,
    /// Where it is good; empty: everywhere.
    pub branches: Vec<BranchId>,
    pub items: Vec<PackageItem>,
}

fn read(row: &Row) -> Package {
    let branches = row.blob(8).chunks_exact(16).filter_map(|id| id.try_into().ok().map(BranchId));
    Package {
        id: PackageId(row.raw(0)),
        member: MemberId(row.raw(1)),
        at_ms: row.int(2),
        branch: BranchId(row.raw(3)),
        receipt_no: row.text(4).into(),
        name: row.text(5).into(),
        price: Money::from_minor(row.int(6)),
        ends: row.int(7) as u32,
        branches: branches.collect(),
        items: minicbor::decode(row.blob(9)).unwrap_or_default(),
    }
}

/// The packages of a member and of who is one person with it, oldest first. At most 100 of each.
///
/// # Errors
/// A fault of the store.
pub fn of_member(db: &dyn Read, member: MemberId) -> Result<Vec<Package>, Fault> {
    // Which packages did this member buy?
    let sql = "select p.package, p.member, p.at_ms, p.branch, p.receipt_no, p.name, p.price, coalesce(e.ends, 0), p.branches, p.items
               from package p left join package_end e on e.package = p.package where p.member = ?1
               order by p.package limit 100";
    let mut all: Vec<Package> = Vec::new();
    for one in person::of(db, member)? {
        all.extend(db.rows(sql, &[one.into()])?.iter().map(read));
    }
    all.sort_by_key(|package| package.id);
    Ok(all)
}

/// One package.
///
/// # Errors
/// A fault of the store.
pub fn package(db: &dyn Read, id: PackageId) -> Result<Option<Package>, Fault> {
    // Which package is this?
    let sql = "select p.package, p.member, p.at_ms, p.branch, p.receipt_no, p.name, p.price, coalesce(e.ends, 0), p.branches, p.items
               from package p left join package_end e on e.package = p.package where p.package = ?1";
    Ok(db.row(sql, &[id.into()])?.as_ref().map(read))
}

/// Uses that were taken once, for undoing them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub id: CommandId,
    pub stream: StreamId,
    pub at_ms: i64,
    pub service: ProductNo,
    pub uses: i64,
    pub server: Option<StaffId>,
    pub undone: bool,
}

/// Rows of what a member used last that a till looks through.
pub const TAKEN_MAX: u32 = 100;

/// What a member used last, newest first.
///
/// # Errors
/// A fault of the store.
pub fn taken(db: &dyn Read, member: MemberId, limit: u32) -> Result<Vec<Taken>, Fault> {
    // What did this member use last?
    let sql = "select t.id, t.stream, t.at_ms, t.service, cast(sum(t.uses) as bigint), t.server,
               max(case when u.of is null then 0 else 1 end)
               from uses_taken t left join uses_undone u on u.of = t.id where t.member = ?1
               group by t.id, t.stream, t.at_ms, t.service, t.server order by t.at_ms desc, t.id limit ?2";
    let read = |row: &Row| Taken {
        id: CommandId(row.raw(0)),
        stream: StreamId(row.raw(1)),
        at_ms: row.int(2),
        service: ProductNo(row.int(3) as u32),
        uses: row.int(4),
        server: row.blob(5).try_into().ok().map(StaffId),
        undone: row.int(6) != 0,
    };
    let mut all: Vec<Taken> = Vec::new();
    for one in person::of(db, member)? {
        all.extend(db.rows(sql, &[one.into(), limit.into()])?.iter().map(read));
    }
    all.sort_by_key(|taken| std::cmp::Reverse(taken.at_ms));
    all.truncate(limit as usize);
    Ok(all)
}

/// A package was paid back: what was left of it lapsed.
///
/// # Errors
/// A fault of the store.
pub fn is_refunded(db: &dyn Read, id: PackageId) -> Result<bool, Fault> {
    // Was this package paid back?
    Ok(db.row("select 1 from package_refund where package = ?1 limit 1", &[id.into()])?.is_some())
}

/// When a package was last used here on a business day, UTC ms.
///
/// # Errors
/// A fault of the store.
pub fn used_on(db: &dyn Read, package: PackageId, day: u32) -> Result<Option<i64>, Fault> {
    // Was this package used today?
    let sql = "select t.at_ms from uses_taken t left join uses_undone u on u.of = t.id
               where t.package = ?1 and t.day = ?2 and u.of is null order by t.at_ms desc limit 1";
    Ok(db.row(sql, &[package.into(), day.into()])?.map(|row| row.int(0)))
}
