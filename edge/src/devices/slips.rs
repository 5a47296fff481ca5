//! Slips that did not come out: shown, sent to a printer by a person, or dropped. Decides nothing but which printer.
use super::{Devices, lock, slip};
use crate::app::now_ms;
use hardware::printer::{Outcome, ReceiptPrinter, test_slip};
use serde::Serialize;
use shared::base::{DeviceId, JobId};
use shared::desk::print::{PRINT, PrintJob, job_of};
use shared::desk::print_again::PrintAgain;
use shared::desk::shown::done::{PrintState, Printing};
use shared::desk::till::Who;
use shared::journal::{Fault, Moment, Read, Refusal};
use shared::store::Writer;
use shared::store::jobs::{self, Listed, State};
use std::sync::{Arc, Mutex};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Waiting,
    /// It was sent, and nobody knows whether it came out.
    Tried,
    Failed,
}

/// A slip that is not known to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Slip {
    pub slip: String,
    /// The till that made it.
    #[schema(required)]
    pub till: Option<u16>,
    /// The printer of that till.
    #[schema(required)]
    pub device: Option<String>,
    #[schema(required)]
    pub receipt_no: Option<String>,
    pub at_ms: i64,
    #[schema(required)]
    pub what: Option<String>,
    pub tries: u32,
    pub state: Standing,
}

/// A slip taken by a person, to be sent once the transaction is durable.
#[derive(Debug, Clone)]
pub struct Taken(pub(super) Listed);

impl Taken {
    pub fn job(&self) -> JobId {
        self.0.id
    }
}

/// What a transaction takes, to be sent once it is durable. A transaction that is a retry takes nothing.
#[derive(Debug, Clone, Default)]
pub struct Order(Arc<Mutex<Option<Taken>>>);

impl Order {
    pub fn fill(&self, taken: Option<Taken>) {
        *lock(&self.0) = taken;
    }
}

impl Devices {
    /// Sends what a durable transaction took, if anything, to a printer; that of its till if none is named.
    pub fn send(&self, order: &Order, device: Option<DeviceId>) {
        if let Some(taken) = lock(&order.0).take() {
            self.print_taken(taken, device);
        }
    }

    /// Slips not known to be printed, oldest first; those under way are among them as tried, for a printer may stand still inside a slip.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn slips(&self, db: &dyn Read) -> Result<Vec<Slip>, Fault> {
        jobs::open_jobs(db, PRINT)?.iter().filter_map(|job| self.listed(db, job).transpose()).collect()
    }

    /// How many slips wait for a printer or a person; those under way do not.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn slips_waiting(&self, db: &dyn Read) -> Result<usize, Fault> {
        let under_way: Vec<String> = lock(&self.0.printing).keys().map(JobId::to_string).collect();
        Ok(self.slips(db)?.iter().filter(|slip| !under_way.contains(&slip.slip)).count())
    }

    fn listed(&self, db: &dyn Read, job: &Listed) -> Result<Option<Slip>, Fault> {
        let read = PrintJob::read(&job.body);
        if read.as_ref().is_some_and(|read| !slip::is_slip(read)) {
            return Ok(None);
        }
        let state = match job.state {
            State::Waiting => Standing::Waiting,
            State::Tried => Standing::Tried,
            State::Failed => Standing::Failed,
            State::Done | State::Dropped => return Ok(None),
        };
        let print = self.print_state(db, job.id)?;
        Ok(Some(Slip {
            slip: job.id.to_string(),
            till: print.till,
            device: print.device,
            receipt_no: read.map(|read| read.receipt_no).filter(|number| !number.is_empty()),
            at_ms: job.made_ms,
            what: print.what,
            tries: job.tries,
            state,
        }))
    }

    /// A person sends a slip to a printer, inside a transaction: one that never left the house as it is, one that may have come out as a
    /// marked copy. After the commit `print_taken` sends it. A slip under way is left alone.
    ///
    /// # Errors
    /// Outer: a fault of the store. Inner: `Gone`, what `PrintAgain` refuses.
    pub fn take(&self, writer: &mut Writer<'_>, slip: JobId, who: &Who, moment: &Moment) -> Result<Result<Option<Taken>, Refusal>, Fault> {
        if lock(&self.0.printing).contains_key(&slip) {
            return Ok(Ok(None));
        }
        let Some(job) = jobs::job(writer, slip)? else { return Ok(Err(Refusal::Gone)) };
        let now = moment.now_ms;
        match job.state {
            State::Done | State::Dropped => Ok(Err(Refusal::Gone)),
            State::Waiting | State::Failed => Ok(Ok(writer.take_job(slip, now)?.map(Taken))),
            State::Tried => {
                if let Err(refusal) = writer.decide(&PrintAgain { who: who.clone(), slip }, moment)? {
                    return Ok(Err(refusal));
                }
                writer.mark_job(slip, State::Dropped, "", now)?;
                Ok(Ok(writer.take_job(job_of(moment.command), now)?.map(Taken)))
            }
        }
    }

    /// A person gives a slip up, inside a transaction.
    ///
    /// # Errors
    /// Outer: a fault of the store. Inner: `Gone`; a slip under way can no longer be stopped.
    pub fn drop_slip(&self, writer: &mut Writer<'_>, slip: JobId) -> Result<Result<(), Refusal>, Fault> {
        let open = jobs::job(writer, slip)?.is_some_and(|job| !matches!(job.state, State::Done | State::Dropped));
        if !open || lock(&self.0.printing).contains_key(&slip) {
            return Ok(Err(Refusal::Gone));
        }
        writer.mark_job(slip, State::Dropped, "", now_ms()).map(Ok)
    }

    /// Prints the technician's test slip and waits for its end. No job: it is about the printer, not about what happened.
    ///
    /// # Errors
    /// `NotAPrinter`.
    pub async fn test_print(&self, device: DeviceId, time: &str) -> Result<PrintState, Refusal> {
        let printer = self.printer(device).ok_or(Refusal::NotAPrinter)?;
        let name = self.name(device).unwrap_or_default();
        let outcome = printer.print_slip(&test_slip(printer.profile(), &name, time)).await;
        let (state, what) = match outcome {
            Outcome::Printed => (Printing::Printed, None),
            Outcome::SentUnconfirmed => (Printing::Sent, None),
            Outcome::Failed { trouble, .. } => (Printing::Failed, Some(super::shown::code(trouble))),
        };
        Ok(PrintState { state, slip: None, what, device: Some(name), till: None })
    }
}
