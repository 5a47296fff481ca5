//! A slip of which nobody knows whether it came out is printed again, marked 补打. A person's act, never a worker's.
//! Refusals: Gone.
use super::print::PrintJob;
use super::till::Who;
use crate::base::{JobId, StaffId};
use crate::branches::{self, HOUSE_ZONE};
use crate::facts::bills::Reprinted;
use crate::journal::command::encoded;
use crate::journal::{Actor, Command, Decided, Fault, Moment, Read, Refusal, Right};
use crate::sales::receipt::{Copy, time_said};
use crate::staff;
use crate::store::jobs::{self, Listed};

/// Prints what a job holds once more. Produces `Reprinted` and a job of its own; the old one is to be dropped in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintAgain {
    pub who: Who,
    pub slip: JobId,
}

/// The job, copies so far, and what the mark says.
pub struct State {
    pub job: Option<Listed>,
    pub copies: i64,
    pub by: String,
    pub zone_minutes: i32,
}

impl Command for PrintAgain {
    type State = State;
    const RIGHT: Option<Right> = Some(Right::Reprint);
    const ANY_CLOCK: bool = true;

    fn content(&self) -> Vec<u8> {
        encoded(&(40_u8, self.slip))
    }

    fn load(&self, db: &dyn Read, moment: &Moment) -> Result<State, Fault> {
        let job = jobs::job(db, self.slip)?;
        let of = job.as_ref().and_then(|job| PrintJob::read(&job.body)).map(|slip| slip.of);
        // How often was this slip printed again?
        let copies = of.map_or(Ok(0), |of| db.number("select copies from copy where id = ?1", &[of.into()]))?;
        let by = match moment.by {
            Actor::Person(staff) => staff,
            _ => self.who.staff,
        };
        let zone = moment.branch.map_or(Ok(None), |branch| branches::branch(db, branch))?.map_or(HOUSE_ZONE, |branch| branch.zone);
        Ok(State { job, copies, by: said(db, by)?, zone_minutes: zone.zone_minutes })
    }

    fn decide(&self, state: &State, moment: &Moment) -> Result<Decided, Refusal> {
        let open = state.job.as_ref().filter(|job| !matches!(job.state, jobs::State::Done | jobs::State::Dropped));
        let slip = open.and_then(|job| PrintJob::read(&job.body)).ok_or(Refusal::Gone)?;
        let number = u16::try_from(state.copies + 1).unwrap_or(u16::MAX);
        let copy = Copy { number: number.into(), by: state.by.clone(), time: time_said(moment.now_ms, state.zone_minutes) };
        let fact = Reprinted {
            of: slip.of,
            at: self.who.occasion(moment, self.who.lent(Right::Reprint)),
            receipt_no: slip.receipt_no.clone(),
            copy: number,
        };
        Ok(Decided::nothing().fact(&fact).job(slip.again(copy).job(moment, self.who.till)))
    }
}

/// Name and code, as slips say who.
fn said(db: &dyn Read, staff: StaffId) -> Result<String, Fault> {
    Ok(staff::person(db, staff)?.map_or(String::new(), |person| format!("{} {}", person.name, person.code)))
}
