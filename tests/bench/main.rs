//! `measure [PAGE] [PART…] [purchases=FILE] [entries=N] [processes=N] [lines=N]`, called by `cargo measure`: what users do, against bare rusqlite with the same rows in the same run. Read ratios, not microseconds.
mod anew;
mod bare;
mod chain;
mod day;
mod figures;
mod history;
#[path = "../../shared/tests/house/server.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod house;
mod hub;
mod line;
mod processes;
mod purchases;
mod sale;
mod search;
mod server;
mod storm;
mod year;

use figures::Figures;
use std::path::{Path, PathBuf};

/// What other measurements leave for the page: figures that only a browser can find.
const JOINED: &str = "target/measured";

/// `purchases=FILE`: what people bought, lines of `customer date items amount`; without it, made ones of the same shape.
const PURCHASES: &str = "purchases=";

/// `entries=N`: so long a history grows behind the measured intake; 1 000 entries take 300 ms and 6 MB on each side. So many entries a table is
/// folded anew from.
const ENTRIES: &str = "entries=";

/// `processes=N`: so many processes of a hub take in at one server.
const PROCESSES: &str = "processes=";

/// `lines=N`: a bill's, where a table is folded anew.
const LINES: &str = "lines=";

fn main() {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().map(PathBuf::from);
    let parts: Vec<String> = arguments.collect();
    if is_role(out.as_deref(), &parts) {
        return;
    }
    let (options, parts): (Vec<String>, Vec<String>) = parts.into_iter().partition(|part| part.contains('='));
    let option = |name: &str| options.iter().find_map(|option| option.strip_prefix(name));
    let bought = option(PURCHASES).map(PathBuf::from);
    let number = |name: &str| option(name).map(|number| number.parse::<usize>().expect("a number"));
    let long = number(ENTRIES).unwrap_or(hub::LONG);
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|wanted| wanted == part);
    let folder = std::env::temp_dir().join(format!("catena-measure-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder to measure in");
    let mut figures = Figures::default();
    if parts == ["profile"] {
        // Few sales on a small chain and a few batches at its hub, for a profiler: `Chain::tender` and `Chain::take` stand for ours,
        // `Bare::sale` and `Bare::batch` for the bare engine.
        let mut chain = chain::Chain::new(&folder, 500, 500);
        chain.pull(&mut figures);
        sale::measure(&mut chain, &folder, &mut figures, 200);
        return hub::measure(&mut chain, &folder, &mut figures, 400);
    }
    when_asked_for(&parts, &folder, &mut figures, bought.as_deref(), number);
    if ["sale", "hub", "branch"].into_iter().any(wanted) {
        // A part alone is measured on a small chain, to look for what costs time.
        let (members, products) = if parts.is_empty() || long > hub::LONG { (50_000, 20_000) } else { (5_000, 2_000) };
        let mut chain = chain::Chain::new(&folder, members, products);
        chain.pull(&mut figures);
        if parts == ["branch"] {
            return;
        }
        sale::measure(&mut chain, &folder, &mut figures, sale::SALES);
        day::measure(&mut chain, &folder, &mut figures);
        if wanted("hub") {
            hub::measure(&mut chain, &folder, &mut figures, long);
            // Comparing reads whole tables: not of a history of millions.
            if long <= hub::LONG {
                hub::rebuild(&mut chain, &mut figures);
            }
        }
    }
    for (name, what) in [("edge.db", "branch"), ("hub.db", "head office")] {
        if let Some(file) = std::fs::metadata(folder.join(name)).ok().filter(|_| parts.is_empty()) {
            figures.add(format!("file of the {what} after all this"), format!("{} MB", file.len() / 1_000_000), "—");
        }
    }
    if wanted("search") {
        search::measure(&folder, &mut figures);
    }
    if wanted("year") {
        year::measure(&folder, &mut figures);
    }
    let _ = std::fs::remove_dir_all(&folder);
    figures.join(Path::new(JOINED));
    if let Some(out) = out.filter(|out| out != Path::new("-")) {
        let before = std::fs::read_to_string(&out).unwrap_or_default();
        std::fs::write(&out, figures.page(&before, parts.is_empty())).expect("the page is written");
        println!("written to {}", out.display());
    }
}

/// The parts that a whole run leaves out.
fn when_asked_for(parts: &[String], folder: &Path, figures: &mut Figures, bought: Option<&Path>, number: impl Fn(&str) -> Option<usize>) {
    let asked_for = |part: &str| parts.iter().any(|asked| asked == part);
    if asked_for("storm") {
        // Its sales are like those that the whole run measures, and are not told again.
        let mut chain = chain::Chain::new(folder, 5_000, 2_000);
        chain.pull(&mut Figures::default());
        sale::measure(&mut chain, folder, &mut Figures::default(), 10);
        storm::measure(&mut chain, folder, bought, figures);
    }
    if asked_for("postgres") {
        let folder = folder.join("postgres");
        match number(PROCESSES) {
            None => server::measure(&folder, figures, server::ENTRIES),
            Some(n) => processes::measure(&folder, figures, 2 * server::ENTRIES, n as u16),
        }
    }
    if asked_for("anew") {
        let lines = number(LINES).unwrap_or(5) as u64;
        anew::measure(folder, figures, number(ENTRIES).unwrap_or(hub::LONG), lines);
    }
}

/// What this program does as a process of one of its own measurements; false if it is none.
fn is_role(name: Option<&Path>, parts: &[String]) -> bool {
    match (name.and_then(Path::to_str), parts) {
        (Some("--memory"), [path]) => search::memory(Path::new(path)),
        (Some("--open"), [path]) => anew::open(Path::new(path)),
        (Some("--intake"), [address, file]) => processes::intake(Path::new(address), Path::new(file)),
        (Some("--fill"), [path, members]) => search::fill_store(Path::new(path), members.parse().expect("a number of members")),
        _ => return false,
    }
    true
}
