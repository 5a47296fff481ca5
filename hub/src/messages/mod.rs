//! Sends messages to members as long as the hub serves, one after the other in each channel. A message is begun once: of one that was begun and whose
//! end nobody knows (the gateway did not answer, the process ended) it is said that nobody knows, and only a person has it sent again.
pub mod compose;
mod gateway;

use crate::app::{App, now_ms};
use crate::moment::Asking;
use gateway::{Answer, Gateway};
use shared::base::LocalTime;
use shared::branches::HOUSE_ZONE;
use shared::desk::messages::end::{EndMessage, REACTION};
use shared::desk::messages::send::{AGAIN, MESSAGE, Task};
use shared::facts::messages::Outcome;
use shared::journal::{Actor, Fault};
use shared::messages::CHANNELS;
use shared::messages::text::parts;
use shared::settings;
use shared::store::Priority;
use shared::store::jobs::{Listed, State};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// A channel without a gateway, in quiet hours, or that could not be reached is looked at again after so long.
const PAUSE: Duration = Duration::from_secs(20);
/// What a person reads beside a message of which nobody knows how it ended, or that was not sent.
pub const ENDED_BETWEEN: &str = "ended_between";
pub const NO_ANSWER: &str = "no_answer";
pub const PUT_BACK: &str = "put_back";

/// Sends as long as the hub serves.
pub async fn send(app: Arc<App>) {
    let noted = app.write(Priority::Live, |writer| writer.note_tried_jobs(MESSAGE, ENDED_BETWEEN, now_ms()));
    if let Err(fault) = noted.await {
        tracing::warn!(%fault, "messages.not_noted");
    }
    let [first, second] = CHANNELS;
    tokio::join!(follow(&app, first), follow(&app, second));
}

/// Whether a channel has a gateway.
pub fn ready(app: &App, channel: &str) -> bool {
    Gateway::of(&app.folder, channel).is_some()
}

/// What comes after one look at a channel.
enum Next {
    Again,
    /// Nothing waits.
    WhenAsked,
    Later,
}

async fn follow(app: &App, channel: &'static str) {
    let mut committed = app.events.subscribe();
    loop {
        let next = one(app, channel).await.unwrap_or_else(|fault| {
            tracing::warn!(%fault, channel, "message.not_sent");
            Next::Later
        });
        match next {
            Next::Again => {}
            Next::Later => tokio::time::sleep(PAUSE).await,
            Next::WhenAsked => loop {
                // Another process of this hub may have been asked.
                match tokio::time::timeout(PAUSE, committed.recv()).await {
                    Ok(Ok(done)) if done.touched.contains(&"job") => break,
                    Ok(Ok(_)) => {}
                    Err(_) | Ok(Err(RecvError::Lagged(_))) => break,
                    Ok(Err(RecvError::Closed)) => return,
                }
            },
        }
    }
}

/// Sends the message of a channel that waits longest.
async fn one(app: &App, channel: &'static str) -> Result<Next, Fault> {
    let Some(gateway) = Gateway::of(&app.folder, channel) else { return Ok(Next::Later) };
    let now = now_ms();
    let local = LocalTime::at(now, HOUSE_ZONE.zone_minutes);
    let minute = i64::from(local.hour) * 60 + i64::from(local.minute);
    if app.read(move |db| Ok(settings::messages(db)?.quiet_at(minute))).await? {
        return Ok(Next::Later);
    }
    let leased = app.write(Priority::CatchUp, move |writer| Ok((writer.lease_job(MESSAGE, channel, now)?, writer.identity()?.stream)));
    let (Some(job), own) = leased.await? else { return Ok(Next::WhenAsked) };
    let task: Task = minicbor::decode(&job.body).map_err(|error| Fault::Damaged(error.to_string()))?;
    if task.stream != own && job.note != AGAIN {
        mark(app, job, State::Failed, PUT_BACK.into()).await?;
        return Ok(Next::Again);
    }
    let written = {
        let task = task.clone();
        app.read(move |db| compose::message(db, channel, &task, now)).await?
    };
    let Some(mut wanted) = written else {
        end(app, &job, &task, Outcome::Dropped, 0, String::new()).await?;
        return Ok(Next::Again);
    };
    wanted.id = job.id.to_string();
    let parts = parts(&wanted.text);
    match gateway.say(&wanted, now).await {
        Answer::Taken(number) => end(app, &job, &task, Outcome::Sent, parts, number).await?,
        Answer::Refused(why) => end(app, &job, &task, Outcome::Refused, 0, why).await?,
        Answer::NotReached => {
            // Who had it sent again still stands for it.
            let note = job.note.clone();
            mark(app, job, State::Waiting, note).await?;
            return Ok(Next::Later);
        }
        Answer::Unknown => mark(app, job, State::Tried, NO_ANSWER.into()).await?,
    }
    Ok(Next::Again)
}

async fn mark(app: &App, job: Listed, state: State, note: String) -> Result<(), Fault> {
    // Its leasing counted as a try already.
    app.write(Priority::CatchUp, move |writer| match state {
        State::Tried => writer.note_job(job.id, &note, now_ms()),
        state => writer.mark_job(job.id, state, &note, now_ms()),
    })
    .await
}

/// The fact and the job's end in one transaction.
async fn end(app: &App, job: &Listed, task: &Task, outcome: Outcome, parts: u32, note: String) -> Result<(), Fault> {
    let end = EndMessage { batch: task.batch, member: task.member, outcome, parts, note, tries: job.tries + 1 };
    let asking = Asking::machine().map_err(|_| Fault::Stopped)?;
    let asking = Asking { command: end.command(), by: Actor::Reaction(REACTION), rights: Vec::new(), ..asking };
    let id = job.id;
    let done = app.write(Priority::CatchUp, move |writer| {
        let moment = asking.moment(writer)?;
        let done = writer.decide(&end, &moment)?;
        writer.mark_job(id, State::Done, "", now_ms())?;
        Ok(done)
    });
    if let Err(refusal) = done.await? {
        tracing::warn!(%refusal, "message.end_refused");
    }
    Ok(())
}
