//! Goal: no rule is toothless. Method: each is shown a bad example, which it must name, and a good one, which it must leave alone.

use rstest::rstest;

use crate::reading::{Source, Tree};
use crate::{Rule, arrows, calls, sizes, sql, words};

fn count(rule: Rule, path: &str, text: &str) -> usize {
    rule(&Tree { sources: vec![Source::new(path, text)] }).len()
}

fn lines(count: usize) -> String {
    "let x = 1;\n".repeat(count)
}

#[rstest]
#[case::crate_arrow(
    arrows::between_crates,
    "shared/Cargo.toml",
    "[dependencies]\nhardware.workspace = true",
    "[dependencies]\nserde.workspace = true"
)]
#[case::hub_hardware(
    arrows::between_crates,
    "hub/Cargo.toml",
    "[dependencies]\nhardware = { path = \"x\" }",
    "[dependencies]\nshared.workspace = true"
)]
#[case::upwards(arrows::inside_shared, "shared/src/base/money.rs", "use crate::journal::Entry;", "use crate::base::Rate;")]
#[case::domains(arrows::inside_shared, "shared/src/sales/sell.rs", "use crate::members::Level;", "use crate::ledger::Place;")]
#[case::in_group(
    arrows::inside_shared,
    "shared/src/sales/sell.rs",
    "use crate::{base::Money, members::{Level, Card}};",
    "use crate::{base::Money, views::Row};"
)]
#[case::exchange(arrows::inside_shared, "shared/src/exchange/push.rs", "use crate::members::Level;", "use crate::store::Writer;")]
#[case::store_exchange(
    arrows::inside_shared,
    "shared/src/store/clerk.rs",
    "fn f() { crate::exchange::go() }",
    "// crate::exchange is not used"
)]
#[case::automerge(
    arrows::automerge,
    "shared/src/documents/member.rs",
    "use automerge::AutoCommit;",
    "use crate::documents::automerge::merge::Document;"
)]
#[case::automerge_hub(
    arrows::automerge,
    "hub/src/intake.rs",
    "fn f(d: automerge::Automerge) {}",
    "use shared::documents::automerge::gate;"
)]
#[case::clock(
    calls::in_shared,
    "shared/src/sales/sell.rs",
    "let t = SystemTime::now();",
    "/// Never SystemTime::now.\n#[cfg(test)]\nmod tests { fn f() { Instant::now(); } }"
)]
#[case::chance(calls::in_shared, "shared/src/base/ids.rs", "Uuid::now_v7()", "\"Uuid::now_v7\"")]
#[case::float(calls::in_shared, "shared/src/base/rate.rs", "fn f(x: f64) {}", "fn f64_free(x: i64) {}")]
#[case::float_in_store(calls::in_shared, "shared/src/store/sqlite.rs", "let x = 1f32 as f32;", "let t = Instant::now();")]
#[case::unwrapped(calls::left_over, "edge/src/main.rs", concat!("x.unw", "rap();"), "x.unwrap_or_default();")]
#[case::later(calls::left_over, "edge/src/main.rs", concat!("to", "do!()"), "let todos = 1;")]
#[case::ignored(calls::left_over, "tests/lib.rs", concat!("#[ign", "ore]"), "// ignored")]
#[case::drawer_of_errors(calls::left_over, "edge/src/a.rs", concat!("Other(", "String)"), "Other(Reason)")]
#[case::mark(calls::left_over, "edge/src/a.rs", concat!("// FIX", "ME later"), "// fixed")]
#[case::only(calls::left_over, "edge/web/test/a.ts", "it.only('x', f)", "it('x', f)")]
#[case::module_name(words::module_names, "shared/src/sales/utils.rs", "", "")]
#[case::host(words::foreign, "package-lock.json", concat!("https://registry.npm", "js.org/x"), "https://example.test/x")]
#[case::machine(words::foreign, "docs/a.md", concat!("see /wo", "rk/main"), "see docs/b.md")]
#[case::making(words::foreign, "docs/a.md", concat!("a sub", "agent wrote"), "the writer wrote")]
#[case::reasonless(
    words::dependency_reasons,
    "Cargo.toml",
    "[workspace.dependencies]\nserde = \"1\"",
    "[workspace.dependencies]\nserde = \"1\" # JSON shapes"
)]
#[case::undated(words::decision_records, "docs/decisions/0001-x.md", "# A thing", "Accepted, 2026-11-21\n\n# A thing")]
#[case::not_golden(
    words::golden_bytes,
    "shared/src/facts/sales.rs",
    "#[derive(minicbor::Encode)] struct Sold;",
    "#[derive(minicbor::Encode)] struct Sold; fn golden() {}"
)]
#[case::sql_like(
    sql::portable,
    "shared/src/members/find.rs",
    r#"const F: &str = "select a from t where b like ?1";"#,
    r#"const F: &str = "select a from t where b = ?1";"#
)]
#[case::sql_upper(
    sql::portable,
    "shared/src/members/find.rs",
    r#"let s = "SELECT a FROM t";"#,
    r#"let s = "Select a member from the list.";"#
)]
#[case::sql_replace(
    sql::portable,
    "shared/src/sales/day.rs",
    r#"let s = "insert or replace into t values (?1)";"#,
    r#"let s = "insert into t values (?1)";"#
)]
#[case::sql_bare_mark(
    sql::portable,
    "shared/src/sales/day.rs",
    r#"let s = "select a from t where b = ?";"#,
    r#"let s = "select cast(sum(a) as bigint) from t where b = ?2";"#
)]
#[case::sql_sum(sql::portable, "shared/src/sales/day.rs", r#"let s = "select sum(a) from t";"#, r#"let s = "select count(*) from t";"#)]
fn each_rule_bites(#[case] rule: Rule, #[case] path: &str, #[case] bad: &str, #[case] good: &str) {
    assert!(count(rule, path, bad) > 0, "the rule overlooked {bad:?} in {path}");
    if !good.is_empty() {
        assert_eq!(count(rule, path, good), 0, "the rule blamed {good:?} in {path}");
    }
}

#[test]
fn sizes_are_counted() {
    let long = format!("fn long() {{\n{}}}\n", lines(69));
    let short = format!("fn short() -> [u8; 4] {{\n{}}}\n", lines(68));
    assert_eq!((count(sizes::functions, "edge/src/a.rs", &long), count(sizes::functions, "edge/src/a.rs", &short)), (1, 0));
    assert_eq!((count(sizes::files, "edge/src/a.rs", &lines(401)), count(sizes::files, "edge/src/a.rs", &lines(400))), (1, 0));
}

#[test]
fn braces_in_literals_and_comments_do_not_count() {
    let text = "fn a() { let s = \"{{{\"; let c = '{'; let r = r#\"{\"{\"#; /* { */ } // {\nfn b<'a>(x: &'a str) {}\n";
    let source = Source::new("edge/src/a.rs", text);
    assert_eq!(source.code.matches('{').count(), 2);
    assert_eq!(source.code.matches('}').count(), 2);
    assert_eq!(source.literals.len(), 2);
}
