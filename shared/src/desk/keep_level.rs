//! Keeps a member at the level that purchases are worth (R14): a rule of head office, which alone knows them all. The level is a function of the
//! purchases of the window and the day, so the order in which branches tell of them plays no part. It rises from the next bill on, falls at once
//! where a return within 30 days takes away what it rose by, and where purchases leave the window. A level by hand ends with its last day.
use crate::base::{BusinessDay, CommandId, DocumentId, MemberId, Money};
use crate::documents::settings::PointsSettings;
use crate::facts::Fact;
use crate::facts::corrections::MemberAttached;
use crate::facts::members::{LevelGiven, LevelReached, Merged, Unmerged};
use crate::facts::sales::{Returned, Sold};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Head, Moment, Read, Refusal, Right};
use crate::members::level::{Given, given, may_end, reached};
use crate::members::{Level, levels};
use crate::sales::spend::{self, Spent};
use crate::settings;
use crate::views::registry::decoded;
use std::collections::BTreeSet;

/// Number of this reaction in entries.
pub const REACTION: u16 = 21;
/// No level.
const NONE: [u8; 16] = [0; 16];

/// The chain's levels, lowest first, and what counts for them.
pub struct Rules {
    pub levels: Vec<Level>,
    pub points: PointsSettings,
}

impl Rules {
    /// # Errors
    /// A fault of the store.
    pub fn load(db: &dyn Read) -> Result<Rules, Fault> {
        Ok(Rules { levels: levels(db)?, points: settings::points(db)? })
    }

    /// The day after which purchases count, yyyymmdd.
    pub fn after(&self, day: BusinessDay) -> u32 {
        match self.points.level_window.as_str() {
            "all" => 0,
            "year" => day.0 / 10_000 * 10_000,
            _ => {
                let months = u32::try_from(self.points.level_months).unwrap_or(12);
                let month = (day.0 / 10_000 * 12 + day.0 / 100 % 100 - 1).saturating_sub(months);
                (month / 12 * 100 + month % 12 + 1) * 100 + day.0 % 100
            }
        }
    }

    /// What counts of a member's purchases on a day.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn spent(&self, db: &dyn Read, member: MemberId, day: BusinessDay) -> Result<Spent, Fault> {
        spend::spent(db, member, self.after(day), day)
    }

    fn by_amount(&self) -> bool {
        self.points.level_by != "purchases"
    }

    fn by_purchases(&self) -> bool {
        self.points.level_by != "amount"
    }

    /// Purchases alone lead to it; others a person gives.
    pub fn may_be_reached(&self, level: &Level) -> bool {
        let (amount, purchases) = (level.threshold.is_positive(), level.purchases > 0);
        match self.points.level_by.as_str() {
            "purchases" => purchases,
            "either" => amount || purchases,
            "both" => amount && purchases,
            _ => amount,
        }
    }

    /// What is missing for a level: money and purchases; either may do where the chain says so.
    pub fn missing(&self, level: &Level, spent: Spent) -> (Money, i64) {
        let money = Money::from_minor(level.threshold.minor().saturating_sub(spent.basis.minor()).max(0));
        let purchases = (level.purchases - spent.purchases).max(0);
        let (by_amount, by_purchases) = (self.by_amount() && level.threshold.is_positive(), self.by_purchases() && level.purchases > 0);
        (if by_amount { money } else { Money::ZERO }, if by_purchases { purchases } else { 0 })
    }

    /// Whether purchases are worth a level.
    fn is_worth(&self, level: &Level, spent: Spent) -> bool {
        let amount = level.threshold.is_positive() && spent.basis >= level.threshold;
        let purchases = level.purchases > 0 && spent.purchases >= level.purchases;
        match self.points.level_by.as_str() {
            "purchases" => purchases,
            "either" => amount || purchases,
            "both" => amount && purchases,
            _ => amount,
        }
    }

    /// The level that purchases are worth: the lowest where they are worth none.
    pub fn worth(&self, spent: Spent) -> Option<&Level> {
        self.levels.iter().rev().find(|level| self.is_worth(level, spent)).or(self.levels.first())
    }

    /// The least that purchases must come to, and be, for any level.
    fn least(&self) -> (Money, i64) {
        let reachable = || self.levels.iter().filter(|level| self.may_be_reached(level));
        let basis = reachable().map(|level| level.threshold).filter(|threshold| threshold.is_positive()).min();
        let purchases = reachable().map(|level| level.purchases).filter(|purchases| *purchases > 0).min();
        let none = i64::MAX;
        (basis.filter(|_| self.by_amount()).unwrap_or(Money::from_minor(none)), purchases.filter(|_| self.by_purchases()).unwrap_or(none))
    }
}

