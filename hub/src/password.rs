//! Passwords of head office: verifiers kept as drafts of this hub. They never replicate: no branch can try them.
use shared::base::StaffId;
use shared::base::vault::Verifier;
use shared::journal::{Fault, Read};
use shared::store::Writer;
use shared::store::drafts::draft;

const PASSWORD: &str = "password";
const TRIES: &str = "password_tries";

/// Characters of a password that a person chooses.
pub const LEAST_CHARS: usize = 10;
pub const MOST_CHARS: usize = 128;
/// Wrong passwords in a row, and how long the sign-in is then closed.
pub const TRIES_MAX: u32 = 5;
pub const CLOSED_MS: i64 = 15 * 60 * 1000;

/// Letters and digits that are not mistaken for each other.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// 60 random bits, in three groups of four: for a password that is printed once.
pub fn made(random: [u8; 12]) -> String {
    let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
    let groups: Vec<String> = random.chunks(4).map(|four| four.iter().map(letter).collect()).collect();
    groups.join("-")
}

/// The verifier of a password, made off the async threads: it is slow on purpose.
///
/// # Errors
/// `Stopped` when the process ends meanwhile.
pub async fn stretched(password: String, salt: [u8; 16]) -> Result<Verifier, Fault> {
    tokio::task::spawn_blocking(move || Verifier::new(&password, salt)).await.map_err(|_| Fault::Stopped)
}

/// The verifier of a person's password; none if none was set.
///
/// # Errors
/// A fault of the store.
pub fn verifier(db: &dyn Read, staff: StaffId) -> Result<Option<Verifier>, Fault> {
    Ok(draft(db, PASSWORD, staff.bytes())?.map(|bytes| Verifier::from_bytes(&bytes)))
}

/// Keeps a verifier, and opens the sign-in again.
///
/// # Errors
/// A fault of the store.
pub fn keep(writer: &mut Writer<'_>, staff: StaffId, verifier: &Verifier) -> Result<(), Fault> {
    writer.set_draft(TRIES, staff.bytes(), None)?;
    writer.set_draft(PASSWORD, staff.bytes(), Some(verifier.bytes()))
}

/// What comes of a keyed password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Right,
    Wrong {
        left: u32,
    },
    Closed {
        until_ms: i64,
    },
    /// The password fits, and a second factor is asked for.
    NeedsSecond,
    /// The password fits, the second factor does not: counted like a wrong password.
    WrongSecond,
}

impl Verdict {
    /// What a counted try says where the second factor was wrong.
    pub fn of_second(self) -> Self {
        if matches!(self, Self::Wrong { .. }) { Self::WrongSecond } else { self }
    }
}

/// Until when the sign-in is closed; none if it is open.
///
/// # Errors
/// A fault of the store.
pub fn closed(db: &dyn Read, staff: StaffId, now_ms: i64) -> Result<Option<i64>, Fault> {
    let (wrong, last_ms) = tries(db, staff)?;
    let until_ms = last_ms + CLOSED_MS;
    Ok((wrong >= TRIES_MAX && now_ms < until_ms).then_some(until_ms))
}

/// Counts a try; five wrong ones close the sign-in for a while, also over restarts.
///
/// # Errors
/// A fault of the store.
pub fn counted(writer: &mut Writer<'_>, staff: StaffId, fits: bool, now_ms: i64) -> Result<Verdict, Fault> {
    if let Some(until_ms) = closed(writer, staff, now_ms)? {
        return Ok(Verdict::Closed { until_ms });
    }
    if fits {
        writer.set_draft(TRIES, staff.bytes(), None)?;
        return Ok(Verdict::Right);
    }
    let (before, _) = tries(writer, staff)?;
    let wrong = if before >= TRIES_MAX { 1 } else { before + 1 };
    writer.set_draft(TRIES, staff.bytes(), Some(&[&wrong.to_be_bytes()[..], &now_ms.to_be_bytes()].concat()))?;
    Ok(Verdict::Wrong { left: TRIES_MAX - wrong })
}

/// Wrong passwords in a row, and when the last one was.
fn tries(db: &dyn Read, staff: StaffId) -> Result<(u32, i64), Fault> {
    let body = draft(db, TRIES, staff.bytes())?.unwrap_or_default();
    let wrong = body.get(..4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes);
    let last_ms = body.get(4..).and_then(|bytes| bytes.try_into().ok()).map_or(0, i64::from_be_bytes);
    Ok((wrong, last_ms))
}
