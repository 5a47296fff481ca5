//! The tree of goods.
use crate::base::DocumentId;
use crate::documents::{self, Fields};
use crate::journal::{Fault, Read, Row};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// One branch of the tree of goods.
    13, CATEGORY, "category", Projected, Everywhere, Both, v 1, [document Blob], [code Text, name Text, name_en Text, parent Text],
    index "category_code" on "code"
}

/// The rows of a category document.
pub fn project(document: DocumentId, fields: &Fields, rows: &mut Rows) {
    let category = documents::category::Category::from_fields(fields);
    rows.put(&CATEGORY, row![document, category.code, category.name, category.name_en, category.parent]);
}

/// One branch of the tree of goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    pub document: DocumentId,
    pub code: String,
    pub name: String,
    pub name_en: String,
    /// Code of the one it lies in; empty at the top.
    pub parent: String,
}

/// All categories, by code: each parent before its children.
///
/// # Errors
/// A fault of the store.
pub fn categories(db: &dyn Read) -> Result<Vec<Category>, Fault> {
    // Which categories are there?
    let rows = db.rows("select document, code, name, name_en, parent from category order by code, document", &[])?;
    Ok(rows.iter().map(category).collect())
}

/// The category of a code.
///
/// # Errors
/// A fault of the store.
pub fn by_code(db: &dyn Read, code: &str) -> Result<Option<Category>, Fault> {
    // Which category has this code?
    let sql = "select document, code, name, name_en, parent from category where code = ?1 order by document limit 1";
    Ok(db.row(sql, &[code.into()])?.as_ref().map(category))
}

fn category(row: &Row) -> Category {
    Category {
        document: DocumentId(row.raw(0)),
        code: row.text(1).into(),
        name: row.text(2).into(),
        name_en: row.text(3).into(),
        parent: row.text(4).into(),
    }
}
