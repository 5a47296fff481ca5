//! What the pages are built from, as one number. Not against forgery: it only answers "the same as last time?".

use std::fs;
use std::path::Path;

use crate::{App, Fault};

/// Folders that are made, fetched, or do not end up in the pages.
const NOT_INPUT: [&str; 4] = ["dist", "node_modules", "assets", "pages"];

/// FNV-1a, 128 bit.
const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// Files and folders that the pages of `app` are built from, from the root.
pub fn inputs(app: App) -> Vec<String> {
    let own = ["index.html", "vite.config.ts", "package.json", "tsconfig.json", "src", "public"];
    let common =
        ["package.json", "package-lock.json", ".npmrc", "tsconfig.json", "shared/web/src", "shared/web/build", "shared/web/package.json"];
    common.iter().map(|path| path.to_string()).chain(own.iter().map(|path| format!("{}/{path}", app.folder()))).collect()
}

pub fn of(root: &Path, app: App) -> Result<String, Fault> {
    let mut print = BASIS;
    for input in inputs(app) {
        add_path(&mut print, &root.join(input))?;
    }
    Ok(format!("{print:032x}"))
}

/// Of one file; none if it is not there.
pub fn of_file(path: &Path) -> Option<String> {
    let mut print = BASIS;
    add(&mut print, &fs::read(path).ok()?);
    Some(format!("{print:032x}"))
}

fn add_path(print: &mut u128, path: &Path) -> Result<(), Fault> {
    let fault = |cause| Fault::Disk { path: path.to_path_buf(), cause };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if path.is_file() {
        add(print, name.as_bytes());
        add(print, &fs::read(path).map_err(fault)?);
        return Ok(());
    }
    if !path.is_dir() || NOT_INPUT.contains(&name.as_str()) {
        return Ok(());
    }
    let mut entries: Vec<_> = fs::read_dir(path).map_err(fault)?.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    add(print, name.as_bytes());
    entries.iter().try_for_each(|entry| add_path(print, entry))
}

/// Adds the length first, so that two files never look like one.
fn add(print: &mut u128, bytes: &[u8]) {
    for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
        *print = (*print ^ u128::from(*byte)).wrapping_mul(PRIME);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the number follows content and names, and nothing else.
    #[test]
    fn follows_content_not_time() {
        let root = std::env::temp_dir().join(format!("uibuild-{}", std::process::id()));
        let (page, built) = (root.join("edge/web/src/main.tsx"), root.join("edge/web/dist/x.js"));
        for (file, text) in [(&page, "one"), (&built, "made")] {
            fs::create_dir_all(file.parent().expect("a folder")).expect("the temporary folder can be written");
            fs::write(file, text).expect("written");
        }
        let first = of(&root, App::Edge).expect("read");
        fs::write(&page, "one").expect("touched");
        fs::write(&built, "made anew").expect("written");
        assert_eq!(of(&root, App::Edge).expect("read"), first, "times and made files do not count");
        fs::write(&page, "two").expect("written");
        let second = of(&root, App::Edge).expect("read");
        assert_ne!(second, first);
        fs::rename(&page, page.with_file_name("other.tsx")).expect("renamed");
        assert_ne!(of(&root, App::Edge).expect("read"), second);
        fs::remove_dir_all(&root).expect("removed");
    }
}
