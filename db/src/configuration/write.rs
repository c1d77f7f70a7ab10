//! Writing YAML: one spelling for each value, in the order that people read.
//!
//! A text that could be taken for anything else is quoted as JSON quotes it, which YAML reads the same.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::yaml::plain;

/// Words that come first, in this order; the others follow by the alphabet.
const FIRST: [&str; 20] = [
    "keepwell",
    "workspace",
    "fields",
    "scorecards",
    "built_in_rules",
    "rules",
    "views",
    "reports",
    "dashboards",
    "name",
    "key",
    "rule",
    "label",
    "kind",
    "on",
    "published",
    "draft",
    "weight",
    "source",
    "condition",
];
/// Longest line on which a small thing stands whole, in characters.
const LINE_CHARS_MAX: usize = 110;
/// Longest text without quotes, in characters.
const PLAIN_CHARS_MAX: usize = 200;
/// Words that some readers of YAML take for yes or no.
const ANSWERS: [&str; 6] = ["y", "n", "yes", "no", "on", "off"];

/// Returns a map as YAML.
pub(super) fn write(map: &Map<String, Value>) -> String {
    let mut text = String::new();
    for (key, value) in in_order(map) {
        entry(&mut text, 0, key, value);
    }
    text
}

fn in_order(map: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut all: Vec<(&String, &Value)> = map.iter().collect();
    all.sort_by_key(|(key, _)| (FIRST.iter().position(|first| first == key).unwrap_or(FIRST.len()), *key));
    all
}

/// Writes a word and what stands under it, from the present place of the line on.
fn entry(text: &mut String, indent: usize, key: &str, value: &Value) {
    text.push_str(&word(key));
    text.push(':');
    if let Some(line) = on_one_line(value).filter(|line| is_flat(value) || fits(indent, key, line)) {
        let _ = writeln!(text, " {line}");
        return;
    }
    text.push('\n');
    match value {
        Value::Array(list) => list.iter().for_each(|one| thing(text, indent + 2, one)),
        Value::Object(map) => {
            for (key, value) in in_order(map) {
                pad(text, indent + 2);
                entry(text, indent + 2, key, value);
            }
        }
        _ => {}
    }
}

/// Writes one thing of a list.
fn thing(text: &mut String, indent: usize, value: &Value) {
    pad(text, indent);
    text.push_str("- ");
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (place, (key, value)) in in_order(map).into_iter().enumerate() {
                if place > 0 {
                    pad(text, indent + 2);
                }
                entry(text, indent + 2, key, value);
            }
        }
        other => {
            let _ = writeln!(text, "{}", flow(other));
        }
    }
}

/// Returns whether a value holds no words with something under them.
fn is_flat(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.is_empty(),
        Value::Array(list) => list.iter().all(is_flat),
        _ => true,
    }
}

/// Returns a value as one line, unless things in it have things in them.
fn on_one_line(value: &Value) -> Option<String> {
    let is_small = match value {
        Value::Object(map) => map.values().all(is_flat),
        Value::Array(_) => is_flat(value),
        _ => true,
    };
    is_small.then(|| flow(value))
}

fn fits(indent: usize, key: &str, line: &str) -> bool {
    indent + key.chars().count() + line.chars().count() < LINE_CHARS_MAX
}

fn flow(value: &Value) -> String {
    match value {
        Value::Array(list) => format!("[{}]", list.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let pairs: Vec<String> =
                in_order(map).into_iter().map(|(key, value)| format!("{}: {}", word(key), flow(value))).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        Value::String(text) => word(text),
        other => other.to_string(),
    }
}

fn pad(text: &mut String, indent: usize) {
    text.extend(std::iter::repeat_n(' ', indent));
}

/// Returns a text without quotes where nothing else can be read in it.
fn word(text: &str) -> String {
    let is_safe = text.chars().count() <= PLAIN_CHARS_MAX
        && text.chars().next().is_some_and(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.chars().all(|c| c.is_alphanumeric() || " _-./()%".contains(c))
        && plain(text).is_string()
        && !ANSWERS.contains(&text.to_lowercase().as_str());
    if is_safe { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for c in Value::from(text).to_string().chars() {
        match c {
            // Signs that nobody sees, or that end a line for some readers.
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}
