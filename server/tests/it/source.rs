//! Reads the source tree for the tests that hold its structure.

use std::fs;
use std::path::{Path, PathBuf};

/// One file of the tree.
pub struct File {
    /// Its path from the root, with forward slashes.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// One function, found by counting braces.
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line it begins on.
    pub line: usize,
    /// How many lines it has.
    pub lines: usize,
    /// What stands above it: attributes and comments.
    pub above: String,
    /// Its arguments and what it returns.
    pub signature: String,
    /// What stands between its braces, without comments.
    pub body: String,
}

/// Returns the root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Returns a file by its path from the root; nothing where there is none.
pub fn read(path: &str) -> Option<String> {
    fs::read_to_string(root().join(path)).ok()
}

/// Returns all files with this ending below a folder.
pub fn files(folder: &str, ending: &str) -> Vec<File> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() {
                if !matches!(name.as_str(), "target" | "node_modules" | "test-results" | "shots")
                    && !name.starts_with('.')
                {
                    folders.push(path);
                }
            } else if name.ends_with(ending)
                && let Ok(text) = fs::read_to_string(&path)
            {
                let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.push(File { path, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Returns the names of a folder's entries.
pub fn names(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(folder)).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Returns the Rust files of the product: no tests, no benchmarks.
pub fn product() -> Vec<File> {
    let crates = ["domain", "db", "app", "server", "frontend"];
    crates
        .iter()
        .flat_map(|folder| files(&format!("{folder}/src"), ".rs"))
        .filter(|file| !is_test(&file.path))
        .collect()
}

/// Returns whether a path holds tests.
pub fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs") || path.contains("/examples/")
}

impl File {
    /// Returns the text without the tests at its end.
    pub fn without_tests(&self) -> &str {
        let end = self.text.find("#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        &self.text[..end]
    }

    /// Returns the text with comments blanked, without the tests at its end.
    pub fn code(&self) -> String {
        blank(self.without_tests(), false)
    }

    /// Returns the text with comments, strings and characters blanked, without the tests at its end.
    pub fn bare(&self) -> String {
        blank(self.without_tests(), true)
    }

    /// Returns the lines of the code that contain `word`, as `path:line: text`.
    pub fn lines_with(&self, word: &str) -> Vec<String> {
        self.report(&self.code(), word)
    }

    /// Returns the lines of the code that contain `word` outside strings, as `path:line: text`.
    pub fn bare_lines_with(&self, word: &str) -> Vec<String> {
        self.report(&self.bare(), word)
    }

    fn report(&self, code: &str, word: &str) -> Vec<String> {
        let hits = code.lines().enumerate().filter(|(_, line)| has_word(line, word));
        hits.map(|(index, line)| format!("{}:{}: {}", self.path, index + 1, line.trim())).collect()
    }

    /// Returns all functions with a body.
    pub fn functions(&self) -> Vec<Function> {
        let (bare, code) = (self.bare(), self.code());
        let (mut found, mut from) = (Vec::new(), 0);
        while let Some(place) = bare[from..].find("fn ").map(|place| from + place) {
            from = place + 3;
            let begins = place == 0 || !is_name(bare.as_bytes()[place - 1]);
            let Some(open) = bare[place..].find(['{', ';']).map(|open| place + open) else { break };
            if !begins || bare.as_bytes()[open] == b';' {
                continue;
            }
            let Some(close) = closing(&bare, open) else { continue };
            let line = bare[..place].matches('\n').count() + 1;
            let name = bare[place + 3..].split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            let start = bare[..place].rfind(['}', ';', '{']).map_or(0, |start| start + 1);
            found.push(Function {
                name: name.to_owned(),
                line,
                lines: bare[place..close].matches('\n').count() + 1,
                above: code[start..place].to_owned(),
                signature: code[place..open].to_owned(),
                body: code[open + 1..close].to_owned(),
            });
        }
        found
    }
}

/// Returns whether the line holds the word with nothing of a name around it; words that are not names match anywhere.
fn has_word(line: &str, word: &str) -> bool {
    let (first, last) = (word.as_bytes()[0], word.as_bytes()[word.len() - 1]);
    line.match_indices(word).any(|(place, _)| {
        let before = place.checked_sub(1).map(|before| line.as_bytes()[before]);
        let after = line.as_bytes().get(place + word.len()).copied();
        let joins = is_name(first) && before.is_some_and(is_name) || is_name(last) && after.is_some_and(is_name);
        !joins
    })
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn closing(bare: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (place, byte) in bare.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(place);
                }
            }
            _ => {}
        }
    }
    None
}

