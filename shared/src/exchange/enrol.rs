//! Enrolment: head office gives a one-use code; it pins the hub's key, so that a branch cannot enrol at a stranger's. The edge makes its own key
//! pair and proves it; the chain's vault key comes sealed to an agreement key of the moment.
use super::sign::{Keys, PublicKey, verify};
use super::wire::Unreadable;
use crate::base::limits::{ENROL_CODE_MINUTES, ENROL_TRIES_MAX};
use crate::base::vault::Vault;
use crate::base::{BranchId, StreamId};
use crate::journal::command::encoded;
use crate::journal::{Fault, Refusal};
use crate::store::Writer;
use crate::store::drafts::drafts;
use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

/// Crockford's base 32: no I, L, O, U.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE: &str = "enrol_code";

/// 40 random bits and 80 bits of the hub key's hash: 24 digits in groups of four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    secret: [u8; 5],
    pin: [u8; 10],
}

impl Code {
    pub fn new(random: [u8; 5], hub: &PublicKey) -> Code {
        Code { secret: random, pin: pin(hub) }
    }

    /// Is this the hub that the code was made at?
    pub fn names(&self, hub: &PublicKey) -> bool {
        self.pin == pin(hub)
    }

    /// What the hub is told of the code.
    pub fn secret(&self) -> [u8; 5] {
        self.secret
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes: Vec<u8> = self.secret.iter().chain(&self.pin).copied().collect();
        for (n, five) in bytes.chunks(5).enumerate() {
            let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            for digit in 0..8 {
                if digit % 4 == 0 && n + digit > 0 {
                    write!(f, "-")?;
                }
                write!(f, "{}", char::from(DIGITS[(bits >> (35 - 5 * digit) & 31) as usize]))?;
            }
        }
        Ok(())
    }
}

impl std::str::FromStr for Code {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Code, Unreadable> {
        let damaged = || Unreadable::Damaged("not an enrolment code: 24 letters and digits".into());
        let digits: Vec<u64> = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c.to_ascii_uppercase() {
                'O' => Some(0),
                'I' | 'L' => Some(1),
                c => DIGITS.iter().position(|digit| char::from(*digit) == c).map(|at| at as u64),
            })
            .collect::<Option<_>>()
            .ok_or_else(damaged)?;
        if digits.len() != 24 {
            return Err(damaged());
        }
        let mut bytes = Vec::with_capacity(15);
        for eight in digits.chunks(8) {
            let bits = eight.iter().fold(0, |bits, digit| bits << 5 | digit);
            bytes.extend_from_slice(&bits.to_be_bytes()[3..]);
        }
        let secret = bytes[..5].try_into().map_err(|_| damaged())?;
        Ok(Code { secret, pin: bytes[5..].try_into().map_err(|_| damaged())? })
    }
}

fn pin(hub: &PublicKey) -> [u8; 10] {
    let mut pin = [0; 10];
    pin.copy_from_slice(&blake3::hash(hub).as_bytes()[..10]);
    pin
}

/// An X25519 key pair (RFC 7748) used for one enrolment.
pub struct Agreement(x25519_dalek::StaticSecret);

impl Agreement {
    /// From 32 bytes drawn at random for this one enrolment.
    pub fn from_secret(secret: [u8; 32]) -> Agreement {
        Agreement(x25519_dalek::StaticSecret::from(secret))
    }

    pub fn public(&self) -> [u8; 32] {
        x25519_dalek::PublicKey::from(&self.0).to_bytes()
    }

    /// The key both sides come to; it seals one thing, once.
    fn with(&self, theirs: &[u8; 32]) -> Vault {
        let agreed = self.0.diffie_hellman(&(*theirs).into());
        Vault::new(blake3::derive_key("catena enrolment vault", agreed.as_bytes()))
    }
}

const WELCOME: &str = "catena welcome 1";
const ONCE: [u8; 24] = [0; 24];

