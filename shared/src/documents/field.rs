//! One key of a document kind: its name, what it may hold, and what is wrong with what it holds.

use super::{Fields, Scalar};

/// One line of a kind's table.
#[derive(Debug)]
pub struct Key {
    /// The whole key, or its head up to and with the first colon if it has a tail.
    pub name: &'static str,
    /// Judges what comes after the head (`card:` *6001*). None for plain keys.
    pub tail: Option<fn(&str) -> bool>,
    pub shape: Shape,
    /// A document without it is not complete. Only imports and forms ask for this: documents are written key by key.
    pub required: bool,
}

/// What a key may hold.
#[derive(Debug)]
pub enum Shape {
    /// One line of text of at most so many characters.
    Text(usize),
    /// A text in a form of its own, and how many characters it may have.
    Form(fn(&str) -> bool, usize),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A whole number in these bounds, both included.
    Int(i64, i64),
    /// A whole number in a form of its own.
    Number(fn(i64) -> bool),
    Bool,
    /// The key itself says it; removing it unsays it.
    True,
}

impl Key {
    pub const fn new(name: &'static str, shape: Shape) -> Self {
        Self { name, tail: None, shape, required: false }
    }

    pub const fn required(name: &'static str, shape: Shape) -> Self {
        Self { name, tail: None, shape, required: true }
    }

    pub const fn many(head: &'static str, tail: fn(&str) -> bool, shape: Shape) -> Self {
        Self { name: head, tail: Some(tail), shape, required: false }
    }
}

/// A key whose value is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {flaw}")]
pub struct Invalid {
    pub key: String,
    pub flaw: Flaw,
}

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("is missing")]
    Missing,
    #[error("is no key of this kind")]
    UnknownKey,
    #[error("has a malformed ending")]
    KeyEnding,
    #[error("ends in a wrong check digit")]
    CheckDigit,
    #[error("has another type of value")]
    Type,
    #[error("is longer than {most} characters")]
    TooLong { most: usize },
    #[error("holds characters that cannot be printed")]
    Unprintable,
    #[error("is malformed")]
    Form,
    #[error("is none of the words it may be")]
    Word,
    #[error("is not between {least} and {most}")]
    Range { least: i64, most: i64 },
    #[error("does not fit {other}")]
    Mismatch { other: &'static str },
}

impl Flaw {
    pub fn of(self, key: &str) -> Invalid {
        Invalid { key: key.to_owned(), flaw: self }
    }
}

/// The line of the table that a key falls under.
pub fn find<'a>(keys: &'a [Key], key: &str) -> Option<&'a Key> {
    keys.iter().find(|known| match known.tail {
        None => known.name == key,
        Some(fits) => key.strip_prefix(known.name).is_some_and(fits),
    })
}

/// What is wrong with a value under a key; None if nothing is.
pub fn flaw(keys: &[Key], key: &str, value: &Scalar) -> Option<Flaw> {
    let Some(known) = find(keys, key) else {
        let headed = keys.iter().any(|known| known.tail.is_some() && key.starts_with(known.name));
        return Some(if headed { Flaw::KeyEnding } else { Flaw::UnknownKey });
    };
    match (&known.shape, value) {
        (Shape::Text(most), Scalar::Text(text)) => line(text, *most),
        (Shape::Form(fits, most), Scalar::Text(text)) => line(text, *most).or((!fits(text)).then_some(Flaw::Form)),
        (Shape::Word(words), Scalar::Text(text)) => (!words.contains(&text.as_str())).then_some(Flaw::Word),
        (Shape::Int(least, most), Scalar::Int(number)) => {
            (!(least..=most).contains(&number)).then_some(Flaw::Range { least: *least, most: *most })
        }
        (Shape::Number(fits), Scalar::Int(number)) => (!fits(*number)).then_some(Flaw::Form),
        (Shape::Bool, Scalar::Bool(_)) | (Shape::True, Scalar::Bool(true)) => None,
        _ => Some(Flaw::Type),
    }
}

/// All that is wrong with the fields of a document that should be complete, in the order of the table.
pub fn check(keys: &[Key], fields: &Fields) -> Vec<Invalid> {
    let missing = keys.iter().filter(|key| key.required && !fields.contains_key(key.name)).map(|key| Flaw::Missing.of(key.name));
    let wrong = fields.iter().filter_map(|(key, value)| Some(flaw(keys, key, value)?.of(key)));
    missing.chain(wrong).collect()
}

