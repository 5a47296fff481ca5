//! Files and functions stay small enough to be held in the head.

use crate::Finding;
use crate::reading::{Tree, item_end, words};

pub const FILE_LINES_MAX: usize = 400;
pub const FUNCTION_LINES_MAX: usize = 70;

const HAND_WRITTEN: [&str; 5] = [".rs", ".ts", ".tsx", ".mjs", ".mts"];

pub fn files(tree: &Tree) -> Vec<Finding> {
    let hand_written = |path: &str| HAND_WRITTEN.iter().any(|end| path.ends_with(end)) && !path.ends_with(".d.ts");
    let long = tree.sources.iter().filter(|source| hand_written(&source.path)).map(|source| (source, source.text.lines().count()));
    long.filter(|(_, lines)| *lines > FILE_LINES_MAX)
        .map(|(source, lines)| Finding {
            path: source.path.clone(),
            line: lines,
            says: format!("{lines} lines; at most {FILE_LINES_MAX}: split it by noun"),
        })
        .collect()
}

pub fn functions(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in tree.rust() {
        for at in words(&source.code, "fn") {
            let after = source.code[at + 2..].trim_start();
            if !after.starts_with(|c: char| c.is_alphabetic() || c == '_') {
                continue;
            }
            let end = item_end(&source.code, at);
            let lines = source.code[at..end].lines().count();
            if lines > FUNCTION_LINES_MAX {
                let name = after.split(['(', '<', ' ']).next().unwrap_or_default();
                found.push(Finding {
                    path: source.path.clone(),
                    line: source.line(at),
                    says: format!("fn {name} has {lines} lines; at most {FUNCTION_LINES_MAX}"),
                });
            }
        }
    }
    found
}