/// An edge asks to be enrolled.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Apply {
    #[cbor(n(0), with = "minicbor::bytes")]
    pub secret: [u8; 5],
    #[n(1)]
    pub device_key: ByteArray<32>,
    /// X25519 public key of this application.
    #[n(2)]
    pub agreement: ByteArray<32>,
    /// By the device key, over secret and agreement.
    #[n(3)]
    pub proof: ByteArray<64>,
}

/// The hub takes it in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Welcome {
    #[n(0)]
    pub hub_key: ByteArray<32>,
    #[n(1)]
    pub branch: BranchId,
    #[n(2)]
    pub hub_stream: StreamId,
    #[n(3)]
    pub hub_ms: i64,
    /// X25519 public key of the hub for this welcome.
    #[n(4)]
    pub agreement: ByteArray<32>,
    /// The vault key, sealed (XChaCha20-Poly1305 under the agreed key).
    #[n(5)]
    pub vault: ByteVec,
    /// By the hub key, over the device key and all the rest.
    #[n(6)]
    pub signature: ByteArray<64>,
    /// Name of the chain, for slips and pages.
    #[n(7)]
    pub chain: String,
    /// How many installs the branch has had with this one: part of its receipt numbers.
    #[n(8)]
    pub installs: u32,
}

impl Apply {
    pub fn new(code: &Code, keys: &Keys, agreement: [u8; 32]) -> Apply {
        let proof = keys.sign("catena enrol 1", &[&code.secret, &agreement]);
        Apply { secret: code.secret, device_key: keys.public().into(), agreement: agreement.into(), proof: proof.into() }
    }
}

impl Welcome {
    /// Seals the vault key to the application. Chain and install count are to be filled in; then it is signed.
    pub fn new(apply: &Apply, branch: BranchId, hub_stream: StreamId, hub_ms: i64, mine: &Agreement, vault: &Vault) -> Welcome {
        let vault = mine.with(&apply.agreement).seal(&*apply.device_key, ONCE, vault.key());
        Welcome {
            hub_key: [0; 32].into(),
            branch,
            hub_stream,
            hub_ms,
            agreement: mine.public().into(),
            vault: vault.into(),
            signature: [0; 64].into(),
            chain: String::new(),
            installs: 1,
        }
    }

    pub fn signed_by(mut self, keys: &Keys, apply: &Apply) -> Welcome {
        self.hub_key = keys.public().into();
        self.signature = keys.sign(WELCOME, &self.signed(&apply.device_key, &self.numbers())).into();
        self
    }

    fn numbers(&self) -> [u8; 12] {
        let mut numbers = [0; 12];
        numbers[..8].copy_from_slice(&self.hub_ms.to_be_bytes());
        numbers[8..].copy_from_slice(&self.installs.to_be_bytes());
        numbers
    }

    fn signed<'a>(&'a self, device: &'a PublicKey, numbers: &'a [u8; 12]) -> [&'a [u8]; 7] {
        [device, self.branch.bytes(), self.hub_stream.bytes(), &*self.agreement, &self.vault, self.chain.as_bytes(), numbers]
    }

    /// Is it from the hub that the code was made at, and for this device? Answers the chain's vault key.
    ///
    /// # Errors
    /// `Receiver` for another hub, `Signature` for a damaged or forged welcome.
    pub fn check(&self, code: &Code, device: &PublicKey, agreement: &Agreement) -> Result<Vault, Unreadable> {
        if !code.names(&self.hub_key) {
            return Err(Unreadable::Receiver);
        }
        let signed = verify(&self.hub_key, WELCOME, &self.signed(device, &self.numbers()), &*self.signature);
        let opened = agreement.with(&self.agreement).open(device, &self.vault).filter(|_| signed);
        opened.and_then(|key| key.try_into().ok()).map(Vault::new).ok_or(Unreadable::Signature)
    }
}

/// A code on file: only its hash.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Filed {
    #[n(0)]
    branch: BranchId,
    #[n(1)]
    until_ms: i64,
    #[n(2)]
    hash: ByteArray<32>,
    #[n(3)]
    tries: u32,
}

fn hash(secret: &[u8; 5]) -> [u8; 32] {
    *blake3::Hasher::new_derive_key("catena enrolment code").update(secret).finalize().as_bytes()
}

