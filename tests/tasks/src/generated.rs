//! Files that a program writes and people commit: the binaries' OpenAPI and the pages' types made from it.
//! `cargo gen` writes them; `cargo verify` fails when they are not what would be written.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::ground::Ground;
use crate::shell::line;

/// (binary, its description, the pages' types made from it)
const FILES: [(&str, &str, &str); 2] = [
    ("edge", "shared/web/openapi-edge.json", "shared/web/src/api/edge.d.ts"),
    ("hub", "shared/web/openapi-hub.json", "shared/web/src/api/hub.d.ts"),
];

/// Whether there is anything generated yet.
pub fn exist(ground: &Ground) -> bool {
    FILES.iter().any(|(_, api, _)| ground.has(api))
}

pub fn write(ground: &Ground) -> Result<(), Failure> {
    line(&ground.root, "cargo", ["build", "--quiet", "--bins", "-p", "edge", "-p", "hub"]).run()?;
    uibuild::install(&ground.root).map_err(Failure::Pages)?;
    for (file, text) in made(ground, |_| true)? {
        let path = ground.root.join(&file);
        let disk = |cause| Failure::Disk { path: path.clone(), cause };
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(disk)?;
        fs::write(&path, text).map_err(disk)?;
        println!("{file}");
    }
    Ok(())
}

pub fn compare(ground: &Ground) -> Result<(), Failure> {
    for (file, text) in made(ground, |api| ground.has(api))? {
        if fs::read_to_string(ground.root.join(&file)).ok().as_deref() != Some(text.as_str()) {
            return Err(Failure::Stale { file });
        }
    }
    Ok(())
}

/// What each file should hold, made beside the sources.
fn made(ground: &Ground, wanted: impl Fn(&str) -> bool) -> Result<Vec<(String, String)>, Failure> {
    let folder: PathBuf = ground.target.join("generated");
    fs::create_dir_all(&folder).map_err(|cause| Failure::Disk { path: folder.clone(), cause })?;
    let mut made = Vec::new();
    for (binary, api, types) in FILES.into_iter().filter(|(_, api, _)| wanted(api)) {
        let program = ground.binary("debug", binary);
        let text = line(&ground.root, &program.to_string_lossy(), ["openapi"]).read()?;
        let (json, dts) = (folder.join(format!("{binary}.json")), folder.join(format!("{binary}.d.ts")));
        fs::write(&json, &text).map_err(|cause| Failure::Disk { path: json.clone(), cause })?;
        let maker = ground.root.join("node_modules/.bin/openapi-typescript");
        line(&ground.root, &maker.to_string_lossy(), [json.as_os_str(), "-o".as_ref(), dts.as_os_str()]).read()?;
        let typed = fs::read_to_string(&dts).map_err(|cause| Failure::Disk { path: dts.clone(), cause })?;
        made.extend([(api.to_string(), text), (types.to_string(), typed)]);
    }
    Ok(made)
}
