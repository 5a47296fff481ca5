//! Counts the drawer blind, before a shift closes: what should lie there is told afterwards, and every count is kept beside the others (J2).
//! A draft until the shift closes. Refusals, in order: NoShift, BadAmount, TooMany.
use super::{Begun, close};
use crate::base::limits::{DENOMINATIONS_MAX, DRAWER_COUNTS_MAX};
use crate::base::{BranchId, Money, ShiftId};
use crate::desk::bill::key;
use crate::desk::till::Who;
use crate::facts::shifts::{Counted, DrawerCount, Pieces};
use crate::journal::command::encoded;
use crate::journal::{Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::shifts::figures;
use crate::store::drafts;
use minicbor::{Decode, Encode};

/// Draft kind of counts in progress, by till.
pub const COUNT: &str = "count";

/// The counts of a shift that is not closed yet.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Counting {
    #[n(0)]
    pub shift: ShiftId,
    #[n(1)]
    pub counts: Vec<DrawerCount>,
}

/// The counts of a shift so far; none before the first.
///
/// # Errors
/// A fault of the store; `Damaged` if the draft cannot be read.
pub fn counting(db: &dyn Read, till: u16, shift: ShiftId) -> Result<Vec<DrawerCount>, Fault> {
    let Some(body) = drafts::draft(db, COUNT, &key(till))? else { return Ok(Vec::new()) };
    let counting: Counting = minicbor::decode(&body).map_err(|error| Fault::Damaged(error.to_string()))?;
    Ok(if counting.shift == shift { counting.counts } else { Vec::new() })
}

/// Counts the drawer of the till's open shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountDrawer {
    pub who: Who,
    pub counted: Money,
    /// By denomination, which then come to `counted`; or empty.
    pub pieces: Vec<Pieces>,
}

/// The shift, what it took, and the counts before this one.
pub struct State {
    pub shift: Option<Begun>,
    pub figures: Vec<Counted>,
    pub counts: Vec<DrawerCount>,
}

impl Command for CountDrawer {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Shift);

    fn content(&self) -> Vec<u8> {
        encoded(&(33_u8, self.counted, self.pieces.as_slice()))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let branch = moment.branch.unwrap_or(BranchId([0; 16]));
        let shift = super::current(db, branch, self.who.till, moment.here)?;
        let figures = shift.map_or(Ok(Vec::new()), |shift| figures::of(db, shift.shift))?;
        let counts = shift.map_or(Ok(Vec::new()), |shift| counting(db, self.who.till, shift.shift))?;
        Ok(State { shift, figures, counts })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let shift = state.shift.ok_or(Refusal::NoShift)?.shift;
        if self.counted.is_negative() || !(self.pieces.is_empty() || self.adds_up()) {
            return Err(Refusal::BadAmount);
        }
        if state.counts.len() >= DRAWER_COUNTS_MAX {
            return Err(Refusal::TooMany { what: "counts".into(), limit: DRAWER_COUNTS_MAX as i64 });
        }
        let count = DrawerCount {
            counted: self.counted,
            expected: close::expected(&state.figures)?,
            at_ms: moment.now_ms,
            pieces: self.pieces.clone(),
        };
        let counts = state.counts.iter().cloned().chain([count]).collect();
        Ok(Decided::nothing().draft(COUNT, &key(self.who.till), Some(encoded(&Counting { shift, counts }))))
    }
}

impl CountDrawer {
    fn adds_up(&self) -> bool {
        let sound = self.pieces.iter().all(|one| one.face.is_positive());
        let worth = |one: &Pieces| one.face.minor().checked_mul(i64::from(one.pieces));
        let sum = self.pieces.iter().try_fold(0_i64, |sum, one| sum.checked_add(worth(one)?));
        sound && self.pieces.len() <= DENOMINATIONS_MAX && sum == Some(self.counted.minor())
    }
}
