//! Goods that members may have for points (积分兑换), with what they cost in points and in money beside them.
use super::product::{Product, product};
use crate::base::{DocumentId, Money, ProductNo};
use crate::documents;
use crate::journal::{Fault, Read};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// A product with a price in points.
    28, GIFT, "gift", Projected, Everywhere, Both, v 1, [document Blob], [number Int, points Int, money Int]
}

/// What one of it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gift {
    pub product: Product,
    /// Above zero.
    pub points: i64,
    /// Beside the points; zero: nothing.
    pub money: Money,
}

/// The row of a product document.
pub(super) fn project(document: DocumentId, product: &documents::product::Product, rows: &mut Rows) {
    if let Some(points) = product.gift_points.filter(|_| !product.retired) {
        rows.put(&GIFT, row![document, product.number, points, product.gift_money_minor.unwrap_or(0)]);
    }
}

/// The gift that a product is; none if it has no price in points.
///
/// # Errors
/// A fault of the store.
pub fn gift(db: &dyn Read, number: ProductNo) -> Result<Option<Gift>, Fault> {
    // What does this product cost in points?
    let row = db.row("select points, money from gift where number = ?1 order by document limit 1", &[number.0.into()])?;
    let Some(row) = row else { return Ok(None) };
    let (points, money) = (row.int(0), Money::from_minor(row.int(1)));
    Ok(product(db, number)?.map(|product| Gift { product, points, money }))
}

/// Every gift, the cheapest first. At most `limit`.
///
/// # Errors
/// A fault of the store.
pub fn gifts(db: &dyn Read, limit: u32) -> Result<Vec<Gift>, Fault> {
    // What can be had for points?
    let rows = db.rows("select number from gift order by points, number limit ?1", &[limit.into()])?;
    let found = rows.iter().map(|row| gift(db, ProductNo(row.int(0) as u32)));
    Ok(found.collect::<Result<Vec<_>, Fault>>()?.into_iter().flatten().collect())
}
