//! Ed25519 (RFC 8032) over labelled hashes, so that a signature made for one purpose never serves another.
use crate::base::StreamId;
use crate::journal::entry::Hash;
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};

pub type PublicKey = [u8; 32];
pub type Signed = [u8; 64];

/// An install's or the hub's key pair. Kept in a file of mode 0600 outside database and backup; never logged.
pub struct Keys(SigningKey);

impl Keys {
    /// From the 32 secret bytes, which the caller drew at random or read from its key file.
    pub fn from_secret(secret: [u8; 32]) -> Keys {
        Keys(SigningKey::from_bytes(&secret))
    }

    pub fn public(&self) -> PublicKey {
        self.0.verifying_key().to_bytes()
    }

    /// Signs parts under a label.
    pub fn sign(&self, label: &str, parts: &[&[u8]]) -> Signed {
        let digest = digest(label, parts);
        let signature = self.0.sign(&digest).to_bytes();
        made::note(&self.public(), &digest, &signature);
        signature
    }
}

/// Did the holder of `key` sign these parts under this label?
pub fn verify(key: &PublicKey, label: &str, parts: &[&[u8]], signature: &[u8]) -> bool {
    let digest = digest(label, parts);
    if made::is_known(key, &digest, signature) {
        return true;
    }
    let (Ok(key), Ok(signature)) = (VerifyingKey::from_bytes(key), Signature::from_slice(signature)) else { return false };
    key.verify(&digest, &signature).is_ok()
}

/// What an owner signs of a push.
pub fn push_signature(keys: &Keys, stream: StreamId, first: u64, last: u64, hash: &Hash) -> Signed {
    keys.sign("catena push 1", &[stream.bytes(), &first.to_be_bytes(), &last.to_be_bytes(), hash])
}

/// Did the owner sign this stretch of its stream?
pub fn push_signed(key: &PublicKey, stream: StreamId, first: u64, last: u64, hash: &Hash, signature: &[u8]) -> bool {
    verify(key, "catena push 1", &[stream.bytes(), &first.to_be_bytes(), &last.to_be_bytes(), hash], signature)
}

/// What the hub signs of a page.
pub fn page_signature(keys: &Keys, epoch: u64, scope: &[u8], start: u64, upto: u64, hash: &Hash) -> Signed {
    keys.sign("catena page 1", &[&epoch.to_be_bytes(), scope, &start.to_be_bytes(), &upto.to_be_bytes(), hash])
}

/// Did the hub sign this page?
pub fn page_signed(key: &PublicKey, epoch: u64, scope: &[u8], start: u64, upto: u64, hash: &Hash, signature: &[u8]) -> bool {
    verify(key, "catena page 1", &[&epoch.to_be_bytes(), scope, &start.to_be_bytes(), &upto.to_be_bytes(), hash], signature)
}

fn digest(label: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for part in std::iter::once(&label.as_bytes()).chain(parts) {
        hasher.update(&(part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

/// Signatures that this very thread made, in simulated chains alone: whoever signs and whoever verifies are one process there, and a signature
/// that was made with a key is good for it. Every other one is verified.
#[cfg(feature = "bite")]
mod made {
    use super::PublicKey;
    use std::cell::RefCell;
    use std::collections::HashSet;

    /// Signatures kept in mind; then it begins again.
    const MADE_MAX: usize = 10_000;

    thread_local! {
        static MADE: RefCell<HashSet<[u8; 32]>> = RefCell::default();
    }

    fn id(key: &PublicKey, digest: &[u8; 32], signature: &[u8]) -> [u8; 32] {
        *blake3::Hasher::new().update(key).update(digest).update(signature).finalize().as_bytes()
    }

    pub fn note(key: &PublicKey, digest: &[u8; 32], signature: &[u8]) {
        MADE.with_borrow_mut(|made| {
            if made.len() == MADE_MAX {
                made.clear();
            }
            made.insert(id(key, digest, signature));
        });
    }

    pub fn is_known(key: &PublicKey, digest: &[u8; 32], signature: &[u8]) -> bool {
        MADE.with_borrow(|made| made.contains(&id(key, digest, signature)))
    }
}

#[cfg(not(feature = "bite"))]
mod made {
    use super::PublicKey;

    #[inline(always)]
    pub fn note(_: &PublicKey, _: &[u8; 32], _: &[u8]) {}

    #[inline(always)]
    pub fn is_known(_: &PublicKey, _: &[u8; 32], _: &[u8]) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_serves_one_purpose_one_key_one_text() {
        let keys = Keys::from_secret([1; 32]);
        let signed = keys.sign("push", &[b"a", b"bc"]);
        assert!(verify(&keys.public(), "push", &[b"a", b"bc"], &signed));
        assert!(!verify(&keys.public(), "page", &[b"a", b"bc"], &signed));
        assert!(!verify(&keys.public(), "push", &[b"ab", b"c"], &signed), "parts do not run together");
        assert!(!verify(&Keys::from_secret([2; 32]).public(), "push", &[b"a", b"bc"], &signed));
        assert!(!verify(&keys.public(), "push", &[b"a", b"bc"], &signed[..63]));
    }
}
