//! The real binaries as processes, and the commands of the guides run on them.
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;

/// Where the binaries are; built first, so that a story is never told by those of yesterday.
pub fn binary(name: &str) -> PathBuf {
    static BUILT: Once = Once::new();
    BUILT.call_once(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the house");
        let built = Command::new(cargo).args(["build", "--quiet", "--workspace", "--bins"]).current_dir(root).status();
        assert!(built.expect("cargo runs").success(), "the binaries are not built");
    });
    let test = std::env::current_exe().expect("this test has a path");
    test.parent().and_then(Path::parent).expect("target/debug/deps").join(name)
}

/// `docs/operating/install.md`: over within eight seconds; a machine that does much else gets some more.
const ENDS_WITHIN_MS: u64 = 12_000;

/// A process that serves; killed when dropped.
pub struct Serving {
    child: Child,
    /// `http://` and its address.
    pub url: String,
}

impl Serving {
    /// Starts `hub serve` or `edge serve` and waits until it listens.
    pub fn start(name: &str, data: &Path, listen: &str) -> Serving {
        let mut command = Command::new(binary(name));
        command.args(["serve", "--listen", listen, "--data"]).arg(data);
        Serving::of(command)
    }

    /// The same on a disk of its own, `megabytes` large, that begins as a copy of the folder and is gone with the process.
    pub fn on_small_disk(name: &str, data: &Path, megabytes: u32, listen: &str) -> Serving {
        let disk = data.with_extension("disk");
        std::fs::create_dir_all(&disk).expect("a folder to mount at");
        let mut command = Command::new("unshare");
        if !is_root() {
            command.args(["--user", "--map-root-user"]);
        }
        let script = r#"mount -t tmpfs -o size="$1"m none "$2" && cp -a "$3/." "$2" && exec "$4" serve --data "$2" --listen "$5""#;
        command.args(["--mount", "sh", "-c", script, "sh", &megabytes.to_string()]).arg(&disk).arg(data).arg(binary(name)).arg(listen);
        Serving::of(command)
    }

    /// The folder as that process sees it.
    pub fn small_disk(&self, data: &Path) -> PathBuf {
        let inside = data.with_extension("disk");
        Path::new("/proc").join(self.child.id().to_string()).join("root").join(inside.strip_prefix("/").expect("an absolute path"))
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().expect("it can be asked").is_none()
    }

    fn of(mut command: Command) -> Serving {
        let mut child = command.env("CATENA_LOG", "error").stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let listens = lines.find_map(|line| line.ok()?.split("listens on ").nth(1).map(str::to_owned));
        Serving { child, url: listens.unwrap_or_else(|| panic!("{command:?} does not listen")) }
    }

    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// As whoever supervises ends it: in order, and within the bound that the guide promises.
    pub fn end(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(asked.success());
        for _ in 0..ENDS_WITHIN_MS / 20 {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                assert!(status.success(), "it ended with {status}");
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("it does not end");
    }

    /// As a power cut ends it.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ended");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Runs one command to its end; what it said, or what it said was wrong.
pub fn run(name: &str, arguments: &[&str]) -> Result<String, String> {
    let done = Command::new(binary(name)).args(arguments).env("CATENA_LOG", "error").stdin(Stdio::null()).output().expect("it starts");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if done.status.success() { Ok(said(&done.stdout)) } else { Err(said(&done.stderr)) }
}

/// Runs one that must succeed.
pub fn done(name: &str, arguments: &[&str]) -> String {
    run(name, arguments).unwrap_or_else(|why| panic!("{name} {arguments:?}: {why}"))
}

/// The commands of a guide: its lines in fences that begin with `hub` or `edge`.
pub fn fenced(guide: &str) -> Vec<String> {
    lines(&text(guide))
}

/// Those of one part of it, without what stands behind `#`.
pub fn commands(guide: &str, part: &str) -> Vec<String> {
    let text = text(guide);
    let begins = format!("\n## {part}\n");
    let after = text.split(begins.as_str()).nth(1).unwrap_or_else(|| panic!("{guide} has no part {part}"));
    let found = lines(after.split("\n## ").next().unwrap_or_default());
    assert!(!found.is_empty(), "{guide}, {part}: no command");
    found.iter().map(|line| line.split('#').next().unwrap_or_default().trim().to_owned()).collect()
}

fn text(guide: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the house");
    std::fs::read_to_string(root.join("docs/operating").join(guide)).expect("the guide is there")
}

fn lines(text: &str) -> Vec<String> {
    let mut fenced = false;
    let in_fence = text.lines().filter(|line| {
        fenced ^= line.trim_start().starts_with("```");
        fenced && (line.starts_with("hub ") || line.starts_with("edge "))
    });
    in_fence.map(str::to_owned).collect()
}
