//! A branch of the tree of goods. Written by HQ.

use super::{
    Fields, Flaw, Invalid,
    field::{self, Key, Shape, Writer},
};

pub const KEYS: &[Key] = &[
    Key::required("code", Shape::Form(code, 6)),
    Key::required("name", Shape::Text(40)),
    Key::new("name_en", Shape::Text(60)),
    Key::new("parent", Shape::Form(code, 4)),
];

/// Two digits for each level, at most three levels: `01`, `0102`, `010203`.
pub fn code(text: &str) -> bool {
    field::digits(text, 2, 6) && text.len().is_multiple_of(2)
}

/// A branch of the tree of goods.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Category {
    /// Two digits for each level: `010203` lies in `0102`, which lies in `01`.
    pub code: String,
    pub name: String,
    pub name_en: String,
    /// Code of the category it lies in; empty at the top.
    pub parent: String,
}

impl Category {
    pub fn from_fields(fields: &Fields) -> Self {
        Self {
            code: field::text(fields, "code"),
            name: field::text(fields, "name"),
            name_en: field::text(fields, "name_en"),
            parent: field::text(fields, "parent"),
        }
    }

    pub fn to_fields(&self) -> Fields {
        Writer::default()
            .text("code", &self.code)
            .text("name", &self.name)
            .text("name_en", &self.name_en)
            .text("parent", &self.parent)
            .fields()
    }

    pub fn validate(&self) -> Vec<Invalid> {
        let mut invalid = field::check(KEYS, &self.to_fields());
        let above = self.code.len().checked_sub(2).and_then(|length| self.code.get(..length));
        if above.is_some_and(|above| above != self.parent) {
            invalid.push(Flaw::Mismatch { other: "code" }.of("parent"));
        }
        invalid
    }
}
