//! Facts about streams and documents themselves.
use super::{Audience, Fact, Writer};
use crate::base::{BranchId, DocumentId, Posting, StreamId};
use minicbor::{Decode, Encode};

/// First entry of every stream.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Opened {
    /// None: the hub's own stream.
    #[n(0)]
    pub branch: Option<BranchId>,
    /// Ed25519 public key of the install that writes it.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub device_key: [u8; 32],
    #[n(2)]
    pub predecessor: Option<StreamId>,
    /// Last seq of the predecessor that this install knows; 0 without one.
    #[n(3)]
    pub predecessor_seq: u64,
    /// Of a hub's stream: its epoch, one more than the predecessor's as far as known. 0 at an edge.
    #[n(4)]
    pub epoch: u64,
}

/// The hub ends a stream at the last entry it holds; what lay there the hub carries on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Sealed {
    #[n(0)]
    pub stream: StreamId,
    #[n(1)]
    pub seq: u64,
    #[cbor(n(2), with = "minicbor::bytes")]
    pub hash: [u8; 32],
    /// Why: one of the five below.
    #[n(3)]
    pub reason: u8,
}

/// `Sealed.reason`: a new install took over.
pub const TAKEN_OVER: u8 = 1;
/// The device was revoked.
pub const REVOKED: u8 = 2;
/// Head office declared the install lost.
pub const LOST: u8 = 3;
/// The second side of a fork: sealed from its beginning.
pub const FORK: u8 = 4;
/// The hub's own earlier stream.
pub const HUB_BEFORE: u8 = 5;

/// The owner ends its stream: nothing of it is missing once this is there.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Closed {}

/// The hub's verdict: kept, but not believed. The author learns it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SetAside {
    #[n(0)]
    pub stream: StreamId,
    #[n(1)]
    pub seq: u64,
    /// English, for a technician.
    #[n(2)]
    pub reason: String,
}

/// Takes a `SetAside` back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Admitted {
    #[n(0)]
    pub stream: StreamId,
    #[n(1)]
    pub seq: u64,
}

/// All admitted changes of one generation in causal order, for a replica that has none of them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Introduced {
    #[n(0)]
    pub document: DocumentId,
    #[n(1)]
    pub kind: u16,
    #[n(2)]
    pub generation: u32,
    #[n(3)]
    pub base: Vec<minicbor::bytes::ByteVec>,
}

/// The hub starts a new generation of a document from current values.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Rebased {
    #[n(0)]
    pub document: DocumentId,
    #[n(1)]
    pub kind: u16,
    #[n(2)]
    pub generation: u32,
    #[n(3)]
    pub base: Vec<minicbor::bytes::ByteVec>,
    /// Heads of the old generation whose changes are inside.
    #[n(4)]
    pub includes: Vec<minicbor::bytes::ByteVec>,
    /// Why: one of the four below.
    #[n(5)]
    pub reason: u8,
}

/// `Rebased.reason`: its history was long.
pub const LONG: u8 = 1;
/// A change of it was set aside, and others build on it.
pub const ASIDE: u8 = 2;
/// Its author wrote two histories.
pub const FORKED: u8 = 3;
/// Head office erased what it said of a person: the new generation begins with nothing, and nobody writes late edits again.
pub const ERASED: u8 = 4;

/// An edit of an old generation that was not written again: something else stands there than its author knew.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Conflicted {
    #[n(0)]
    pub document: DocumentId,
    #[n(1)]
    pub kind: u16,
    /// The new generation.
    #[n(2)]
    pub generation: u32,
    #[n(3)]
    pub key: String,
    /// What its author wrote; none: removed.
    #[n(4)]
    pub mine: Option<String>,
    /// What stood when its author wrote it.
    #[n(5)]
    pub before: Option<String>,
    /// What stands, and goes on standing until a person changes it.
    #[n(6)]
    pub stands: Option<String>,
}

/// Where an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Written {
    #[n(0)]
    pub stream: StreamId,
    #[n(1)]
    pub seq: u64,
}

/// Body and salt of every change of a document before a generation, and of the entries named, are gone at every replica; their hashes stand in
/// their place, so that chains and signatures still verify.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Erased {
    #[n(0)]
    pub document: DocumentId,
    #[n(1)]
    pub kind: u16,
    #[n(2)]
    pub generation: u32,
    #[n(3)]
    pub entries: Vec<Written>,
    /// On whose request, and by what right.
    #[n(4)]
    pub why: String,
}

macro_rules! posts_nothing {
    ($($fact:ty, $kind:literal, $name:literal, $writer:ident, $audience:expr $(, about $document:ident)?;)*) => {$(
        impl Fact for $fact {
            const KIND: u16 = $kind;
            const NAME: &'static str = $name;
            const WRITER: Writer = Writer::$writer;
            $(
                const PERSONAL: bool = true;
                fn about(&self) -> Option<DocumentId> {
                    Some(self.$document)
                }
            )?
            fn postings(&self, _: StreamId) -> Vec<Posting> {
                Vec::new()
            }
            fn audience(&self) -> Audience {
                let audience: fn(&Self) -> Audience = $audience;
                audience(self)
            }
        }
    )*};
}

posts_nothing! {
    Opened, 1, "opened", Both, |_| Audience::Nobody;
    Closed, 2, "closed", Both, |_| Audience::Nobody;
    Sealed, 3, "sealed", Hub, |sealed| Audience::Place(sealed.stream);
    SetAside, 4, "set_aside", Hub, |verdict| Audience::Place(verdict.stream);
    Admitted, 5, "admitted", Hub, |verdict| Audience::Place(verdict.stream);
    Introduced, 6, "introduced", Hub, |_| Audience::Chain, about document;
    Rebased, 7, "rebased", Hub, |_| Audience::Chain, about document;
    Conflicted, 8, "conflicted", Both, |_| Audience::Nobody, about document;
    Erased, 9, "erased", Hub, |_| Audience::Chain;
}

#[cfg(test)]
#[path = "journal_golden.rs"]
mod golden;
