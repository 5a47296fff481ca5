//! The calls of npm. Install scripts stay off: no package of ours needs one.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{App, Fault, fingerprint};

/// Brings the packages of the lock file, unless they are those already. True if it had to.
pub fn install(root: &Path) -> Result<bool, Fault> {
    let _lock = crate::lock(root)?;
    install_locked(root)
}

pub(crate) fn install_locked(root: &Path) -> Result<bool, Fault> {
    let (lock, stamp) = (fingerprint::of_file(&root.join("package-lock.json")), root.join("node_modules/.lock-stamp"));
    if lock.is_some() && fs::read_to_string(&stamp).ok() == lock {
        return Ok(false);
    }
    run(root, &["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"])?;
    fs::write(&stamp, lock.unwrap_or_default()).map_err(|cause| Fault::Disk { path: stamp, cause })?;
    Ok(true)
}

pub(crate) fn build(root: &Path, app: App) -> Result<(), Fault> {
    run(root, &["run", "build", "--workspace", app.folder()])
}

/// Node's version as it prints it ("v20.20.2").
pub fn node_version() -> Result<String, Fault> {
    let output = Command::new("node").arg("--version").output().map_err(Fault::NoNode)?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().into())
}

/// Output of npm goes to standard error: a build script's standard output speaks to cargo.
fn run(root: &Path, args: &[&str]) -> Result<(), Fault> {
    let output = Command::new("npm").args(args).current_dir(root).stdin(std::process::Stdio::null()).output().map_err(Fault::NoNode)?;
    if output.status.success() {
        return Ok(());
    }
    eprintln!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(Fault::Npm { run: format!("npm {}", args.join(" ")), code: output.status.code() })
}
