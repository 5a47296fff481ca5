//! Who sits at which till: a session is a draft under the hash of its cookie, so that it survives a restart, locked.
use super::answer::No;
use super::{Http, Shared};
use crate::app::now_ms;
use crate::lan::pairing::LanTill;
use axum::extract::FromRequestParts;
use axum::http::{HeaderMap, header, request::Parts};
use minicbor::{Decode, Encode};
use shared::base::ids::derived;
use shared::base::{BranchId, BusinessDay, LocalTime, StaffId};
use shared::branches::{self, HOUSE_ZONE};
use shared::desk::shift;
use shared::desk::shown::Viewer;
use shared::desk::till::{Who, till_id};
use shared::journal::{Actor, Fault, Moment, Read, Refusal, Right};
use shared::sales::receipt::words::Language;
use shared::settings;
use shared::shifts::day;
use shared::staff::{self, Rights};
use shared::store::writer::meta_number;
use shared::store::{clock, drafts};
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

/// Draft kind of sessions.
pub const SESSION: &str = "session";
/// Name of the cookie.
pub const COOKIE: &str = "catena_till";

/// What a session is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Session {
    #[n(0)]
    pub staff: StaffId,
    #[n(1)]
    pub till: u16,
    #[n(2)]
    pub locked: bool,
    #[n(3)]
    pub english: bool,
    /// The till of the shop's network that it belongs to; none: of the box itself. A cookie carried elsewhere opens nothing.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub lan: Option<[u8; 16]>,
}

/// Where a request comes from: the key of its session's cookie, and the till of the shop's network.
#[derive(Debug, Clone, Copy)]
pub struct Caller {
    pub key: Option<[u8; 16]>,
    pub lan: Option<LanTill>,
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Infallible> {
        let key = cookie(&parts.headers, COOKIE).map(|token| derived("session", &[token.as_bytes()]));
        Ok(Caller { key, lan: parts.extensions.get().copied() })
    }
}

impl Caller {
    /// Its session, locked or not.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn session(&self, db: &dyn Read) -> Result<Option<([u8; 16], Session)>, Fault> {
        let Some(key) = self.key else { return Ok(None) };
        let found: Option<Session> = drafts::draft(db, SESSION, &key)?.and_then(|body| minicbor::decode(&body).ok());
        Ok(found.filter(|session| session.lan == self.lan.map(|till| till.key)).map(|session| (key, session)))
    }

    /// The `Set-Cookie` of a token: over the shop's network it is never sent in the clear.
    pub fn cookie(&self, name: &str, token: &str) -> String {
        let secure = if self.lan.is_some() { "; Secure" } else { "" };
        format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict{secure}")
    }
}

/// When sessions were last used, UTC ms.
#[derive(Default)]
pub struct Seen(Mutex<HashMap<[u8; 16], i64>>);

impl Seen {
    pub fn touch(&self, key: [u8; 16], now_ms: i64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, now_ms);
    }

    pub fn forget(&self, key: &[u8; 16]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// When it was last used, UTC ms; 0 never since the start.
    pub fn last_ms(&self, key: &[u8; 16]) -> i64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).copied().unwrap_or(0)
    }

    fn fresh(&self, key: &[u8; 16], now_ms: i64, minutes: i64) -> bool {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).copied();
        last.is_some_and(|last| now_ms.saturating_sub(last) <= minutes.saturating_mul(60_000))
    }
}

/// Somebody signed in, unlocked.
#[derive(Debug, Clone)]
pub struct Seat {
    pub key: [u8; 16],
    pub session: Session,
}

/// What a decision or a question of a seat is made with.
pub struct Here {
    pub moment: Moment,
    pub who: Who,
    pub viewer: Viewer,
}

/// The token in a cookie; none without one.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let token = cookies.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
    token.filter(|token| token.len() == 64)
}

/// Whether a session must show its PIN again: locked by hand, by time, or by a restart.
///
/// # Errors
/// A fault of the store.
pub fn is_locked(db: &dyn Read, http: &Http, key: &[u8; 16], session: &Session) -> Result<bool, Fault> {
    let minutes = settings::till(db)?.lock_minutes;
    Ok(session.locked || !http.seen.fresh(key, now_ms(), minutes))
}

impl FromRequestParts<Arc<Http>> for Seat {
    type Rejection = No;

    async fn from_request_parts(parts: &mut Parts, http: &Arc<Http>) -> Result<Seat, No> {
        let Ok(caller) = Caller::from_request_parts(parts, http).await;
        let asked = http.clone();
        let found = http.app.read(move |db| {
            let Some((key, session)) = caller.session(db)? else { return Ok(None) };
            let locked = is_locked(db, &asked, &key, &session)?;
            Ok(Some((key, session, locked)))
        });
        let (key, session, locked) = found.await?.ok_or_else(No::signed_out)?;
        if locked {
            return Err(No::locked());
        }
        http.seen.touch(key, now_ms());
        Ok(Seat { key, session })
    }
}

