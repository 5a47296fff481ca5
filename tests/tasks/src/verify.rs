//! `cargo verify`: every test there is, cheapest first; stops at the first failure with the reason.
//! A step is in the list when the repository holds something for it to try; none is skipped in silence.

use std::time::Instant;

use crate::failure::Failure;
use crate::ground::Ground;
use crate::shell::line;
use crate::{generated, needs};

struct Step {
    name: &'static str,
    /// Whether the repository holds what this step tries.
    due: fn(&Ground) -> bool,
    /// Returns the lines that sum the step up, shown again at the end.
    run: fn(&Ground) -> Result<Vec<String>, Failure>,
}

const STEPS: [Step; 14] = [
    Step { name: "needs", due: always, run: |ground| needs::install(ground).map(none) },
    Step { name: "format", due: always, run: |ground| cargo(ground, &["fmt", "--all", "--check"]) },
    Step { name: "packages", due: pages, run: packages },
    Step { name: "types of pages", due: |ground| ground.has_script("check"), run: |ground| npm(ground, "check") },
    Step { name: "lint of pages", due: |ground| ground.has_script("lint"), run: |ground| npm(ground, "lint") },
    Step { name: "tests of pages", due: |ground| ground.has_script("test"), run: |ground| npm(ground, "test") },
    Step { name: "pages", due: |ground| !ground.apps().is_empty(), run: build_pages },
    Step {
        name: "lint",
        due: always,
        run: |ground| cargo(ground, &["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    },
    Step { name: "documentation", due: always, run: documentation },
    Step { name: "binaries", due: always, run: |ground| cargo(ground, &["build", "--quiet", "--workspace", "--bins"]) },
    Step { name: "generated files", due: generated::exist, run: |ground| generated::compare(ground).map(none) },
    Step { name: "tests", due: always, run: tests },
    Step { name: "simulated chains", due: always, run: simulated },
    Step { name: "browser stories", due: |ground| !stories(ground).is_empty(), run: browser },
];

pub fn run(ground: &Ground) -> Result<(), Failure> {
    let steps: Vec<&Step> = STEPS.iter().filter(|step| (step.due)(ground)).collect();
    let (began, mut table, mut summary) = (Instant::now(), Vec::new(), Vec::new());
    for (number, step) in steps.iter().enumerate() {
        println!("── {}/{} {}", number + 1, steps.len(), step.name);
        let start = Instant::now();
        let outcome = (step.run)(ground);
        table.push((step.name, start.elapsed().as_secs_f32(), outcome.is_ok()));
        match outcome {
            Ok(lines) => summary.extend(lines),
            Err(failure) => {
                print(&table, began);
                return Err(failure);
            }
        }
    }
    print(&table, began);
    summary.iter().for_each(|line| println!("{line}"));
    Ok(())
}

fn print(table: &[(&str, f32, bool)], began: Instant) {
    println!("\n  step                 seconds");
    for (name, seconds, fine) in table {
        println!("  {name:<20} {seconds:>7.1}  {}", if *fine { "ok" } else { "FAILED" });
    }
    println!("  {:<20} {:>7.1}\n", "in all", began.elapsed().as_secs_f32());
}

fn always(_: &Ground) -> bool {
    true
}

fn none((): ()) -> Vec<String> {
    Vec::new()
}

fn pages(ground: &Ground) -> bool {
    ground.has("package-lock.json")
}

fn cargo(ground: &Ground, args: &[&str]) -> Result<Vec<String>, Failure> {
    line(&ground.root, "cargo", args).run().map(none)
}

fn npm(ground: &Ground, script: &str) -> Result<Vec<String>, Failure> {
    line(&ground.root, "npm", ["run", "--silent", script]).run().map(none)
}

fn packages(ground: &Ground) -> Result<Vec<String>, Failure> {
    needs::node()?;
    uibuild::install(&ground.root).map(|_| Vec::new()).map_err(Failure::Pages)
}

fn build_pages(ground: &Ground) -> Result<Vec<String>, Failure> {
    for app in ground.apps() {
        uibuild::ensure(&ground.root, app).map_err(Failure::Pages)?;
    }
    Ok(Vec::new())
}

fn tests(ground: &Ground) -> Result<Vec<String>, Failure> {
    nextest(ground, &["--workspace", "--exclude", "simulation"], &[])
}

/// Optimised, by their own profile: thousands of chains in minutes.
fn simulated(ground: &Ground) -> Result<Vec<String>, Failure> {
    nextest(ground, &["--package", "simulation", "--features", "bite"], &["simulation"])
}

/// Under nextest where it is there: a process per test, so that one that dies takes no other with it.
fn nextest(ground: &Ground, packages: &[&str], profile: &[&str]) -> Result<Vec<String>, Failure> {
    let with = |flag: &'static str| profile.iter().flat_map(move |profile| [flag, profile]);
    if !needs::nextest() {
        let args: Vec<&str> = ["test", "--quiet"].into_iter().chain(packages.iter().copied()).chain(with("--profile")).collect();
        return cargo(ground, &args);
    }
    let how = ["--no-fail-fast", "--status-level", "slow", "--final-status-level", "slow", "--cargo-quiet"];
    let args: Vec<&str> =
        ["nextest", "run"].into_iter().chain(packages.iter().copied()).chain(with("--cargo-profile")).chain(how).collect();
    // Chains allocate pages of a database all the time: kept by each thread they cost a tenth less.
    let line = line(&ground.root, "cargo", args).env("GLIBC_TUNABLES", "glibc.malloc.tcache_max=65536");
    line.run_and_keep(|text| text.trim_start().starts_with("Summary ["))
}

fn documentation(ground: &Ground) -> Result<Vec<String>, Failure> {
    let doc = line(&ground.root, "cargo", ["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"]);
    doc.env("RUSTDOCFLAGS", "-D warnings").run().map(none)
}

fn stories(ground: &Ground) -> Vec<std::path::PathBuf> {
    ground.files("tests/browser", ".story.mjs")
}

/// On debug binaries (their pages are read from `dist` at run time): a release build would double the time of a clean run.
fn browser(ground: &Ground) -> Result<Vec<String>, Failure> {
    let chromium = needs::chromium().unwrap_or_default();
    let mut args = vec!["--test".into(), "--test-concurrency=1".into()];
    args.extend(stories(ground).into_iter().map(|path| path.into_os_string()));
    line(&ground.root, "node", args)
        .env("CHROMIUM", chromium)
        .env("BINARIES", ground.target.join("debug"))
        .env("SCREENSHOTS", ground.root.join("screenshots"))
        .run()
        .map(none)
}
