//! Notes how a message ended. Whoever sent it says so, and once: the same end again changes nothing.
use crate::base::ids::derived;
use crate::base::{CommandId, MemberId};
use crate::facts::messages::{MessageEnded, Outcome};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};

/// Who sends: the `by` of such entries.
pub const REACTION: u16 = 23;
/// Characters of a note.
const NOTE_CHARS_MAX: usize = 64;

#[derive(Debug, Clone)]
pub struct EndMessage {
    pub batch: CommandId,
    pub member: MemberId,
    pub outcome: Outcome,
    pub parts: u32,
    /// What the gateway said.
    pub note: String,
    /// How often it was tried: each try has one end.
    pub tries: u32,
}

impl EndMessage {
    /// One end for each try.
    pub fn command(&self) -> CommandId {
        CommandId(derived("message end", &[self.batch.bytes(), self.member.bytes(), &self.tries.to_be_bytes()]))
    }
}

impl Command for EndMessage {
    type State = ();
    const RIGHT: Option<Right> = None;

    fn content(&self) -> Vec<u8> {
        encoded(&(261_u16, self.batch, self.member, self.tries))
    }

    fn load(&self, _: &dyn Read, _: &Moment) -> Result<(), Fault> {
        Ok(())
    }

    fn decide(&self, (): &(), moment: &Moment) -> Result<Decided, Refusal> {
        let (batch, member, outcome, parts) = (self.batch, self.member, self.outcome, self.parts);
        Ok(Decided::nothing().fact(&MessageEnded { batch, member, at_ms: moment.now_ms, outcome, parts, note: plain(&self.note) }))
    }
}

/// What a gateway said, without the number that it may have repeated.
fn plain(note: &str) -> String {
    let (mut plain, mut digits) = (String::new(), 0);
    for c in note.chars().filter(|c| !c.is_control()).take(NOTE_CHARS_MAX) {
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        plain.push(if digits > 3 { '*' } else { c });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_the_answer_of_a_gateway_is_not_kept() {
        assert_eq!(plain("no route to 13800138000"), "no route to 138********");
        assert_eq!(plain(&"长".repeat(80)).chars().count(), NOTE_CHARS_MAX);
    }
}