/// Files a code for a branch; an earlier one of the same branch is void.
///
/// # Errors
/// A fault of the store.
pub fn file(writer: &mut Writer<'_>, code: &Code, branch: BranchId, now_ms: i64) -> Result<(), Fault> {
    let filed = Filed { branch, until_ms: now_ms + ENROL_CODE_MINUTES * 60_000, hash: hash(&code.secret).into(), tries: 0 };
    writer.set_draft(CODE, branch.bytes(), Some(&encoded(&filed)))
}

/// Uses up the code and enrols the device. Every wrong try counts against every open code: five and they are void.
///
/// # Errors
/// Outer: a fault of the store. Inner: no such code, or too late, or the proof does not fit, or the device was revoked.
pub fn redeem(writer: &mut Writer<'_>, apply: &Apply, now_ms: i64) -> Result<Result<BranchId, Refusal>, Fault> {
    let refused = || Refusal::NotFound { what: "enrolment code".into() };
    if !verify(&apply.device_key, "catena enrol 1", &[&apply.secret, &*apply.agreement], &*apply.proof) {
        return Ok(Err(refused()));
    }
    // A key that was revoked was in somebody else's hands: its box begins anew, with a key of its own.
    if super::hub::device(writer, &apply.device_key)?.is_some_and(|(_, revoked)| revoked) {
        return Ok(Err(refused()));
    }
    let mut found = None;
    for (id, body) in drafts(writer, CODE)? {
        let Ok(mut filed) = minicbor::decode::<Filed>(&body) else { continue };
        let good = now_ms <= filed.until_ms && filed.tries < ENROL_TRIES_MAX;
        if good && *filed.hash == hash(&apply.secret) {
            found = Some(filed.branch);
            writer.set_draft(CODE, &id, None)?;
        } else if found.is_none() {
            filed.tries += 1;
            writer.set_draft(CODE, &id, Some(&encoded(&filed)))?;
        }
    }
    let Some(branch) = found else { return Ok(Err(refused())) };
    let sql = "insert into device (device_key, branch, enrolled_ms, revoked) values (?1, ?2, ?3, 0)
               on conflict (device_key) do update set branch = excluded.branch, enrolled_ms = excluded.enrolled_ms";
    writer.execute(sql, &[(*apply.device_key).into(), branch.into(), now_ms.into()])?;
    Ok(Ok(branch))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_typed_as_it_is_read() {
        let hub = Keys::from_secret([7; 32]).public();
        let code = Code::new([1, 2, 3, 4, 255], &hub);
        let text = code.to_string();
        assert_eq!(text.len(), 24 + 5);
        assert_eq!(text.to_lowercase().replace('-', " ").parse(), Ok(code));
        assert!(code.names(&hub) && !code.names(&[0; 32]));
        assert!("ABCD".parse::<Code>().is_err() && "U".repeat(24).parse::<Code>().is_err());
    }

    #[test]
    fn a_welcome_of_another_hub_is_refused() {
        let (hub, stranger, device) = (Keys::from_secret([1; 32]), Keys::from_secret([2; 32]), Keys::from_secret([3; 32]));
        let code = Code::new([9; 5], &hub.public());
        let mine = Agreement::from_secret([4; 32]);
        let apply = Apply::new(&code, &device, mine.public());
        let (theirs, vault) = (Agreement::from_secret([7; 32]), Vault::new([8; 32]));
        let welcome = |keys| Welcome::new(&apply, BranchId([5; 16]), StreamId([6; 16]), 0, &theirs, &vault).signed_by(keys, &apply);
        let check = |welcome: Welcome, device: &Keys| welcome.check(&code, &device.public(), &mine).map(|vault| *vault.key());
        assert_eq!(check(welcome(&hub), &device), Ok([8; 32]));
        assert_eq!(check(welcome(&stranger), &device), Err(Unreadable::Receiver));
        assert_eq!(check(welcome(&hub), &stranger), Err(Unreadable::Signature));
        assert_eq!(check(Welcome { branch: BranchId([8; 16]), ..welcome(&hub) }, &device), Err(Unreadable::Signature));
    }
}
