//! A member of the chain. Written by branches and HQ. Level, blocked card and consent are facts.

use super::{
    Fields, Invalid,
    field::{self, Key, Shape, Writer},
};
use std::collections::BTreeSet;

pub const KEYS: &[Key] = &[
    Key::required("name", Shape::Text(40)),
    Key::new("phone", Shape::Form(phone, 16)),
    Key::new("birthday", Shape::Number(birthday)),
    Key::many("card:", card, Shape::True),
    Key::new("note", Shape::Text(200)),
    Key::new("home", Shape::Form(field::hex_id, 32)),
    Key::new("gender", Shape::Word(&["female", "male", "other"])),
];

/// Digits only, so that two ways to write one number do not make two members; a country code after `+`.
pub fn phone(text: &str) -> bool {
    field::digits(text.strip_prefix('+').unwrap_or(text), 5, 15)
}

/// yyyymmdd, or mmdd where the year is not known.
pub fn birthday(number: i64) -> bool {
    // 2000 was a leap year: February 29 passes.
    if number < 10_000 { field::month_and_day(2000, number) } else { field::day(number) }
}

/// A number as a reader gives it or as it is printed on the card.
pub fn card(text: &str) -> bool {
    (4..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// A member of the chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Member {
    pub name: String,
    pub phone: String,
    /// yyyymmdd, or mmdd where the year is not known.
    pub birthday: Option<i64>,
    /// Numbers that identify the member; they prove nothing.
    pub cards: BTreeSet<String>,
    pub note: String,
    /// Id of the home branch, in hex.
    pub home: String,
    /// `female`, `male`, `other`, or empty.
    pub gender: String,
}

impl Member {
    pub fn from_fields(fields: &Fields) -> Self {
        Self {
            name: field::text(fields, "name"),
            phone: field::text(fields, "phone"),
            birthday: field::int(fields, "birthday"),
            cards: field::tails(fields, "card:").map(str::to_owned).collect(),
            note: field::text(fields, "note"),
            home: field::text(fields, "home"),
            gender: field::text(fields, "gender"),
        }
    }

    pub fn to_fields(&self) -> Fields {
        Writer::default()
            .text("name", &self.name)
            .text("phone", &self.phone)
            .int("birthday", self.birthday)
            .tails("card:", &self.cards)
            .text("note", &self.note)
            .text("home", &self.home)
            .text("gender", &self.gender)
            .fields()
    }

    pub fn validate(&self) -> Vec<Invalid> {
        field::check(KEYS, &self.to_fields())
    }
}
