//! Who is signed in. A session is a draft of the hub under the hash of its token: it outlives a restart, and the store holds no token.
//! Passwords are compared off the async threads, two at a time, and counted under the clerk.
use super::Http;
use super::refused::No;
use crate::app::now_ms;
use crate::install::random;
use crate::password::{self, LEAST_CHARS, MOST_CHARS, TRIES_MAX, Verdict};
use crate::second_factor::{self, Answer};
use axum::http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::base::StaffId;
use shared::base::vault::Verifier;
use shared::journal::command::encoded;
use shared::journal::{Fault, Read, Refusal, Right};
use shared::staff::{self, Person, RoleName};
use shared::store::drafts::{draft, drafts};
use shared::store::{Priority, Writer};
use utoipa::ToSchema;

/// Draft kind.
pub const SESSION: &str = "session";
/// Draft kind of what people chose to read.
const LANGUAGE: &str = "language";
/// How long a sign-in holds.
const HOLDS_MS: i64 = 12 * 60 * 60 * 1000;
/// Name of the cookie.
const COOKIE: &str = "catena_hub";

/// What a session's draft says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
struct Held {
    #[n(0)]
    staff: StaffId,
    #[n(1)]
    until_ms: i64,
}

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    Zh,
    En,
}

impl Language {
    fn of(word: &[u8]) -> Option<Language> {
        match word {
            b"zh" => Some(Language::Zh),
            b"en" => Some(Language::En),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Language::Zh => "zh",
            Language::En => "en",
        }
    }
}

/// Somebody who signed in, with what they may now.
#[derive(Debug, Clone)]
pub struct Asker {
    pub person: Person,
    pub rights: Vec<Right>,
    pub roles: Vec<RoleName>,
    /// None: never chosen.
    pub language: Option<Language>,
    /// Hash of the token.
    key: Vec<u8>,
}

impl Asker {
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    /// Holds one of these rights.
    ///
    /// # Errors
    /// `NotAllowed` with the first of them.
    pub fn needs(&self, any: &[Right]) -> Result<(), No> {
        match any.first() {
            Some(right) if !any.iter().any(|right| self.may(*right)) => Err(Refusal::NotAllowed { right: *right }.into()),
            _ => Ok(()),
        }
    }

    /// What commands are decided with: whoever cares for members at head office may also enrol them.
    pub fn rights_for_commands(&self) -> Vec<Right> {
        let mut rights = self.rights.clone();
        if self.may(Right::Members) {
            rights.push(Right::Enrol);
        }
        rights
    }
}

/// The hash of the token that a request carries; none without one.
pub fn key(headers: &HeaderMap) -> Option<Vec<u8>> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let token = cookies.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))?;
    Some(shared::base::ids::derived("session", &[token.as_bytes()]).to_vec())
}

/// Whose session a key is now; none once it ended, or the person was disabled.
///
/// # Errors
/// A fault of the store.
pub fn find(db: &dyn Read, key: &[u8]) -> Result<Option<Asker>, Fault> {
    let held = draft(db, SESSION, key)?.and_then(|body| minicbor::decode::<Held>(&body).ok());
    let Some(held) = held.filter(|held| held.until_ms > now_ms()) else { return Ok(None) };
    let Some(person) = staff::person(db, held.staff)?.filter(|person| !person.disabled) else { return Ok(None) };
    let rights = staff::rights(db, held.staff)?;
    let language = draft(db, LANGUAGE, held.staff.bytes())?.and_then(|word| Language::of(&word));
    Ok(Some(Asker { person, rights: rights.rights, roles: rights.roles, language, key: key.to_vec() }))
}

/// The person who asks.
///
/// # Errors
/// `signed_out`; a fault of the store.
pub async fn asker(http: &Http, headers: &HeaderMap) -> Result<Asker, No> {
    let key = key(headers).ok_or_else(No::signed_out)?;
    http.app.read(move |db| find(db, &key)).await?.ok_or_else(No::signed_out)
}

/// Signs a person in; answers the cookie.
///
/// # Errors
/// `wrong_password` with the tries left, `needs_second`, `wrong_second`, `password_locked`, `staff_disabled`; a fault of the store.
pub async fn sign_in(http: &Http, code: String, secret: String, second: String) -> Result<(String, Asker), No> {
    let person = http.app.read(move |db| staff::by_code(db, code.trim())).await?;
    let Some(person) = person else {
        // As slow as a wrong password of somebody.
        compare(http, Verifier::from_bytes(&[]), secret).await?;
        return Err(wrong(TRIES_MAX - 1));
    };
    checked(http, person.id, secret, Some(second)).await?;
    if person.disabled {
        return Err(Refusal::StaffDisabled.into());
    }
    let token: String = random::<32>()?.iter().map(|byte| format!("{byte:02x}")).collect();
    let key = shared::base::ids::derived("session", &[token.as_bytes()]).to_vec();
    let (kept, staff) = (key.clone(), person.id);
    http.app.write(Priority::Till, move |writer| open(writer, &kept, staff)).await?;
    let asker = http.app.read(move |db| find(db, &key)).await?.ok_or_else(No::signed_out)?;
    let cookie = format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={}", HOLDS_MS / 1000);
    Ok((cookie, asker))
}

/// Ends the session that a request carries; answers the cookie that takes the token away.
///
/// # Errors
/// A fault of the store.
pub async fn sign_out(http: &Http, headers: &HeaderMap) -> Result<String, No> {
    if let Some(key) = key(headers) {
        http.app.write(Priority::Till, move |writer| writer.set_draft(SESSION, &key, None)).await?;
    }
    Ok(format!("{COOKIE}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0"))
}