/// Looks at one member's level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepLevel {
    pub member: MemberId,
    pub day: u32,
}

/// How a member's level stands.
pub struct State {
    rules: Rules,
    spent: Spent,
    reached: Option<DocumentId>,
    given: Option<Given>,
}

impl State {
    fn load(db: &dyn Read, member: MemberId, day: u32) -> Result<State, Fault> {
        let rules = Rules::load(db)?;
        let spent = rules.spent(db, member, BusinessDay(day))?;
        Ok(State { rules, spent, reached: reached(db, member)?, given: given(db, member)? })
    }

    /// The level to be, where it is another than stands.
    fn due(&self) -> Option<&Level> {
        let stands = self.reached.or(self.rules.levels.first().map(|level| level.id));
        self.rules.worth(self.spent).filter(|worth| Some(worth.id) != stands)
    }

    fn has_ended(&self, day: u32) -> bool {
        self.given.is_some_and(|given| given.ends > 0 && given.ends < day)
    }
}

impl KeepLevel {
    /// The command of a look after something happened: every entry is a cause of its own, and so is every day.
    pub fn command(&self, cause: &[u8]) -> CommandId {
        CommandId(crate::base::ids::derived("level", &[self.member.bytes(), &self.day.to_be_bytes(), cause]))
    }
}

impl Command for KeepLevel {
    type State = State;
    const RIGHT: Option<Right> = None;
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        encoded(&(self.member, self.day))
    }

    fn load(&self, db: &dyn Read, _: &Moment) -> Result<State, Fault> {
        State::load(db, self.member, self.day)
    }

    fn decide(&self, state: &State, _: &Moment) -> Result<Decided, Refusal> {
        let mut decided = Decided::nothing();
        if let Some(level) = state.due() {
            decided = decided.fact(&LevelReached {
                member: self.member,
                level: level.id.0,
                before: state.reached.map_or(NONE, |reached| reached.0),
                basis: state.spent.basis.minor(),
                purchases: state.spent.purchases,
                day: self.day,
            });
        }
        if state.has_ended(self.day) {
            decided = decided.fact(&LevelGiven { member: self.member, level: NONE, ends: None });
        }
        Ok(decided)
    }
}

/// Of these members those whose level is to change on a day.
///
/// # Errors
/// A fault of the store.
pub fn due(db: &dyn Read, members: impl IntoIterator<Item = MemberId>, day: u32) -> Result<Vec<MemberId>, Fault> {
    let mut due = Vec::new();
    for member in members {
        let state = State::load(db, member, day)?;
        if state.due().is_some() || state.has_ended(day) {
            due.push(member);
        }
    }
    Ok(due)
}

/// Every member whose level is to change on a day, whatever led to it.
///
/// # Errors
/// A fault of the store.
pub fn due_on(db: &dyn Read, day: u32) -> Result<Vec<MemberId>, Fault> {
    let rules = Rules::load(db)?;
    if rules.levels.is_empty() {
        return Ok(Vec::new());
    }
    let (basis, purchases) = rules.least();
    let mut members: BTreeSet<MemberId> = may_end(db, day)?.into_iter().collect();
    members.extend(spend::spenders(db, rules.after(BusinessDay(day)), BusinessDay(day), basis, purchases)?);
    due(db, members, day)
}

/// Members of sales, returns, merges and unmerges among these entries.
///
/// # Errors
/// A fault of the store.
pub fn buyers(db: &dyn Read, heads: &[Head]) -> Result<BTreeSet<MemberId>, Fault> {
    let mut members = BTreeSet::new();
    for head in
        heads.iter().filter(|head| [Sold::KIND, MemberAttached::KIND, Returned::KIND, Merged::KIND, Unmerged::KIND].contains(&head.kind))
    {
        // What does this entry say?
        let row = db.row("select body from entry where stream = ?1 and seq = ?2 and erased = 0", &[head.stream.into(), head.seq.into()])?;
        let Some(row) = row else { continue };
        let body = row.blob(0);
        match head.kind {
            Sold::KIND => members.extend(decoded::<Sold>(body).ok().and_then(|sold| sold.buyer.map(|buyer| buyer.member))),
            MemberAttached::KIND => members.extend(decoded::<MemberAttached>(body).ok().map(|attached| attached.buyer.member)),
            Returned::KIND => members.extend(decoded::<Returned>(body).ok().and_then(|returned| returned.member)),
            Merged::KIND => members.extend(decoded::<Merged>(body).ok().map(|merged| merged.survivor)),
            _ => members.extend(decoded::<Unmerged>(body).ok().map(|unmerged| unmerged.member)),
        }
    }
    Ok(members)
}
