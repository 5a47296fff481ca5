//! The number of the last price release: every till shows it, so that a person sees which prices a till knows.
use crate::facts::catalog::PricesReleased;
use crate::journal::{Fault, Head, Read};
use crate::views::Rows;
use crate::{row, table};

table! {
    /// The highest release known here. One row.
    23, PRICE_RELEASE, "price_release", Greatest, Everywhere, Both, v 2, [one Int], [number Int, stamp Int, stream Blob, seq Int]
}

pub fn fold(released: &PricesReleased, head: &Head, rows: &mut Rows) {
    rows.put(&PRICE_RELEASE, row![1, released.number, head.stamp.0, head.stream, head.seq]);
}

/// The last price release known here; 0 for none.
///
/// # Errors
/// A fault of the store.
pub fn price_release(db: &dyn Read) -> Result<i64, Fault> {
    db.number("select number from price_release where one = 1", &[])
}