pub(super) fn line(text: &str, most: usize) -> Option<Flaw> {
    if text.chars().nth(most).is_some() {
        return Some(Flaw::TooLong { most });
    }
    text.chars().any(char::is_control).then_some(Flaw::Unprintable)
}

/// The text under a key, empty if there is none.
pub fn text(fields: &Fields, key: &str) -> String {
    match fields.get(key) {
        Some(Scalar::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// The number under a key.
pub fn int(fields: &Fields, key: &str) -> Option<i64> {
    match fields.get(key) {
        Some(Scalar::Int(number)) => Some(*number),
        _ => None,
    }
}

/// The yes or no under a key.
pub fn yes(fields: &Fields, key: &str) -> Option<bool> {
    match fields.get(key) {
        Some(Scalar::Bool(yes)) => Some(*yes),
        _ => None,
    }
}

/// The keys with this head that say yes, without the head.
pub fn tails<'a>(fields: &'a Fields, head: &'a str) -> impl Iterator<Item = &'a str> {
    with_head(fields, head).filter(|(_, value)| **value == Scalar::Bool(true)).map(|(tail, _)| tail)
}

/// The numbers under the keys with this head, each with its tail.
pub fn ints<'a>(fields: &'a Fields, head: &'a str) -> impl Iterator<Item = (&'a str, i64)> {
    with_head(fields, head).filter_map(|(tail, value)| match value {
        Scalar::Int(number) => Some((tail, *number)),
        _ => None,
    })
}

/// The texts under the keys with this head, each with its tail.
pub fn texts<'a>(fields: &'a Fields, head: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    with_head(fields, head).filter_map(|(tail, value)| match value {
        Scalar::Text(text) => Some((tail, text.as_str())),
        _ => None,
    })
}

fn with_head<'a>(fields: &'a Fields, head: &'a str) -> impl Iterator<Item = (&'a str, &'a Scalar)> {
    let from = fields.range::<str, _>((std::ops::Bound::Included(head), std::ops::Bound::Unbounded));
    from.map_while(move |(key, value)| Some((key.strip_prefix(head)?, value)))
}

/// Writes what a struct says: empty texts and absent numbers are absent keys.
#[derive(Default)]
pub struct Writer(Fields);

impl Writer {
    pub fn text(mut self, key: &str, text: &str) -> Self {
        if !text.is_empty() {
            self.0.insert(key.to_owned(), Scalar::Text(text.to_owned()));
        }
        self
    }

    pub fn int(mut self, key: &str, number: impl Into<Option<i64>>) -> Self {
        if let Some(number) = number.into() {
            self.0.insert(key.to_owned(), Scalar::Int(number));
        }
        self
    }

    pub fn yes(mut self, key: &str, yes: bool) -> Self {
        self.0.insert(key.to_owned(), Scalar::Bool(yes));
        self
    }

    /// One key that says yes for each of the tails.
    pub fn tails<'a>(mut self, head: &str, tails: impl IntoIterator<Item = &'a String>) -> Self {
        self.0.extend(tails.into_iter().map(|tail| (format!("{head}{tail}"), Scalar::Bool(true))));
        self
    }

    /// One key with a number for each of the tails.
    pub fn ints(mut self, head: &str, ints: impl IntoIterator<Item = (String, i64)>) -> Self {
        self.0.extend(ints.into_iter().map(|(tail, number)| (format!("{head}{tail}"), Scalar::Int(number))));
        self
    }

    pub fn fields(self) -> Fields {
        self.0
    }
}

/// Digits only, between so many and so many.
pub fn digits(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Letters and digits of ASCII, with `-`, `_` and `.` inside, at most so many.
pub fn code(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// The id of a document in 32 lower-case hex digits.
pub fn hex_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// A day of the calendar as the number yyyymmdd, year 1900 to 2199.
pub fn day(number: i64) -> bool {
    (1900..=2199).contains(&(number / 10_000)) && month_and_day(number / 10_000, number % 10_000)
}

/// A day of the year as mmdd; in leap years with February 29.
pub fn month_and_day(year: i64, mmdd: i64) -> bool {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match mmdd / 100 {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&(mmdd % 100))
}
