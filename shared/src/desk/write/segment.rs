//! A filter of members kept under a name, one key of the settings. Refusals, in order: NotSound (a name or a filter it may not have).
use super::{changed, sound, standing};
use crate::base::DocumentId;
use crate::documents::settings::Group;
use crate::documents::{Fields, Kind, Scalar};
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Keeps a filter; an empty one is forgotten.
#[derive(Debug, Clone)]
pub struct KeepSegment {
    pub name: String,
    /// What stands after `?` in the address of the list of members.
    pub asked: String,
}

impl Command for KeepSegment {
    type State = Fields;
    const RIGHT: Option<Right> = Some(Right::Members);

    fn content(&self) -> Vec<u8> {
        format!("{self:?}").into_bytes()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Fields, Fault> {
        standing(db, DocumentId(Group::Segments.id()))
    }

    fn decide(&self, old: &Fields, _: &Moment) -> Result<Decided, Refusal> {
        let key = format!("segment:{}", self.name);
        let mut new = old.clone();
        if self.asked.is_empty() {
            new.remove(&key);
        } else {
            let set = Fields::from([(key, Scalar::Text(self.asked.clone()))]);
            sound(Kind::Settings, &set, &[], &set)?;
            new.extend(set);
        }
        Ok(changed(Kind::Settings, DocumentId(Group::Segments.id()), old, &new))
    }
}
