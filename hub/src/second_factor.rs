//! A second factor for head office: codes of an authenticator (TOTP, RFC 6238: SHA-1, six digits, 30 seconds), each good once, and recovery codes
//! for a lost telephone. Secrets are drafts of this hub, like passwords: they never replicate.
use minicbor::{Decode, Encode};
use ring::hmac;
use shared::base::StaffId;
use shared::base::ids::derived;
use shared::journal::command::encoded;
use shared::journal::{Fault, Read};
use shared::store::Writer;
use shared::store::drafts::draft;

const SECOND: &str = "second_factor";
/// Milliseconds of one step.
const STEP_MS: i64 = 30_000;
/// Steps before and after the present one that count too: clocks differ.
const DRIFT_STEPS: i64 = 1;
const RECOVERY_CODES: usize = 8;
/// Letters and digits that are not mistaken for each other, as in RFC 4648.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// What is kept of a person's second factor.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Held {
    #[cbor(n(0), with = "minicbor::bytes")]
    secret: [u8; 20],
    /// The person has shown that the authenticator works: from then on it is asked for.
    #[n(1)]
    proven: bool,
    /// The last step whose code was used: none before it counts again.
    #[n(2)]
    used: i64,
    /// Hashes of recovery codes that were not used yet.
    #[n(3)]
    recovery: Vec<minicbor::bytes::ByteArray<16>>,
}

/// What comes of a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The person has none.
    NotAsked,
    Missing,
    Fits,
    Wrong,
}

fn held(db: &dyn Read, staff: StaffId) -> Result<Option<Held>, Fault> {
    Ok(draft(db, SECOND, staff.bytes())?.and_then(|body| minicbor::decode(&body).ok()))
}

fn keep(writer: &mut Writer<'_>, staff: StaffId, held: Option<&Held>) -> Result<(), Fault> {
    writer.set_draft(SECOND, staff.bytes(), held.map(encoded).as_deref())
}

/// The code of a step (RFC 4226, section 5.3).
fn code(secret: &[u8], step: i64, digits: u32) -> u32 {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret), &step.to_be_bytes());
    let bytes = tag.as_ref();
    let at = usize::from(bytes[bytes.len() - 1] & 0x0f);
    let number = u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]) & 0x7fff_ffff;
    number % 10_u32.pow(digits)
}

fn base32(bytes: &[u8]) -> String {
    let bits = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect::<Vec<u8>>();
    bits.chunks(5).map(|five| char::from(BASE32[five.iter().fold(0, |n, bit| n * 2 + usize::from(*bit)) << (5 - five.len())])).collect()
}

fn hash(text: &str) -> [u8; 16] {
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    derived("recovery code", &[plain.as_bytes()])
}

/// Begins with a fresh secret, which is not asked for before `prove`. Answers it as people type it; none if one is asked for already.
///
/// # Errors
/// A fault of the store.
pub fn begin(writer: &mut Writer<'_>, staff: StaffId, secret: [u8; 20]) -> Result<Option<String>, Fault> {
    if held(writer, staff)?.is_some_and(|held| held.proven) {
        return Ok(None);
    }
    keep(writer, staff, Some(&Held { secret, proven: false, used: 0, recovery: Vec::new() }))?;
    Ok(Some(base32(&secret)))
}

/// The address that an authenticator reads from the picture.
pub fn address(chain: &str, person: &str, secret: &str) -> String {
    let plain = |text: &str| {
        text.bytes()
            .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect::<String>()
    };
    format!("otpauth://totp/{0}:{1}?secret={secret}&issuer={0}", plain(chain), plain(person))
}

/// The person typed a code of the new authenticator: from now on it is asked for. Answers the recovery codes, shown once.
///
/// # Errors
/// A fault of the store.
pub fn prove(writer: &mut Writer<'_>, staff: StaffId, typed: &str, now_ms: i64, random: [u8; 80]) -> Result<Option<Vec<String>>, Fault> {
    let Some(mut held) = held(writer, staff)?.filter(|held| !held.proven) else { return Ok(None) };
    let Some(step) = step_of(&held, typed, now_ms) else { return Ok(None) };
    let codes: Vec<String> = random.chunks(10).take(RECOVERY_CODES).map(base32).collect();
    (held.proven, held.used) = (true, step);
    held.recovery = codes.iter().map(|code| hash(code).into()).collect();
    keep(writer, staff, Some(&held))?;
    let grouped = |code: &String| format!("{}-{}-{}-{}", &code[..4], &code[4..8], &code[8..12], &code[12..]);
    Ok(Some(codes.iter().map(grouped).collect()))
}

