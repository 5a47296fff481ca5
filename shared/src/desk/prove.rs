//! Whether a keyed PIN is the right one, and how often it was not. Two steps, because the first is slow on purpose: `compared` runs on a
//! thread of its own over a reader; `counted` runs under the clerk, keeps the count of wrong tries in a draft (it survives a restart) and
//! says what comes of it. The count belongs to one PIN: a new one, set at head office, starts at none.
use crate::base::vault::{Vault, Verifier};
use crate::base::{MemberId, StaffId};
use crate::journal::{Fault, Read, Refusal};
use crate::members;
use crate::members::proof::{PinMatch, Tries, Verdict};
use crate::staff;
use crate::store::Writer;
use crate::store::drafts::draft;

/// Drafts of wrong tries.
const TRIES: &str = "pin_tries";

/// Whose PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Staff(StaffId),
    Member(MemberId),
}

/// The outcome of comparing, to be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    who: Who,
    /// Stamp of the PIN compared with.
    set: i64,
    fits: bool,
}

impl Who {
    /// Key bytes; also what a sealed verifier is bound to.
    pub fn key(&self) -> Vec<u8> {
        match self {
            Who::Staff(staff) => [b"s", staff.bytes()].concat(),
            Who::Member(member) => [b"m", member.bytes()].concat(),
        }
    }

    /// Whose PIN is asked (of members who are one person it may be another's), its verifier, and when it was set.
    fn pin(self, db: &dyn Read) -> Result<Option<(Who, Vec<u8>, i64)>, Fault> {
        Ok(match self {
            Who::Staff(staff) => staff::sealed_pin(db, staff)?.map(|pin| (self, pin.sealed, pin.set)),
            Who::Member(member) => members::sealed_pin(db, member)?.map(|pin| (Who::Member(pin.of), pin.sealed, pin.set)),
        })
    }
}

/// A PIN as its fact carries it. `entropy`: 40 random bytes, used once. Slow on purpose.
pub fn sealed(vault: &Vault, who: Who, pin: &str, entropy: [u8; 40]) -> Vec<u8> {
    let (mut salt, mut nonce) = ([0; 16], [0; 24]);
    salt.copy_from_slice(&entropy[..16]);
    nonce.copy_from_slice(&entropy[16..]);
    vault.seal(&who.key(), nonce, Verifier::new(pin, salt).bytes())
}

/// Compares a keyed PIN with the one that was set; none if none was. Slow on purpose.
///
/// # Errors
/// A fault of the store.
pub fn compared(db: &dyn Read, vault: &Vault, who: Who, pin: &str) -> Result<Option<Compared>, Fault> {
    let Some((who, sealed, set)) = who.pin(db)? else { return Ok(None) };
    let verifier = vault.open(&who.key(), &sealed).map(|bytes| Verifier::from_bytes(&bytes));
    Ok(Some(Compared { who, set, fits: verifier.is_some_and(|verifier| verifier.fits(pin)) }))
}

/// Whether this very PIN is set already; no try is counted. Slow on purpose.
///
/// # Errors
/// A fault of the store.
pub fn is_set_to(db: &dyn Read, vault: &Vault, who: Who, pin: &str) -> Result<bool, Fault> {
    Ok(compared(db, vault, who, pin)?.is_some_and(|compared| compared.fits))
}

/// Counts a try. The inner refusal is the answer to the person; the count stands in both cases.
///
/// # Errors
/// Outer: a fault of the store. Inner: `WrongPin` or `WrongMemberPin` with the tries left, `PinLocked` or `MemberPinLocked`.
pub fn counted(writer: &mut Writer<'_>, compared: Compared) -> Result<Result<(), Refusal>, Fault> {
    let Compared { who, set, fits } = compared;
    let tries = tries(writer, who, set)?;
    let (verdict, after) = tries.keyed(if fits { PinMatch::Right } else { PinMatch::Wrong });
    if after != tries {
        let body = [&set.to_be_bytes()[..], &after.wrong.to_be_bytes()].concat();
        writer.set_draft(TRIES, &who.key(), (after.wrong > 0).then_some(body.as_slice()))?;
    }
    Ok(match (verdict, who) {
        (Verdict::Right, _) => Ok(()),
        (Verdict::Wrong { left }, Who::Staff(_)) => Err(Refusal::WrongPin { tries_left: left }),
        (Verdict::Wrong { left }, Who::Member(_)) => Err(Refusal::WrongMemberPin { tries_left: left }),
        (Verdict::Locked, Who::Member(_)) => Err(Refusal::MemberPinLocked),
        (Verdict::Locked, Who::Staff(staff)) => {
            let code = staff::person(writer, staff)?.map_or_else(String::new, |person| person.code);
            Err(Refusal::PinLocked { code })
        }
    })
}

/// Whether somebody is locked now.
///
/// # Errors
/// A fault of the store.
pub fn locked(db: &dyn Read, who: Who) -> Result<bool, Fault> {
    let Some((who, _, set)) = who.pin(db)? else { return Ok(false) };
    Ok(tries(db, who, set)?.locked())
}

fn tries(db: &dyn Read, who: Who, set: i64) -> Result<Tries, Fault> {
    let body = draft(db, TRIES, &who.key())?.unwrap_or_default();
    let of_this_pin = body.get(..8) == Some(&set.to_be_bytes()[..]);
    let wrong = body.get(8..).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes);
    Ok(Tries { wrong: if of_this_pin { wrong } else { 0 } })
}
