//! The chain's settings: what is set, what holds otherwise, and what each may hold.
use crate::http::refused::No;
use crate::http::route::{Ask, Scene};
use crate::http::shown::Rows;
use serde::{Deserialize, Serialize};
use shared::documents::field::{self, Shape};
use shared::documents::settings::{Group, KEYS};
use shared::documents::{Fields, Scalar};
use shared::journal::Right;
use shared::settings;
use utoipa::{IntoParams, ToSchema};

/// Every setting of the chain: those that are there once, set or not, and those that were added.
#[derive(Debug, Deserialize, IntoParams)]
pub struct AskSettings {}

#[derive(Debug, Serialize, ToSchema)]
pub struct Setting {
    group: String,
    key: String,
    /// None: nobody set it, and the default holds.
    #[schema(required)]
    value: Option<String>,
    #[schema(required)]
    default: Option<String>,
    holds: Holds,
}

/// What a setting may hold.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Holds {
    /// A text of at most so many characters.
    Text { most: usize },
    /// One of these words.
    Word { words: Vec<String> },
    /// A whole number in these bounds, both included.
    Number { least: i64, most: i64 },
    /// `1` or `0`.
    Yes,
}

impl Ask for AskSettings {
    const PATH: &'static str = "/api/settings";
    const ANY: &'static [Right] = &[Right::Settings];
    type Answer = Rows<Setting>;

    fn answer(self, scene: &Scene<'_>) -> Result<Rows<Setting>, No> {
        let mut rows = Vec::new();
        // Segments are kept where members are listed, templates where messages are.
        for group in Group::ALL.into_iter().filter(|group| *group != Group::Segments) {
            let (set, defaults) = (settings::fields(scene.db, group)?, group.defaults());
            let once = KEYS.iter().filter(|key| key.tail.is_none() && Group::of(key.name) == group).map(|key| key.name.to_owned());
            let added = set.keys().filter(|key| key.contains(':') && !key.starts_with("template:")).cloned();
            rows.extend(once.chain(added).filter_map(|key| setting(group, key, &set, &defaults)));
        }
        Ok(Rows { rows })
    }
}

fn setting(group: Group, key: String, set: &Fields, defaults: &Fields) -> Option<Setting> {
    let holds = holds(&field::find(KEYS, &key)?.shape);
    let (value, default) = (set.get(&key).map(said), defaults.get(&key).map(said));
    Some(Setting { group: group.name().into(), key, value, default, holds })
}

fn holds(shape: &Shape) -> Holds {
    match shape {
        Shape::Text(most) | Shape::Form(_, most) => Holds::Text { most: *most },
        Shape::Word(words) => Holds::Word { words: words.iter().map(|word| (*word).to_owned()).collect() },
        Shape::Int(least, most) => Holds::Number { least: *least, most: *most },
        Shape::Number(_) => Holds::Number { least: i64::MIN, most: i64::MAX },
        Shape::Bool | Shape::True => Holds::Yes,
    }
}

/// As people write it.
fn said(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => text.clone(),
        Scalar::Int(number) => number.to_string(),
        Scalar::Bool(yes) => i64::from(*yes).to_string(),
    }
}
