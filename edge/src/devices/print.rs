//! A print worker per printer: leases a waiting slip of one of its tills (durable), sends it, notes how it ended. A slip that was tried and is
//! not known to be done is left to a person, also after a restart; a printer that comes back with many slips waiting asks first.
use super::shown::code;
use super::slips::Taken;
use super::{Devices, News, lock, slip};
use crate::app::now_ms;
use hardware::Trouble;
use hardware::printer::{Outcome, Printer, ReceiptPrinter};
use shared::base::{DeviceId, JobId};
use shared::desk::print::{PRINT, PrintJob, till_of};
use shared::journal::{Fault, Read};
use shared::store::jobs::{Listed, State, Waiting, open_jobs, waiting};
use shared::store::{Committed, Priority};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::{Receiver, error::RecvError};

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

/// Gives every printer its worker. Ends with the store.
pub(super) async fn work(devices: Devices) {
    let mut news = devices.news();
    let left = devices.0.clerk.write(Priority::Till, |writer| writer.note_tried_jobs(PRINT, INTERRUPTED, now_ms()));
    if let Err(fault) = left.await {
        tracing::error!(%fault, "print.fault");
    }
    let mut at_work = BTreeSet::new();
    loop {
        for device in devices.printers() {
            if at_work.insert(device) {
                tokio::spawn(serve(devices.clone(), device));
            }
        }
        match news.recv().await {
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

/// Prints what waits for one printer, one slip after the other; idle while it is unbound. Ends with the store.
async fn serve(devices: Devices, device: DeviceId) {
    let (mut committed, mut news) = (devices.0.events.subscribe(), devices.news());
    // Whatever waits now has waited since before: the printer, or this program, was not there.
    let mut returned = true;
    let mut pause = PAUSE_MIN;
    loop {
        let printed = match devices.ready_printer(device) {
            None => {
                returned = true;
                devices.tell_waiting(device);
                Ok(Step::Wait)
            }
            Some(printer) => step(&devices, device, &printer, std::mem::take(&mut returned)).await,
        };
        match printed {
            Ok(Step::Next) => pause = PAUSE_MIN,
            Ok(Step::Wait) => {
                if !stirred(&mut committed, &mut news).await {
                    return;
                }
            }
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

/// Waits until a job was written or a device is another; false when the store has ended.
async fn stirred(committed: &mut Receiver<Arc<Committed>>, news: &mut Receiver<News>) -> bool {
    loop {
        tokio::select! {
            written = committed.recv() => match written {
                Ok(committed) if committed.touched.contains(&"job") => return true,
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return true,
                Err(RecvError::Closed) => return false,
            },
            happened = news.recv() => match happened {
                Ok(News::Devices) | Err(RecvError::Lagged(_)) => return true,
                Ok(_) => {}
                Err(RecvError::Closed) => return false,
            },
        }
    }
}

async fn step(devices: &Devices, device: DeviceId, printer: &Printer, returned: bool) -> Result<Step, Fault> {
    let now = now_ms();
    let asked = devices.clone();
    let leased = devices.0.clerk.write(Priority::Till, move |writer| {
        let mine = asked.waiting_for(writer, device)?;
        if returned && mine.iter().map(|waiting| waiting.jobs).sum::<i64>() > UNASKED_MAX {
            mine.iter().try_for_each(|waiting| writer.hold_jobs(PRINT, &waiting.queue, HELD, now))?;
            return Ok(None);
        }
        let oldest = mine.into_iter().min_by_key(|waiting| waiting.oldest_ms);
        oldest.map_or(Ok(None), |oldest| writer.lease_job(PRINT, &oldest.queue, now))
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
    /// Sends a slip that a person took (`take_job`, `PrintAgain`) to a printer, that of its till if none is named. Answers at once; the drawer
    /// stays shut.
    pub fn print_taken(&self, Taken(job): Taken, device: Option<DeviceId>) {
        let device = device.or_else(|| self.printer_of(till_of(&job.queue)));
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

    /// The queues whose slips this printer prints, as far as something waits there.
    fn waiting_for(&self, db: &dyn Read, device: DeviceId) -> Result<Vec<Waiting>, Fault> {
        let mut found = waiting(db, PRINT)?;
        found.retain(|waiting| self.printer_of(till_of(&waiting.queue)) == Some(device));
        Ok(found)
    }

    /// Tells pages of the newest slips that wait for a printer which does not work.
    fn tell_waiting(&self, device: DeviceId) {
        let open = self.0.clerk.readers().read(|db| open_jobs(db, PRINT)).unwrap_or_default();
        let waits = |job: &&Listed| job.state == State::Waiting && self.printer_of(till_of(&job.queue)) == Some(device);
        for job in open.iter().rev().filter(waits).take(TOLD_MAX) {
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
