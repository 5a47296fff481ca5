//! A level of membership. Written by HQ. That a member has a level is a fact.

use super::{
    Fields, Invalid,
    field::{self, Key, Shape, Writer},
};

pub const KEYS: &[Key] = &[
    Key::required("code", Shape::Form(|code| field::code(code, 16), 16)),
    Key::required("name", Shape::Text(40)),
    Key::new("name_en", Shape::Text(60)),
    Key::required("rank", Shape::Int(0, 99)),
    Key::new("discount_bp", Shape::Int(1, 10_000)),
    Key::new("points_factor_bp", Shape::Int(0, 1_000_000)),
    Key::new("threshold_minor", Shape::Int(0, 1_000_000_000_000)),
    Key::new("threshold_purchases", Shape::Int(0, 1_000_000)),
];

/// A level of membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    pub code: String,
    pub name: String,
    pub name_en: String,
    /// Higher is better; 0 is where everyone begins.
    pub rank: i64,
    /// What is left of a price: 9 500 is 9.5折, 10 000 no discount.
    pub discount_bp: i64,
    /// 12 000 gives 1.2 times the points.
    pub points_factor_bp: i64,
    /// Spent in the window of the policy to reach the level.
    pub threshold_minor: i64,
    /// Purchases in that window to reach it; 0: their number reaches nothing.
    pub threshold_purchases: i64,
}

impl Default for Level {
    fn default() -> Self {
        Self::from_fields(&Fields::new())
    }
}

impl Level {
    pub fn from_fields(fields: &Fields) -> Self {
        Self {
            code: field::text(fields, "code"),
            name: field::text(fields, "name"),
            name_en: field::text(fields, "name_en"),
            rank: field::int(fields, "rank").unwrap_or(0),
            discount_bp: field::int(fields, "discount_bp").unwrap_or(10_000),
            points_factor_bp: field::int(fields, "points_factor_bp").unwrap_or(10_000),
            threshold_minor: field::int(fields, "threshold_minor").unwrap_or(0),
            threshold_purchases: field::int(fields, "threshold_purchases").unwrap_or(0),
        }
    }

    pub fn to_fields(&self) -> Fields {
        Writer::default()
            .text("code", &self.code)
            .text("name", &self.name)
            .text("name_en", &self.name_en)
            .int("rank", self.rank)
            .int("discount_bp", self.discount_bp)
            .int("points_factor_bp", self.points_factor_bp)
            .int("threshold_minor", self.threshold_minor)
            .int("threshold_purchases", self.threshold_purchases)
            .fields()
    }

    pub fn validate(&self) -> Vec<Invalid> {
        field::check(KEYS, &self.to_fields())
    }
}
