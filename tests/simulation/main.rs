//! `cargo simulate`: the simulated chain for one seed or for as long as one likes. A failure prints its seed and the shortest story found.

use clap::Parser;
use shared::base::guards::{self, Guard};
use simulation::{
    allowance,
    seeds::{self, Failure},
    story,
    world::{Counts, Mishaps, Plan, World},
};
use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

/// Seeds between two looks at the clock.
const AT_ONCE: u64 = 20;

/// A hub and its branches in one process: the very code of clerk, store, session and gate on simulated clocks, disks and wires.
#[derive(Parser)]
#[command(name = "simulate")]
struct Asked {
    /// The seed, or the first of them.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How many seeds from there on.
    #[arg(long, default_value_t = 1)]
    seeds: u64,
    /// Go on with more seeds for so long.
    #[arg(long)]
    minutes: Option<u64>,
    #[arg(long, default_value_t = 400)]
    steps: u64,
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=20))]
    branches: u8,
    /// What may go wrong, with commas between; all of it if not given, nothing if empty. Tills sell by the desk's own commands only where it says so.
    #[arg(long, value_delimiter = ',', value_parser = mishap)]
    faults: Option<Vec<String>>,
    /// Head office's database on a PostgreSQL server, each run in one of its own: the address of any database there, say
    /// `postgres://catena@%2Frun%2Fpostgresql/postgres`.
    #[arg(long)]
    store: Option<String>,
    /// Without one of the guards that hold the promises, in the product's own code: what breaks then?
    #[arg(long, value_parser = guard)]
    without: Option<Guard>,
    /// Go past seeds that fail: each is named with what broke in it, none is told in full.
    #[arg(long)]
    list: bool,
    /// A chain over months instead: how many payments succeed although links fail, with balances moved ahead of need; 100 000 operations.
    #[arg(long)]
    allowance: bool,
}

fn mishap(word: &str) -> Result<String, String> {
    if word.is_empty() || Mishaps::NAMES.contains(&word) {
        Ok(word.to_owned())
    } else {
        Err(format!("one of {}", Mishaps::NAMES.join(", ")))
    }
}

fn guard(word: &str) -> Result<Guard, String> {
    let names = || Guard::ALL.map(|guard| format!("{guard:?}"));
    Guard::ALL.into_iter().find(|guard| format!("{guard:?}") == word).ok_or_else(|| format!("one of {}", names().join(", ")))
}

fn main() -> ExitCode {
    let asked = Asked::parse();
    if asked.allowance {
        return allowance(asked.seed);
    }
    let mishaps = asked.faults.as_ref().map_or(Mishaps { desk: false, ..Mishaps::EVERY }, |words| {
        words.iter().fold(Mishaps::NONE, |mishaps, word| mishaps.with(word, true).unwrap_or(mishaps))
    });
    let plan = Plan { branches: asked.branches, server: asked.store.clone(), ..Plan::of(mishaps, asked.steps) };
    if asked.list {
        return list(&asked, &plan);
    }
    let (began, long) = (Instant::now(), asked.minutes.map(|minutes| Duration::from_secs(60 * minutes)));
    let (mut next, mut sum) = (asked.seed, Counts::default());
    loop {
        let last = if long.is_some() { next + AT_ONCE } else { (next + AT_ONCE).min(asked.seed + asked.seeds) };
        match seeds::all(next..last, |seed| asked.run(seed, &plan)) {
            Err(Failure { seed, story }) => {
                println!("{story}\n");
                println!("{}", story::shortest(seed, &plan));
                return ExitCode::FAILURE;
            }
            Ok(counts) => sum = counts.iter().fold(sum, |sum, one| sum.plus(one)),
        }
        next = last;
        if long.map_or(next >= asked.seed + asked.seeds, |long| began.elapsed() >= long) {
            break;
        }
    }
    println!("seeds {} to {} {plan}: every promise kept in {:.0} s\n{sum:#?}", asked.seed, next - 1, began.elapsed().as_secs_f32());
    ExitCode::SUCCESS
}

impl Asked {
    fn run(&self, seed: u64, plan: &Plan) -> Result<Counts, String> {
        self.without.map_or_else(|| World::run(seed, plan), |guard| guards::without(guard, || World::run(seed, plan)))
    }
}

/// A chain over months.
fn allowance(seed: u64) -> ExitCode {
    match allowance::run(seed, allowance::Plan::WHOLE).and_then(|figures| figures.kept().map(|()| figures)) {
        Ok(figures) => {
            println!("{figures}");
            ExitCode::SUCCESS
        }
        Err(broken) => {
            println!("{broken}");
            ExitCode::FAILURE
        }
    }
}

/// Names the seeds that fail.
fn list(asked: &Asked, plan: &Plan) -> ExitCode {
    let mut failed = 0;
    for first in (asked.seed..asked.seed + asked.seeds).step_by(AT_ONCE as usize) {
        let last = (first + AT_ONCE).min(asked.seed + asked.seeds);
        for Failure { seed, story } in seeds::failing(first..last, |seed| asked.run(seed, plan)) {
            failed += 1;
            println!("{seed}: {}", story.rsplit_once("broken: ").map_or(story.as_str(), |(_, broken)| broken));
        }
    }
    println!("{failed} of {} seeds fail {plan}", asked.seeds);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
