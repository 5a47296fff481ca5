//! Goal: what the operating guides tell a person to type is what the binaries take. Method: each line in a fence that begins with `hub` or
//! `edge` is run as it stands, file by file, on the real binaries; only folders, addresses and the code of the day are put in.
use crate::binaries::{Serving, binary, fenced};
use crate::till::HOUSE;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

struct Person {
    folder: PathBuf,
    code: String,
    serving: BTreeMap<String, Serving>,
}

impl Person {
    fn types(&mut self, guide: &str, line: &str) {
        let folder = self.folder.display().to_string();
        let hub = self.serving.get("hub").map_or(String::new(), |hub| hub.url.clone());
        let line = line
            .replace("/var/lib/", &format!("{folder}/"))
            .replace("/backup/", &format!("{folder}/"))
            .replace("https://hub.example.com", &hub)
            .replace("CODE", &self.code)
            .replace(":7000", ":0")
            .replace(":7001", ":0");
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[1] {
            "serve" => {
                let data = words[1 + words.iter().position(|word| *word == "--data").expect("a folder")];
                self.serving.insert(words[0].to_owned(), Serving::start(words[0], Path::new(data), "127.0.0.1:0"));
            }
            what => {
                if what == "rebuild" {
                    // "Not while it serves", the guide says.
                    self.serving.remove(words[0]);
                }
                let said = self.shell(&line).unwrap_or_else(|why| panic!("{guide}: {line}\n{why}"));
                if what == "enrol-code" {
                    self.code = said;
                }
            }
        }
    }

    fn shell(&self, line: &str) -> Result<String, String> {
        let binaries = binary("hub").parent().expect("a folder").to_path_buf();
        let path = format!("{}:{}", binaries.display(), std::env::var("PATH").unwrap_or_default());
        let done = Command::new("sh").args(["-c", line]).current_dir(&self.folder).env("PATH", path).env("CATENA_LOG", "error").output();
        let done = done.map_err(|error| error.to_string())?;
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if done.status.success() { Ok(said(&done.stdout)) } else { Err(said(&done.stderr)) }
    }
}

#[test]
fn what_the_guides_say_can_be_typed() {
    let folder = std::env::temp_dir().join(format!("catena-guides-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("files")).expect("a folder for the test");
    for (kind, columns, lines) in HOUSE {
        let file = folder.join("files").join(format!("{kind:?}.csv").to_lowercase());
        std::fs::write(file, format!("{columns}\n{}\n", lines.join("\n"))).expect("written");
    }
    let mut person = Person { folder: folder.clone(), code: String::new(), serving: BTreeMap::new() };
    let mut typed = 0;
    for guide in ["install.md", "backup.md", "verify.md"] {
        for line in fenced(guide) {
            person.types(guide, &line);
            typed += 1;
        }
    }
    assert!(typed >= 14, "{typed} lines were found");
    assert!(folder.join("keys.txt").exists() && folder.join("edge.db").exists() && folder.join("hub.db").exists());
    drop(person);
    std::fs::remove_dir_all(&folder).expect("the test's own folder");
}

// Of every other guide: no command and no option that the binaries do not know.
#[test]
fn no_guide_names_a_command_or_an_option_that_is_not_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the house");
    let help = |words: &[&str]| {
        let said = Command::new(binary(words[0])).args(&words[1..]).arg("--help").output().expect("it runs");
        String::from_utf8_lossy(&said.stdout).into_owned()
    };
    for folder in ["docs/operating", "docs/guides"] {
        for file in std::fs::read_dir(root.join(folder)).expect("the guides").flatten() {
            let text = std::fs::read_to_string(file.path()).expect("a text");
            let spans = text.split('`').skip(1).step_by(2).filter(|span| span.starts_with("hub ") || span.starts_with("edge "));
            for span in spans {
                let words: Vec<&str> = span.split_whitespace().collect();
                let known = help(&words[..2.min(words.len())]);
                assert!(known.contains("Usage"), "{}: {span}", file.path().display());
                for option in words.iter().filter(|word| word.starts_with("--")) {
                    assert!(known.contains(option), "{}: {option} of {span}", file.path().display());
                }
            }
        }
    }
}
