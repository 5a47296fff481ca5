//! Drives one receipt printer over a port.
//!
//! A job is sent only when nothing is known against it, and is called printed only when the printer answered the barrier that
//! was sent behind it. Barrier answers owed by earlier jobs are collected before, so that none of them speaks for a later job.

use super::{
    Barrier, Outcome, Profile, ReceiptPrinter, Status,
    protocol::{Answer, Answers, BARRIER, Question},
};
use crate::{
    Device, Health, Meaning, Open, Trouble, Waiting,
    connection::{Conversation, Desk, Kept, Line},
    limits::{CLEAR_BYTES, JOB_MAX, QUEUE_MAX},
    trace::Direction,
};
use std::{convert::Infallible, future::pending, sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until, timeout, timeout_at},
};

/// How long the driver waits for what. The defaults fit a printer at 9600 baud.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the answer to one question.
    pub answer: Duration,
    /// For one piece of a job to be taken.
    pub stall: Duration,
    /// For the barrier behind a job, while the printer reports no trouble.
    pub barrier: Duration,
    /// For a person to put paper in or close the cover in the middle of a job.
    pub mend: Duration,
    /// Between two looks at the state of an idle printer.
    pub look: Duration,
    /// For silence, after which no owed answer comes any more.
    pub quiet: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            answer: Duration::from_millis(1_000),
            stall: Duration::from_secs(10),
            barrier: Duration::from_secs(30),
            mend: Duration::from_secs(120),
            look: Duration::from_secs(2),
            quiet: Duration::from_millis(400),
        }
    }
}

/// Time of one byte on the slowest line, 4800 baud: long jobs are given longer.
const SLOWEST_BYTE: Duration = Duration::from_millis(2);
/// Bytes written at a time: one piece at 9600 baud takes half a second.
const PIECE: usize = 512;

struct Request {
    job: Vec<u8>,
    done: oneshot::Sender<Outcome>,
}

/// A receipt printer. Dropping it ends the driver and frees the port.
#[derive(Debug)]
pub struct Printer {
    profile: Profile,
    kept: Kept,
    requests: mpsc::Sender<Request>,
}

impl Printer {
    /// Starts the driver. Needs a running runtime.
    pub fn start(opener: Arc<dyn Open>, profile: Profile, patience: Patience) -> Self {
        let (requests, queue) = mpsc::channel(QUEUE_MAX);
        let talk = Talk {
            profile: profile.clone(),
            patience,
            queue,
            answers: Answers::default(),
            status: None,
            asked: Question::Printer,
            reached: 0,
            owed: true,
            cut_short: true,
        };
        Self { profile, requests, kept: Kept::start(opener, talk) }
    }
}

impl Device for Printer {
    fn desk(&self) -> &Desk {
        &self.kept.desk
    }
}

impl ReceiptPrinter for Printer {
    fn print(&self, job: Vec<u8>) -> Waiting<'_, Outcome> {
        Box::pin(async move {
            let (done, outcome) = oneshot::channel();
            let stopped = Outcome::Failed { trouble: Trouble::Stopped, sent_bytes: 0 };
            if job.len() > JOB_MAX {
                return Outcome::Failed { trouble: Trouble::TooLong, sent_bytes: 0 };
            }
            let length = job.len();
            if self.requests.send(Request { job, done }).await.is_err() {
                return stopped;
            }
            // The driver vanished with the job in its hands: nobody knows how far it came.
            outcome.await.unwrap_or(Outcome::Failed { trouble: Trouble::Stopped, sent_bytes: length })
        })
    }

    fn profile(&self) -> &Profile {
        &self.profile
    }
}

struct Talk {
    profile: Profile,
    patience: Patience,
    queue: mpsc::Receiver<Request>,
    answers: Answers,
    /// The newest answer to `DLE EOT` since it was asked.
    status: Option<u8>,
    /// The question that was asked last.
    asked: Question,
    /// Barrier answers since the last job began.
    reached: u32,
    /// Answers of earlier questions or jobs may still come.
    owed: bool,
    /// A job may have been cut short: by the death of this program's forerunner, or by a dead line.
    cut_short: bool,
}

/// How a job ended, for the asker and for the line.
struct Ended {
    outcome: Outcome,
    /// The line is of no more use.
    lost: Option<Trouble>,
}

impl Conversation for Talk {
    async fn hold(&mut self, line: &mut Line, desk: &Desk) -> Result<Infallible, Trouble> {
        self.talk(line, desk).await
    }

