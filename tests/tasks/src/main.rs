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

const USAGE: &str = "\
cargo verify               install what is missing, then run every test there is
cargo pages                build the pages of both binaries
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
