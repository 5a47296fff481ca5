//! Builds the pages with npm, only when their sources changed. Depends on std alone, because build scripts use it.
//! Decides by content, never by a file's time: a checkout touches times. Two cargo runs never run npm at once.

mod fingerprint;
mod npm;

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

pub use npm::{install, node_version};

/// An application whose pages are embedded in a binary.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum App {
    /// Cashier and technician.
    Edge,
    /// Dashboard.
    Hub,
}

/// What kept the pages from being built; each says what to do.
#[derive(Debug)]
pub enum Fault {
    NoNode(io::Error),
    Npm { run: String, code: Option<i32> },
    Disk { path: PathBuf, cause: io::Error },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNode(cause) => write!(
                f,
                "cannot run npm ({cause}): Node >= 20.19 with npm is needed to build the pages. Install it, or set UI=skip to build without pages"
            ),
            Self::Npm { run, code } => match code {
                Some(code) => write!(f, "`{run}` ended with {code}; its own words stand above"),
                None => write!(f, "`{run}` was stopped by a signal"),
            },
            Self::Disk { path, cause } => write!(f, "{}: {cause}", path.display()),
        }
    }
}

impl std::error::Error for Fault {}

impl App {
    /// Folder of the application, from the root of the repository; also the name of its npm workspace folder.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Edge => "edge/web",
            Self::Hub => "hub/web",
        }
    }

    pub fn dist(self, root: &Path) -> PathBuf {
        root.join(self.folder()).join("dist")
    }

    /// Whether the application has pages to build at all.
    pub fn exists(self, root: &Path) -> bool {
        root.join("package.json").is_file() && root.join(self.folder()).join("index.html").is_file()
    }
}

/// Builds the pages of `app` unless `dist` was built from these very sources. True if it had to build.
pub fn ensure(root: &Path, app: App) -> Result<bool, Fault> {
    let _lock = lock(root)?;
    let (print, stamp) = (fingerprint::of(root, app)?, app.dist(root).join(".stamp"));
    if fs::read_to_string(&stamp).is_ok_and(|text| text == print) {
        return Ok(false);
    }
    npm::install_locked(root)?;
    npm::build(root, app)?;
    fs::write(&stamp, print).map_err(|cause| Fault::Disk { path: stamp, cause })?;
    Ok(true)
}

/// The work of the build script of an assets crate: release builds the pages, debug needs no Node and puts a note in their place.
pub fn build_script(root: &Path, app: App) {
    // A path that is not there would make cargo run this script, and compile the pages anew, every time.
    for input in fingerprint::inputs(app).iter().map(|input| root.join(input)).filter(|input| input.exists()) {
        println!("cargo::rerun-if-changed={}", input.display());
    }
    println!("cargo::rerun-if-env-changed=UI");
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let wanted = release && app.exists(root) && std::env::var("UI").as_deref() != Ok("skip");
    let done = if wanted { ensure(root, app).map(|_| ()) } else { note_if_missing(root, app) };
    if let Err(fault) = done {
        println!("cargo::error={fault}");
    }
    // The embedding crate is compiled again when the pages change, although none of its own files did.
    println!("cargo::rustc-env=PAGES={}", fingerprint::of(root, app).unwrap_or_default());
}

fn note_if_missing(root: &Path, app: App) -> Result<(), Fault> {
    let (folder, page) = (app.dist(root), app.dist(root).join("index.html"));
    if page.is_file() {
        return Ok(());
    }
    let note = "<!doctype html><meta charset=\"utf-8\"><title>Catena</title><p>页面尚未生成, 请运行 <code>cargo pages</code>。The pages are not built yet: run <code>cargo pages</code>.\n";
    fs::create_dir_all(&folder).and_then(|()| fs::write(&page, note)).map_err(|cause| Fault::Disk { path: page, cause })
}

/// Held while npm runs. Lies in `target`, which no checkout brings.
fn lock(root: &Path) -> Result<File, Fault> {
    let path = root.join("target").join("pages.lock");
    let open = || {
        fs::create_dir_all(root.join("target"))?;
        let file = File::create(&path)?;
        file.lock()?;
        Ok(file)
    };
    open().map_err(|cause| Fault::Disk { path: path.clone(), cause })
}
