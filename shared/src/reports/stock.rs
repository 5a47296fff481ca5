//! What the books say lies on the shelves.
use crate::base::{BranchId, Holder, ProductNo, Purpose, Unit};
use crate::journal::{Fault, Read};

/// Thousandths of a product at a branch, over all its installs; negative where more was sold than was booked in.
///
/// # Errors
/// A fault of the store.
pub fn at_branch(db: &dyn Read, branch: BranchId, product: ProductNo) -> Result<i64, Fault> {
    // How much of this product lies at this branch?
    let sql = "select coalesce(cast(sum(amount) as bigint), 0) from balance where holder = ?1 and unit = ?2";
    db.number(sql, &[Holder::House(branch, Purpose::Stock).key().into(), Unit::Goods(product).key().into()])
}