/// Keeps the language that a person chose.
///
/// # Errors
/// A fault of the store.
pub async fn speak(http: &Http, staff: StaffId, language: Language) -> Result<(), Fault> {
    let kept = http.app.write(Priority::Till, move |writer| writer.set_draft(LANGUAGE, staff.bytes(), Some(language.word().as_bytes())));
    kept.await
}

/// A person's own new password; other sessions of the person end.
///
/// # Errors
/// `wrong_password`, `password_locked`, `bad_password`; a fault of the store.
pub async fn change_password(http: &Http, asker: &Asker, old: String, new: String) -> Result<(), No> {
    known(http, asker, old).await?;
    let verifier = verifier(&new)?;
    let (staff, key) = (asker.person.id, asker.key.clone());
    let kept = http.app.write(Priority::Till, move |writer| {
        password::keep(writer, staff, &verifier)?;
        end_all(writer, staff, Some(&key))
    });
    Ok(kept.await?)
}

/// Somebody who is signed in says the password once more. A wrong one ends no session.
async fn known(http: &Http, asker: &Asker, secret: String) -> Result<(), No> {
    checked(http, asker.person.id, secret, None).await.map_err(|no| match no {
        No::Here { code: "wrong_password", args, .. } => No::here(StatusCode::UNPROCESSABLE_ENTITY, "wrong_password", args),
        other => other,
    })
}

/// Takes the second factor away from whoever knows the password.
///
/// # Errors
/// `wrong_password`, `password_locked`; a fault of the store.
pub async fn end_second(http: &Http, asker: &Asker, secret: String) -> Result<(), No> {
    known(http, asker, secret).await?;
    let staff = asker.person.id;
    Ok(http.app.write(Priority::Till, move |writer| second_factor::end(writer, staff)).await?)
}

/// The verifier of a new password. Slow on purpose.
///
/// # Errors
/// `bad_password` if it is too short or too long.
pub fn verifier(secret: &str) -> Result<Verifier, No> {
    if !(LEAST_CHARS..=MOST_CHARS).contains(&secret.chars().count()) {
        return Err(No::here(StatusCode::UNPROCESSABLE_ENTITY, "bad_password", json!({"least": LEAST_CHARS})));
    }
    Ok(Verifier::new(secret, random()?))
}

/// Ends the sessions of a person, but for one.
///
/// # Errors
/// A fault of the store.
pub fn end_all(writer: &mut Writer<'_>, staff: StaffId, but: Option<&[u8]>) -> Result<(), Fault> {
    for (key, body) in drafts(writer, SESSION)? {
        let theirs = minicbor::decode::<Held>(&body).is_ok_and(|held| held.staff == staff);
        if theirs && Some(key.as_slice()) != but {
            writer.set_draft(SESSION, &key, None)?;
        }
    }
    Ok(())
}

/// Opens a session, and takes those away that have ended.
fn open(writer: &mut Writer<'_>, key: &[u8], staff: StaffId) -> Result<(), Fault> {
    let now = now_ms();
    for (old, body) in drafts(writer, SESSION)? {
        if minicbor::decode::<Held>(&body).is_ok_and(|held| held.until_ms <= now) {
            writer.set_draft(SESSION, &old, None)?;
        }
    }
    writer.set_draft(SESSION, key, Some(&encoded(&Held { staff, until_ms: now + HOLDS_MS })))
}

/// Compares and counts. `second`: what was typed as second factor, where one may be asked for.
async fn checked(http: &Http, staff: StaffId, secret: String, second: Option<String>) -> Result<(), No> {
    let now = now_ms();
    let (verifier, closed) = http.app.read(move |db| Ok((password::verifier(db, staff)?, password::closed(db, staff, now)?))).await?;
    if let Some(until_ms) = closed {
        return Err(locked(until_ms));
    }
    let fits = compare(http, verifier.unwrap_or_else(|| Verifier::from_bytes(&[])), secret).await?;
    let counted = move |writer: &mut Writer<'_>| match second.filter(|_| fits) {
        None => password::counted(writer, staff, fits, now),
        // A right password alone takes no wrong tries back: codes could be guessed without end.
        Some(typed) => match second_factor::answer(writer, staff, &typed, now)? {
            Answer::Missing => Ok(Verdict::NeedsSecond),
            Answer::Wrong => password::counted(writer, staff, false, now).map(Verdict::of_second),
            Answer::NotAsked | Answer::Fits => password::counted(writer, staff, true, now),
        },
    };
    match http.app.write(Priority::Till, counted).await? {
        Verdict::Right => Ok(()),
        Verdict::Wrong { left } => Err(wrong(left)),
        Verdict::Closed { until_ms } => Err(locked(until_ms)),
        Verdict::NeedsSecond => Err(No::here(StatusCode::UNAUTHORIZED, "needs_second", json!({}))),
        Verdict::WrongSecond => Err(No::here(StatusCode::UNAUTHORIZED, "wrong_second", json!({}))),
    }
}

async fn compare(http: &Http, verifier: Verifier, secret: String) -> Result<bool, No> {
    if secret.chars().count() > MOST_CHARS {
        return Ok(false);
    }
    let _turn = http.passwords.acquire().await.map_err(|_| Fault::Stopped)?;
    let compared = tokio::task::spawn_blocking(move || {
        if verifier.bytes().is_empty() {
            // Somebody without a password takes as long as somebody with one.
            let _ = Verifier::new(&secret, [0; 16]);
            return false;
        }
        verifier.fits(&secret)
    });
    Ok(compared.await.map_err(|_| Fault::Stopped)?)
}

fn wrong(left: u32) -> No {
    No::here(StatusCode::UNAUTHORIZED, "wrong_password", json!({"left": left}))
}

fn locked(until_ms: i64) -> No {
    No::here(StatusCode::FORBIDDEN, "password_locked", json!({"until_ms": until_ms}))
}
