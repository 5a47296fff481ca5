//! The print worker: leases a waiting slip (durable), sends it, notes how it ended. A slip that was tried and is not known to be done is left
//! to a person, also after a restart; a printer that comes back with many slips waiting asks first.
use super::shown::code;
use super::slips::Taken;
use super::{Devices, lock, slip};
use crate::app::now_ms;
use hardware::Trouble;
use hardware::printer::{Outcome, Printer, ReceiptPrinter};
use shared::base::{DeviceId, JobId};
use shared::desk::print::{PRINT, PrintJob, RECEIPTS};
use shared::journal::Fault;
use shared::store::Priority;
use shared::store::jobs::{Listed, State, open_jobs};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Slips that a printer which comes back prints without being asked.
const UNASKED_MAX: i64 = 3;
/// A drawer opens this long after its sale at most: later nobody stands in front of it.
const KICK_WITHIN_MS: i64 = 60_000;
/// Waiting slips that pages are told of when a printer is down: the last ones stand on the screen.
const TOLD_MAX: usize = 3;
/// Pause after a slip that could not be sent; doubles.
const PAUSE_MIN: Duration = Duration::from_millis(500);
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// Notes on jobs beside the codes of troubles.
pub const SENT: &str = "sent";
pub const HELD: &str = "held";
pub const INTERRUPTED: &str = "interrupted";
pub const UNREADABLE: &str = "unreadable";
const LATE: &str = "late";

/// Prints what waits, one slip after the other. Ends with the store.
pub(super) async fn work(devices: Devices) {
    let mut committed = devices.0.events.subscribe();
    let left = devices.0.clerk.write(Priority::Till, |writer| writer.note_tried_jobs(PRINT, INTERRUPTED, now_ms()));
    if let Err(fault) = left.await {
        tracing::error!(%fault, "print.fault");
    }
    // Whatever waits now has waited since before: the printer, or this program, was not there.
    let mut returned = true;
    let mut pause = PAUSE_MIN;
    loop {
        let printed = match devices.ready_printer() {
            None => {
                returned = true;
                devices.tell_waiting();
                Ok(Step::Wait)
            }
            Some((device, printer)) => step(&devices, device, &printer, std::mem::take(&mut returned)).await,
        };
        match printed {
            Ok(Step::Next) => pause = PAUSE_MIN,
            Ok(Step::Wait) => tokio::select! {
                () = devices.0.stir.wake.notified() => {}
                more = job_written(&mut committed) => if !more { return },
            },
            Ok(Step::Failed) => {
                returned = true;
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSE_MAX);
            }
            Err(Fault::Stopped) => return,
            Err(fault) => {
                tracing::error!(%fault, "print.fault");
                tokio::time::sleep(PAUSE_MAX).await;
            }
        }
    }
}

enum Step {
    Next,
    Wait,
    Failed,
}

async fn job_written(committed: &mut tokio::sync::broadcast::Receiver<Arc<shared::store::Committed>>) -> bool {
    loop {
        match committed.recv().await {
            Ok(committed) if committed.touched.contains(&"job") => return true,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return true,
            Err(RecvError::Closed) => return false,
        }
    }
}

async fn step(devices: &Devices, device: DeviceId, printer: &Printer, returned: bool) -> Result<Step, Fault> {
    let now = now_ms();
    let leased = devices.0.clerk.write(Priority::Till, move |writer| {
        if returned && writer.hold_jobs(PRINT, RECEIPTS, UNASKED_MAX, HELD, now)? > 0 {
            return Ok(None);
        }
        writer.lease_job(PRINT, RECEIPTS, now)
    });
    let Some(job) = leased.await? else { return Ok(Step::Wait) };
    let ended = devices.deliver(&job, device, printer, now - job.made_ms <= KICK_WITHIN_MS).await;
    // Nothing left the house, so the same slip may be sent again by itself.
    let again = matches!(ended, Ended::Unsent(trouble) if trouble != Trouble::TooLong);
    devices.settle(&job, ended, if again { State::Waiting } else { State::Failed }).await?;
    Ok(if again { Step::Failed } else { Step::Next })
}

