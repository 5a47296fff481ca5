//! PINs and passwords: a slow verifier (argon2id), and the chain's vault key that seals verifiers on their way to the branches.
//! A verifier of six digits alone could be tried through on a stolen disk; sealed, it needs the vault key as well, which lies in no database.
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

/// Memory, passes and lanes of argon2id, version 1 of our verifiers: 19 MiB, 2 passes, 1 lane (RFC 9106 with the memory of a small till).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const FORM: u8 = 1;
const SALT: usize = 16;
const NONCE: usize = 24;

/// Digits of a PIN.
pub const PIN_DIGITS: usize = 6;

/// What a PIN or password is checked against; does not give it back. Form, salt, hash: 49 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier(Vec<u8>);

impl Verifier {
    /// Slow on purpose: tens of milliseconds. Never on the clerk's thread.
    pub fn new(secret: &str, salt: [u8; SALT]) -> Verifier {
        let mut bytes = vec![FORM];
        bytes.extend(salt);
        bytes.extend(stretched(secret, &salt));
        Verifier(bytes)
    }

    /// Whether this is the secret. As slow as making the verifier; false for bytes that are no verifier.
    pub fn fits(&self, secret: &str) -> bool {
        let Some((&FORM, rest)) = self.0.split_first() else { return false };
        let Some((salt, hash)) = rest.split_at_checked(SALT) else { return false };
        same(&stretched(secret, salt), hash)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn from_bytes(bytes: &[u8]) -> Verifier {
        Verifier(bytes.to_vec())
    }
}

fn stretched(secret: &str, salt: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(hash.len()));
    let done = params
        .and_then(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(secret.as_bytes(), salt, &mut hash));
    match done {
        Ok(()) => hash,
        Err(never) => unreachable!("parameters and lengths are fixed: {never}"),
    }
}

/// In the same time wherever they differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// The chain's vault key. Lies beside the device key, in no database and no backup.
#[derive(Clone)]
pub struct Vault([u8; 32]);

impl Vault {
    pub fn new(key: [u8; 32]) -> Vault {
        Vault(key)
    }

    pub fn key(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals bytes for one owner; opened for another owner they are nothing. The nonce is used once.
    pub fn seal(&self, owner: &[u8], nonce: [u8; NONCE], plain: &[u8]) -> Vec<u8> {
        let payload = Payload { msg: plain, aad: owner };
        let mut sealed = nonce.to_vec();
        match self.cipher().encrypt(&XNonce::from(nonce), payload) {
            Ok(bytes) => sealed.extend(bytes),
            Err(never) => unreachable!("a short text is sealed in memory: {never}"),
        }
        sealed
    }

    /// None: another key, another owner, or damaged bytes.
    pub fn open(&self, owner: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = sealed.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        self.cipher().decrypt(&XNonce::from(nonce), Payload { msg: rest, aad: owner }).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.0.into())
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

/// Six digits; runs and repeats are the owner's business.
pub fn is_pin(text: &str) -> bool {
    text.len() == PIN_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_knows_its_secret_and_no_other() {
        let verifier = Verifier::new("123456", [7; 16]);
        assert!(Verifier::from_bytes(verifier.bytes()).fits("123456"));
        assert!(!verifier.fits("123457"));
        assert!(!Verifier::from_bytes(&[]).fits(""));
        assert!(!Verifier::from_bytes(&verifier.bytes()[..20]).fits("123456"));
    }

    #[test]
    fn what_is_sealed_opens_for_its_owner_with_the_chain_s_key_only() {
        let vault = Vault::new([1; 32]);
        let sealed = vault.seal(b"me", [2; 24], b"verifier");
        assert_eq!(vault.open(b"me", &sealed).as_deref(), Some(&b"verifier"[..]));
        assert_eq!(vault.open(b"you", &sealed), None);
        assert_eq!(Vault::new([3; 32]).open(b"me", &sealed), None);
        assert_eq!(vault.open(b"me", &sealed[..10]), None);
    }
}
