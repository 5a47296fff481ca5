//! What the tests need besides Rust and Node. Installed from the distribution's packages where that is permitted, otherwise named.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::ground::Ground;
use crate::shell::line;

struct Need {
    /// In the words of the person who lacks it.
    what: &'static str,
    package: &'static str,
    there: fn(&Ground) -> bool,
}

const NEEDS: [Need; 5] = [
    Need { what: "Chromium (browser stories)", package: "chromium", there: |_| chromium().is_some() },
    Need { what: "a Chinese font (screenshots, pictures of receipts)", package: "fonts-noto-cjk", there: chinese_font },
    Need { what: "zbarimg (reads the QR code of a printed receipt)", package: "zbar-tools", there: |_| found("zbarimg").is_some() },
    Need { what: "PostgreSQL 15 (head office on a server)", package: "postgresql-15", there: postgres },
    Need { what: "libfaketime (a till whose clock is wrong)", package: "libfaketime", there: faketime },
];

/// Node's oldest version that the pages are built with.
const NODE_MIN: (u32, u32) = (20, 19);

pub fn install(ground: &Ground) -> Result<(), Failure> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.there)(ground)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    let how = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    let root = line(&ground.root, "id", ["-u"]).read().is_ok_and(|id| id.trim() == "0");
    if !root || found("apt-get").is_none() {
        let what = missing.iter().map(|need| need.what).collect::<Vec<_>>().join(", ");
        return Err(Failure::Missing { what, how: format!("sudo {how}") });
    }
    line(&ground.root, "apt-get", ["update", "-q"]).read()?;
    line(&ground.root, "sh", ["-c", &how]).env("DEBIAN_FRONTEND", "noninteractive").read()?;
    match missing.iter().find(|need| !(need.there)(ground)) {
        Some(need) => Err(Failure::Missing { what: format!("{} (also after its package was installed)", need.what), how }),
        None => Ok(()),
    }
}

pub fn node() -> Result<(), Failure> {
    let how = "install Node 20.19 or newer, with npm";
    let version = uibuild::node_version().map_err(|_| Failure::Missing { what: "Node".into(), how: how.into() })?;
    let mut parts = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    match (parts.next().unwrap_or_default(), parts.next().unwrap_or_default()) >= NODE_MIN {
        true => Ok(()),
        false => Err(Failure::Missing { what: format!("a newer Node than {version}"), how: how.into() }),
    }
}

/// The browser that the stories drive.
pub fn chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(found)
}

/// Whether cargo-nextest is there; without it the tests run under `cargo test`.
pub fn nextest() -> bool {
    found("cargo-nextest").is_some()
}

fn postgres(_: &Ground) -> bool {
    std::path::Path::new("/usr/lib/postgresql/15/bin/initdb").is_file() && found("psql").is_some()
}

fn faketime(ground: &Ground) -> bool {
    line(&ground.root, "find", ["/usr/lib", "/usr/local/lib", "-name", "libfaketime.so.1"])
        .read()
        .is_ok_and(|found| !found.trim().is_empty())
}

fn chinese_font(ground: &Ground) -> bool {
    line(&ground.root, "fc-list", [":lang=zh", "family"]).read().is_ok_and(|list| !list.trim().is_empty())
}

fn found(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
