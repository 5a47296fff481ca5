//! A command is what somebody wants; it is decided against views and becomes entries.
use super::job::Job;
use super::moment::{Moment, Right};
use super::read::{Fault, Read};
use super::refusal::Refusal;
use crate::base::{CommandId, DocumentId};
use crate::documents::Fields;
use crate::facts::Fact;
use std::any::Any;
use std::sync::Arc;

/// One thing a person, a device or a rule may want. Four parts in one file: data, state, load, decide.
pub trait Command {
    /// What the decision depends on, and nothing more.
    type State;
    /// The right it takes; none only for reactions and for what every signed-in person may do.
    const RIGHT: Option<Right>;
    /// It is decided even when the clock is wrong: setting the clock, receiving what others decided.
    const ANY_CLOCK: bool = false;

    /// Canonical bytes of what is wanted, so that the same id with other content is noticed.
    fn content(&self) -> Vec<u8>;

    /// Reads views and drafts. Decides nothing.
    ///
    /// # Errors
    /// A fault of the store.
    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<Self::State, Fault>;

    /// Judges. Reads nothing.
    ///
    /// # Errors
    /// The rule's no, with the numbers the page must show.
    fn decide(&self, state: &Self::State, moment: &Moment) -> Result<Decided, Refusal>;
}

/// A change wanted of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentWrite {
    pub document: DocumentId,
    /// Number of the document kind.
    pub kind: u16,
    pub set: Fields,
    pub removed: Vec<String>,
}

/// What bytes stand for, beside them, so that whoever made them need not read them again. Equal whatever it is: the bytes tell.
#[derive(Debug, Clone)]
pub struct Value(pub Arc<dyn Any + Send + Sync>);

impl PartialEq for Value {
    fn eq(&self, _: &Value) -> bool {
        true
    }
}

impl Eq for Value {}

/// One entry to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// `own`: the id under which it is found again, where one decision makes two things that each have one; none: the command's.
    Fact {
        kind: u16,
        version: u8,
        personal: bool,
        body: Vec<u8>,
        fact: Value,
        own: Option<CommandId>,
    },
    Change(DocumentWrite),
}

/// What one replica holds before it is decided; `body` none takes it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftWrite {
    pub kind: &'static str,
    pub id: Vec<u8>,
    pub body: Option<Vec<u8>>,
    /// What the body stands for, where the next command needs it.
    pub value: Option<Value>,
}

/// The outcome of a decision: entries, jobs and drafts, written in one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decided {
    pub parts: Vec<Part>,
    pub jobs: Vec<Job>,
    pub drafts: Vec<DraftWrite>,
}

impl Decided {
    /// Nothing happens; also a good answer.
    pub fn nothing() -> Decided {
        Decided::default()
    }

    pub fn fact<F: Fact>(self, fact: &F) -> Decided {
        self.with(None, fact)
    }

    /// A fact that has an id of its own beside the command's; it follows from the command's, so that a retry makes the same.
    pub fn fact_of<F: Fact>(self, own: CommandId, fact: &F) -> Decided {
        self.with(Some(own), fact)
    }

    fn with<F: Fact>(mut self, own: Option<CommandId>, fact: &F) -> Decided {
        let body = encoded(fact);
        let fact = Value(Arc::new(fact.clone()));
        self.parts.push(Part::Fact { kind: F::KIND, version: F::VERSION, personal: F::PERSONAL, body, fact, own });
        self
    }

    pub fn change(mut self, write: DocumentWrite) -> Decided {
        self.parts.push(Part::Change(write));
        self
    }

    pub fn job(mut self, job: Job) -> Decided {
        self.jobs.push(job);
        self
    }

    pub fn draft(mut self, kind: &'static str, id: &[u8], body: Option<Vec<u8>>) -> Decided {
        self.drafts.push(DraftWrite { kind, id: id.to_vec(), body, value: None });
        self
    }

    /// A draft that the writer keeps decoded too.
    pub fn draft_of<T: minicbor::Encode<()> + Send + Sync + 'static>(mut self, kind: &'static str, id: &[u8], value: T) -> Decided {
        let body = Some(encoded(&value));
        self.drafts.push(DraftWrite { kind, id: id.to_vec(), body, value: Some(Value(Arc::new(value))) });
        self
    }
}

/// Most facts, drafts and jobs are shorter.
const USUAL_BYTES: usize = 1_024;

/// The bytes of a value; writing to memory cannot fail.
pub fn encoded<T: minicbor::Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(USUAL_BYTES);
    match minicbor::encode(value, &mut bytes) {
        Ok(()) => bytes,
        Err(never) => unreachable!("encoding into memory failed: {never}"),
    }
}
