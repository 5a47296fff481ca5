//! A command sent again gets the answer it got: the last answers, by command. What was decided is known for ever by the store; this also covers
//! what makes no entry, such as a code for enrolment.
use serde_json::Value;
use shared::base::CommandId;
use shared::base::ids::Raw;
use shared::journal::Refusal;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// Answers remembered; the oldest goes first.
const ANSWERS_MAX: usize = 256;

struct Answered {
    command: CommandId,
    asked: Raw,
    answer: Value,
}

#[derive(Default)]
pub struct Answers(Mutex<VecDeque<Answered>>);

impl Answers {
    /// The answer given before; none if the command is new.
    ///
    /// # Errors
    /// `CommandReused` if it asked for something else then.
    pub fn before(&self, command: CommandId, asked: &Raw) -> Result<Option<Value>, Refusal> {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match answers.iter().find(|answered| answered.command == command) {
            Some(answered) if answered.asked == *asked => Ok(Some(answered.answer.clone())),
            Some(_) => Err(Refusal::CommandReused),
            None => Ok(None),
        }
    }

    pub fn keep(&self, command: CommandId, asked: Raw, answer: Value) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= ANSWERS_MAX {
            answers.pop_front();
        }
        answers.push_back(Answered { command, asked, answer });
    }
}