/// How sending one slip ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Printed,
    /// Every byte was taken by a printer that says no more.
    Sent,
    Unsent(Trouble),
    /// A part may be on paper.
    Unknown(Trouble),
    /// A kick of the drawer for which it is too late.
    Late,
    /// Of another version.
    Unreadable,
}

impl Devices {
    /// Sends a slip that a person took (`take_job`, `PrintAgain`) to a printer, the first one if none is named. Answers at once; the drawer
    /// stays shut.
    pub fn print_taken(&self, Taken(job): Taken, device: Option<DeviceId>) {
        let device = device.or_else(|| self.first_printer());
        let printer = device.and_then(|device| self.printer(device).map(|printer| (device, printer)));
        let devices = self.clone();
        // From now on it is under way, not left over.
        lock(&devices.0.printing).insert(job.id, device.unwrap_or(DeviceId([0; 16])));
        tokio::spawn(async move {
            let ended = match printer {
                Some((device, printer)) => devices.deliver(&job, device, &printer, false).await,
                None => Ended::Unsent(Trouble::NotThere),
            };
            if let Err(fault) = devices.settle(&job, ended, State::Failed).await {
                tracing::error!(%fault, job = %job.id, "print.fault");
            }
        });
    }

    async fn deliver(&self, job: &Listed, device: DeviceId, printer: &Printer, kick: bool) -> Ended {
        let Some(read) = PrintJob::read(&job.body) else { return Ended::Unreadable };
        if !kick && !slip::is_slip(&read) {
            return Ended::Late;
        }
        lock(&self.0.printing).insert(job.id, device);
        self.tell_slip(job.id);
        match printer.print_slip(&slip::of_job(&read, printer.profile(), kick)).await {
            Outcome::Printed => Ended::Printed,
            Outcome::SentUnconfirmed => Ended::Sent,
            Outcome::Failed { trouble, sent_bytes: 0 } => Ended::Unsent(trouble),
            Outcome::Failed { trouble, .. } => Ended::Unknown(trouble),
        }
    }

    /// Notes how it ended. `unsent`: where a slip goes of which nothing left the house.
    async fn settle(&self, job: &Listed, ended: Ended, unsent: State) -> Result<(), Fault> {
        let (id, now) = (job.id, now_ms());
        let written = self.0.clerk.write(Priority::Till, move |writer| match ended {
            Ended::Printed => writer.mark_job(id, State::Done, "", now),
            Ended::Sent => writer.mark_job(id, State::Done, SENT, now),
            Ended::Late => writer.mark_job(id, State::Dropped, LATE, now),
            Ended::Unreadable => writer.mark_job(id, State::Failed, UNREADABLE, now),
            Ended::Unsent(trouble) => writer.mark_job(id, unsent, &code(trouble), now),
            // It stays tried: whether it came out only a person can see.
            Ended::Unknown(trouble) => writer.note_job(id, &code(trouble), now),
        });
        let written = written.await;
        lock(&self.0.printing).remove(&id);
        tracing::info!(job = %id, ?ended, "slip.ended");
        self.tell_slip(id);
        written
    }

    /// Tells pages of the newest slips that wait for a printer which does not work.
    fn tell_waiting(&self) {
        let waiting = self.0.clerk.readers().read(|db| open_jobs(db, PRINT));
        for job in waiting.unwrap_or_default().iter().rev().filter(|job| job.state == State::Waiting).take(TOLD_MAX) {
            self.tell_slip(job.id);
        }
    }

    /// Tells pages how a slip stands now.
    fn tell_slip(&self, job: JobId) {
        let devices = self.clone();
        tokio::task::spawn_blocking(move || {
            let told = devices.0.clerk.readers().read(|db| devices.slip_news(db, job));
            match told {
                Ok(Some(news)) => {
                    // No page is open: fine.
                    let _ = devices.0.stir.news.send(news);
                }
                Ok(None) => {}
                Err(fault) => tracing::debug!(%fault, "slip.not_told"),
            }
        });
    }
}
