//! Roles as a list.
use crate::base::{DocumentId, StaffId};
use crate::journal::{Fault, Read};
use crate::staff::RoleName;

/// The roles a person holds, by code; also of somebody who is disabled.
///
/// # Errors
/// A fault of the store.
pub fn held(db: &dyn Read, staff: StaffId) -> Result<Vec<RoleName>, Fault> {
    // Which roles does this person hold?
    let sql = "select r.role, r.code, r.name, r.name_en
               from staff_role h join role r on r.role = h.role where h.staff = ?1 and h.held = 1 order by r.code, r.role";
    let name = |row: &crate::journal::Row| RoleName {
        id: DocumentId(row.raw(0)),
        code: row.text(1).into(),
        name: row.text(2).into(),
        name_en: row.text(3).into(),
    };
    Ok(db.rows(sql, &[staff.into()])?.iter().map(name).collect())
}

/// The names of the rights of a role.
///
/// # Errors
/// A fault of the store.
pub fn granted(db: &dyn Read, role: DocumentId) -> Result<Vec<String>, Fault> {
    // Which rights has this role?
    let rows = db.rows("select granted from role_right where role = ?1 order by granted", &[role.into()])?;
    Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
}
