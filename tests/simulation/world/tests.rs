use super::*;
use crate::simulation::seeds;

/// Steps of one run.
const STEPS: u64 = 300;

const NONE: Mishaps = Mishaps { edges_restored: false, hub_restored: false, cloned: false };

/// Runs seeds and says what happened in them; the failing seed can be run alone by setting `FIRST` and `SEEDS`.
fn run(default: u64, mishaps: impl Fn(u64) -> Mishaps + Sync) -> Counts {
    let number = |name: &str, otherwise: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let first = number("FIRST", 0);
    match seeds::all(first..first + number("SEEDS", default), |seed| World::run(seed, mishaps(seed), STEPS)) {
        Err(failure) => panic!("{}", failure.story),
        Ok(counts) => {
            let counts = counts.iter().fold(Counts::default(), |sum, one| sum.plus(one));
            println!("{counts:#?}");
            counts
        }
    }
}

// Goal: power cuts, kills, full and broken disks, wrong clocks, a foul network and hostile bytes break no promise.
// Method: the product's clerk, store, gate, session and ledger from one seed each; invariants after every step.
#[test]
fn ordinary_mishaps_break_no_promise() {
    let counts = run(60, |_| NONE);
    let often = [counts.sales, counts.spends, counts.returns, counts.fetched, counts.exchanges, counts.crashes, counts.faults];
    assert!(often.iter().all(|count| *count > 100), "too little happened: {counts:#?}");
}
