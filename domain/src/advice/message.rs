//! Messages with places that are filled from what is known.

use serde::{Deserialize, Serialize};

/// Stands between two ways to write a line: the first one all of whose places can be filled is used.
const OR: &str = " || ";

/// A message that can be sent as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its subject: the first line.
    pub subject: String,
    /// All other lines.
    pub body: String,
    /// The places whose value is not known: lines that need them were left out.
    pub missing: Vec<String>,
}

/// Returns the places of a template, each once, in their order.
#[must_use]
pub fn places(template: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for (place, _) in template.split('{').skip(1).filter_map(|rest| rest.split_once('}')) {
        if !found.contains(&place) {
            found.push(place);
        }
    }
    found
}

/// Fills a template's places, written `{account.name}`. A line with a place that has no value is left out, unless
/// it offers another way behind `||`; what was missing is named.
#[must_use]
pub fn write(template: &str, value: impl Fn(&str) -> Option<String>) -> Message {
    let value = |place: &str| value(place).filter(|text| !text.trim().is_empty());
    let mut missing: Vec<String> = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    for line in template.lines() {
        let filled = line.split(OR).find_map(|way| fill(way, &value));
        if filled.is_none() {
            let unknown = places(line).into_iter().filter(|place| value(place).is_none());
            for place in unknown.map(str::to_owned) {
                if !missing.contains(&place) {
                    missing.push(place);
                }
            }
        }
        lines.extend(filled);
    }
    // Where lines were left out, one empty line is enough.
    lines.dedup_by(|next, before| next.is_empty() && before.is_empty());
    let mut lines = lines.into_iter();
    let subject = lines.next().unwrap_or_default();
    let body = lines.collect::<Vec<_>>().join("\n").trim().to_owned();
    Message { subject, body, missing }
}

fn fill(line: &str, value: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut filled = String::with_capacity(line.len() + 32);
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('{') {
        let (place, behind) = after.split_once('}')?;
        filled.push_str(before);
        filled.push_str(&value(place)?);
        rest = behind;
    }
    filled.push_str(rest);
    Some(filled)
}
