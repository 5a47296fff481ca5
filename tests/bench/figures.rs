//! Figures as a table and as `docs/measured.md`.
use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

struct Figure {
    what: String,
    found: String,
    bar: String,
}

#[derive(Default)]
pub struct Figures {
    rows: Vec<Figure>,
    /// How many of the last were measured elsewhere.
    joined: usize,
}

const HEAD: &str = "# Measured\n\n\
    Written by `cargo measure`: release build, SQLite with WAL and FULL on this machine's disk. *Bare* is rusqlite with held statements writing the \
    same rows (bytes and all) into the same tables in the same run, taking turns with ours. Read ratios, not absolute times: other work may run \
    beside. *CPU* is the time of the writing thread alone; wall time has the disk's fsync in it, which is the same on both sides. Load of the machine:";

const TABLE: &str = "| what | found | bar (design 17) |\n|---|---|---|\n";
const JOINED: &str = "\n## Over real sockets and in a browser\n\n";

impl Figures {
    pub fn add(&mut self, what: impl Into<String>, found: impl Into<String>, bar: impl Into<String>) {
        let figure = Figure { what: what.into(), found: found.into(), bar: bar.into() };
        println!("{}: {}  (bar: {})", figure.what, figure.found, figure.bar);
        self.rows.push(figure);
    }

    /// Figures that other measurements left in a folder: files of lines `what<TAB>found<TAB>bar`, for what is measured in a browser.
    pub fn join(&mut self, folder: &Path) {
        let Ok(files) = std::fs::read_dir(folder) else { return };
        let mut files: Vec<_> = files.filter_map(Result::ok).map(|file| file.path()).collect();
        files.sort();
        for line in files
            .iter()
            .filter_map(|file| std::fs::read_to_string(file).ok())
            .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        {
            if let [what, found, bar] = line.split('\t').collect::<Vec<_>>()[..] {
                self.add(what, found, bar);
                self.joined += 1;
            }
        }
    }

    /// The page; figures from outside this program stand in their own table. What a run did not measure anew stays as it was, unless the run
    /// was `whole`.
    pub fn page(&self, before: &str, whole: bool) -> String {
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mut text = format!("{HEAD} {} on {cores} cores.\n\n{TABLE}", load.split(' ').next().unwrap_or_default());
        let (own, joined) = self.rows.split_at(self.rows.len() - self.joined);
        let (old, old_joined) = before.split_once(JOINED).unwrap_or((before, ""));
        rows(if whole { "" } else { old }, own, &mut text);
        text += JOINED;
        text += TABLE;
        rows(old_joined, joined, &mut text);
        text
    }
}

/// The rows of a table that were not measured anew, then those that were.
fn rows(before: &str, figures: &[Figure], text: &mut String) {
    let old = before.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what |"));
    for row in old.filter(|row| !figures.iter().any(|figure| row.starts_with(&format!("| {} |", figure.what)))) {
        let _ = writeln!(text, "{row}");
    }
    for Figure { what, found, bar } in figures {
        let _ = writeln!(text, "| {what} | {found} | {bar} |");
    }
}

/// The p-th percentile of times, in the unit they come in.
pub fn percentile(times: &mut [f64], p: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times[((times.len() - 1) as f64 * p / 100.0).round() as usize]
}

/// Times of one kind of work, µs.
#[derive(Default)]
pub struct Times {
    pub wall: Vec<f64>,
    cpu: f64,
}

impl Times {
    pub fn measure<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let cpu = cpu_us();
        let start = Instant::now();
        let done = work();
        self.wall.push(start.elapsed().as_secs_f64() * 1e6);
        self.cpu += cpu_us() - cpu;
        done
    }

    pub fn p(&mut self, p: f64) -> f64 {
        percentile(&mut self.wall, p)
    }

    /// Of one piece of work, on average.
    pub fn cpu(&self) -> f64 {
        self.cpu / self.wall.len() as f64
    }
}

/// Memory of a process at its highest, MB; `self` is this one.
pub fn peak_mb(process: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).and_then(|line| line.trim().split(' ').next());
    peak.and_then(|kb| kb.parse::<u64>().ok()).unwrap_or_default() / 1024
}

/// CPU time of this thread so far, µs. The kernel brings it up to date when a thread gives way.
pub fn cpu_us() -> f64 {
    std::thread::sleep(Duration::from_nanos(1));
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or_default() / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_anew_stays() {
        let one = |what: &str, found: &str| {
            let mut figures = Figures::default();
            figures.add(what, found, "—");
            figures
        };
        let before = one("sale", "1").page("", true) + "| browser | 5 | — |\n";
        let after = one("storm", "2").page(&before, false);
        for row in ["| sale | 1 | — |", "| storm | 2 | — |", "| browser | 5 | — |"] {
            assert!(after.lines().any(|line| line == row), "{row}");
        }
        let whole = one("sale", "3").page(&after, true);
        assert!(whole.contains("| sale | 3 |") && !whole.contains("storm") && whole.contains("| browser | 5 |"));
    }
}
