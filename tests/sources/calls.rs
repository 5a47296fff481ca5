//! What may not be called: in `shared` whatever makes a decision unrepeatable, anywhere what stops a till without a word.

use crate::Finding;
use crate::reading::{Source, Tree, words};

/// Forbidden in `shared`, and what takes its place.
const IN_SHARED: [(&str, &str); 13] = [
    ("SystemTime::now", "time is an argument: Moment"),
    ("Instant::now", "time is an argument: Moment"),
    ("Utc::now", "time is an argument: Moment"),
    ("Local::now", "time is an argument: Moment"),
    ("thread_rng", "chance is an argument: Moment's fresh ids"),
    ("OsRng", "chance is an argument: Moment's fresh ids"),
    ("getrandom", "chance is an argument: Moment's fresh ids"),
    ("Uuid::now_v7", "ids come from outside: Moment"),
    ("Uuid::new_v4", "ids come from outside: Moment"),
    ("std::env", "configuration is an argument"),
    ("std::process", "the process is the binary's"),
    ("f32", "integers only: minor units, thousandths, basis points"),
    ("f64", "integers only: minor units, thousandths, basis points"),
];

/// The store stands at the world's edge: it measures its own commits and checkpoints, and makes the lineage file.
const STORE_MAY: [&str; 4] = ["SystemTime::now", "Instant::now", "std::process", "std::env"];

pub fn in_shared(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in tree.rust().filter(|source| source.path.starts_with("shared/src/")) {
        let (code, store) = (source.production(), source.path.starts_with("shared/src/store/"));
        for (call, instead) in IN_SHARED.iter().filter(|(call, _)| !(store && STORE_MAY.contains(call))) {
            found.extend(words(&code, call).into_iter().map(|at| finding(source, at, format!("{call} in shared; {instead}"))));
        }
    }
    found
}

/// Forbidden in Rust, tests included.
const LEFT_OVER: [(&str, &str); 8] = [
    (concat!(".unw", "rap()"), "say why it cannot fail (expect in tests), or pass the fault on"),
    (concat!("to", "do!"), "finish it"),
    (concat!("unimple", "mented!"), "finish it"),
    (concat!("db", "g!"), "use tracing"),
    (concat!("#[ign", "ore"), "a test that does not run proves nothing"),
    (concat!("#[should_", "panic"), "assert the refusal or the fault"),
    (concat!("Other(", "String)"), "name the case"),
    (concat!("process::", "abort"), "assert; the panic hook ends the process"),
];

/// Forbidden anywhere in hand-written text of pages and browser stories.
const LEFT_OVER_IN_PAGES: [&str; 6] = [".skip(", "test.only", "it.only(", "describe.only", "debugger;", "@ts-ignore"];

pub fn left_over(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in tree.rust() {
        for (call, instead) in LEFT_OVER {
            found.extend(words(&source.code, call).into_iter().map(|at| finding(source, at, format!("{call}: {instead}"))));
        }
        found.extend(marks(source));
    }
    let pages = [".ts", ".tsx", ".mjs"];
    for source in tree.sources.iter().filter(|source| pages.iter().any(|end| source.path.ends_with(end))) {
        for mark in LEFT_OVER_IN_PAGES {
            found.extend(source.text.match_indices(mark).map(|(at, _)| finding(source, at, format!("{mark} was left"))));
        }
        found.extend(marks(source));
    }
    found
}

fn marks(source: &Source) -> Vec<Finding> {
    let marks = [concat!("FIX", "ME"), concat!("TO", "DO"), concat!("XX", "X")];
    let places = marks.iter().flat_map(|mark| words(&source.text, mark).into_iter().map(move |at| (at, *mark)));
    places.map(|(at, mark)| finding(source, at, format!("{mark} was left"))).collect()
}

fn finding(source: &Source, at: usize, says: String) -> Finding {
    Finding { path: source.path.clone(), line: source.line(at), says }
}