/// Judges what a person typed as second factor; a code that fits is used up.
///
/// # Errors
/// A fault of the store.
pub fn answer(writer: &mut Writer<'_>, staff: StaffId, typed: &str, now_ms: i64) -> Result<Answer, Fault> {
    let Some(mut held) = held(writer, staff)?.filter(|held| held.proven) else { return Ok(Answer::NotAsked) };
    if typed.trim().is_empty() {
        return Ok(Answer::Missing);
    }
    let recovery = held.recovery.iter().position(|kept| **kept == hash(typed));
    match (step_of(&held, typed, now_ms), recovery) {
        (Some(step), _) => held.used = step,
        (None, Some(at)) => drop(held.recovery.remove(at)),
        (None, None) => return Ok(Answer::Wrong),
    }
    keep(writer, staff, Some(&held))?;
    Ok(Answer::Fits)
}

/// Takes the second factor away.
///
/// # Errors
/// A fault of the store.
pub fn end(writer: &mut Writer<'_>, staff: StaffId) -> Result<(), Fault> {
    keep(writer, staff, None)
}

/// Is a second factor asked of this person?
///
/// # Errors
/// A fault of the store.
pub fn is_asked(db: &dyn Read, staff: StaffId) -> Result<bool, Fault> {
    Ok(held(db, staff)?.is_some_and(|held| held.proven))
}

/// The step whose code was typed, if it was not used yet.
fn step_of(held: &Held, typed: &str, now_ms: i64) -> Option<i64> {
    let typed: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    let number: u32 = if typed.len() == 6 { typed.parse().ok()? } else { return None };
    let now = now_ms / STEP_MS;
    (now - DRIFT_STEPS..=now + DRIFT_STEPS).find(|step| *step > held.used && code(&held.secret, *step, 6) == number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    // RFC 6238, appendix B, the rows of SHA-1.
    #[rstest]
    #[case(59, 94_287_082)]
    #[case(1_111_111_109, 7_081_804)]
    #[case(1_111_111_111, 14_050_471)]
    #[case(1_234_567_890, 89_005_924)]
    #[case(2_000_000_000, 69_279_037)]
    #[case(20_000_000_000, 65_353_130)]
    fn the_codes_of_the_standard(#[case] seconds: i64, #[case] wanted: u32) {
        assert_eq!(code(b"12345678901234567890", seconds / 30, 8), wanted);
    }

    #[rstest]
    #[case(b"12345678901234567890", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    #[case(b"foobar", "MZXW6YTBOI")]
    fn secrets_as_people_type_them(#[case] bytes: &[u8], #[case] wanted: &str) {
        assert_eq!(base32(bytes), wanted);
    }

    #[test]
    fn a_step_counts_once_and_its_neighbours_are_near_enough() {
        let held = Held { secret: *b"12345678901234567890", proven: true, used: 0, recovery: Vec::new() };
        let at = 1_111_111_111_000;
        let typed = |step: i64| format!("{:06}", code(&held.secret, step, 6));
        let now = at / STEP_MS;
        assert_eq!([now - 1, now, now + 1].map(|step| step_of(&held, &typed(step), at)), [Some(now - 1), Some(now), Some(now + 1)]);
        assert_eq!([now - 2, now + 2].map(|step| step_of(&held, &typed(step), at)), [None, None]);
        let used = Held { used: now, ..held.clone() };
        assert_eq!([now - 1, now].map(|step| step_of(&used, &typed(step), at)), [None, None], "used, and what lies before it");
        assert_eq!([step_of(&held, "050 471", at), step_of(&held, "50471", at)], [Some(now), None]);
    }
}
