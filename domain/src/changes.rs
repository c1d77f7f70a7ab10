//! The change log: the closed list of what can happen, and what a row of the log holds.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::fields::{self, Subject};
use crate::id::{AccountId, BatchId, UserId};
use crate::time::Timestamp;

/// What happened. Undo, the timeline, the live feed and the score are readers of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A subject came into being; `after` holds all its fields that are not empty.
    Created,
    /// Fields of a subject changed; `before` and `after` hold those fields and no others.
    Updated,
    /// A subject was deleted; `before` holds all its fields.
    Deleted,
    /// A score was computed and moved; `before` and `after` hold score, band and coverage.
    Scored,
    /// A batch of changes was taken back.
    Undone,
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out or a session was revoked.
    SignedOut,
    /// Somebody took data out; `after` says what, as which file, and how many rows.
    Exported,
}

impl Change {
    /// Returns the word stored in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
            Self::Scored => "scored",
            Self::Undone => "undone",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::Exported => "exported",
        }
    }

    /// Returns the change with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        use Change::{Created, Deleted, Exported, Scored, SignedIn, SignedOut, Undone, Updated};
        let all = [Created, Updated, Deleted, Scored, Undone, SignedIn, SignedOut, Exported];
        all.into_iter().find(|change| change.key() == key)
    }
}

/// One row of the change log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the workspace's log; gap-free, from 1.
    pub seq: i64,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; `None` for the system.
    pub actor: Option<UserId>,
    /// What happened.
    pub change: Change,
    /// What kind of thing it happened to.
    pub subject: Subject,
    /// Which one.
    pub subject_id: Uuid,
    /// The account it belongs to, for the timeline.
    pub account: Option<AccountId>,
    /// The fields as they were.
    pub before: Map<String, Value>,
    /// The fields as they became.
    pub after: Map<String, Value>,
    /// The batch it can be undone with.
    pub batch: Option<BatchId>,
}

/// A group of changes that are undone together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Identifies the batch.
    pub id: BatchId,
    /// What made it: `import`, `edit` or `undo`.
    pub kind: String,
    /// What people recognise it by, such as the file's name.
    pub label: String,
    /// What it did, in numbers.
    pub counts: Value,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When it was taken back, if it was.
    pub undone_at: Option<Timestamp>,
}

/// One thing that could not be taken back, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UndoConflict {
    /// What kind of thing it is.
    pub subject: Subject,
    /// Which one.
    pub subject_id: Uuid,
    /// What people call it.
    pub name: String,
    /// One sentence that says why it was left as it is.
    pub reason: String,
}

/// What an undo did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UndoReport {
    /// The batch that can take the undo back.
    pub batch: BatchId,
    /// Changes that were taken back.
    pub undone: u32,
    /// Changes that were left, because somebody changed the same thing later.
    pub conflicts: u32,
    /// The first hundred of them.
    pub examples: Vec<UndoConflict>,
}

/// Returns the fields that differ between two states of a subject, as they were and as they became.
/// Bookkeeping (`version`, `updated_at`) is left out; custom fields are compared one by one.
#[must_use]
pub fn diff(before: &Map<String, Value>, after: &Map<String, Value>) -> (Map<String, Value>, Map<String, Value>) {
    let (mut was, mut became) = (Map::new(), Map::new());
    let keys = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key)));
    for key in keys.filter(|key| !matches!(key.as_str(), "version" | "updated_at" | "custom")) {
        let (old, new) = (before.get(key).unwrap_or(&Value::Null), after.get(key).unwrap_or(&Value::Null));
        if old != new {
            was.insert(key.clone(), old.clone());
            became.insert(key.clone(), new.clone());
        }
    }
    let empty = Map::new();
    let custom = |row: &Map<String, Value>| row.get("custom").and_then(Value::as_object).unwrap_or(&empty).clone();
    let (old_custom, new_custom) = (custom(before), custom(after));
    let keys = old_custom.keys().chain(new_custom.keys().filter(|key| !old_custom.contains_key(*key)));
    for key in keys {
        let (old, new) = (old_custom.get(key).unwrap_or(&Value::Null), new_custom.get(key).unwrap_or(&Value::Null));
        if old != new {
            was.insert(format!("custom.{key}"), old.clone());
            became.insert(format!("custom.{key}"), new.clone());
        }
    }
    (was, became)
}

