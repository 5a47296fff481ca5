//! A view's table declared as data. Column types are three: bigint, text, blob. No nulls.

use crate::base::guards::{Guard, on};

/// How a row meets the one that stands under its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// Columns are added.
    Sum,
    /// Stands; the key contains the id of its own fact, so two facts never meet.
    Once,
    /// The greater tuple of columns stands.
    Greatest,
    /// The lesser tuple of columns stands.
    Least,
    /// Rows of a document: the key contains the document's id; replaced when the document changes.
    Projected,
}

/// Where a cluster keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// By its first key column.
    First,
    /// A copy everywhere: what everything joins.
    Everywhere,
}

/// Which replicas keep it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    Edge,
    Hub,
    Both,
}

/// Which replica this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Edge,
    Hub,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Int,
    Text,
    Blob,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub kind: Type,
}

/// One table. `no` is its place in the global write order and never reused.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    pub no: u16,
    pub name: &'static str,
    pub law: Law,
    pub spread: Spread,
    pub at: Where,
    /// Raised when key, columns or meaning change: the table is then built anew.
    pub version: u32,
    pub key: &'static [Column],
    pub columns: &'static [Column],
    /// Further lookups: (index name, columns).
    pub indexes: &'static [(&'static str, &'static str)],
}

impl Table {
    pub fn kept_at(&self, side: Side) -> bool {
        match self.at {
            Where::Both => true,
            Where::Edge => side == Side::Edge,
            Where::Hub => side == Side::Hub,
        }
    }

    pub fn width(&self) -> usize {
        self.key.len() + self.columns.len()
    }

    /// `create table`, in the words both engines share; `suffix` is what SQLite needs behind it.
    pub fn create(&self, name: &str, suffix: &str) -> String {
        let column = |column: &Column| {
            let kind = match column.kind {
                Type::Int => "integer",
                Type::Text => "text",
                Type::Blob => "blob",
            };
            format!("{} {kind} not null", column.name)
        };
        let columns: Vec<String> = self.key.iter().chain(self.columns).map(column).collect();
        format!("create table {name} ({}, primary key ({})){suffix}", columns.join(", "), names(self.key))
    }

    /// The one write statement of a row: inserted, or met with the standing one by the law.
    pub fn upsert(&self) -> String {
        let places: Vec<String> = (1..=self.width()).map(|i| format!("?{i}")).collect();
        self.upsert_from(&format!("values ({})", places.join(", ")))
    }

    /// The same for the rows of any source.
    pub fn upsert_from(&self, source: &str) -> String {
        let t = self.name;
        let all: Vec<&str> = self.key.iter().chain(self.columns).map(|column| column.name).collect();
        let each = |f: &dyn Fn(&str) -> String| self.columns.iter().map(|column| f(column.name)).collect::<Vec<_>>().join(", ");
        let taken = each(&|c| format!("{c} = excluded.{c}"));
        let (new, old) = (each(&|c| format!("excluded.{c}")), each(&|c| format!("{t}.{c}")));
        let meet = match self.law {
            _ if self.columns.is_empty() => "nothing".into(),
            Law::Once => "nothing".into(),
            Law::Sum => format!("update set {}", each(&|c| format!("{c} = {t}.{c} + excluded.{c}"))),
            Law::Greatest | Law::Least if !on(Guard::Law) => format!("update set {taken}"),
            Law::Greatest if !on(Guard::TieBreak) => format!("update set {taken} where excluded.{0} >= {t}.{0}", self.columns[0].name),
            Law::Least if !on(Guard::TieBreak) => format!("update set {taken} where excluded.{0} <= {t}.{0}", self.columns[0].name),
            Law::Greatest => format!("update set {taken} where ({new}) > ({old})"),
            Law::Least => format!("update set {taken} where ({new}) < ({old})"),
            Law::Projected => format!("update set {taken}"),
        };
        format!("insert into {t} ({}) {source} on conflict ({}) do {meet}", all.join(", "), names(self.key))
    }

    /// Takes away one row of a document.
    pub fn delete(&self) -> String {
        let key: Vec<String> = self.key.iter().enumerate().map(|(i, column)| format!("{} = ?{}", column.name, i + 1)).collect();
        format!("delete from {} where {}", self.name, key.join(" and "))
    }
}

fn names(columns: &[Column]) -> String {
    columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
}

/// `table! { 7, LINE, "line", Once, First, Both, v1, [sale Blob, n Int], [product Int, net Int] }` declares a table;
/// a last `, index "line_product" on "product, sale"` adds a lookup.
#[macro_export]
macro_rules! table {
    ($(#[$doc:meta])* $no:literal, $name:ident, $sql:literal, $law:ident, $spread:ident, $at:ident, v $version:literal,
     [$($key:ident $kt:ident),* $(,)?], [$($column:ident $ct:ident),* $(,)?] $(, index $index:literal on $on:literal)*) => {
        $(#[$doc])*
        pub static $name: $crate::views::Table = $crate::views::Table {
            no: $no,
            name: $sql,
            law: $crate::views::Law::$law,
            spread: $crate::views::Spread::$spread,
            at: $crate::views::Where::$at,
            version: $version,
            key: &[$($crate::views::Column { name: stringify!($key), kind: $crate::views::Type::$kt }),*],
            columns: &[$($crate::views::Column { name: stringify!($column), kind: $crate::views::Type::$ct }),*],
            indexes: &[$(($index, $on)),*],
        };
    };
}
