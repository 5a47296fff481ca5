//! Goal: the laws of the house are executed, not only written down.
//! Method: read every source as text, strip comments and literals with a small lexer, look for what is forbidden; each rule is
//! tried on a bad example (`bites.rs`), so that a rule that finds nothing is known to be able to find something.

mod arrows;
mod bites;
mod calls;
mod reading;
mod sizes;
mod sql;
mod words;

use reading::Tree;

/// One breach: where it is and what to do about it.
#[derive(Debug)]
pub struct Finding {
    pub path: String,
    pub line: usize,
    pub says: String,
}

/// A rule reads the tree and names each breach.
pub type Rule = fn(&Tree) -> Vec<Finding>;

/// Fails with every breach on its own line, so that one run shows them all.
fn hold(rule: Rule) {
    let found = rule(&Tree::of_repository());
    let list: Vec<String> = found.iter().map(|f| format!("{}:{}: {}", f.path, f.line, f.says)).collect();
    assert!(found.is_empty(), "{} breaches\n{}", found.len(), list.join("\n"));
}

#[test]
fn crates_use_only_whom_they_may() {
    hold(arrows::between_crates);
}

#[test]
fn modules_of_shared_use_only_lower_levels() {
    hold(arrows::inside_shared);
}

#[test]
fn automerge_is_known_in_one_folder() {
    hold(arrows::automerge);
}

#[test]
fn files_and_functions_stay_small() {
    hold(sizes::files);
    hold(sizes::functions);
}

#[test]
fn modules_are_named_for_what_they_hold() {
    hold(words::module_names);
}

#[test]
fn shared_reads_no_clock_no_chance_no_environment_and_knows_no_floats() {
    hold(calls::in_shared);
}

#[test]
fn nothing_is_unwrapped_or_left_over() {
    hold(calls::left_over);
}

#[test]
fn sources_speak_of_the_product_only() {
    hold(words::foreign);
}

#[test]
fn each_dependency_has_its_reason() {
    hold(words::dependency_reasons);
}

#[test]
fn decision_records_say_status_and_date() {
    hold(words::decision_records);
}

#[test]
fn facts_have_golden_bytes() {
    hold(words::golden_bytes);
}

#[test]
fn sql_runs_on_both_engines() {
    hold(sql::portable);
}
