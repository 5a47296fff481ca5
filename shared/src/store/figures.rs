//! What the writer did since the start, for `/metrics`: how many works shared a commit, how long commits took, what was refused.
use crate::journal::Refusal;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the classes in which commits are counted, ms. On a healthy disk nearly all lie in the first three.
const BOUNDS_MS: [u64; 9] = [1, 2, 5, 10, 25, 50, 100, 250, 1_000];

/// Written by the writer thread, read by whoever asks.
#[derive(Debug, Default)]
pub struct Figures(Mutex<Counted>);

#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Counted {
    groups: u64,
    works: u64,
    faults: u64,
    /// Commits that took no longer than each bound, each in its own class only.
    commits: [u64; BOUNDS_MS.len() + 1],
    commit_us: u64,
    refused: BTreeMap<String, u64>,
}

impl Figures {
    /// Counts one group: its works, how long its commit took (none if it failed), and what was refused in it.
    pub(super) fn count(&self, works: usize, commit: Option<Duration>, refused: &[Refusal]) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.groups += 1;
        counted.works += works as u64;
        match commit {
            None => counted.faults += 1,
            Some(took) => {
                let class = BOUNDS_MS.iter().position(|bound| took <= Duration::from_millis(*bound)).unwrap_or(BOUNDS_MS.len());
                counted.commits[class] += 1;
                counted.commit_us += took.as_micros() as u64;
            }
        }
        for refusal in refused {
            *counted.refused.entry(refusal.code()).or_default() += 1;
        }
    }

    /// Groups that were committed.
    pub(super) fn committed(&self) -> u64 {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.groups - counted.faults
    }

    /// In the text form of Prometheus. Times are microseconds.
    pub fn text(&self, waiting: [usize; 3]) -> String {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut text = String::new();
        let mut line = |name: &str, label: &str, number: u64| {
            // Writing to memory cannot fail.
            let _ = writeln!(text, "catena_{name}{label} {number}");
        };
        for (queue, waiting) in ["till", "live", "catch_up"].iter().zip(waiting) {
            line("writes_waiting", &format!("{{queue=\"{queue}\"}}"), waiting as u64);
        }
        line("groups_total", "", counted.groups);
        line("works_total", "", counted.works);
        line("group_faults_total", "", counted.faults);
        let mut so_far = 0;
        for (class, number) in counted.commits.iter().enumerate() {
            so_far += number;
            let bound = BOUNDS_MS.get(class).map_or("+Inf".into(), |bound| (bound * 1_000).to_string());
            line("commit_us_bucket", &format!("{{le=\"{bound}\"}}"), so_far);
        }
        line("commit_us_sum", "", counted.commit_us);
        line("commit_us_count", "", so_far);
        for (code, number) in &counted.refused {
            line("refused_total", &format!("{{code=\"{code}\"}}"), *number);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_lie_in_classes_that_add_up() {
        let figures = Figures::default();
        figures.count(3, Some(Duration::from_micros(900)), &[]);
        figures.count(1, Some(Duration::from_millis(7)), &[Refusal::Recovering, Refusal::Recovering]);
        figures.count(1, Some(Duration::from_secs(3)), &[]);
        figures.count(2, None, &[]);
        let text = figures.text([4, 0, 1]);
        for line in [
            "catena_writes_waiting{queue=\"till\"} 4",
            "catena_groups_total 4",
            "catena_works_total 7",
            "catena_group_faults_total 1",
            "catena_commit_us_bucket{le=\"1000\"} 1",
            "catena_commit_us_bucket{le=\"5000\"} 1",
            "catena_commit_us_bucket{le=\"10000\"} 2",
            "catena_commit_us_bucket{le=\"1000000\"} 2",
            "catena_commit_us_bucket{le=\"+Inf\"} 3",
            "catena_commit_us_sum 3007900",
            "catena_refused_total{code=\"recovering\"} 2",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
