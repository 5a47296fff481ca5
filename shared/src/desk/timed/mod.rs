//! Timed consumption (计时消费) at the till. A sitting is a draft from its start until it is paid, so that it is there after a power cut; its end
//! is a fact, and its charge a line of an ordinary bill. A line that is taken off, or a bill given up, leaves the sitting to be paid.
//! One command a file.
pub mod cancel;
pub mod charge;
pub mod drift;
pub mod pause;
pub mod start;
pub mod stop;

use crate::base::{DocumentId, MemberId, Money, ProductNo, SittingId};
use crate::facts::sales::Occasion;
use crate::facts::timed::{Stretch, TimedTerms};
use crate::journal::{Decided, Fault, Read, Refusal};
use crate::store::drafts;
use crate::timed::tariff::{Run, Tariff};
use minicbor::{Decode, Encode};

/// Draft kind.
pub const SITTING: &str = "sitting";

/// A guest in a room or at a seat, until paid.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Sitting {
    #[n(0)]
    pub id: SittingId,
    #[n(1)]
    pub tariff: DocumentId,
    /// Name of the tariff.
    #[n(2)]
    pub name: String,
    #[n(3)]
    pub name_en: String,
    #[n(4)]
    pub product: ProductNo,
    /// Code and name of the room.
    #[n(5)]
    pub room: String,
    #[n(6)]
    pub seat: String,
    #[n(7)]
    pub member: Option<MemberId>,
    #[n(8)]
    pub terms: TimedTerms,
    /// Minutes that are free for the member's level as it was at the start.
    #[n(9)]
    pub free: i64,
    #[n(10)]
    pub started: Occasion,
    /// What ran until the last pause.
    #[n(11)]
    pub ran: Vec<Stretch>,
    /// Running since, UTC ms; none: paused, or ended.
    #[n(12)]
    pub since_ms: Option<i64>,
    /// The machine's clock jumped meanwhile (E9).
    #[n(13)]
    pub jumped: bool,
    /// It ended, and this is to be paid.
    #[n(14)]
    pub due: Option<Due>,
    /// The card that named the guest at the start, if it names another member too: nothing of theirs is spent (design 6).
    #[n(15)]
    pub claimed_card: Option<String>,
}

/// What a sitting that ended came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Due {
    #[n(0)]
    pub minutes: i64,
    #[n(1)]
    pub amount: Money,
    /// When it ended, UTC ms.
    #[n(2)]
    pub until_ms: i64,
}

impl Sitting {
    /// What ran, with what runs now; never below zero.
    pub fn stretches(&self, now_ms: i64) -> Vec<Stretch> {
        let running = self.since_ms.map(|from_ms| Stretch { from_ms, ran_ms: now_ms.saturating_sub(from_ms).max(0) });
        self.ran.iter().copied().chain(running).collect()
    }

    /// As it is written.
    pub fn saved(self, decided: Decided) -> Decided {
        let key = self.id;
        decided.draft_of(SITTING, &key.0, self)
    }
}

/// Milliseconds that ran.
pub fn ran_ms(stretches: &[Stretch]) -> i64 {
    stretches.iter().map(|stretch| stretch.ran_ms).sum()
}

/// Stretches in whole minutes of the branch's clock: what is left of one counts on in the next, so that pauses cost no minutes. A first minute
/// counts as soon as it began: only who may give a sitting up lets it go for nothing.
pub fn runs(stretches: &[Stretch], zone_minutes: i32) -> Vec<Run> {
    const MINUTE_MS: i64 = 60_000;
    let mut before_ms = 0;
    let run = |stretch: &Stretch| {
        let from = stretch.from_ms.div_euclid(MINUTE_MS) + i64::from(zone_minutes);
        let minutes = (before_ms + stretch.ran_ms) / MINUTE_MS - before_ms / MINUTE_MS;
        before_ms += stretch.ran_ms;
        Run { from, minutes }
    };
    let mut runs: Vec<Run> = stretches.iter().map(run).collect();
    if (1..MINUTE_MS).contains(&ran_ms(stretches)) {
        runs.truncate(1);
        runs.iter_mut().for_each(|run| run.minutes = 1);
    }
    runs
}

/// The tariff of a sitting, for the rules.
pub fn tariff(terms: &TimedTerms) -> Tariff {
    Tariff {
        first_minutes: terms.first_minutes,
        first: terms.first,
        step_minutes: terms.step_minutes,
        step: terms.step,
        grace_minutes: terms.grace_minutes,
        night_step: terms.night_step,
        night: (terms.night_from, terms.night_until),
        cap: terms.cap,
    }
}

/// One sitting.
///
/// # Errors
/// A fault of the store; `Damaged` if the draft cannot be read.
pub fn sitting(db: &dyn Read, id: SittingId) -> Result<Option<Sitting>, Fault> {
    drafts::draft(db, SITTING, &id.0)?.map(|body| read(&body)).transpose()
}

/// All sittings of the branch that are not paid, by their start.
///
/// # Errors
/// A fault of the store; `Damaged` if a draft cannot be read.
pub fn sittings(db: &dyn Read) -> Result<Vec<Sitting>, Fault> {
    let mut all = drafts::drafts(db, SITTING)?.iter().map(|(_, body)| read(body)).collect::<Result<Vec<Sitting>, Fault>>()?;
    all.sort_by_key(|sitting| sitting.started.at_ms);
    Ok(all)
}

fn read(body: &[u8]) -> Result<Sitting, Fault> {
    minicbor::decode(body).map_err(|error| Fault::Damaged(format!("a sitting cannot be read: {error}")))
}

/// A sitting that has not ended.
fn going(sitting: Option<&Sitting>) -> Result<&Sitting, Refusal> {
    sitting.filter(|sitting| sitting.due.is_none()).ok_or(Refusal::Gone)
}