    async fn refuse(&mut self, trouble: Trouble) {
        while let Some(request) = self.queue.recv().await {
            let _nobody_waits = request.done.send(Outcome::Failed { trouble, sent_bytes: 0 });
        }
        pending().await
    }
}

impl Talk {
    async fn talk(&mut self, line: &mut Line, desk: &Desk) -> Result<Infallible, Trouble> {
        (self.answers, self.owed) = (Answers::default(), true);
        if self.cut_short {
            timeout(self.patience.stall, line.write(&[0; CLEAR_BYTES], &mut 0)).await.map_err(|_| Trouble::Stalled)??;
            self.cut_short = false;
        }
        if self.look(line, desk).await?.is_none() {
            self.collect_owed(line, desk).await?;
            desk.tell(Health::Ok);
        }
        let mut next_look = Instant::now() + self.patience.look;
        loop {
            tokio::select! {
                request = self.queue.recv() => {
                    let Some(request) = request else { return pending().await };
                    let ended = self.job(line, desk, &request.job).await;
                    let _nobody_waits = request.done.send(ended.outcome);
                    if let Some(trouble) = ended.lost {
                        return Err(trouble);
                    }
                }
                heard = line.read() => self.hear(&heard?, desk),
                () = sleep_until(next_look), if self.profile.status == Status::DleEot => {
                    if self.look(line, desk).await?.is_none() {
                        desk.tell(Health::Ok);
                    }
                    next_look = Instant::now() + self.patience.look;
                }
            }
        }
    }

    /// Asks for the printer's state; a trouble is told at once. Nothing is known of a printer without status.
    async fn look(&mut self, line: &mut Line, desk: &Desk) -> Result<Option<Trouble>, Trouble> {
        if self.profile.status == Status::None {
            return Ok(None);
        }
        if self.owed {
            // Late answers to a conversation before this one would be taken for ours.
            while let Ok(heard) = timeout(self.patience.quiet, line.read()).await {
                self.hear(&heard?, desk);
            }
        }
        let (mut found, mut next) = (None, Some(Question::Offline));
        while let Some(question) = next {
            let answer = self.ask(question, line, desk).await?;
            found = question.judge(answer, found);
            next = question.next(found);
        }
        if let Some(trouble) = found {
            desk.tell(Health::Failed { trouble });
        }
        Ok(found)
    }

    async fn ask(&mut self, question: Question, line: &mut Line, desk: &Desk) -> Result<u8, Trouble> {
        self.send(question, line).await?;
        let deadline = Instant::now() + self.patience.answer;
        loop {
            let heard = timeout_at(deadline, line.read()).await.map_err(|_| Trouble::Silent)??;
            self.hear(&heard, desk);
            if let Some(answer) = self.status {
                return Ok(answer);
            }
        }
    }

    /// Asks without waiting: behind a job on a slow line the answer takes its time.
    async fn send(&mut self, question: Question, line: &mut Line) -> Result<(), Trouble> {
        (self.status, self.asked) = (None, question);
        timeout(self.patience.stall, line.write(&question.bytes(), &mut 0)).await.map_err(|_| Trouble::Stalled)?
    }

    fn hear(&mut self, bytes: &[u8], desk: &Desk) {
        for answer in self.answers.feed(bytes) {
            match answer {
                Answer::Status(byte) => self.status = Some(byte),
                Answer::Reached(_) => self.reached += 1,
                Answer::Automatic(_) | Answer::Flow | Answer::Noise(_) => {}
            }
            // The many answers that say "all is well" would push everything else out of the ring.
            if !matches!(answer, Answer::Status(0x12 | 0x16)) {
                desk.trace.add(Direction::In, bytes, answer.meaning(self.asked));
            }
        }
    }

    /// Lets the printer answer all that it still owes, by one more barrier and then silence.
    async fn collect_owed(&mut self, line: &mut Line, desk: &Desk) -> Result<(), Trouble> {
        if self.profile.barrier == Barrier::GsR && self.owed {
            self.reached = 0;
            line.ask(&BARRIER, Meaning::AskThrough, self.patience.answer, &desk.trace).await?;
            let deadline = Instant::now() + self.patience.answer * 3;
            while self.reached == 0 {
                let heard = timeout_at(deadline, line.read()).await.map_err(|_| Trouble::Silent)??;
                self.hear(&heard, desk);
            }
            while let Ok(heard) = timeout(self.patience.quiet, line.read()).await {
                self.hear(&heard?, desk);
            }
        }
        self.owed = false;
        Ok(())
    }

