//! Bytes of keys and cells. Ids and keys of accounts are short, and most cells are ids: those lie in place and cost no allocation.
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

/// Bytes that lie in place up to this length: the longest key of a unit has 25, so that a cell is five words.
const IN_PLACE: usize = 30;

/// A string of bytes, compared and hashed as such.
#[derive(Clone)]
pub struct Bytes(Kept);

#[derive(Clone)]
enum Kept {
    InPlace(u8, [u8; IN_PLACE]),
    Apart(Box<[u8]>),
}

impl Bytes {
    /// The bytes of these pieces, one behind the other.
    pub fn of(pieces: &[&[u8]]) -> Bytes {
        let long: usize = pieces.iter().map(|piece| piece.len()).sum();
        if long > IN_PLACE {
            return Bytes(Kept::Apart(pieces.concat().into()));
        }
        let (mut bytes, mut at) = ([0; IN_PLACE], 0);
        for piece in pieces {
            bytes[at..at + piece.len()].copy_from_slice(piece);
            at += piece.len();
        }
        Bytes(Kept::InPlace(long as u8, bytes))
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Kept::InPlace(long, bytes) => &bytes[..usize::from(*long)],
            Kept::Apart(bytes) => bytes,
        }
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Bytes {
        Bytes::of(&[bytes])
    }
}

impl<const N: usize> From<[u8; N]> for Bytes {
    fn from(bytes: [u8; N]) -> Bytes {
        Bytes::of(&[&bytes])
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Bytes {
        if bytes.len() > IN_PLACE { Bytes(Kept::Apart(bytes.into())) } else { Bytes::of(&[&bytes]) }
    }
}

impl From<Bytes> for minicbor::bytes::ByteVec {
    fn from(bytes: Bytes) -> minicbor::bytes::ByteVec {
        bytes.to_vec().into()
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Bytes) -> bool {
        **self == **other
    }
}

impl Eq for Bytes {}

impl PartialOrd for Bytes {
    fn partial_cmp(&self, other: &Bytes) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bytes {
    fn cmp(&self, other: &Bytes) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl Hash for Bytes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn like_the_bytes_themselves(a in prop::collection::vec(any::<u8>(), 0..64), b in prop::collection::vec(any::<u8>(), 0..64)) {
            let (one, other) = (Bytes::from(a.as_slice()), Bytes::from(b.clone()));
            prop_assert_eq!((&*one, &*other), (a.as_slice(), b.as_slice()));
            prop_assert_eq!(one.cmp(&other), a.cmp(&b));
            prop_assert_eq!(one == other, a == b);
            prop_assert_eq!(Bytes::of(&[&a, &b]), Bytes::from([a, b].concat()));
        }
    }

    #[test]
    fn an_id_lies_in_place() {
        assert!(matches!(Bytes::from([7; 16]).0, Kept::InPlace(16, _)));
        assert_eq!(size_of::<Bytes>(), 32);
    }
}
