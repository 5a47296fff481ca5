//! `cargo measure`: what users do, against bare rusqlite with the same rows in the same run. Read ratios, not microseconds.
mod bare;
mod chain;
mod figures;
mod hub;
mod sale;

use figures::Figures;
use std::path::PathBuf;

fn main() {
    let out = std::env::args().nth(1).map(PathBuf::from);
    let folder = std::env::temp_dir().join(format!("catena-measure-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder to measure in");
    let mut figures = Figures::default();
    let mut chain = chain::Chain::new(&folder, 5_000, 2_000);
    chain.pull(&mut figures);
    sale::measure(&mut chain, &folder, &mut figures);
    hub::measure(&mut chain, &folder, &mut figures);
    let _ = std::fs::remove_dir_all(&folder);
    print!("{}", figures.table());
    if let Some(out) = out {
        std::fs::write(&out, figures.page()).expect("the page is written");
        println!("written to {}", out.display());
    }
}
