//! Names, and words that do not belong in a product.

use crate::Finding;
use crate::reading::Tree;

/// Drawers in which everything ends up.
const BANNED_MODULES: [&str; 10] = ["util", "utils", "common", "helpers", "misc", "manager", "service", "types", "models", "core"];

pub fn module_names(tree: &Tree) -> Vec<Finding> {
    let code = |path: &str| [".rs", ".ts", ".tsx", ".mjs"].iter().any(|end| path.ends_with(end));
    let mut found = Vec::new();
    for source in tree.sources.iter().filter(|source| code(&source.path)) {
        let parts = source.path.split('/').map(|part| part.split('.').next().unwrap_or_default());
        for name in parts.filter(|part| BANNED_MODULES.contains(part)) {
            found.push(Finding { path: source.path.clone(), line: 1, says: format!("no module is named {name}: name what it holds") });
        }
    }
    found
}

/// Paths of one machine, hosts of registries, and talk of how the product was made. Written in halves, so that this file is clean.
const FOREIGN: [&str; 19] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/fa", "rm/"),
    concat!("/ho", "me/"),
    concat!("bash_", "jobs"),
    concat!("registry.npm", "js.org"),
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("deb.", "debian.org"),
    concat!("proxy.", "golang.org"),
    concat!("sub", "agent"),
    concat!("helper ", "session"),
    concat!("developer ", "session"),
    concat!("this ", "session"),
    concat!("previous ", "session"),
    concat!("steering ", "repo"),
    concat!("language ", "model"),
    concat!("Clau", "de"),
    concat!("../sha", "red/design.md"),
];

pub fn foreign(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in &tree.sources {
        for (number, line) in source.text.lines().enumerate() {
            for word in FOREIGN.iter().filter(|word| line.contains(**word)) {
                found.push(Finding { path: source.path.clone(), line: number + 1, says: format!("`{word}` is not of the product") });
            }
        }
    }
    found
}

pub fn dependency_reasons(tree: &Tree) -> Vec<Finding> {
    let Some(manifest) = tree.sources.iter().find(|source| source.path == "Cargo.toml") else { return Vec::new() };
    let (mut inside, mut found) = (false, Vec::new());
    for (number, line) in manifest.text.lines().enumerate() {
        if line.starts_with('[') {
            inside = line == "[workspace.dependencies]";
        }
        let bare = line.split_once('#').is_none_or(|(_, reason)| reason.trim().len() < 4);
        if inside && line.contains('=') && !line.starts_with('#') && !line.contains("path =") && bare {
            found.push(Finding { path: manifest.path.clone(), line: number + 1, says: "a dependency states its reason beside it".into() });
        }
    }
    found
}

pub fn decision_records(tree: &Tree) -> Vec<Finding> {
    let records = tree.sources.iter().filter(|source| source.path.starts_with("docs/decisions/") && source.path.ends_with(".md"));
    let dated = |line: &str| {
        let status = ["Accepted", "Superseded", "Withdrawn"].iter().any(|status| line.starts_with(status));
        status && line.split(|c: char| !(c.is_ascii_digit() || c == '-')).any(|part| part.len() == 10 && part.matches('-').count() == 2)
    };
    records
        .filter(|source| !source.text.lines().next().is_some_and(dated))
        .map(|source| Finding { path: source.path.clone(), line: 1, says: "first line: status and date, as `Accepted, 2026-11-21`".into() })
        .collect()
}

/// A file of facts that has no golden bytes would let the wire change unseen.
pub fn golden_bytes(tree: &Tree) -> Vec<Finding> {
    let facts = tree.rust().filter(|source| source.path.starts_with("shared/src/facts/") && source.code.contains("minicbor"));
    let golden = |stem: &str| {
        let pinned = |text: &str| text.contains("golden");
        tree.rust()
            .any(|other| (other.path.starts_with("shared/tests/golden") || other.path.contains("/golden")) && other.text.contains(stem))
            || tree.rust().any(|own| own.path == format!("shared/src/facts/{stem}.rs") && pinned(&own.text))
    };
    facts
        .filter(|source| {
            let stem = source.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
            stem != "mod" && !golden(stem)
        })
        .map(|source| Finding {
            path: source.path.clone(),
            line: 1,
            says: "facts without golden bytes: pin each kind and version by literal bytes".into(),
        })
        .collect()
}
