//! A person who works for the chain. Written by HQ. Roles held, PIN and being disabled are facts.

use super::{
    Fields, Invalid,
    field::{self, Key, Shape, Writer},
};

pub const KEYS: &[Key] = &[
    Key::required("code", Shape::Form(|code| field::code(code, 12), 12)),
    Key::required("name", Shape::Text(40)),
    Key::new("branch", Shape::Form(field::hex_id, 32)),
];

/// A person who works for the chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staff {
    /// 工号, keyed in at the till.
    pub code: String,
    pub name: String,
    /// Id of the branch the person belongs to, in hex; empty for HQ.
    pub branch: String,
}

impl Staff {
    pub fn from_fields(fields: &Fields) -> Self {
        Self { code: field::text(fields, "code"), name: field::text(fields, "name"), branch: field::text(fields, "branch") }
    }

    pub fn to_fields(&self) -> Fields {
        Writer::default().text("code", &self.code).text("name", &self.name).text("branch", &self.branch).fields()
    }

    pub fn validate(&self) -> Vec<Invalid> {
        field::check(KEYS, &self.to_fields())
    }
}
