//! One link of a stream. hash = blake3(prev ‖ header ‖ blake3(salt ‖ body)): body and salt can be erased and the chain still verifies.
use super::stamp::Stamp;
use crate::base::{CommandId, DocumentId, StaffId, StreamId, TillId};

/// blake3, 32 bytes.
pub type Hash = [u8; 32];

/// `prev` of the first entry of a stream.
pub const NO_HASH: Hash = [0; 32];

/// Kinds at and above this are changes of documents: this plus the document kind.
pub const CHANGE: u16 = 0x8000;

/// Who made an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    Person(StaffId),
    Device(TillId),
    /// A rule, by its number in the registry.
    Reaction(u16),
    /// The install itself: opening, sealing, admitting.
    System,
}

impl Actor {
    /// 17 bytes: a tag and an id.
    pub fn key(&self) -> [u8; 17] {
        let mut key = [0; 17];
        let (tag, id) = match self {
            Actor::Person(staff) => (1, staff.0),
            Actor::Device(till) => (2, till.0),
            Actor::Reaction(rule) => {
                let mut id = [0; 16];
                id[..2].copy_from_slice(&rule.to_be_bytes());
                (3, id)
            }
            Actor::System => (0, [0; 16]),
        };
        key[0] = tag;
        key[1..].copy_from_slice(&id);
        key
    }

    pub fn from_key(key: &[u8]) -> Option<Actor> {
        let id: [u8; 16] = key.get(1..)?.try_into().ok()?;
        match key[0] {
            0 => Some(Actor::System),
            1 => Some(Actor::Person(StaffId(id))),
            2 => Some(Actor::Device(TillId(id))),
            3 => Some(Actor::Reaction(u16::from_be_bytes([id[0], id[1]]))),
            _ => None,
        }
    }
}

/// The bytes of an entry, or what is left of them after erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Kept {
        bytes: Vec<u8>,
        /// Present where the body holds personal data.
        salt: Option<[u8; 16]>,
    },
    /// blake3(salt ‖ body).
    Erased(Hash),
}

/// A fact (kind, version) or a change (document, generation) in its place in a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub stream: StreamId,
    /// 1, 2, 3 …
    pub seq: u64,
    pub stamp: Stamp,
    pub by: Actor,
    pub command: CommandId,
    /// Which of the entries of one command, from 0.
    pub part: u8,
    pub kind: u16,
    pub version: u8,
    /// Of a change: which document, and which generation of it.
    pub document: Option<(DocumentId, u32)>,
    pub body: Body,
}

/// All of an entry but its body: what a fold may use beside the fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub stream: StreamId,
    pub seq: u64,
    pub stamp: Stamp,
    pub by: Actor,
    pub command: CommandId,
    pub part: u8,
    pub kind: u16,
    pub version: u8,
}

impl Body {
    pub fn hash(&self) -> Hash {
        match self {
            Body::Erased(hash) => *hash,
            Body::Kept { bytes, salt } => {
                let mut hasher = blake3::Hasher::new();
                if let Some(salt) = salt {
                    hasher.update(salt);
                }
                *hasher.update(bytes).finalize().as_bytes()
            }
        }
    }

    /// None once erased.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Body::Kept { bytes, .. } => Some(bytes),
            Body::Erased(_) => None,
        }
    }
}

impl Entry {
    pub fn is_change(&self) -> bool {
        self.kind >= CHANGE
    }

    pub fn head(&self) -> Head {
        let Entry { stream, seq, stamp, by, command, part, kind, version, .. } = *self;
        Head { stream, seq, stamp, by, command, part, kind, version }
    }

    /// The hash of this entry after `prev`.
    pub fn hash(&self, prev: &Hash) -> Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(prev);
        hasher.update(self.stream.bytes());
        hasher.update(&self.seq.to_be_bytes());
        hasher.update(&self.stamp.0.to_be_bytes());
        hasher.update(&self.by.key());
        hasher.update(self.command.bytes());
        hasher.update(&[self.part]);
        hasher.update(&self.kind.to_be_bytes());
        hasher.update(&[self.version]);
        let (document, generation) = self.document.unwrap_or((DocumentId([0; 16]), 0));
        hasher.update(&[u8::from(self.document.is_some())]);
        hasher.update(document.bytes());
        hasher.update(&generation.to_be_bytes());
        hasher.update(&self.body.hash());
        *hasher.finalize().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            stream: StreamId([1; 16]),
            seq: 7,
            stamp: Stamp(99),
            by: Actor::Person(StaffId([2; 16])),
            command: CommandId([3; 16]),
            part: 0,
            kind: 20,
            version: 1,
            document: None,
            body: Body::Kept { bytes: b"body".to_vec(), salt: Some([9; 16]) },
        }
    }

    #[test]
    fn erasing_the_body_keeps_the_hash() {
        let whole = entry();
        let erased = Entry { body: Body::Erased(whole.body.hash()), ..whole.clone() };
        assert_eq!(whole.hash(&NO_HASH), erased.hash(&NO_HASH));
    }

    #[test]
    fn every_field_is_in_the_hash() {
        let hash = entry().hash(&NO_HASH);
        let document = Some((DocumentId([4; 16]), 0));
        let others = [
            Entry { stream: StreamId([8; 16]), ..entry() },
            Entry { seq: 8, ..entry() },
            Entry { stamp: Stamp(98), ..entry() },
            Entry { by: Actor::System, ..entry() },
            Entry { command: CommandId([8; 16]), ..entry() },
            Entry { part: 1, ..entry() },
            Entry { kind: 21, ..entry() },
            Entry { version: 2, ..entry() },
            Entry { document, ..entry() },
            Entry { body: Body::Kept { bytes: b"bodz".to_vec(), salt: Some([9; 16]) }, ..entry() },
            Entry { body: Body::Kept { bytes: b"body".to_vec(), salt: Some([8; 16]) }, ..entry() },
        ];
        others.iter().for_each(|other| assert_ne!(other.hash(&NO_HASH), hash));
        assert_ne!(entry().hash(&[1; 32]), hash);
    }

    #[test]
    fn actors_are_read_back() {
        for actor in [Actor::System, Actor::Person(StaffId([1; 16])), Actor::Device(TillId([2; 16])), Actor::Reaction(513)] {
            assert_eq!(Actor::from_key(&actor.key()), Some(actor));
        }
        assert_eq!(Actor::from_key(&[9; 17]), None);
        assert_eq!(Actor::from_key(&[]), None);
    }
}
