//! Integration and bench: everything that needs more than one crate.

/// Leaves a figure where `cargo measure` joins it to its page: what was found over real sockets or in a browser.
pub fn measured(name: &str, what: &str, found: &str, bar: &str) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/measured");
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(folder.join(name), format!("{what}\t{found}\t{bar}\n")));
    written.expect("the figure is written");
}
