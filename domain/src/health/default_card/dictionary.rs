//! Reads the names of columns: what they may mean, and what is never used.

use super::meanings::{MEANINGS, Meaning};

/// Returns what a column's key may mean, most specific first; nothing for outcomes, traits of persons and dates.
///
/// Several meanings are possible because one name can stand for a number in one source and for
/// yes or no in another; the first whose shape fits the values is used.
pub(super) fn meanings(key: &str) -> impl Iterator<Item = &'static Meaning> {
    let words = words(key);
    let usable = !is_off_limits(&words) && !names_a_date(&words);
    MEANINGS.iter().filter(move |meaning| usable && meaning.names.iter().any(|name| contains(&words, name)))
}

/// Returns whether a custom field's key names a service that a customer has or has not.
pub(in crate::health) fn is_service_key(key: &str) -> bool {
    let words = words(key);
    if is_off_limits(&words) || words.iter().any(|word| NO_SERVICES.contains(&word.as_str())) {
        return false;
    }
    let begins = words.first().is_some_and(|word| SERVICE_BEGINNINGS.contains(&word.as_str()));
    let ends = words.last().is_some_and(|word| SERVICE_ENDINGS.contains(&word.as_str()));
    words.len() > 1 && (begins || ends)
}

/// What happened in the end: a score made of it would predict the past.
const OUTCOMES: [&str; 12] = [
    "churn",
    "churned",
    "churner",
    "cancelled",
    "canceled",
    "cancellation",
    "left",
    "exited",
    "attrition",
    "attrited",
    "terminated",
    "lapsed",
];
/// Who somebody is says nothing about how well they are served.
const TRAITS: [&str; 17] = [
    "gender",
    "sex",
    "age",
    "senior",
    "partner",
    "dependent",
    "marital",
    "married",
    "race",
    "ethnicity",
    "religion",
    "nationality",
    "disability",
    "disabled",
    "birth",
    "children",
    "kid",
];
const DATE_ENDINGS: [&str; 12] =
    ["date", "at", "id", "name", "email", "code", "zip", "timestamp", "birthday", "url", "comment", "note"];
const SERVICE_BEGINNINGS: [&str; 7] = ["has", "use", "streaming", "online", "enabled", "multiple", "addon"];
const SERVICE_ENDINGS: [&str; 14] = [
    "service",
    "backup",
    "security",
    "protection",
    "support",
    "streaming",
    "line",
    "addon",
    "module",
    "plan",
    "enabled",
    "integration",
    "data",
    "feature",
];
const NO_SERVICES: [&str; 9] =
    ["complaint", "complain", "complained", "ticket", "call", "internal", "paperless", "debt", "overdue"];

/// Splits a key such as `custom.days_since_last_login` into words in the singular.
fn words(key: &str) -> Vec<String> {
    let key = key.strip_prefix("custom.").unwrap_or(key).to_lowercase();
    key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(singular).collect()
}

fn singular(word: &str) -> String {
    // Words such as "loss", "status" and "ces" are no plurals.
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u']) && !word.ends_with("is") => stem.to_owned(),
        _ => word.to_owned(),
    }
}

fn is_off_limits(words: &[String]) -> bool {
    words.iter().any(|word| OUTCOMES.contains(&word.as_str()))
        // "Account age" and "customer age" are about the relationship and not about a person.
        || words.iter().enumerate().any(|(place, word)| {
            let before = place.checked_sub(1).map(|place| words[place].as_str());
            let of_account = word == "age" && matches!(before, Some("account" | "customer" | "subscription"));
            TRAITS.contains(&word.as_str()) && !of_account
        })
}

fn names_a_date(words: &[String]) -> bool {
    words.last().is_some_and(|word| DATE_ENDINGS.contains(&word.as_str()))
}

/// Returns whether the words of `name` stand in `words` in a row.
fn contains(words: &[String], name: &str) -> bool {
    let count = name.split('_').count();
    words.windows(count).any(|window| window.iter().map(String::as_str).eq(name.split('_')))
}
