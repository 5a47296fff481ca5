//! The tree of sources and a lexer just strong enough to tell code from comments and literals.

use std::path::{Path, PathBuf};

/// Folders that hold what is made, fetched or kept beside the sources.
const NOT_SOURCES: [&str; 7] = [".git", ".demo", "target", "node_modules", "dist", "screenshots", "snapshots"];

/// Kinds of file that people write here.
const TEXT: [&str; 14] = ["rs", "toml", "md", "ts", "tsx", "mts", "mjs", "js", "css", "html", "json", "sh", "yml", "sql"];

pub struct Tree {
    pub sources: Vec<Source>,
}

pub struct Source {
    /// From the root of the repository, with `/`.
    pub path: String,
    pub text: String,
    /// Rust only: as long as `text`, comments and the insides of literals blanked, lines kept.
    pub code: String,
    /// Rust only: string literals with the line they begin on.
    pub literals: Vec<(usize, String)>,
}

impl Tree {
    pub fn of_repository() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies one folder below the root").to_path_buf();
        let mut files = Vec::new();
        walk(&root, &mut files);
        files.sort();
        let read = |file: &PathBuf| {
            let path = file.strip_prefix(&root).ok()?.to_str()?.replace('\\', "/");
            Some(Source::new(&path, &std::fs::read_to_string(file).ok()?))
        };
        let sources: Vec<Source> = files.iter().filter_map(read).collect();
        assert!(sources.len() > 10, "the sources were not found under {}", root.display());
        Self { sources }
    }

    pub fn rust(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|source| source.path.ends_with(".rs"))
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        match path.is_dir() {
            true if !NOT_SOURCES.contains(&name.as_str()) => walk(&path, files),
            false if is_text(&path) || name == "run" => files.push(path),
            _ => {}
        }
    }
}

fn is_text(path: &Path) -> bool {
    path.extension().and_then(|end| end.to_str()).is_some_and(|end| TEXT.contains(&end))
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let (code, literals) = if path.ends_with(".rs") { lex(text) } else { (String::new(), Vec::new()) };
        Self { path: path.into(), text: text.into(), code, literals }
    }

    /// Line of a byte offset, counted from 1.
    pub fn line(&self, offset: usize) -> usize {
        1 + self.text.as_bytes()[..offset].iter().filter(|byte| **byte == b'\n').count()
    }

    /// `code` without what is compiled for tests only.
    pub fn production(&self) -> String {
        let stem = self.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        if self.path.starts_with("tests/") && !self.path.starts_with("tests/tasks/")
            || self.path.contains("/tests/") && !self.path.starts_with("tests/tasks/")
        {
            return String::new();
        }
        if stem == "tests" || stem.ends_with("_tests") || stem.ends_with("_golden") || stem == "conformance" {
            return String::new();
        }
        let mut code = self.code.clone().into_bytes();
        let mut from = 0;
        while let Some(found) = self.code[from..].find("#[cfg(test)]") {
            let start = from + found;
            let end = item_end(&self.code, start + "#[cfg(test)]".len());
            code[start..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
            from = end;
        }
        String::from_utf8(code).unwrap_or_default()
    }
}

/// End of the item that begins at `from`: its closing brace or its semicolon, whichever opens or comes first.
pub fn item_end(code: &str, from: usize) -> usize {
    let (mut round, mut curly) = (0_i32, 0_i32);
    for (offset, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => round += 1,
            b')' | b']' => round -= 1,
            b'{' => curly += 1,
            b'}' => curly -= 1,
            b';' if round == 0 && curly == 0 => return offset + 1,
            _ => continue,
        }
        if byte == b'}' && curly == 0 {
            return offset + 1;
        }
    }
    code.len()
}

/// Offsets at which `word` stands by itself, not as part of a longer name.
pub fn words(code: &str, word: &str) -> Vec<usize> {
    let name = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let (bytes, open) = (code.as_bytes(), word.as_bytes());
    let bounded = |at: &usize| {
        let before = at.checked_sub(1).and_then(|i| bytes.get(i));
        let (first, last) = (name(open.first()), name(open.last()));
        !(first && name(before) || last && name(bytes.get(at + word.len())))
    };
    code.match_indices(word).map(|(at, _)| at).filter(bounded).collect()
}

/// Blanks comments and literals and collects the strings.
fn lex(text: &str) -> (String, Vec<(usize, String)>) {
    let (bytes, mut code, mut literals) = (text.as_bytes(), text.as_bytes().to_vec(), Vec::new());
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => text[at..].find('\n').map_or(text.len(), |n| at + n),
            b'/' if bytes.get(at + 1) == Some(&b'*') => block_comment_end(bytes, at),
            b'"' => string_end(bytes, at + 1),
            b'r' | b'b' | b'c' if !follows_name(bytes, at) => match raw_end(text, at) {
                Some(end) => end,
                None => {
                    at += 1;
                    continue;
                }
            },
            b'\'' => match char_end(text, at) {
                Some(end) => end,
                None => {
                    at += 1;
                    continue;
                }
            },
            _ => {
                at += 1;
                continue;
            }
        };
        if bytes[at] != b'/' && bytes[at] != b'\'' {
            let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
            literals.push((line, text[at..end].to_string()));
        }
        code[at..end].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
        at = end.max(at + 1);
    }
    (String::from_utf8(code).unwrap_or_default(), literals)
}

fn follows_name(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

fn block_comment_end(bytes: &[u8], at: usize) -> usize {
    let (mut depth, mut i) = (0, at);
    while i + 1 < bytes.len() {
        match (bytes[i], bytes[i + 1]) {
            (b'/', b'*') => depth += 1,
            (b'*', b'/') => depth -= 1,
            _ => {
                i += 1;
                continue;
            }
        }
        i += 2;
        if depth == 0 {
            return i;
        }
    }
    bytes.len()
}

fn string_end(bytes: &[u8], mut i: usize) -> usize {
    while i < bytes.len() {
        match bytes[i] {
            b'\\' => i += 2,
            b'"' => return i + 1,
            _ => i += 1,
        }
    }
    bytes.len()
}

/// End of `r"…"`, `r#"…"#`, `br"…"` or `b"…"` beginning at `at`; none if it is only a name.
fn raw_end(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let prefix = rest.find(|c: char| !matches!(c, 'r' | 'b' | 'c'))?;
    let marks = rest[prefix..].bytes().take_while(|byte| *byte == b'#').count();
    let open = prefix + marks;
    if prefix > 2 || rest.as_bytes().get(open) != Some(&b'"') {
        return None;
    }
    if !rest[..prefix].contains('r') {
        return (marks == 0).then(|| string_end(text.as_bytes(), at + open + 1));
    }
    let close = format!("\"{}", "#".repeat(marks));
    Some(rest[open + 1..].find(&close).map_or(text.len(), |n| at + open + 1 + n + close.len()))
}

/// End of a character literal at `at`; none for a lifetime.
fn char_end(text: &str, at: usize) -> Option<usize> {
    let mut chars = text[at + 1..].char_indices();
    let (_, first) = chars.next()?;
    if first == '\\' {
        let (skipped, _) = chars.next()?;
        return text[at + 1 + skipped + 1..].find('\'').map(|n| at + 1 + skipped + 1 + n + 1);
    }
    let (offset, second) = chars.next()?;
    (second == '\'').then_some(at + 1 + offset + 1)
}
