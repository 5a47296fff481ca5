//! Where the repository lies and what is in it.

use std::path::{Path, PathBuf};

use uibuild::App;

pub struct Ground {
    pub root: PathBuf,
    /// Where cargo puts what it builds.
    pub target: PathBuf,
}

impl Ground {
    pub fn here() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let root = root.canonicalize().unwrap_or(root);
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        Self { target, root }
    }

    pub fn has(&self, path: &str) -> bool {
        self.root.join(path).exists()
    }

    /// Applications that have pages.
    pub fn apps(&self) -> Vec<App> {
        [App::Edge, App::Hub].into_iter().filter(|app| app.exists(&self.root)).collect()
    }

    /// A binary as cargo built it; `profile` is the folder's name: debug or release.
    pub fn binary(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(name)
    }

    /// Files of `folder` whose names end in `end`, in order.
    pub fn files(&self, folder: &str, end: &str) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten();
        let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(|path| path.to_string_lossy().ends_with(end)).collect();
        files.sort();
        files
    }

    /// Whether the root's package.json names this npm script.
    pub fn has_script(&self, name: &str) -> bool {
        std::fs::read_to_string(self.root.join("package.json")).is_ok_and(|text| text.contains(&format!("\"{name}\":")))
    }
}
