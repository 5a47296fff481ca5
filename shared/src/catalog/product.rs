//! Goods by number, by code and by category.
use super::{gift, price, search};
use crate::base::{DocumentId, Money, ProductNo};
use crate::documents::{self, Fields};
use crate::journal::{Fault, Read, Row};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// What a product document says. `cost` is −1 where nobody said.
    10, PRODUCT, "product", Projected, Everywhere, Both, v 1, [document Blob],
    [number Int, name Text, name_en Text, category Text, unit Text, weighed Int, plu Text, code Text, discountable Int, earns_points Int,
     cost Int, retired Int],
    index "product_number" on "number", index "product_category" on "category, number"
}

table! {
    /// Which products a code names. Two products may claim one code: then a person is asked.
    11, PRODUCT_CODE, "product_code", Projected, Everywhere, Both, v 1, [code Text, document Blob], [why Int, number Int]
}

/// How a code names a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Barcode,
    Plu,
}

/// The rows of a product document.
pub fn project(document: DocumentId, fields: &Fields, rows: &mut Rows) {
    let product = documents::product::Product::from_fields(fields);
    for code in &product.barcodes {
        rows.put(&PRODUCT_CODE, row![code.as_str(), document, 0, product.number]);
    }
    if !product.plu.is_empty() && !product.barcodes.contains(&product.plu) {
        rows.put(&PRODUCT_CODE, row![product.plu.as_str(), document, 1, product.number]);
    }
    price::project(document, &product, rows);
    search::project(document, &product, rows);
    gift::project(document, &product, rows);
    let number = product.number.to_string();
    let code = product.barcodes.first().or((!product.plu.is_empty()).then_some(&product.plu)).unwrap_or(&number).as_str();
    let values = row![
        document,
        product.number,
        product.name.as_str(),
        product.name_en.as_str(),
        product.category.as_str(),
        product.unit.as_str(),
        product.weighed,
        product.plu.as_str(),
        code,
        product.discountable,
        product.earns_points,
        product.cost_minor.unwrap_or(-1),
        product.retired,
    ];
    rows.put(&PRODUCT, values);
}

/// Goods as a till sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    pub document: DocumentId,
    pub number: ProductNo,
    pub name: String,
    pub name_en: String,
    /// Code of its category.
    pub category: String,
    /// What one of it is called: 瓶, kg.
    pub unit: String,
    /// Prices are for a kilogram.
    pub weighed: bool,
    /// Short number on scales and for goods without a code; may be empty.
    pub plu: String,
    /// What is shown as its code: a barcode, else the PLU, else the number.
    pub code: String,
    pub discountable: bool,
    pub earns_points: bool,
    pub cost: Option<Money>,
    /// No longer sold.
    pub retired: bool,
}

/// A product and how its code named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByCode {
    pub product: Product,
    pub why: Why,
}

/// The products a code names, exactly; more than one is a clash and asks. Retired ones are among them, so that the till can say so.
///
/// # Errors
/// A fault of the store.
pub fn find_by_code(db: &dyn Read, code: &str) -> Result<Vec<ByCode>, Fault> {
    // Which products does this code name?
    let sql = "select p.document, p.number, p.name, p.name_en, p.category, p.unit, p.weighed, p.plu, p.code, p.discountable, p.earns_points,
                      p.cost, p.retired, c.why
               from product_code c join product p on p.document = c.document where c.code = ?1 order by p.retired, c.why, p.number limit 20";
    let rows = db.rows(sql, &[code.into()])?;
    Ok(rows.iter().map(|row| ByCode { product: read(row), why: if row.int(13) == 0 { Why::Barcode } else { Why::Plu } }).collect())
}

/// The product of a number.
///
/// # Errors
/// A fault of the store.
pub fn product(db: &dyn Read, number: ProductNo) -> Result<Option<Product>, Fault> {
    // Which product has this number?
    let sql = "select document, number, name, name_en, category, unit, weighed, plu, code, discountable, earns_points, cost, retired
               from product where number = ?1 order by document limit 1";
    Ok(db.row(sql, &[number.0.into()])?.as_ref().map(read))
}

/// Products of a category and all below it, by number; the empty code names all. Retired ones are left out. With the number of all of them.
///
/// # Errors
/// A fault of the store.
pub fn in_category(db: &dyn Read, category: &str, offset: u32, limit: u32) -> Result<(i64, Vec<Product>), Fault> {
    let (from, to) = (category.to_owned(), search::past(category));
    // How many products lie in this category?
    let total = db.number(
        "select count(*) from product where category >= ?1 and category < ?2 and retired = 0",
        &[from.as_str().into(), to.as_str().into()],
    )?;
    // Which products lie in this category?
    let sql = "select document, number, name, name_en, category, unit, weighed, plu, code, discountable, earns_points, cost, retired
               from product where category >= ?1 and category < ?2 and retired = 0 order by category, number limit ?3 offset ?4";
    let rows = db.rows(sql, &[from.into(), to.into(), limit.into(), offset.into()])?;
    Ok((total, rows.iter().map(read).collect()))
}

/// The highest number given so far; 0 for none.
///
/// # Errors
/// A fault of the store.
pub fn highest_number(db: &dyn Read) -> Result<i64, Fault> {
    db.number("select coalesce(max(number), 0) from product", &[])
}

fn read(row: &Row) -> Product {
    Product {
        document: DocumentId(row.raw(0)),
        number: ProductNo(row.int(1) as u32),
        name: row.text(2).into(),
        name_en: row.text(3).into(),
        category: row.text(4).into(),
        unit: row.text(5).into(),
        weighed: row.int(6) != 0,
        plu: row.text(7).into(),
        code: row.text(8).into(),
        discountable: row.int(9) != 0,
        earns_points: row.int(10) != 0,
        cost: (row.int(11) >= 0).then(|| Money::from_minor(row.int(11))),
        retired: row.int(12) != 0,
    }
}
