//! Settling an exception. Refusals, in order: NotSound (no note), NotFound, NotSound (closed already).
use super::{Listed, find, own::open};
use crate::base::CommandId;
use crate::facts::exceptions::ExceptionClosed;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Characters of a note.
const NOTE_CHARS_MAX: usize = 200;

/// It is settled; the note says what was found.
pub struct Close {
    pub exception: CommandId,
    pub note: String,
}

impl Command for Close {
    type State = Option<Listed>;
    const RIGHT: Option<Right> = Some(Right::Exceptions);

    fn content(&self) -> Vec<u8> {
        [self.exception.bytes(), self.note.as_bytes()].concat()
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<Option<Listed>, Fault> {
        find(db, self.exception)
    }

    fn decide(&self, state: &Option<Listed>, moment: &Moment) -> Result<Decided, Refusal> {
        let note = self.note.trim();
        if note.is_empty() || note.chars().nth(NOTE_CHARS_MAX).is_some() {
            return Err(Refusal::NotSound { field: "note".into(), why: format!("1 to {NOTE_CHARS_MAX} characters") });
        }
        let owner = open(state, moment)?;
        Ok(Decided::nothing().fact(&ExceptionClosed { exception: self.exception, owner, note: note.into(), at_ms: moment.now_ms }))
    }
}