/// Replaces comments, and strings where asked, by spaces; every byte keeps its place.
fn blank(text: &str, strings: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = token_end(bytes, at);
        let is_comment = bytes[at..].starts_with(b"//") || bytes[at..].starts_with(b"/*");
        if end > at + 1 && (is_comment || strings) {
            for byte in &mut out[at..end] {
                if *byte != b'\n' {
                    *byte = b' ';
                }
            }
        }
        at = end;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Returns where the comment, string or character that begins at `at` ends; the next byte where none begins.
fn token_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let until = |needle: &[u8], from: usize| {
        let found = rest.get(from..).and_then(|rest| rest.windows(needle.len()).position(|window| window == needle));
        found.map_or(bytes.len(), |place| at + from + place + needle.len())
    };
    let after_name = at > 0 && is_name(bytes[at - 1]);
    match rest {
        [b'/', b'/', ..] => rest.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |line| at + line),
        [b'/', b'*', ..] => until(b"*/", 2),
        [b'r', b'#', b'"', ..] if !after_name => until(b"\"#", 3),
        [b'r', b'"', ..] if !after_name => until(b"\"", 2),
        [b'"', ..] => {
            let mut end = at + 1;
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            (end + 1).min(bytes.len())
        }
        // A quote is a character only where another quote follows soon: the others are lifetimes.
        [b'\'', b'\\', ..] => until(b"'", 3),
        [b'\'', first, ..] => {
            let width = match first {
                0xF0.. => 4,
                0xE0.. => 3,
                0xC0.. => 2,
                _ => 1,
            };
            if rest.get(1 + width) == Some(&b'\'') { at + 2 + width } else { at + 1 }
        }
        _ => at + 1,
    }
}

/// A function that the browser can call.
pub struct ServerFunction {
    /// Where it stands.
    pub file: String,
    /// Its name, which is the last part of its address.
    pub name: String,
    /// Whether its arguments travel as JSON; as a form otherwise.
    pub is_json: bool,
    /// Its arguments and their types.
    pub arguments: Vec<(String, String)>,
    /// Its statements.
    pub body: String,
}

/// Returns every server function of the pages.
pub fn server_functions() -> Vec<ServerFunction> {
    let mut found = Vec::new();
    for file in files("app/src", ".rs") {
        for function in file.functions().into_iter().filter(|function| function.above.contains("#[server")) {
            let list = function.signature.split_once('(').map_or("", |(_, list)| list);
            let list = list.rsplit_once("->").map_or(list, |(list, _)| list).trim().trim_end_matches(')');
            found.push(ServerFunction {
                file: file.path.clone(),
                is_json: function.above.contains("Json"),
                arguments: arguments(list),
                name: function.name,
                body: function.body,
            });
        }
    }
    found
}

fn arguments(list: &str) -> Vec<(String, String)> {
    let (mut depth, mut part, mut parts) = (0, String::new(), Vec::new());
    for letter in list.chars() {
        match letter {
            '<' | '(' | '[' => depth += 1,
            '>' | ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(letter);
    }
    parts.push(part);
    let named = parts.iter().filter_map(|part| part.rsplit_once(": ").or_else(|| part.rsplit_once(':')));
    let last_word = |text: &str| text.trim().rsplit([' ', ']', '\n']).next().unwrap_or_default().to_owned();
    named.map(|(name, kind)| (last_word(name), kind.trim().to_owned())).collect()
}

#[test]
fn the_reader_knows_strings_comments_and_functions() {
    let text = "/// A.\n#[server(input = Json)]\npub async fn one(a: Vec<(i64, String)>, #[server(default)] b: Id) -> Result<()> {\n    \
        let x = '{'; // }\n    let s = \"}\\\"{\"; let r = r#\"{\"#; fn inner<'a>(x: &'a str) {}\n}\nfn two() {}\n";
    let file = File { path: "a.rs".to_owned(), text: text.to_owned() };
    let functions = file.functions();
    let names: Vec<_> = functions.iter().map(|function| (function.name.as_str(), function.lines)).collect();
    assert_eq!(names, [("one", 4), ("inner", 1), ("two", 1)]);
    assert!(functions[0].above.contains("#[server(input = Json)]"));
    let list = "a: Vec<(i64, String)>, #[server(default)] b: Id";
    let expected = [("a".to_owned(), "Vec<(i64, String)>".to_owned()), ("b".to_owned(), "Id".to_owned())];
    assert_eq!(arguments(list), expected);
    assert!(has_word("use sqlx::query;", "sqlx") && !has_word("my_sqlx", "sqlx"));
}
