//! The clerk: the one writer thread. Drains a bounded queue, tills before live batches before catch-up, and commits in groups; answers after
//! the fsync. A group shares the fsync, nothing else: each work runs under its own savepoint. A work that is alone in its group needs none,
//! the transaction is its own; a savepoint costs a copy of every page that is written after it.
use super::engine::{is_server, write};
use super::figures::Figures;
use super::follow::Follow;
use super::{Readers, Store, Writer};
use crate::base::guards::{Guard, on};
use crate::base::limits::{CATCH_UP_ENTRIES_MAX, CLERK_QUEUE_MAX, GROUP_ENTRIES_MAX};
use crate::journal::{Fault, Head};
use std::any::Any;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::time::Duration;

/// Who waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// A person at a till.
    Till = 0,
    /// What just happened elsewhere.
    Live = 1,
    /// What happened long ago.
    CatchUp = 2,
}

/// What one commit changed, told after it is durable.
#[derive(Debug, Clone, Default)]
pub struct Committed {
    pub heads: Vec<Head>,
    /// Draft kinds, `job`, statement topics.
    pub touched: Vec<&'static str>,
    /// Feed scopes that grew.
    pub scopes: Vec<Vec<u8>>,
}

type Answer = Result<Box<dyn Any + Send>, Fault>;
type Job = Box<dyn FnOnce(&mut Writer<'_>) -> Answer + Send>;
type Tell = Box<dyn FnOnce(Answer) + Send>;

/// One thing to do in a transaction, and whom to tell.
pub struct Work {
    job: Job,
    answer: Tell,
    /// Entries it will append, as far as that is known: so many works of the catch-up share a commit as its bound allows.
    entries: usize,
}

impl Work {
    /// `answer` is called once, after the commit or the fault.
    pub fn new<T: Send + 'static>(
        job: impl FnOnce(&mut Writer<'_>) -> Result<T, Fault> + Send + 'static,
        answer: impl FnOnce(Result<T, Fault>) + Send + 'static,
    ) -> Work {
        Work {
            entries: GROUP_ENTRIES_MAX,
            job: Box::new(move |writer| job(writer).map(|done| Box::new(done) as Box<dyn Any + Send>)),
            answer: Box::new(move |done| {
                answer(
                    done.and_then(|any| {
                        any.downcast::<T>().map(|done| *done).map_err(|_| Fault::Damaged("an answer of another type".into()))
                    }),
                );
            }),
        }
    }
}

impl Work {
    /// The same, known to append so many entries.
    #[must_use]
    pub fn of(self, entries: usize) -> Work {
        Work { entries, ..self }
    }
}

/// One commit of several works; the pure part of the clerk, which the simulator drives too. Answers are given after the commit.
pub fn group(store: &mut Store, works: Vec<Work>) -> Committed {
    let (count, mut refused, mut works) = (works.len(), Vec::new(), Some(works));
    let mut answers: Vec<(Tell, Answer)> = Vec::with_capacity(count);
    let done = store.transaction(|writer| {
        for Work { job, answer, .. } in works.take().into_iter().flatten() {
            let done = if count == 1 { job(writer) } else { savepoint(writer, job) };
            let fault = done.as_ref().err().filter(|_| count == 1).cloned();
            answers.push((answer, done));
            fault.map_or(Ok(()), Err)?;
        }
        writer.flush_feed()?;
        refused = std::mem::take(&mut writer.refused);
        if !on(Guard::Durable) {
            answers.drain(..).for_each(|(answer, done)| answer(done));
        }
        let (heads, touched, scopes) = (&mut writer.appended, &mut writer.touched, &mut writer.scopes);
        Ok(Committed { heads: std::mem::take(heads), touched: std::mem::take(touched), scopes: std::mem::take(scopes) })
    });
    store.figures.count(count, store.commit, &refused);
    match done {
        Ok(committed) => {
            answers.into_iter().for_each(|(answer, done)| answer(done));
            committed
        }
        Err(fault) => {
            let begun = answers.into_iter().map(|(answer, _)| answer);
            let not_begun = works.into_iter().flatten().map(|work| work.answer);
            begun.chain(not_begun).for_each(|answer| answer(Err(fault.clone())));
            Committed::default()
        }
    }
}

fn savepoint(writer: &mut Writer<'_>, job: Job) -> Answer {
    let (appended, feed, fed, identity) = (writer.appended.len(), writer.feed.len(), writer.fed, writer.identity);
    write(writer.db, "savepoint work", &[])?;
    match job(writer) {
        Ok(done) => write(writer.db, "release work", &[]).map(|_| done),
        Err(error) => {
            writer.appended.truncate(appended);
            writer.feed.truncate(feed);
            (writer.fed, writer.identity) = (fed, identity);
            writer.memory.forget();
            writer.db.batch("rollback to work; release work")?;
            Err(error)
        }
    }
}

#[derive(Default)]
struct Queue {
    waiting: [VecDeque<Work>; 3],
    stopping: bool,
    /// The log is long and a checkpoint beside the writer cannot empty it.
    log_is_long: bool,
}

/// A handle on the writer thread.
pub struct Clerk {
    queue: Arc<(Mutex<Queue>, Condvar)>,
    readers: Readers,
    figures: Arc<Figures>,
    threads: Mutex<Vec<std::thread::JoinHandle<()>>>,
}

impl Clerk {
    /// Starts the writer thread and the one that looks after the store. `listen` is called after each commit that changed something, also one
    /// of another process of the same hub.
    pub fn start(store: Store, listen: impl Fn(&Committed) + Send + 'static) -> Arc<Clerk> {
        let queue: Arc<(Mutex<Queue>, Condvar)> = Arc::default();
        let (readers, figures) = (store.readers(), store.figures.clone());
        let path = store.path().to_path_buf();
        let listen = Mutex::new(listen);
        let tell: Arc<dyn Fn(&Committed) + Send + Sync> =
            Arc::new(move |committed: &Committed| listen.lock().unwrap_or_else(PoisonError::into_inner)(committed));
        let writer = std::thread::spawn({
            let (queue, tell) = (queue.clone(), tell.clone());
            move || write_groups(store, &queue, |committed| tell(committed))
        });
        let looks_after = std::thread::spawn({
            let (queue, figures) = (queue.clone(), figures.clone());
            move || match is_server(&path) {
                true => follow(&queue, &Readers::of(&path), &figures, |committed| tell(committed)),
                false => checkpoint(&queue, &path),
            }
        });
        Arc::new(Clerk { queue, readers, figures, threads: Mutex::new(vec![writer, looks_after]) })
    }

    /// Queues a work.
    ///
    /// # Errors
    /// `Busy` when the queue is full, `Stopped` after `stop`.
    pub fn submit(&self, priority: Priority, work: Work) -> Result<(), Fault> {
        let mut queue = self.queue.0.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.stopping {
            return Err(Fault::Stopped);
        }
        let waiting = &mut queue.waiting[priority as usize];
        if waiting.len() >= CLERK_QUEUE_MAX {
            return Err(Fault::Busy);
        }
        waiting.push_back(work);
        self.queue.1.notify_all();
        Ok(())
    }

    /// Runs a work and waits until it is durable. Blocks its thread: from async code use `submit` with a channel.
    ///
    /// # Errors
    /// That of the work or of the commit.
    pub fn run<T: Send + 'static>(
        &self,
        priority: Priority,
        job: impl FnOnce(&mut Writer<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (tell, told) = mpsc::sync_channel(1);
        self.submit(
            priority,
            Work::new(job, move |done| {
                // The asker may have gone; what was written stands.
                let _ = tell.send(done);
            }),
        )?;
        told.recv().unwrap_or(Err(Fault::Stopped))
    }

    /// The same for async callers: holds up no thread.
    ///
    /// # Errors
    /// That of the work or of the commit.
    pub async fn write<T: Send + 'static>(
        &self,
        priority: Priority,
        job: impl FnOnce(&mut Writer<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        self.write_entries(priority, GROUP_ENTRIES_MAX, job).await
    }

    /// The same for a work known to append so many entries.
    ///
    /// # Errors
    /// That of the work or of the commit.
    pub async fn write_entries<T: Send + 'static>(
        &self,
        priority: Priority,
        entries: usize,
        job: impl FnOnce(&mut Writer<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let answer = move |done| {
            // The asker may have gone; what was written stands.
            let _ = tell.send(done);
        };
        self.submit(priority, Work::new(job, answer).of(entries))?;
        told.await.unwrap_or(Err(Fault::Stopped))
    }

    /// What the writer did since the start, in the text form of Prometheus.
    pub fn figures(&self) -> String {
        let queue = self.queue.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = [0, 1, 2].map(|priority: usize| queue.waiting[priority].len());
        drop(queue);
        self.figures.text(waiting)
    }

    pub fn readers(&self) -> &Readers {
        &self.readers
    }

    /// Finishes what is queued and ends the threads.
    pub fn stop(&self) {
        self.queue.0.lock().unwrap_or_else(PoisonError::into_inner).stopping = true;
        self.queue.1.notify_all();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("store.thread_panicked");
            }
        }
        self.readers.close();
    }
}

