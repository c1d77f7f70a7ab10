//! What differs between two states of a thing, value by value.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{DIFFERENCES_MAX, Difference};

/// Longest value that is shown whole, in characters.
const CHARS_MAX: usize = 300;

/// Returns what differs, up to [`DIFFERENCES_MAX`], and how many more differ. `Null` stands for nothing at all.
///
/// Things in lists that have keys or names of their own are held against each other by these, wherever they stand.
#[must_use]
pub fn differences(before: &Value, after: &Value) -> (Vec<Difference>, u32) {
    let mut found = Found { all: Vec::new(), path: Vec::new(), more: 0 };
    found.compare(before, after);
    (found.all, found.more)
}

/// Returns a value as a text for people.
#[must_use]
pub fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= CHARS_MAX {
        return Some(text);
    }
    Some(text.chars().take(CHARS_MAX).chain(['…']).collect())
}

struct Found {
    all: Vec<Difference>,
    path: Vec<String>,
    more: u32,
}

impl Found {
    fn compare(&mut self, before: &Value, after: &Value) {
        if before == after {
            return;
        }
        match (parts(before), parts(after)) {
            (Some(old), Some(new)) => {
                let keys = |parts: &[(String, &Value)]| parts.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
                let (was, became) = (keys(&old), keys(&new));
                self.each(&old, &new);
                // The same things in another order: that, too, is a difference, and the only one.
                let sorted = |mut keys: Vec<String>| {
                    keys.sort();
                    keys
                };
                if before.is_array() && was != became && sorted(was.clone()) == sorted(became.clone()) {
                    self.note(Some(was.join(", ")), Some(became.join(", ")));
                }
            }
            (Some(old), None) if after.is_null() => self.each(&old, &[]),
            (None, Some(new)) if before.is_null() => self.each(&[], &new),
            _ => self.note(shown(before), shown(after)),
        }
    }

    fn each(&mut self, old: &[(String, &Value)], new: &[(String, &Value)]) {
        let known: BTreeMap<&str, &Value> = old.iter().map(|(key, value)| (key.as_str(), *value)).collect();
        let wanted: BTreeMap<&str, &Value> = new.iter().map(|(key, value)| (key.as_str(), *value)).collect();
        let all = new.iter().chain(old.iter().filter(|(key, _)| !wanted.contains_key(key.as_str())));
        for (key, _) in all {
            self.path.push(key.clone());
            let of =
                |side: &BTreeMap<&str, &Value>| side.get(key.as_str()).map_or(Value::Null, |value| (*value).clone());
            self.compare(&of(&known), &of(&wanted));
            self.path.pop();
        }
    }

    fn note(&mut self, before: Option<String>, after: Option<String>) {
        if self.all.len() < DIFFERENCES_MAX {
            self.all.push(Difference { path: self.path.clone(), before, after });
        } else {
            self.more = self.more.saturating_add(1);
        }
    }
}

/// Returns the named parts of a value, if it has any: those of an object, and of a list whose things all have a key
/// or a name that no other has.
fn parts(value: &Value) -> Option<Vec<(String, &Value)>> {
    match value {
        Value::Object(map) if !map.is_empty() => Some(map.iter().map(|(key, value)| (key.clone(), value)).collect()),
        Value::Array(list) if !list.is_empty() => ["key", "name"].iter().find_map(|word| {
            let name = |thing: &Value| thing.get(word).and_then(Value::as_str).map(str::to_owned);
            let mut names: Vec<String> = list.iter().map(name).collect::<Option<_>>()?;
            let named = names.iter().cloned().zip(list).collect();
            names.sort();
            names.windows(2).all(|pair| pair[0] != pair[1]).then_some(named)
        }),
        _ => None,
    }
}
