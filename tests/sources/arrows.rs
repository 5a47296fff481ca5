//! Who may use whom: between crates by their manifests, inside `shared` by the paths that its modules name.

use crate::Finding;
use crate::reading::{Source, Tree, words};

/// Crates of the house that each crate may name in its manifest. What is missing here may use all (tests and tasks).
const MAY_USE: [(&str, &[&str]); 9] = [
    ("shared/Cargo.toml", &[]),
    ("hardware/Cargo.toml", &[]),
    ("shared/web/pages/Cargo.toml", &[]),
    ("tests/tasks/uibuild/Cargo.toml", &[]),
    ("edge/web/assets/Cargo.toml", &["pages", "uibuild"]),
    ("hub/web/assets/Cargo.toml", &["pages", "uibuild"]),
    ("edge/Cargo.toml", &["shared", "hardware", "edge-pages"]),
    ("hub/Cargo.toml", &["shared", "hub-pages"]),
    ("tests/simulation/Cargo.toml", &["shared"]),
];

const OURS: [&str; 11] =
    ["shared", "hardware", "edge", "hub", "tests", "simulation", "tasks", "pages", "uibuild", "edge-pages", "hub-pages"];

/// Levels of `shared`, lowest first; a module that is not named is a domain and stands with `exchange` and `store`.
const LEVELS: [(&str, u8); 10] = [
    ("base", 0),
    ("facts", 1),
    ("documents", 1),
    ("journal", 2),
    ("ledger", 2),
    ("views", 2),
    ("exchange", DOMAIN),
    ("store", DOMAIN),
    ("desk", 4),
    ("reports", 4),
];
const DOMAIN: u8 = 3;

/// Arrows inside one level, each with its reason; none of them has a way back.
const WITHIN_A_LEVEL: [(&str, &str); 4] = [
    ("views", "journal"),  // a fold is a function of an entry, and entries are the journal's
    ("ledger", "journal"), // a balance that is short is a refusal, and refusals are the journal's
    ("ledger", "views"),   // a balance is a row of a view
    ("exchange", "store"), // a push or a page is applied with its cursor in one transaction (docs/decisions/0001)
];

pub fn between_crates(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in tree.sources.iter().filter(|source| source.path.ends_with("Cargo.toml")) {
        let Some((_, may)) = MAY_USE.iter().find(|(path, _)| *path == source.path) else { continue };
        let mut section = "";
        for (number, line) in source.text.lines().enumerate() {
            if line.starts_with('[') {
                section = line;
            }
            let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
            if section.contains("dependencies") && OURS.contains(&name) && !may.contains(&name) {
                found.push(Finding { path: source.path.clone(), line: number + 1, says: format!("may not use {name}") });
            }
        }
    }
    found
}

pub fn inside_shared(tree: &Tree) -> Vec<Finding> {
    let macros = macros(tree);
    let mut found = Vec::new();
    for source in tree.rust() {
        let Some(own) = source.path.strip_prefix("shared/src/").and_then(|path| path.split_once('/')).map(|(module, _)| module) else {
            continue;
        };
        let code = source.production();
        for (offset, used) in named(&code) {
            if used == own || level(&used) < level(own) || WITHIN_A_LEVEL.contains(&(own, used.as_str())) || macros.contains(&used) {
                continue;
            }
            let why = match level(own) == DOMAIN && level(&used) == DOMAIN {
                true => "domains, exchange and store never use each other: fold the fact into your own view or go up to desk",
                false => "only lower levels may be used",
            };
            found.push(Finding { path: source.path.clone(), line: source.line(offset), says: format!("{own} uses {used}: {why}") });
        }
    }
    found
}

/// Macros of `shared` are named from its root, whichever module makes them.
fn macros(tree: &Tree) -> Vec<String> {
    let shared = tree.rust().filter(|source| source.path.starts_with("shared/src/"));
    shared.flat_map(|source| source.code.split("macro_rules!").skip(1)).map(|rest| first_name(rest.trim_start())).collect()
}

fn level(module: &str) -> u8 {
    LEVELS.iter().find(|(name, _)| *name == module).map_or(DOMAIN, |(_, level)| *level)
}

/// First names after `crate::`, also those of a group.
fn named(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in words(code, "crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.starts_with('{') {
            true => found.extend(group(rest).into_iter().map(|name| (at, name))),
            false => found.push((at, first_name(rest))),
        }
    }
    // A name of the crate's root (a macro or a constant) is no module.
    found.retain(|(_, name)| name.chars().next().is_some_and(|c| c.is_ascii_lowercase()) && !name.ends_with('!'));
    found
}

fn first_name(text: &str) -> String {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '!')).unwrap_or(text.len());
    text[..end].into()
}

fn group(rest: &str) -> Vec<String> {
    let (mut depth, mut names, mut start) = (0, Vec::new(), 1);
    for (offset, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => {
                names.push(first_name(rest[start..offset].trim_start()));
                start = offset + 1;
            }
            _ => {}
        }
        if depth == 0 {
            names.push(first_name(rest[start..offset].trim_start()));
            break;
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Only `documents/automerge` knows Automerge; the gate's own tests compare with it.
pub fn automerge(tree: &Tree) -> Vec<Finding> {
    let may = |source: &&Source| {
        !source.path.starts_with("shared/src/documents/automerge/")
            && !source.path.starts_with("shared/tests/gate")
            && source.path != "shared/src/documents/automerge.rs"
    };
    let mut found = Vec::new();
    for source in tree.rust().filter(may) {
        for at in words(&source.code, "automerge::") {
            let before = source.code[..at].trim_end();
            let own_module = before.ends_with("documents::") || before.ends_with("self::") || before.ends_with("super::");
            let bare_in_documents = source.path.starts_with("shared/src/documents/") && !before.ends_with("use") && !before.ends_with("::");
            if !own_module && !bare_in_documents {
                found.push(Finding {
                    path: source.path.clone(),
                    line: source.line(at),
                    says: "automerge is known in shared/src/documents/automerge only".into(),
                });
            }
        }
    }
    found
}