fn checkpoint(queue: &(Mutex<Queue>, Condvar), path: &Path) {
    while !pause(queue, Duration::from_millis(100)) {
        match Store::checkpoint(path) {
            Ok(log_is_long) => queue.0.lock().unwrap_or_else(PoisonError::into_inner).log_is_long = log_is_long,
            Err(error) => tracing::debug!(%error, "store.checkpoint"),
        }
    }
}

/// What another process wrote is told here within half a second.
fn follow(queue: &(Mutex<Queue>, Condvar), readers: &Readers, figures: &Figures, listen: impl Fn(&Committed)) {
    let mut known = Follow::default();
    while !pause(queue, Duration::from_millis(250)) {
        match known.news(readers, figures) {
            Ok(Some(committed)) => listen(&committed),
            Ok(None) => {}
            Err(error) => tracing::debug!(%error, "store.follow"),
        }
    }
}

/// Waits; true once stopping.
fn pause(queue: &(Mutex<Queue>, Condvar), long: Duration) -> bool {
    let guard = queue.0.lock().unwrap_or_else(PoisonError::into_inner);
    let wait = queue.1.wait_timeout_while(guard, long, |queue| !queue.stopping);
    wait.unwrap_or_else(PoisonError::into_inner).0.stopping
}

fn write_groups(mut store: Store, queue: &(Mutex<Queue>, Condvar), listen: impl Fn(&Committed)) {
    loop {
        let (works, log_is_long) = {
            let guard = queue.0.lock().unwrap_or_else(PoisonError::into_inner);
            let mut guard = queue
                .1
                .wait_while(guard, |queue| !queue.stopping && queue.waiting.iter().all(VecDeque::is_empty))
                .unwrap_or_else(PoisonError::into_inner);
            let works = drain(&mut guard);
            if works.is_empty() {
                return;
            }
            (works, std::mem::take(&mut guard.log_is_long))
        };
        let committed = group(&mut store, works);
        if log_is_long {
            store.empty_log();
        }
        if !(committed.heads.is_empty() && committed.touched.is_empty() && committed.scopes.is_empty()) {
            listen(&committed);
        }
    }
}

/// Everything tills wait for; else live works; else of the catch-up no more than its bound, at least one work, so that nobody waits
/// behind more than that.
fn drain(queue: &mut Queue) -> Vec<Work> {
    for (priority, waiting) in queue.waiting.iter_mut().enumerate() {
        if !waiting.is_empty() {
            let mut entries = 0;
            let fits = |work: &&Work| {
                entries += work.entries;
                entries <= CATCH_UP_ENTRIES_MAX
            };
            let most = match priority == Priority::CatchUp as usize {
                true => waiting.iter().take_while(fits).count().max(1),
                false => GROUP_ENTRIES_MAX.min(waiting.len()),
            };
            return waiting.drain(..most).collect();
        }
    }
    Vec::new()
}
