//! Kinds of packages as head office describes them.
use crate::base::{BranchId, DocumentId, Money, ProductNo};
use crate::documents::{self, Fields};
use crate::journal::command::encoded;
use crate::journal::{Fault, Read, Row};
use crate::views::Rows;
use crate::{row, table};
use minicbor::{Decode, Encode};

table! {
    /// One kind of package; `items` encoded, `branches` their ids one after the other.
    47, PACKAGE_KIND, "package_kind", Projected, Everywhere, Both, v 1, [document Blob],
    [code Text, name Text, name_en Text, price Int, days Int, retired Int, branches Blob, items Blob],
    index "package_kind_code" on "code"
}

/// What a kind holds uses of.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KindItem {
    #[n(0)]
    pub services: Vec<ProductNo>,
    #[n(1)]
    pub uses: i64,
    #[n(2)]
    pub gift: i64,
    #[n(3)]
    pub daily: bool,
    /// Minutes of the day.
    #[n(4)]
    pub from: i64,
    #[n(5)]
    pub until: i64,
}

/// A kind of package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageKind {
    pub id: DocumentId,
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub price: Money,
    /// Days it holds, that of the sale counted; 0: no end.
    pub days: i64,
    pub retired: bool,
    /// Where it is good; empty: everywhere.
    pub branches: Vec<BranchId>,
    pub items: Vec<KindItem>,
}

/// The row of a package document.
pub fn project(document: DocumentId, fields: &Fields, rows: &mut Rows) {
    let kind = documents::package::Package::from_fields(fields);
    let item = |item: &documents::package::Item| KindItem {
        services: item.services.iter().map(|number| ProductNo(*number)).collect(),
        uses: item.uses,
        gift: item.gift,
        daily: item.daily,
        from: item.from,
        until: item.until,
    };
    let items: Vec<KindItem> = kind.items.values().map(item).collect();
    let ids = kind.branches.iter().filter_map(|hex| format!("{}_{hex}", BranchId::PREFIX).parse::<BranchId>().ok());
    let branches: Vec<u8> = ids.flat_map(|id| id.0).collect();
    let values =
        row![document, kind.code, kind.name, kind.name_en, kind.price_minor, kind.days, i64::from(kind.retired), branches, encoded(&items)];
    rows.put(&PACKAGE_KIND, values);
}

fn read(row: &Row) -> PackageKind {
    let branches = row.blob(7).chunks_exact(16).filter_map(|id| id.try_into().ok().map(BranchId));
    PackageKind {
        id: DocumentId(row.raw(0)),
        code: row.text(1).into(),
        name: row.text(2).into(),
        name_en: row.text(3).into(),
        price: Money::from_minor(row.int(4)),
        days: row.int(5),
        retired: row.int(6) != 0,
        branches: branches.collect(),
        items: minicbor::decode(row.blob(8)).unwrap_or_default(),
    }
}

/// All kinds, by code; retired ones too.
///
/// # Errors
/// A fault of the store.
pub fn kinds(db: &dyn Read) -> Result<Vec<PackageKind>, Fault> {
    // Which kinds of packages are there?
    let sql = "select document, code, name, name_en, price, days, retired, branches, items from package_kind order by code, document";
    Ok(db.rows(sql, &[])?.iter().map(read).collect())
}