/// Returns a subject's document as it was before an entry of the log, given the document after it; `None` stands
/// for a subject that does not exist. Entries that are not about a document leave it as it is.
#[must_use]
pub fn rewind(document: Option<Map<String, Value>>, entry: &Entry) -> Option<Map<String, Value>> {
    match entry.change {
        Change::Created => None,
        Change::Deleted => Some(entry.before.clone()),
        Change::Updated => document.map(|document| with(document, &entry.before)),
        _ => document,
    }
}

/// Returns a subject's document as an entry of the log left it, given the document before it; the other way round
/// of [`rewind`].
#[must_use]
pub fn replay(document: Option<Map<String, Value>>, entry: &Entry) -> Option<Map<String, Value>> {
    match entry.change {
        Change::Created => Some(entry.after.clone()),
        Change::Deleted => None,
        Change::Updated => document.map(|document| with(document, &entry.after)),
        _ => document,
    }
}

/// Returns the document with these fields; a null takes the field away, as documents hold none.
fn with(mut document: Map<String, Value>, fields: &Map<String, Value>) -> Map<String, Value> {
    for (key, value) in fields {
        if value.is_null() && !key.starts_with("custom.") {
            document.remove(key);
        } else {
            fields::set(&mut document, key, value.clone());
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_document_is_taken_back_and_brought_forward_again() {
        let states = [
            json!({"name": "Acme", "version": 1, "custom": {}}),
            json!({"name": "Acme", "tier": "pro", "version": 2, "custom": {"plan": "a"}}),
            json!({"name": "Acme Ltd", "version": 3, "custom": {"seats": 4}}),
        ]
        .map(row);
        let entry = |change, before, after| Entry {
            seq: 1,
            at: Timestamp(0),
            actor: None,
            change,
            subject: Subject::Account,
            subject_id: Uuid::nil(),
            account: None,
            before,
            after,
            batch: None,
        };
        let mut entries = vec![entry(Change::Created, Map::new(), states[0].clone())];
        for pair in states.windows(2) {
            let (mut before, mut after) = diff(&pair[0], &pair[1]);
            before.insert("version".to_owned(), pair[0]["version"].clone());
            after.insert("version".to_owned(), pair[1]["version"].clone());
            entries.push(entry(Change::Updated, before, after));
        }
        entries.push(entry(Change::Deleted, states[2].clone(), Map::new()));
        let mut expected: Vec<Option<Map<String, Value>>> = states.into_iter().map(Some).collect();
        expected.insert(0, None);
        expected.push(None);
        for (at, entry) in entries.iter().enumerate() {
            assert_eq!(replay(expected[at].clone(), entry), expected[at + 1], "forward {at}");
            assert_eq!(rewind(expected[at + 1].clone(), entry), expected[at], "back {at}");
        }
    }

    fn row(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn only_what_changed_is_kept() {
        let before = row(json!({"name": "Acme", "tier": null, "version": 1, "custom": {"a": 1, "b": 2}}));
        let after = row(json!({"name": "Acme", "tier": "pro", "version": 2, "custom": {"b": 3, "c": 4}}));
        let (was, became) = diff(&before, &after);
        assert_eq!(Value::Object(was), json!({"tier": null, "custom.a": 1, "custom.b": 2, "custom.c": null}));
        assert_eq!(Value::Object(became), json!({"tier": "pro", "custom.a": null, "custom.b": 3, "custom.c": 4}));
    }

    #[test]
    fn equal_states_have_no_difference() {
        let state = row(json!({"name": "Acme", "custom": {}}));
        assert_eq!(diff(&state, &state), (Map::new(), Map::new()));
    }
}
