//! Rows on their way into a store. `settle` merges those that meet and puts them into one global (table, key) order: coalescing, the lock
//! order of a cluster and the statement of the laws at once. It is the only road to a store.
use super::table::{Law, Side, Table};
use crate::base::guards::{Guard, on};
use crate::journal::Value;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub table: &'static Table,
    /// Key columns first.
    pub values: Vec<Value>,
}

/// A batch of rows for one kind of replica.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    side: Side,
    rows: Vec<Row>,
}

/// A sale of some lines has fewer.
const USUAL_ROWS: usize = 64;

impl Rows {
    pub fn new(side: Side) -> Rows {
        Rows { side, rows: Vec::with_capacity(USUAL_ROWS) }
    }

    pub fn side(&self) -> Side {
        self.side
    }

    /// Adds a row: key columns, then columns. A row of a table that this replica does not keep is dropped.
    pub fn put(&mut self, table: &'static Table, values: Vec<Value>) {
        assert_eq!(values.len(), table.width(), "a row of {} has the wrong width", table.name);
        if table.kept_at(self.side) {
            self.rows.push(Row { table, values });
        }
    }

    /// How many were put; `forget_from` there forgets those put since.
    pub fn mark(&self) -> usize {
        self.rows.len()
    }

    /// Those put since.
    pub fn from(&self, mark: usize) -> &[Row] {
        &self.rows[mark..]
    }

    pub fn forget_from(&mut self, mark: usize) {
        self.rows.truncate(mark);
    }

    /// Drops the rows of all other tables.
    pub fn keep(&mut self, tables: &[&'static Table]) {
        self.rows.retain(|row| tables.iter().any(|table| table.no == row.table.no));
    }

    /// The rows, merged by their laws, in the order in which they are written.
    pub fn settle(mut self) -> Vec<Row> {
        self.rows.sort_by_key(|row| row.table.no);
        self.rows.chunk_by_mut(|a, b| a.table.no == b.table.no).for_each(sort);
        self.rows.dedup_by(|next, kept| {
            let same = next.table.no == kept.table.no && next.key() == kept.key();
            if same {
                meet(kept, next);
            }
            same
        });
        self.rows
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl Row {
    pub fn key(&self) -> &[Value] {
        &self.values[..self.table.key.len()]
    }

    pub fn columns(&self) -> &[Value] {
        &self.values[self.table.key.len()..]
    }
}

/// Sorts rows of one table by their keys. A large batch compares each key a dozen times: as bytes laid out once, not cell by cell.
fn sort(rows: &mut [Row]) {
    // Few are compared only a few times; and facts put most tables' rows in the order of their keys.
    if rows.len() <= FEW || rows.is_sorted_by(|a, b| a.key() <= b.key()) {
        return rows.sort_by(|a, b| a.key().cmp(b.key()));
    }
    let mut bytes = Vec::with_capacity(rows.len() * USUAL_KEY_BYTES);
    let mut order = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let start = bytes.len();
        row.key().iter().for_each(|cell| lay(cell, &mut bytes));
        order.push((start..bytes.len(), at));
    }
    order.sort_by(|a, b| bytes[a.0.clone()].cmp(&bytes[b.0.clone()]));
    let sorted: Vec<Vec<Value>> = order.iter().map(|(_, at)| std::mem::take(&mut rows[*at].values)).collect();
    rows.iter_mut().zip(sorted).for_each(|(row, values)| row.values = values);
}

/// The rows of one decision in one table.
const FEW: usize = 32;
/// An account's key with its marks.
const USUAL_KEY_BYTES: usize = 72;

/// Adds a cell so that strings of laid cells compare like the cells: numbers from the most negative on; bytes end in a mark below every byte.
fn lay(cell: &Value, bytes: &mut Vec<u8>) {
    let text: &[u8] = match cell {
        Value::Int(number) => return bytes.extend_from_slice(&(*number ^ i64::MIN).to_be_bytes()),
        Value::Text(text) => text.as_bytes(),
        Value::Blob(bytes) => bytes,
    };
    for (nth, piece) in text.split(|byte| *byte == 0).enumerate() {
        if nth > 0 {
            bytes.extend_from_slice(&[0, 1]);
        }
        bytes.extend_from_slice(piece);
    }
    bytes.extend_from_slice(&[0, 0]);
}

fn meet(kept: &mut Row, next: &mut Row) {
    match kept.table.law {
        Law::Greatest | Law::Least if !on(Guard::Law) => std::mem::swap(&mut kept.values, &mut next.values),
        Law::Once => {}
        Law::Projected => std::mem::swap(&mut kept.values, &mut next.values),
        Law::Greatest if next.columns() > kept.columns() => std::mem::swap(&mut kept.values, &mut next.values),
        Law::Least if next.columns() < kept.columns() => std::mem::swap(&mut kept.values, &mut next.values),
        Law::Greatest | Law::Least => {}
        Law::Sum => {
            let from = kept.table.key.len();
            for (kept, next) in kept.values[from..].iter_mut().zip(&next.values[from..]) {
                if let (Value::Int(sum), Value::Int(more)) = (kept, next) {
                    *sum += more;
                }
            }
        }
    }
}

/// `row![a, b, c]` makes the values of a row.
#[macro_export]
macro_rules! row {
    ($($value:expr),* $(,)?) => { vec![$($crate::journal::Value::from($value)),*] };
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    crate::table! {
        9_999, SUMS, "sums", Sum, First, Both, v 1, [holder Blob, day Int, name Text], [amount Int]
    }

    proptest! {
        #[test]
        fn in_the_order_of_their_keys_and_each_key_once(
            put in prop::collection::vec((prop::collection::vec(0_u8..3, 0..4), -2_i64..3, "[\\x00ab]{0,2}", -5_i64..5), 0..60)
        ) {
            let mut rows = Rows::new(Side::Edge);
            let mut sums = std::collections::BTreeMap::new();
            for (holder, day, name, amount) in put {
                let key: Vec<Value> = crate::row![holder, day, name];
                *sums.entry(key.clone()).or_insert(0) += amount;
                rows.put(&SUMS, [key, vec![amount.into()]].concat());
            }
            let settled: Vec<(Vec<Value>, i64)> = rows.settle().into_iter().map(|row| match &row.values[3] {
                Value::Int(sum) => (row.key().to_vec(), *sum),
                other => panic!("{other:?} is no sum"),
            }).collect();
            prop_assert_eq!(settled, sums.into_iter().collect::<Vec<_>>());
        }
    }
}
