//! The offline allowance.
use super::settings::KEYS;
use super::{Fields, Invalid, field, field::Writer};
use std::collections::BTreeMap;

/// How much of a member's balances head office lets rest at branches ahead of need, so that a branch sells with the link cut (design 5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowanceSettings {
    /// Head office moves balances ahead of need, and back.
    pub ahead: bool,
    /// Principal and bonus of one member, minor units, at the branch visited most (by who was nowhere lately, at the home branch); and at each other
    /// branch visited lately.
    pub home_minor: i64,
    pub visited_minor: i64,
    pub home_points: i64,
    pub visited_points: i64,
    /// How many branches beside the most visited.
    pub visited_branches: i64,
    /// Visits count from the month on that was so many days ago; where there was none all goes back.
    pub idle_days: i64,
    /// The most value of one member at a single branch, minor units, by the branch's code; for a franchisee, say.
    pub branches: BTreeMap<String, i64>,
}

impl Default for AllowanceSettings {
    fn default() -> Self {
        Self::from_fields(&Fields::new())
    }
}

impl AllowanceSettings {
    pub fn from_fields(fields: &Fields) -> Self {
        let int = |key: &str, otherwise| field::int(fields, key).unwrap_or(otherwise);
        Self {
            ahead: field::yes(fields, "ahead").unwrap_or(true),
            home_minor: int("home_minor", 200_000),
            visited_minor: int("visited_minor", 30_000),
            home_points: int("home_points", 5_000),
            visited_points: int("visited_points", 1_000),
            visited_branches: int("visited_branches", 2),
            idle_days: int("idle_days", 30),
            branches: field::ints(fields, "branch:").map(|(code, most)| (code.to_owned(), most)).collect(),
        }
    }

    pub fn to_fields(&self) -> Fields {
        Writer::default()
            .yes("ahead", self.ahead)
            .int("home_minor", self.home_minor)
            .int("visited_minor", self.visited_minor)
            .int("home_points", self.home_points)
            .int("visited_points", self.visited_points)
            .int("visited_branches", self.visited_branches)
            .int("idle_days", self.idle_days)
            .ints("branch:", self.branches.clone())
            .fields()
    }

    pub fn validate(&self) -> Vec<Invalid> {
        field::check(KEYS, &self.to_fields())
    }
}