impl Seat {
    pub fn language(&self) -> Language {
        if self.session.english { Language::English } else { Language::Chinese }
    }
}

/// A supervisor's rights, lent for one command.
#[derive(Debug, Clone)]
pub struct Lent {
    pub staff: StaffId,
    pub rights: Rights,
}

/// Time, day, shift, person and rights of a seat, as they stand in this transaction.
///
/// # Errors
/// A fault of the store.
pub fn here(db: &dyn Read, http: &Facts, seat: &Seat, lent: Option<&Lent>) -> Result<Here, Fault> {
    let place = shared::store::Identity::load(db)?.ok_or_else(|| Fault::Damaged("this install has no stream".into()))?;
    let branch = place.branch.unwrap_or(BranchId([0; 16]));
    let zone = branches::branch(db, branch)?.map_or(HOUSE_ZONE, |branch| branch.zone);
    let hub_ms = meta_number(db, "hub_ms")?;
    let now_ms = clock::corrected(db, http.now_ms)?;
    let till = seat.session.till;
    let shift = shift::current(db, branch, till, place.stream)?;
    let own = staff::rights(db, seat.session.staff)?;
    let mut rights = own.rights.clone();
    let mut limits = own.limits;
    if let Some(lent) = lent {
        rights.extend(&lent.rights.rights);
        limits.line_discount = limits.line_discount.min(lent.rights.limits.line_discount);
        limits.bill_discount = limits.bill_discount.min(lent.rights.limits.bill_discount);
        limits.refund = limits.refund.and_then(|own| lent.rights.limits.refund.map(|wider| own.max(wider)));
    }
    let day = match shift {
        Some(shift) => shift.day,
        None => day::counts_for(db, branch, BusinessDay::at(now_ms, zone))?.0,
    };
    let moment = Moment {
        command: http.command,
        by: Actor::Person(seat.session.staff),
        rights,
        now_ms,
        hub_ms,
        branch: Some(branch),
        here: place.stream,
        till: Some(till_id(branch, till)),
        shift: shift.map(|shift| shift.shift),
        day,
        hour: LocalTime::at(now_ms, zone.zone_minutes).hour,
        entropy: http.entropy,
    };
    let who = Who {
        till,
        staff: seat.session.staff,
        allowed_by: lent.map(|lent| lent.staff),
        own: own.limits,
        limits,
        own_rights: own.rights,
        clock_by_hand: clock::by_hand(db)?,
        cut_off_since_ms: http.cut_off_since_ms,
        language: seat.language(),
    };
    let viewer = Viewer { here: place.stream, branch: Some(branch), till, day, cut_off_since_ms: http.cut_off_since_ms };
    Ok(Here { moment, who, viewer })
}

/// What the world says at the time of a request.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    pub command: shared::base::CommandId,
    /// What the machine's clock shows.
    pub now_ms: i64,
    pub cut_off_since_ms: i64,
    pub entropy: [u8; 16],
}

impl Http {
    /// Clock, link and chance, read once per request.
    pub fn facts(&self, command: shared::base::CommandId) -> Result<Facts, No> {
        let link = self.app.uplink.state();
        let entropy = crate::install::random().map_err(|_| No::Fault(Fault::Stopped))?;
        Ok(Facts { command, now_ms: now_ms(), cut_off_since_ms: if link.up { 0 } else { link.since_ms }, entropy })
    }

    /// Answers a question of a seat that has one of these rights.
    ///
    /// # Errors
    /// `forbidden` without the right; a fault of the store; what the question refuses.
    pub async fn ask<T: Send + 'static>(
        &self,
        seat: &Seat,
        any_of: &'static [Right],
        question: impl FnOnce(&dyn Read, &Here) -> Result<Result<T, Refusal>, Fault> + Send + 'static,
    ) -> Result<T, No> {
        self.ask_beside(seat, None, any_of, question).await
    }

    /// The same with the rights that a supervisor lends.
    ///
    /// # Errors
    /// As `ask`.
    pub async fn ask_beside<T: Send + 'static>(
        &self,
        seat: &Seat,
        lent: Option<Lent>,
        any_of: &'static [Right],
        question: impl FnOnce(&dyn Read, &Here) -> Result<Result<T, Refusal>, Fault> + Send + 'static,
    ) -> Result<T, No> {
        let facts = self.facts(shared::base::CommandId([0; 16]))?;
        let seat = seat.clone();
        let answer = self.app.read(move |db| {
            let here = here(db, &facts, &seat, lent.as_ref())?;
            if !any_of.is_empty() && !any_of.iter().any(|right| here.moment.may(*right)) {
                return Ok(Err(Refusal::NotAllowed { right: any_of[0] }));
            }
            question(db, &here)
        });
        Ok(answer.await??)
    }
}

/// The shared state as an extractor.
pub type State = Shared;
