//! Rows on their way into a store. `settle` merges those that meet and puts them into one global (table, key) order: coalescing, the lock
//! order of a cluster and the statement of the laws at once. It is the only road to a store.
use super::table::{Law, Side, Table};
use crate::base::guards::{Guard, on};
use crate::journal::Value;
use std::cmp::Ordering;

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
        self.rows.sort_by(order);
        self.rows.dedup_by(|next, kept| {
            let same = order(next, kept) == Ordering::Equal;
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

fn order(a: &Row, b: &Row) -> Ordering {
    a.table.no.cmp(&b.table.no).then_with(|| a.key().cmp(b.key()))
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
