//! Figures as a table and as `docs/measured.md`.
use std::fmt::Write;

struct Figure {
    what: String,
    found: String,
    bar: String,
}

#[derive(Default)]
pub struct Figures(Vec<Figure>);

impl Figures {
    pub fn add(&mut self, what: impl Into<String>, found: impl Into<String>, bar: impl Into<String>) {
        self.0.push(Figure { what: what.into(), found: found.into(), bar: bar.into() });
    }

    pub fn table(&self) -> String {
        let mut text = String::new();
        for Figure { what, found, bar } in &self.0 {
            let _ = writeln!(text, "{what}: {found}  (bar: {bar})");
        }
        text
    }

    pub fn page(&self) -> String {
        let mut text = String::from(
            "# Measured\n\nWritten by `cargo measure`: release build, SQLite with WAL and FULL on this machine's disk. *Bare* is rusqlite with held \
             statements writing the same rows in the same run, taking turns. Read ratios, not absolute times: other work may run beside.\n\n\
             | what | found | bar (design 17) |\n|---|---|---|\n",
        );
        for Figure { what, found, bar } in &self.0 {
            let _ = writeln!(text, "| {what} | {found} | {bar} |");
        }
        text
    }
}

/// The p-th percentile of times, in the unit they come in.
pub fn percentile(times: &mut [f64], p: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times[((times.len() - 1) as f64 * p / 100.0).round() as usize]
}
