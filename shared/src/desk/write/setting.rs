//! One setting. Refusals, in order: NotSound (no key of this group, or a value it may not have).
use super::{changed, flaw, standing};
use crate::base::DocumentId;
use crate::documents::field::{self, Shape};
use crate::documents::settings::{Group, KEYS};
use crate::documents::{Fields, Kind, Scalar};
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Sets one key of a group; an empty value takes it away.
#[derive(Debug, Clone)]
pub struct WriteSetting {
    pub group: Group,
    pub key: String,
    /// As people write it; what the key holds decides how it is read.
    pub value: String,
}

impl WriteSetting {
    pub fn document(&self) -> DocumentId {
        DocumentId(self.group.id())
    }
}

impl Command for WriteSetting {
    type State = Fields;
    const RIGHT: Option<Right> = Some(Right::Settings);

    fn content(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Fields, Fault> {
        standing(db, self.document())
    }

    fn decide(&self, old: &Fields, _: &Moment) -> Result<Decided, Refusal> {
        let unsound = |field: &str, why: &str| Refusal::NotSound { field: field.into(), why: why.into() };
        let mut new = old.clone();
        if self.value.is_empty() {
            new.remove(&self.key);
            return Ok(changed(Kind::Settings, self.document(), old, &new));
        }
        let Some(known) = field::find(KEYS, &self.key).filter(|known| Group::of(known.name) == self.group) else {
            return Err(unsound("key", "unknown"));
        };
        let value = scalar(&known.shape, &self.value).ok_or_else(|| unsound("value", "type"))?;
        if let Some(wrong) = field::flaw(KEYS, &self.key, &value) {
            return Err(unsound("value", flaw(wrong)));
        }
        new.insert(self.key.clone(), value);
        Ok(changed(Kind::Settings, self.document(), old, &new))
    }
}

/// What a person wrote, as what the key holds.
fn scalar(shape: &Shape, text: &str) -> Option<Scalar> {
    match shape {
        Shape::Text(_) | Shape::Form(..) | Shape::Word(_) => Some(Scalar::Text(text.to_owned())),
        Shape::Int(..) | Shape::Number(_) => text.parse().ok().map(Scalar::Int),
        Shape::Bool | Shape::True => yes(text).map(Scalar::Bool),
    }
}

/// Yes and no as people write them.
pub fn yes(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "1" | "true" | "yes" | "是" => Some(true),
        "0" | "false" | "no" | "否" => Some(false),
        _ => None,
    }
}
