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
        self.0.sign(&digest(label, parts)).to_bytes()
    }
}

/// Did the holder of `key` sign these parts under this label?
pub fn verify(key: &PublicKey, label: &str, parts: &[&[u8]], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (VerifyingKey::from_bytes(key), Signature::from_slice(signature)) else { return false };
    key.verify(&digest(label, parts), &signature).is_ok()
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
