//! 商品销售排行: what each product brought in the months that the days asked touch, what sold most first. Whole months: a year of a large chain has
//! millions of products by day.
use crate::cells;
use crate::journal::{Fault, Read, Right, Value};
use crate::reports::report::Form::{Count, Money, Quantity, Text};
use crate::reports::report::{Asked, Cell, Report, Row, column, summed};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::LazyLock;

pub static PRODUCTS: Report = Report {
    name: "products",
    zh: "商品销售排行（整月）",
    en: "Best sellers (whole months)",
    any: &[Right::SeeTakings],
    personal: false,
    days: true,
    columns: &[
        column("名次", "Rank", Count),
        column("商品号", "Number", Count),
        column("商品", "Product", Text),
        summed("数量", "Quantity", Quantity),
        summed("销售额", "Net sales", Money),
    ],
    query,
};

/// Branches of one question: asked one by one, each would be sorted and told by itself.
const AT_ONCE: usize = 64;

/// What did each product bring at these branches in these months?
static SOLD: LazyLock<String> = LazyLock::new(|| {
    let branches: Vec<String> = (3..3 + AT_ONCE).map(|n| format!("?{n}")).collect();
    format!(
        "select product, cast(sum(quantity) as bigint), cast(sum(net) as bigint) from sold_month
         where branch in ({}) and month >= ?1 and month <= ?2 group by product",
        branches.join(", ")
    )
});

fn query(db: &dyn Read, asked: &Asked) -> Result<Vec<Row>, Fault> {
    let mut sold: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for branches in asked.branches.chunks(AT_ONCE) {
        let months = [asked.from.month().0.into(), asked.until.month().0.into()];
        // Where fewer are asked the last is named again.
        let named = branches.iter().chain(std::iter::repeat(&branches[branches.len() - 1])).take(AT_ONCE);
        let parameters: Vec<Value> = months.into_iter().chain(named.map(|branch| (*branch).into())).collect();
        for row in db.rows(&SOLD, &parameters)? {
            let (quantity, net) = sold.entry(row.int(0)).or_default();
            *quantity += row.int(1);
            *net += row.int(2);
        }
    }
    // What is this product called?
    let named = "select min(name), min(name_en) from product where number = ?1";
    let mut ranked: Vec<_> = sold.into_iter().collect();
    ranked.sort_by_key(|(product, (quantity, net))| (Reverse((*net, *quantity)), *product));
    let rows = ranked.into_iter().take(asked.rows_max).zip(1_i64..).map(|((product, (quantity, net)), rank)| {
        let name = match product {
            // Goods keyed without a code.
            0 => Cell::said("无码商品", "Goods without a code"),
            _ => db.row(named, &[product.into()])?.map_or(Cell::None, |row| Cell::said(row.text(0), row.text(1))),
        };
        let number = if product == 0 { Cell::None } else { Cell::Number(product) };
        Ok(Row::of(cells![rank, number, name, quantity, net]))
    });
    rows.collect()
}
