//! Who a code belongs to, and whether that person may sign in.
use crate::base::{BranchId, DocumentId, StaffId};
use crate::documents::{self, Fields};
use crate::facts::staff::{StaffDisabled, StaffEnabled};
use crate::journal::{Fault, Head, Read, Row};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// What a staff document says. `branch` is empty for head office.
    15, STAFF, "staff", Projected, Everywhere, Both, v 1, [staff Blob], [code Text, name Text, branch Blob],
    index "staff_code" on "code"
}

table! {
    /// Whether a person is disabled; the last word stands.
    21, STAFF_STATE, "staff_state", Greatest, Everywhere, Both, v 1, [staff Blob], [stamp Int, stream Blob, seq Int, disabled Int]
}

/// The rows of a staff document.
pub fn project(document: DocumentId, fields: &Fields, rows: &mut Rows) {
    let staff = documents::staff::Staff::from_fields(fields);
    rows.put(&STAFF, row![document, staff.code.as_str(), staff.name.as_str(), raw(&staff.branch)]);
}

/// The 16 bytes of an id written in hex; none if it is no id.
fn raw(hex: &str) -> Vec<u8> {
    format!("brn_{hex}").parse::<BranchId>().map_or(Vec::new(), |branch| branch.0.to_vec())
}

pub fn fold_disabled(disabled: &StaffDisabled, head: &Head, rows: &mut Rows) {
    rows.put(&STAFF_STATE, row![disabled.staff, head.stamp.0, head.stream, head.seq, 1]);
}

pub fn fold_enabled(enabled: &StaffEnabled, head: &Head, rows: &mut Rows) {
    rows.put(&STAFF_STATE, row![enabled.staff, head.stamp.0, head.stream, head.seq, 0]);
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: StaffId,
    /// 工号.
    pub code: String,
    pub name: String,
    /// None: head office.
    pub branch: Option<BranchId>,
    pub disabled: bool,
}

/// The person of a code. Of two with one code the one with the lower id: HQ sees the clash in its list.
///
/// # Errors
/// A fault of the store.
pub fn by_code(db: &dyn Read, code: &str) -> Result<Option<Person>, Fault> {
    // Who has this code?
    let sql = "select p.staff, p.code, p.name, p.branch, coalesce(s.disabled, 0)
               from staff p left join staff_state s on s.staff = p.staff where p.code = ?1 order by p.staff limit 1";
    Ok(db.row(sql, &[code.into()])?.as_ref().map(read))
}

/// The person of an id.
///
/// # Errors
/// A fault of the store.
pub fn person(db: &dyn Read, staff: StaffId) -> Result<Option<Person>, Fault> {
    // Who is this?
    let sql = "select p.staff, p.code, p.name, p.branch, coalesce(s.disabled, 0)
               from staff p left join staff_state s on s.staff = p.staff where p.staff = ?1";
    Ok(db.row(sql, &[staff.into()])?.as_ref().map(read))
}

/// Everybody, by code.
///
/// # Errors
/// A fault of the store.
pub fn people(db: &dyn Read) -> Result<Vec<Person>, Fault> {
    // Who works here?
    let sql = "select p.staff, p.code, p.name, p.branch, coalesce(s.disabled, 0)
               from staff p left join staff_state s on s.staff = p.staff order by p.code, p.staff";
    Ok(db.rows(sql, &[])?.iter().map(read).collect())
}

fn read(row: &Row) -> Person {
    Person {
        id: StaffId(row.raw(0)),
        code: row.text(1).into(),
        name: row.text(2).into(),
        branch: row.blob(3).try_into().ok().map(BranchId),
        disabled: row.int(4) != 0,
    }
}
