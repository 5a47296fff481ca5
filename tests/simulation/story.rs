//! The shortest story found of a seed that fails.
use crate::{
    seeds,
    world::{Plan, World},
};

/// Runs that a failure may be tried with, each with less in it.
const TRIES_MAX: u32 = 150;

/// The same failure with fewer mishaps and fewer steps, and all that happened in it.
pub fn shortest(seed: u64, plan: &Plan) -> String {
    let fails = |plan: &Plan| told(seed, plan).is_some();
    let short = plan.clone().shortened(TRIES_MAX, fails);
    format!("the shortest found of seed {seed}:\n{}", told(seed, &short).unwrap_or_default())
}

/// What went wrong in a run; none if nothing did.
pub fn told(seed: u64, plan: &Plan) -> Option<String> {
    seeds::all(seed..seed + 1, |seed| World::run(seed, plan)).err().map(|failure| failure.story)
}
