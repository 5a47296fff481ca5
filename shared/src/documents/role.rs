//! A set of rights. Written by HQ. That a person holds a role is a fact.

use super::{
    Fields, Invalid,
    field::{self, Key, Shape, Writer},
};
use std::collections::BTreeSet;

pub const KEYS: &[Key] = &[
    Key::required("code", Shape::Form(|code| field::code(code, 16), 16)),
    Key::required("name", Shape::Text(40)),
    Key::new("name_en", Shape::Text(60)),
    Key::many("right:", |right| field::code(right, 40), Shape::True),
    Key::new("max_line_discount_bp", Shape::Int(0, 10_000)),
    Key::new("max_bill_discount_bp", Shape::Int(0, 10_000)),
    Key::new("max_refund_minor", Shape::Int(0, 1_000_000_000_000)),
];

/// A set of rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub rights: BTreeSet<String>,
    /// The lowest rate that may be given on a line: 9 000 is 9折, 10 000 none.
    pub max_line_discount_bp: i64,
    /// The lowest rate that may be given on a bill.
    pub max_bill_discount_bp: i64,
    /// The greatest amount paid back at once.
    pub max_refund_minor: i64,
}

impl Default for Role {
    fn default() -> Self {
        Self::from_fields(&Fields::new())
    }
}

impl Role {
    pub fn from_fields(fields: &Fields) -> Self {
        Self {
            code: field::text(fields, "code"),
            name: field::text(fields, "name"),
            name_en: field::text(fields, "name_en"),
            rights: field::tails(fields, "right:").map(str::to_owned).collect(),
            max_line_discount_bp: field::int(fields, "max_line_discount_bp").unwrap_or(10_000),
            max_bill_discount_bp: field::int(fields, "max_bill_discount_bp").unwrap_or(10_000),
            max_refund_minor: field::int(fields, "max_refund_minor").unwrap_or(0),
        }
    }

    pub fn to_fields(&self) -> Fields {
        Writer::default()
            .text("code", &self.code)
            .text("name", &self.name)
            .text("name_en", &self.name_en)
            .tails("right:", &self.rights)
            .int("max_line_discount_bp", self.max_line_discount_bp)
            .int("max_bill_discount_bp", self.max_bill_discount_bp)
            .int("max_refund_minor", self.max_refund_minor)
            .fields()
    }

    pub fn validate(&self) -> Vec<Invalid> {
        field::check(KEYS, &self.to_fields())
    }
}
