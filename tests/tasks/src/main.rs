//! What a person types at the root of the repository: `cargo demo`, `cargo verify`, `cargo pages`, `cargo gen`.
//! Knows no rule of the chain: it starts the real tools and the real binaries.

mod demo;
mod failure;
mod generated;
mod ground;
mod needs;
mod sample;
mod shell;
mod verify;

use std::process::ExitCode;

use failure::Failure;
use ground::Ground;
use shell::line;

const USAGE: &str = "\
cargo verify               install what is missing, then run every test there is
cargo pages                build the pages of both binaries
cargo simulate             run the simulated chain; --seed N --seeds COUNT --minutes T --steps M --branches B --faults LIST
cargo measure [purchases=FILE]  measure what the design promises, in ratios to the bare engine; writes docs/measured.md
cargo sample DIR [N]       write the sample chain of N branches as CSV files for `hub import`
cargo gen                  write the generated files (OpenAPI of both binaries, types of the pages)";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let ground = Ground::here();
    match chosen(&ground, &args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn chosen(ground: &Ground, args: &[String]) -> Result<(), Failure> {
    match args.first().map(String::as_str) {
        Some("demo") => demo::run(ground, &args[1..]),
        Some("verify") => verify::run(ground),
        Some("pages") => ground.apps().into_iter().try_for_each(|app| uibuild::ensure(&ground.root, app).map(drop).map_err(Failure::Pages)),
        Some("gen") => generated::write(ground),
        Some("measure") => measure(ground, &args[1..]),
        Some("sample") => {
            let (folder, count) =
                (args.get(1).map_or("sample", String::as_str), args.get(2).and_then(|count| count.parse().ok()).unwrap_or(2));
            let branches = sample::branches(count);
            for person in sample::sign_ins(&branches) {
                println!("{} {:<10} {} {} {}", person.code, person.role, person.pin, person.branch, person.name);
            }
            sample::write(folder.as_ref(), &branches)
        }
        _ => {
            println!("{}\n{USAGE}", demo::USAGE);
            Ok(())
        }
    }
}

const MEASURED: &str = "docs/measured.md";

/// First what the stores do, then what a person sees: command to changed page, over the real binaries and a browser.
fn measure(ground: &Ground, args: &[String]) -> Result<(), Failure> {
    // What only real sockets can tell leaves its figure for the page.
    line(&ground.root, "cargo", ["test", "--quiet", "-p", "tests", "--test", "integration", "what_lies_at_another_branch"]).run()?;
    uibuild::install(&ground.root).map_err(Failure::Pages)?;
    // The storm is measured on the hub's own binary, which stands beside the one that measures.
    line(&ground.root, "cargo", ["build", "--release", "--quiet", "--workspace", "--bins"]).run()?;
    let program = ground.target.join("release/measure").to_string_lossy().into_owned();
    line(&ground.root, &program, [MEASURED]).run()?;
    line(&ground.root, "node", ["tests/browser/within_a_second.measure.mjs", MEASURED])
        .env("CHROMIUM", needs::chromium().unwrap_or_default())
        .env("BINARIES", ground.target.join("release"))
        .run()?;
    line(&ground.root, &program, [MEASURED, "storm"].into_iter().chain(args.iter().map(String::as_str))).run()
}