    /// One job from look to barrier.
    async fn job(&mut self, line: &mut Line, desk: &Desk, job: &[u8]) -> Ended {
        let unsent = |trouble, lost| Ended { outcome: Outcome::Failed { trouble, sent_bytes: 0 }, lost };
        match self.look(line, desk).await {
            Err(lost) => return unsent(lost, Some(lost)),
            Ok(Some(trouble)) => return unsent(trouble, None),
            Ok(None) => {}
        }
        if let Err(lost) = self.collect_owed(line, desk).await {
            return unsent(lost, Some(lost));
        }
        desk.tell(Health::Ok);
        desk.trace.add(Direction::Out, job, Meaning::Job(job.len()));
        let (mut sent_bytes, mut reply) = (0, Ok(()));
        self.cut_short = true;
        self.reached = 0;
        for piece in job.chunks(PIECE) {
            reply = timeout(self.patience.stall, line.write(piece, &mut sent_bytes)).await.unwrap_or(Err(Trouble::Stalled));
            if reply.is_err() {
                break;
            }
        }
        self.cut_short = reply.is_err();
        let ended = match (reply, self.profile.barrier) {
            (Err(lost), _) => Err(lost),
            (Ok(()), Barrier::None) => self.after_unconfirmed(line, desk, sent_bytes).await,
            (Ok(()), Barrier::GsR) => self.until_reached(line, desk, sent_bytes).await,
        };
        match ended {
            Ok(outcome) => Ended { outcome, lost: None },
            Err(lost) => Ended { outcome: Outcome::Failed { trouble: lost, sent_bytes }, lost: Some(lost) },
        }
    }

    /// All that can be known without a barrier: whether the printer stands still now.
    async fn after_unconfirmed(&mut self, line: &mut Line, desk: &Desk, sent_bytes: usize) -> Result<Outcome, Trouble> {
        Ok(match self.look(line, desk).await? {
            Some(trouble) => Outcome::Failed { trouble, sent_bytes },
            None => Outcome::SentUnconfirmed,
        })
    }

    /// Waits for the barrier behind the job; a printer that stands still is given the time of a person to mend it.
    async fn until_reached(&mut self, line: &mut Line, desk: &Desk, sent_bytes: usize) -> Result<Outcome, Trouble> {
        line.ask(&BARRIER, Meaning::AskThrough, self.patience.stall, &desk.trace).await?;
        self.owed = true;
        let patience = self.patience.barrier + SLOWEST_BYTE * u32::try_from(sent_bytes).unwrap_or(u32::MAX);
        let (mut trouble, mut found, mut asked) = (None, None, None::<Question>);
        let mut deadline = Instant::now() + patience;
        let mut next_look = Instant::now() + self.patience.answer;
        while self.reached == 0 {
            tokio::select! {
                heard = line.read() => {
                    self.hear(&heard?, desk);
                    let (Some(question), Some(answer)) = (asked, self.status.take()) else { continue };
                    found = question.judge(answer, found);
                    asked = question.next(found);
                    if let Some(question) = asked {
                        self.send(question, line).await?;
                        continue;
                    }
                    tell(desk, found);
                    deadline = match (trouble, found) {
                        (None, Some(_)) => Instant::now() + self.patience.mend,
                        (Some(_), None) => Instant::now() + patience,
                        _ => deadline,
                    };
                    trouble = found;
                    next_look = Instant::now() + self.patience.answer;
                }
                () = sleep_until(next_look), if asked.is_none() && self.profile.status == Status::DleEot => {
                    (found, asked) = (None, Some(Question::Offline));
                    self.send(Question::Offline, line).await?;
                }
                () = sleep_until(deadline) => {
                    return Ok(trouble.map_or(Outcome::SentUnconfirmed, |trouble| Outcome::Failed { trouble, sent_bytes }));
                }
            }
        }
        // An answer still under way must not be taken for one to a later question.
        self.owed = asked.is_some();
        desk.tell(Health::Ok);
        Ok(Outcome::Printed)
    }
}

fn tell(desk: &Desk, trouble: Option<Trouble>) {
    desk.tell(trouble.map_or(Health::Ok, |trouble| Health::Failed { trouble }));
}

#[cfg(all(test, feature = "lab"))]
mod tests;
