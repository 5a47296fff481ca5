//! Jobs in the store: waiting, tried, done, shown to a person, dropped. A job that was tried and is not known to be done is never repeated by itself.
use super::engine::write;
use super::writer::Writer;
use crate::base::JobId;
use crate::journal::{Fault, Job, Read};

/// Where a job stands; the number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[repr(i64)]
pub enum State {
    Waiting = 0,
    /// A worker began; nobody knows yet how it ended.
    Tried = 1,
    Done = 2,
    /// It failed before anything left the house: may be tried again by a person.
    Failed = 3,
    Dropped = 4,
}

/// A job as a worker or a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub id: JobId,
    pub queue: String,
    pub made_ms: i64,
    pub state: State,
    pub tries: u32,
    pub note: String,
    pub body: Vec<u8>,
}

fn state(number: i64) -> State {
    use State::*;
    [Waiting, Tried, Done, Failed, Dropped].into_iter().find(|state| *state as i64 == number).unwrap_or(Tried)
}

/// One job, also when it is done.
///
/// # Errors
/// A fault of the store.
pub fn job(db: &dyn Read, id: JobId) -> Result<Option<Listed>, Fault> {
    // How does this job stand?
    let sql = "select id, queue, made_ms, state, tries, note, body from job where id = ?1";
    Ok(db.row(sql, &[id.into()])?.as_ref().map(listed))
}

/// Jobs of a kind that are not done, oldest first.
///
/// # Errors
/// A fault of the store.
pub fn open_jobs(db: &dyn Read, kind: &str) -> Result<Vec<Listed>, Fault> {
    // Which jobs are still to be done or looked at, oldest first?
    let sql = "select id, queue, made_ms, state, tries, note, body from job where kind = ?1 and state <> 2 and state <> 4 order by made_ms, id limit 200";
    Ok(db.rows(sql, &[kind.into()])?.iter().map(listed).collect())
}

/// What waits in one queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub queue: String,
    pub jobs: i64,
    pub oldest_ms: i64,
}

/// Queues of a kind in which jobs wait.
///
/// # Errors
/// A fault of the store.
pub fn waiting(db: &dyn Read, kind: &str) -> Result<Vec<Waiting>, Fault> {
    // In which queues do jobs wait, how many, and since when?
    let sql = "select queue, count(*), min(made_ms) from job where kind = ?1 and state = 0 and state <> 2 group by queue";
    let one = |row: &crate::journal::Row| Waiting { queue: row.text(0).into(), jobs: row.int(1), oldest_ms: row.int(2) };
    Ok(db.rows(sql, &[kind.into()])?.iter().map(one).collect())
}

fn listed(row: &crate::journal::Row) -> Listed {
    Listed {
        id: JobId(row.raw(0)),
        queue: row.text(1).into(),
        made_ms: row.int(2),
        state: state(row.int(3)),
        tries: row.int(4) as u32,
        note: row.text(5).into(),
        body: row.blob(6).to_vec(),
    }
}

impl Writer<'_> {
    /// Writes a job; the same id twice is one job.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn add_job(&mut self, job: &Job, now_ms: i64) -> Result<(), Fault> {
        let sql = "insert into job (id, kind, queue, made_ms, state, tries, touched_ms, note, body)
                   values (?1, ?2, ?3, ?4, 0, 0, ?4, '', ?5) on conflict (id) do nothing";
        write(self.db, sql, &[job.id.into(), job.kind.into(), job.queue.as_str().into(), now_ms.into(), job.body.as_slice().into()])?;
        self.touch("job");
        Ok(())
    }

    /// Takes the oldest waiting job of a queue and marks it tried, before anything leaves the house.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn lease_job(&mut self, kind: &'static str, queue: &str, now_ms: i64) -> Result<Option<Listed>, Fault> {
        // Which job of this queue waits longest?
        let sql = "select id, queue, made_ms, state, tries, note, body from job where kind = ?1 and queue = ?2 and state = 0 and state <> 2 order by made_ms, id limit 1";
        let Some(job) = self.row(sql, &[kind.into(), queue.into()])?.as_ref().map(listed) else { return Ok(None) };
        self.mark_job(job.id, State::Tried, "", now_ms)?;
        Ok(Some(job))
    }

    /// Takes this job for a person and marks it tried; none unless it waits or failed before anything left the house.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn take_job(&mut self, id: JobId, now_ms: i64) -> Result<Option<Listed>, Fault> {
        let open = job(self, id)?.filter(|job| matches!(job.state, State::Waiting | State::Failed));
        if open.is_some() {
            self.mark_job(id, State::Tried, "", now_ms)?;
        }
        Ok(open)
    }

    /// Says why a job stands where it stands; its state and the count of tries stay.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn note_job(&mut self, id: JobId, note: &str, now_ms: i64) -> Result<(), Fault> {
        let sql = "update job set note = ?2, touched_ms = ?3 where id = ?1";
        write(self.db, sql, &[id.into(), note.into(), now_ms.into()])?;
        self.touch("job");
        Ok(())
    }

    /// Says why of all jobs of a kind that were tried and whose end nobody noted: the program ended in between.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn note_tried_jobs(&mut self, kind: &'static str, note: &str, now_ms: i64) -> Result<(), Fault> {
        let sql = "update job set note = ?2, touched_ms = ?3 where kind = ?1 and state = 1 and state <> 2 and note = ''";
        write(self.db, sql, &[kind.into(), note.into(), now_ms.into()])?;
        self.touch("job");
        Ok(())
    }

    /// Leaves what waits in a queue to a person.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn hold_jobs(&mut self, kind: &'static str, queue: &str, note: &str, now_ms: i64) -> Result<(), Fault> {
        let sql = "update job set state = 3, note = ?3, touched_ms = ?4 where kind = ?1 and queue = ?2 and state = 0 and state <> 2";
        write(self.db, sql, &[kind.into(), queue.into(), note.into(), now_ms.into()])?;
        self.touch("job");
        Ok(())
    }

    /// Notes how a job stands. Every `Tried` counts as one try.
    ///
    /// # Errors
    /// A fault of the store.
    pub fn mark_job(&mut self, id: JobId, state: State, note: &str, now_ms: i64) -> Result<(), Fault> {
        let sql = "update job set state = ?2, note = ?3, touched_ms = ?4, tries = tries + ?5 where id = ?1";
        write(self.db, sql, &[id.into(), (state as i64).into(), note.into(), now_ms.into(), (state == State::Tried).into()])?;
        self.touch("job");
        Ok(())
    }
}
