//! Prices by list and the business day from which they hold. A price is never changed in place.
use crate::base::{BusinessDay, DocumentId, Money, ProductNo};
use crate::documents::product;
use crate::journal::{Fault, Read};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// One price of one list; `grade` 0 is everybody's, 1 a member's.
    12, PRICE, "price", Projected, Everywhere, Both, v 1, [product Int, list Text, grade Int, from_day Int, document Blob], [minor Int]
}

/// The list of branches that have none of their own, and what a list falls back to.
pub const MAIN_LIST: &str = "main";

const EVERYBODY: i64 = 0;
const MEMBERS: i64 = 1;

/// The rows of the prices of a product document.
pub fn project(document: DocumentId, product: &product::Product, rows: &mut Rows) {
    for (grade, prices) in [(EVERYBODY, &product.prices), (MEMBERS, &product.member_prices)] {
        for ((list, from_day), minor) in prices {
            rows.put(&PRICE, row![product.number, list.as_str(), grade, *from_day, document, *minor]);
        }
    }
}

/// What one piece, or one kilogram, costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    pub price: Money,
    /// Where members have a price of their own.
    pub member_price: Option<Money>,
}

/// What a product costs by a list on a business day; a list without a price for it falls back to `MAIN_LIST`. None: it has no price yet.
///
/// # Errors
/// A fault of the store.
pub fn price(db: &dyn Read, list: &str, product: ProductNo, day: BusinessDay) -> Result<Option<Price>, Fault> {
    for list in [list, MAIN_LIST].into_iter().filter(|list| !list.is_empty()) {
        if let Some(price) = latest(db, list, product, EVERYBODY, day)? {
            return Ok(Some(Price { price, member_price: latest(db, list, product, MEMBERS, day)? }));
        }
    }
    Ok(None)
}

fn latest(db: &dyn Read, list: &str, product: ProductNo, grade: i64, day: BusinessDay) -> Result<Option<Money>, Fault> {
    // Which price of this list holds on this day?
    let sql = "select minor from price where product = ?1 and list = ?2 and grade = ?3 and from_day <= ?4 order by from_day desc, document desc limit 1";
    let found = db.row(sql, &[product.0.into(), list.into(), grade.into(), day.0.into()])?;
    Ok(found.map(|row| Money::from_minor(row.int(0))))
}

/// One price that holds or will hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    pub list: String,
    pub from: BusinessDay,
    /// A member's price.
    pub for_members: bool,
    pub price: Money,
}

/// Every price a product has or had, newest first within its list.
///
/// # Errors
/// A fault of the store.
pub fn history(db: &dyn Read, product: ProductNo) -> Result<Vec<Dated>, Fault> {
    // What did and will this product cost?
    let sql = "select list, from_day, grade, minor from price where product = ?1 order by list, from_day desc, grade limit 200";
    let dated = |row: &crate::journal::Row| Dated {
        list: row.text(0).into(),
        from: BusinessDay(row.int(1) as u32),
        for_members: row.int(2) == MEMBERS,
        price: Money::from_minor(row.int(3)),
    };
    Ok(db.rows(sql, &[product.0.into()])?.iter().map(dated).collect())
}
