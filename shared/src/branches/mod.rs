//! The shops of the chain: name, address, where they are in time, which price list they sell by.
use crate::base::{BranchId, DocumentId, Zone};
use crate::documents::{self, Fields};
use crate::journal::{Fault, Read, Row};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// What a branch document says.
    14, BRANCH, "branch", Projected, Everywhere, Both, v 1, [branch Blob],
    [code Text, name Text, name_en Text, address Text, phone Text, zone_minutes Int, cutoff_minutes Int, price_list Text],
    index "branch_code" on "code"
}

/// The rows of a branch document.
pub fn project(document: DocumentId, fields: &Fields, rows: &mut Rows) {
    let branch = documents::branch::Branch::from_fields(fields);
    let values = row![
        document,
        branch.code,
        branch.name,
        branch.name_en,
        branch.address,
        branch.phone,
        branch.zone_minutes,
        branch.cutoff_minutes,
        branch.price_list
    ];
    rows.put(&BRANCH, values);
}

/// One shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    pub id: BranchId,
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub address: String,
    pub phone: String,
    pub zone: Zone,
    /// Empty: the chain's own.
    pub price_list: String,
}

pub use crate::base::day::HOUSE_ZONE;

/// The branch of an id.
///
/// # Errors
/// A fault of the store.
pub fn branch(db: &dyn Read, id: BranchId) -> Result<Option<Branch>, Fault> {
    // Which branch is this?
    let sql = "select branch, code, name, name_en, address, phone, zone_minutes, cutoff_minutes, price_list from branch where branch = ?1";
    Ok(db.row(sql, &[id.into()])?.as_ref().map(read))
}

/// The branch of a code, or of a name.
///
/// # Errors
/// A fault of the store.
pub fn by_code(db: &dyn Read, code: &str) -> Result<Option<Branch>, Fault> {
    Ok(branches(db)?.into_iter().find(|branch| branch.code == code || branch.name == code || branch.name_en == code))
}

/// All branches, by code.
///
/// # Errors
/// A fault of the store.
pub fn branches(db: &dyn Read) -> Result<Vec<Branch>, Fault> {
    // Which branches are there?
    let sql = "select branch, code, name, name_en, address, phone, zone_minutes, cutoff_minutes, price_list from branch";
    let mut branches: Vec<Branch> = db.rows(sql, &[])?.iter().map(read).collect();
    branches.sort_by(|a, b| (&a.code, a.id).cmp(&(&b.code, b.id)));
    Ok(branches)
}

fn read(row: &Row) -> Branch {
    Branch {
        id: BranchId(row.raw(0)),
        code: row.text(1).into(),
        name: row.text(2).into(),
        name_en: row.text(3).into(),
        address: row.text(4).into(),
        phone: row.text(5).into(),
        zone: Zone { zone_minutes: row.int(6) as i32, cutoff_minutes: row.int(7) as i32 },
        price_list: row.text(8).into(),
    }
}
