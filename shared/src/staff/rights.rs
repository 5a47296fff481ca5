//! What a person may: the roles held, each a document that lists rights and limits. Several roles add up; the widest limit counts.
use crate::base::{DocumentId, Money, Rate, StaffId};
use crate::documents::{self, Fields};
use crate::facts::staff::{RoleGiven, RoleTaken};
use crate::journal::{Fault, Head, Read, Right};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// What a role document says, without its rights.
    16, ROLE, "role", Projected, Everywhere, Both, v 1, [role Blob], [code Text, name Text, name_en Text, line_bp Int, bill_bp Int, refund Int]
}

table! {
    /// The rights of a role.
    17, ROLE_RIGHT, "role_right", Projected, Everywhere, Both, v 1, [role Blob, granted Text], []
}

table! {
    /// Whether a person holds a role; the last word stands.
    20, STAFF_ROLE, "staff_role", Greatest, Everywhere, Both, v 1, [staff Blob, role Blob], [stamp Int, stream Blob, seq Int, held Int]
}

/// A limit of refunds at or above this is none.
pub const NO_LIMIT: i64 = 1_000_000_000_000;

/// The rows of a role document.
pub fn project(document: DocumentId, fields: &Fields, rows: &mut Rows) {
    let role = documents::role::Role::from_fields(fields);
    for right in &role.rights {
        rows.put(&ROLE_RIGHT, row![document, right.as_str()]);
    }
    let (line, bill, refund) = (role.max_line_discount_bp, role.max_bill_discount_bp, role.max_refund_minor);
    rows.put(&ROLE, row![document, role.code, role.name, role.name_en, line, bill, refund]);
}

pub fn fold_given(given: &RoleGiven, head: &Head, rows: &mut Rows) {
    rows.put(&STAFF_ROLE, row![given.staff, given.role, head.stamp.0, head.stream, head.seq, 1]);
}

pub fn fold_taken(taken: &RoleTaken, head: &Head, rows: &mut Rows) {
    rows.put(&STAFF_ROLE, row![taken.staff, taken.role, head.stamp.0, head.stream, head.seq, 0]);
}

/// How far rights go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Lowest rate that may be given on a line; whole: none may be given.
    pub line_discount: Rate,
    /// Lowest rate that may be given on a bill.
    pub bill_discount: Rate,
    /// The most paid back at once; none: no limit.
    pub refund: Option<Money>,
}

impl Limits {
    /// Of somebody without any role.
    pub const NONE: Limits = Limits { line_discount: Rate::WHOLE, bill_discount: Rate::WHOLE, refund: Some(Money::ZERO) };
}

/// The name of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleName {
    pub id: DocumentId,
    pub code: String,
    pub name: String,
    pub name_en: String,
}

/// What a person may, and by which roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    pub rights: Vec<Right>,
    pub limits: Limits,
    pub roles: Vec<RoleName>,
}

/// What a person may now. A disabled person may nothing.
///
/// # Errors
/// A fault of the store.
pub fn rights(db: &dyn Read, staff: StaffId) -> Result<Rights, Fault> {
    let mut found = Rights { rights: Vec::new(), limits: Limits::NONE, roles: Vec::new() };
    if super::person(db, staff)?.is_none_or(|person| person.disabled) {
        return Ok(found);
    }
    // Which roles does this person hold?
    let sql = "select r.role, r.code, r.name, r.name_en, r.line_bp, r.bill_bp, r.refund
               from staff_role h join role r on r.role = h.role where h.staff = ?1 and h.held = 1 order by r.code, r.role";
    for row in db.rows(sql, &[staff.into()])? {
        let role = DocumentId(row.raw(0));
        let granted = db.rows("select granted from role_right where role = ?1", &[role.into()])?;
        let granted: Vec<Right> = granted.iter().filter_map(|row| Right::from_name(row.text(0))).collect();
        widen(&mut found.limits, &granted, [row.int(4), row.int(5), row.int(6)]);
        found.rights.extend(granted);
        found.roles.push(RoleName { id: role, code: row.text(1).into(), name: row.text(2).into(), name_en: row.text(3).into() });
    }
    found.rights.sort_unstable();
    found.rights.dedup();
    Ok(found)
}

/// A limit of a role counts only where the role has the right that it limits.
fn widen(limits: &mut Limits, granted: &[Right], [line_bp, bill_bp, refund]: [i64; 3]) {
    let rate = |bp: i64| Rate::from_bp(u32::try_from(bp).unwrap_or(Rate::WHOLE.bp()));
    if granted.contains(&Right::DiscountLine) {
        limits.line_discount = limits.line_discount.min(rate(line_bp));
    }
    if granted.contains(&Right::DiscountBill) {
        limits.bill_discount = limits.bill_discount.min(rate(bill_bp));
    }
    if granted.contains(&Right::Return) {
        let own = (refund < NO_LIMIT).then(|| Money::from_minor(refund));
        limits.refund = limits.refund.and_then(|limit| own.map(|own| limit.max(own)));
    }
}

/// The role of a code.
///
/// # Errors
/// A fault of the store.
pub fn role_by_code(db: &dyn Read, code: &str) -> Result<Option<RoleName>, Fault> {
    Ok(roles(db)?.into_iter().find(|role| role.code == code))
}

/// All roles, by code.
///
/// # Errors
/// A fault of the store.
pub fn roles(db: &dyn Read) -> Result<Vec<RoleName>, Fault> {
    // Which roles are there?
    let rows = db.rows("select role, code, name, name_en from role order by code, role", &[])?;
    let name = |row: &crate::journal::Row| RoleName {
        id: DocumentId(row.raw(0)),
        code: row.text(1).into(),
        name: row.text(2).into(),
        name_en: row.text(3).into(),
    };
    Ok(rows.iter().map(name).collect())
}
