//! Why a change stays outside.

use super::{Actor, Hash};

/// Why the gate keeps a change out. The document is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    #[error("{bytes} bytes are too many for one change")]
    TooLarge { bytes: usize },
    #[error("not a change: the mark at its beginning is missing")]
    Foreign,
    #[error("chunk kind {kind} is not a plain change")]
    ChunkKind { kind: u8 },
    #[error("the length does not fit the bytes")]
    Length,
    #[error("the checksum does not fit the bytes")]
    Checksum,
    #[error("the header is damaged: {part}")]
    Header { part: &'static str },
    #[error("{count} {what} are too many for one change")]
    TooMany { what: &'static str, count: u64 },
    #[error("column {column:#04x} is damaged or does not belong into a flat document")]
    Column { column: u64 },
    #[error("written by another actor than the stream it came in")]
    WrongActor { actor: Actor },
    #[error("the same writer wrote another change under number {seq}")]
    Equivocation { actor: Actor, seq: u64 },
    #[error("{} changes that it builds on are not here", .0.len())]
    MissingDeps(Vec<Hash>),
    #[error("the changes it builds on are not in order, or doubled")]
    DepsOrder,
    #[error("the writer's change {expected} is due, not {seq}")]
    SeqGap { expected: u64, seq: u64 },
    #[error("it does not build on the writer's own last change")]
    OffOwnHistory,
    #[error("operations start at {start_op} instead of {expected}")]
    StartOp { expected: u64, start_op: u64 },
    #[error("the engine cannot read it")]
    Unreadable,
    #[error("the engine would write the same change in other bytes")]
    NotCanonical,
    #[error("operation {at}: {why}")]
    Operation { at: usize, why: OperationFault },
    #[error("{key:?} may not be set so by this writer")]
    NotAllowed { key: String },
    #[error("the engine did not take it")]
    NotApplied,
    #[error("the engine panicked on it")]
    Panicked,
}

impl Rejected {
    /// A word for verdicts, counters and the pages' language files; it never changes.
    pub fn word(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::Foreign => "foreign",
            Self::ChunkKind { .. } => "chunk_kind",
            Self::Length => "length",
            Self::Checksum => "checksum",
            Self::Header { .. } => "header",
            Self::TooMany { .. } => "too_many",
            Self::Column { .. } => "column",
            Self::WrongActor { .. } => "wrong_actor",
            Self::Equivocation { .. } => "equivocation",
            Self::MissingDeps(_) => "missing_deps",
            Self::DepsOrder => "deps_order",
            Self::SeqGap { .. } => "seq_gap",
            Self::OffOwnHistory => "off_own_history",
            Self::StartOp { .. } => "start_op",
            Self::Unreadable => "unreadable",
            Self::NotCanonical => "not_canonical",
            Self::Operation { .. } => "operation",
            Self::NotAllowed { .. } => "not_allowed",
            Self::NotApplied => "not_applied",
            Self::Panicked => "panicked",
        }
    }
}

/// What is wrong with one operation of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OperationFault {
    #[error("outside the document's root")]
    NotRoot,
    #[error("not a key of a map")]
    NotMapKey,
    #[error("neither a put nor a removal")]
    Action,
    #[error("neither text, whole number nor yes/no")]
    Value,
    #[error("the key is empty or too long")]
    Key,
    #[error("the text is too long")]
    Text,
    #[error("the key is touched twice")]
    KeyTwice,
    #[error("removes what is not there")]
    NothingToRemove,
    #[error("does not overwrite exactly what stood there")]
    Overwrites,
}
