//! SQL beside the code that asks stays in the subset that SQLite and PostgreSQL share. The store's own statements are free.

use crate::Finding;
use crate::reading::Tree;

const BEGINNINGS: [&str; 7] = ["select ", "insert ", "update ", "delete ", "create ", "with ", "replace "];

/// Looked for in the lower-cased statement, with what to write instead.
const FORBIDDEN: [(&str, &str); 13] = [
    ("autoincrement", "ids come from outside"),
    ("current_timestamp", "time is an argument"),
    ("insert or replace", "on conflict (k) do update"),
    ("replace into", "on conflict (k) do update"),
    (" like ", "compare a folded search column"),
    (" glob ", "compare a folded search column"),
    ("json_", "columns are bigint, text and blob"),
    ("datetime(", "time is bigint, UTC ms"),
    ("ifnull(", "coalesce"),
    ("greatest(", "case when"),
    ("create trigger", "a fold writes what follows"),
    (" boolean", "bigint 0 or 1"),
    (" real", "integers only"),
];

const KEYWORDS: [&str; 12] =
    ["SELECT", "INSERT", "UPDATE", "DELETE", "FROM", "WHERE", "VALUES", "ORDER BY", "GROUP BY", "CREATE TABLE", "JOIN", "LIMIT"];

pub fn portable(tree: &Tree) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in tree.rust().filter(|source| source.path.starts_with("shared/src/") && !source.path.starts_with("shared/src/store/")) {
        for (line, literal) in &source.literals {
            for says in faults(literal) {
                found.push(Finding { path: source.path.clone(), line: *line, says });
            }
        }
    }
    found
}

fn faults(literal: &str) -> Vec<String> {
    let inside = literal.trim_start_matches(['r', 'b', '#', '"']).trim_end_matches(['#', '"']).trim_start();
    let lower = inside.to_lowercase();
    let sql = BEGINNINGS.iter().any(|verb| lower.starts_with(verb))
        && [" from ", " into ", " set ", " table ", "(", " as "].iter().any(|word| lower.contains(word));
    if !sql {
        return Vec::new();
    }
    let mut faults: Vec<String> = FORBIDDEN
        .iter()
        .filter(|(word, _)| lower.contains(word))
        .map(|(word, instead)| format!("SQL `{}`: {instead}", word.trim()))
        .collect();
    faults.extend(KEYWORDS.iter().filter(|word| inside.contains(**word)).map(|word| format!("SQL is lower case: {word}")));
    if inside.match_indices('?').any(|(at, _)| !inside[at + 1..].starts_with(|c: char| c.is_ascii_digit())) {
        faults.push("SQL placeholders are numbered: ?1".into());
    }
    let sums_plain = lower.match_indices("sum(").any(|(at, _)| !lower[..at].ends_with("cast(")) && lower.starts_with("select");
    if sums_plain {
        faults.push("sum of bigint is numeric in PostgreSQL: cast(sum(x) as bigint)".into());
    }
    faults
}
