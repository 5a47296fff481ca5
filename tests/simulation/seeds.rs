//! Runs one story for many seeds on all cores. Each seed runs on one thread from its first step to its last, so that what
//! belongs to a thread belongs to the seed. A failure names its seed and what led to it.

use std::{
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

/// A seed whose story went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub seed: u64,
    /// The broken invariant and the last steps before it.
    pub story: String,
}

/// How many stories run at a time.
fn cores() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}

/// Runs all seeds; what they gave, in the order of the seeds, or the failure with the smallest seed. A panic is a failure.
///
/// # Errors
/// The first failing seed with its story.
pub fn all<T: Send>(seeds: Range<u64>, story: impl Fn(u64) -> Result<T, String> + Sync) -> Result<Vec<T>, Failure> {
    let (told, failed) = work_off(seeds, true, story);
    failed.into_iter().next().map_or(Ok(told), Err)
}

/// Runs all seeds, past those that fail; the failures in the order of the seeds.
pub fn failing<T: Send>(seeds: Range<u64>, story: impl Fn(u64) -> Result<T, String> + Sync) -> Vec<Failure> {
    work_off(seeds, false, story).1
}

fn work_off<T: Send>(seeds: Range<u64>, stop_at_first: bool, story: impl Fn(u64) -> Result<T, String> + Sync) -> (Vec<T>, Vec<Failure>) {
    let next = AtomicU64::new(seeds.start);
    let (told, failed) = (Mutex::new(Vec::new()), Mutex::new(Vec::<Failure>::new()));
    let work = || {
        while let Some(seed) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|seed| *seed < seeds.end) {
            match one(seed, &story) {
                Ok(gave) => told.lock().unwrap_or_else(PoisonError::into_inner).push((seed, gave)),
                Err(failure) => {
                    failed.lock().unwrap_or_else(PoisonError::into_inner).push(failure);
                    if stop_at_first {
                        next.store(seeds.end, Ordering::Relaxed);
                    }
                }
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..cores() {
            scope.spawn(work);
        }
    });
    let (mut told, mut failed) =
        (told.into_inner().unwrap_or_else(PoisonError::into_inner), failed.into_inner().unwrap_or_else(PoisonError::into_inner));
    told.sort_by_key(|(seed, _)| *seed);
    failed.sort_by_key(|failure| failure.seed);
    (told.into_iter().map(|(_, gave)| gave).collect(), failed)
}

fn one<T>(seed: u64, story: &impl Fn(u64) -> Result<T, String>) -> Result<T, Failure> {
    match catch_unwind(AssertUnwindSafe(|| story(seed))) {
        Ok(Ok(gave)) => Ok(gave),
        Ok(Err(story)) => Err(Failure { seed, story }),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Err(Failure { seed, story: format!("panicked: {}", said.unwrap_or_default()) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_seeds_run_and_a_failure_names_its_seed() {
        assert_eq!(all(3..9, |seed| Ok(seed * 2)), Ok(vec![6, 8, 10, 12, 14, 16]));
        let failed = all(0..50, |seed| if seed == 7 { Err("the till is short".to_owned()) } else { Ok(()) });
        assert_eq!(failing(0..50, |seed| if seed % 20 == 7 { Err(String::new()) } else { Ok(()) }).len(), 3);
        assert_eq!(failed, Err(Failure { seed: 7, story: "the till is short".to_owned() }));
    }
}
