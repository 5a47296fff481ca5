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
    /// 1 long, 2 set aside, 3 fork, 4 erased.
    #[n(5)]
    pub reason: u8,
}

macro_rules! posts_nothing {
    ($($fact:ty, $kind:literal, $name:literal, $writer:ident, $personal:literal, $audience:expr;)*) => {$(
        impl Fact for $fact {
            const KIND: u16 = $kind;
            const NAME: &'static str = $name;
            const WRITER: Writer = Writer::$writer;
            const PERSONAL: bool = $personal;
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
    Opened, 1, "opened", Both, false, |_| Audience::Nobody;
    Closed, 2, "closed", Both, false, |_| Audience::Nobody;
    Sealed, 3, "sealed", Hub, false, |sealed| Audience::Place(sealed.stream);
    SetAside, 4, "set_aside", Hub, false, |verdict| Audience::Place(verdict.stream);
    Admitted, 5, "admitted", Hub, false, |verdict| Audience::Place(verdict.stream);
    Introduced, 6, "introduced", Hub, true, |_| Audience::Chain;
    Rebased, 7, "rebased", Hub, true, |_| Audience::Chain;
}

#[cfg(test)]
#[path = "journal_golden.rs"]
mod golden;
