//! What an import does with each row: create, update, leave alone, or say why not.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::kind::Kind;
use super::mapping::Mapping;
use super::table::Cells;
use super::value::quoted;
use crate::fields::{Subject, get};
use crate::money::Currency;

/// What to do with rows that exist already, and with those that do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// New rows are created; rows that exist are a conflict.
    Create,
    /// Rows that exist are changed; others are a conflict.
    Update,
    /// Rows that exist are changed, others created.
    Upsert,
}

/// What a blank cell means for a row that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmptyCells {
    /// The field keeps its value.
    Keep,
    /// The field is emptied.
    Clear,
}

/// Everything a person chooses before an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// What the rows are.
    pub subject: Subject,
    /// What to do with rows that exist.
    pub mode: Mode,
    /// The fields that together tell which row of the workspace a row of the file is; empty means
    /// that every row is a new one.
    pub match_keys: Vec<String>,
    /// Which field each column is, and how its cells are written.
    pub mapping: Mapping,
    /// What a blank cell means.
    pub empty_cells: EmptyCells,
    /// The currency of amounts in rows that name none.
    pub currency: Currency,
    /// Where each row is an account and a contact of it: the fields that together tell which contact it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_keys: Option<Vec<String>>,
}

impl Options {
    /// Returns the usual options: upsert by the best key the mapping has, blank cells change nothing.
    #[must_use]
    pub fn new(kind: impl Into<Kind>, mapping: Mapping, currency: Currency) -> Self {
        let kind = kind.into();
        Self {
            subject: kind.subject(),
            mode: Mode::Upsert,
            match_keys: default_match_keys(kind.subject(), &mapping),
            contact_keys: (kind == Kind::AccountWithContact).then(|| Self::usual_contact_keys(&mapping)),
            currency: mapping.currency.unwrap_or(currency),
            mapping,
            empty_cells: EmptyCells::Keep,
        }
    }
}

/// Returns the keys that tell rows of a subject apart, given the columns there are.
#[must_use]
pub fn default_match_keys(subject: Subject, mapping: &Mapping) -> Vec<String> {
    let candidates: &[&[&str]] = match subject {
        Subject::Account => &[&["external_id"], &["domain"], &["name"]],
        Subject::Contact => &[&["account_id", "email"], &["account_id", "name"]],
        Subject::Usage => &[&["account_id", "metric", "day"]],
        Subject::Ticket => &[&["external_id"], &["account_id", "subject", "opened_at"]],
        Subject::Invoice => &[&["external_id"], &["account_id", "issued_at", "product"], &["account_id", "issued_at"]],
        Subject::Survey => {
            &[&["external_id"], &["account_id", "kind", "email", "answered_at"], &["account_id", "kind", "answered_at"]]
        }
        _ => &[],
    };
    let found = candidates.iter().find(|keys| keys.iter().all(|key| mapping.has(key)));
    found.map(|keys| keys.iter().map(|key| (*key).to_owned()).collect()).unwrap_or_default()
}

/// A row of the file whose cells all make sense.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its line in the file.
    pub line: u64,
    /// What [`row_key`] makes of it; `None` where every row is new.
    pub key: Option<String>,
    /// Its values by field key, custom ones under `custom.<key>`; blank cells that keep are absent.
    pub fields: Map<String, Value>,
    /// Values that hold only where the row is created: a name made from the key, the import's currency.
    pub when_new: Map<String, Value>,
    /// Why the row cannot be created, where a required field is blank; it can still be an update.
    pub missing: Option<String>,
}

impl Row {
    /// Returns all values of a subject that is created from the row.
    #[must_use]
    pub fn into_new(self) -> Map<String, Value> {
        let mut fields = self.fields;
        fields.extend(self.when_new);
        fields
    }
}

/// What is wrong with one cell or row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowError {
    /// The line in the file.
    pub line: u64,
    /// The heading of the column; `None` where the whole row is meant.
    pub column: Option<String>,
    /// What stands there, cut to 100 characters.
    pub value: String,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl RowError {
    /// Returns an error about a whole row.
    #[must_use]
    pub fn row(line: u64, message: impl Into<String>) -> Self {
        Self { line, column: None, value: String::new(), message: message.into() }
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "Line {}, column “{column}”: {}", self.line, self.message),
            None => write!(f, "Line {}: {}", self.line, self.message),
        }
    }
}

/// What happens to a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is created, with [`Row::into_new`].
    New,
    /// It changes a row that exists.
    Update {
        /// The fields that change, as they are.
        before: Map<String, Value>,
        /// The same fields as they will be.
        after: Map<String, Value>,
    },
    /// The row that exists has the same values.
    Unchanged,
    /// The mode does not allow it, or the values would contradict each other.
    Conflict(String),
    /// It lacks what a new row needs.
    Invalid(String),
}

/// How many rows of a file have which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All rows.
    pub rows: u64,
    /// Rows that are created.
    pub new: u64,
    /// Rows that change one that exists.
    pub update: u64,
    /// Rows that change nothing, repeated rows included.
    pub unchanged: u64,
    /// Rows that the mode does not allow.
    pub conflict: u64,
    /// Rows with an error.
    pub invalid: u64,
    /// Rows without an error that nobody has looked up yet: new or update.
    pub unknown: u64,
}

impl Counts {
    /// Counts one more row.
    pub fn add(&mut self, outcome: &Outcome) {
        self.rows += 1;
        match outcome {
            Outcome::New => self.new += 1,
            Outcome::Update { .. } => self.update += 1,
            Outcome::Unchanged => self.unchanged += 1,
            Outcome::Conflict(_) => self.conflict += 1,
            Outcome::Invalid(_) => self.invalid += 1,
        }
    }
}

/// Returns the text that tells a row apart, or `None` where a part of it is blank.
///
/// The same function serves rows of the file and rows of the workspace; names, domains and addresses
/// match in any case. References must have been replaced by ids on both sides before.
#[must_use]
pub fn row_key(match_keys: &[String], row: &Map<String, Value>) -> Option<String> {
    let mut key = String::new();
    for (index, part) in match_keys.iter().enumerate() {
        if index > 0 {
            key.push('\u{1f}');
        }
        match get_flat(row, part) {
            Value::Null => return None,
            Value::String(text) if matches!(part.as_str(), "name" | "domain" | "email") => {
                key.push_str(&text.to_lowercase())
            }
            Value::String(text) => key.push_str(text),
            other => key.push_str(&other.to_string()),
        }
    }
    (!key.is_empty()).then_some(key)
}

/// Returns the text that tells rows without a key apart from others that have none: the name of an account without an
/// external id, or of a contact of one account without an address.
///
/// Only files that were exported from here are read this way; elsewhere a blank key is a mistake.
#[must_use]
pub fn name_key(match_keys: &[String], row: &Map<String, Value>) -> Option<String> {
    let (key, account) = match match_keys {
        [key] if key == "external_id" => (key, ""),
        [account, key] if account == "account_id" && key == "email" => (key, get_flat(row, account).as_str()?),
        _ => return None,
    };
    let name = get_flat(row, "name").as_str().filter(|_| get_flat(row, key).is_null())?;
    // No external id and no id of an account begins with this character.
    Some(format!("\u{1e}{account}{}", name.to_lowercase()))
}

/// Says what happens to a row, given the row of the workspace with the same key.
#[must_use]
pub fn classify(existing: Option<&Map<String, Value>>, row: &Row, mode: Mode) -> Outcome {
    let Some(existing) = existing else {
        return match (mode, &row.missing) {
            (Mode::Update, _) => Outcome::Conflict(format!(
                "Nothing here has the key {}. Correct it, or let the import create rows.",
                quoted(&readable_key(row))
            )),
            (_, Some(missing)) => Outcome::Invalid(missing.clone()),
            _ => Outcome::New,
        };
    };
    if mode == Mode::Create {
        let key = quoted(&readable_key(row));
        return Outcome::Conflict(format!("{key} exists already. Remove the row, or let the import update rows."));
    }
    if let Some(conflict) = currency_conflict(existing, row) {
        return Outcome::Conflict(conflict);
    }
    let (mut before, mut after) = (Map::new(), Map::new());
    for (key, new) in &row.fields {
        let old = get(existing, key);
        if !is_same(old, new) {
            before.insert(key.clone(), old.clone());
            after.insert(key.clone(), new.clone());
        }
    }
    if after.is_empty() { Outcome::Unchanged } else { Outcome::Update { before, after } }
}

/// What the rows read so far say about the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// No row before has its key.
    First,
    /// The row in this line is the same, cell by cell.
    Same(u64),
    /// The row in this line has the same key and other cells.
    Clash(u64),
}

/// Remembers the keys of a file; the first row with a key wins.
#[derive(Clone, Debug, Default)]
pub struct Duplicates {
    keys: HashMap<String, (u64, u64)>,
}

impl Duplicates {
    /// Looks for a row's key among those before it and remembers it.
    pub fn see(&mut self, key: &str, line: u64, cells: &Cells) -> Seen {
        let mut hasher = DefaultHasher::new();
        // The ends of the cells count, so that "ab,c" differs from "a,bc".
        cells.iter().for_each(|cell| cell.hash(&mut hasher));
        let print = hasher.finish();
        match self.keys.entry(key.to_owned()) {
            Entry::Vacant(entry) => {
                entry.insert((line, print));
                Seen::First
            }
            Entry::Occupied(entry) => {
                let (first, same) = *entry.get();
                if same == print { Seen::Same(first) } else { Seen::Clash(first) }
            }
        }
    }
}

/// Amounts read in one currency must not land beside amounts in another.
fn currency_conflict(existing: &Map<String, Value>, row: &Row) -> Option<String> {
    let stated = row.fields.get("currency").and_then(Value::as_str);
    let assumed = row.when_new.get("currency").and_then(Value::as_str);
    let kept = get(existing, "currency").as_str()?;
    if let Some(assumed) = assumed.filter(|assumed| *assumed != kept) {
        return Some(format!(
            "The amounts were read as {assumed}, but those kept here are in {kept}. Map a currency column, or import with currency {kept}."
        ));
    }
    let stated = stated.filter(|stated| *stated != kept)?;
    let left = existing
        .iter()
        .find(|(key, value)| key.ends_with("_minor") && !value.is_null() && !row.fields.contains_key(*key));
    left.map(|(key, _)| {
        format!("The currency would change from {kept} to {stated}, but “{key}” is not in the row. Add it.")
    })
}

fn get_flat<'a>(row: &'a Map<String, Value>, key: &str) -> &'a Value {
    row.get(key).unwrap_or_else(|| get(row, key))
}

fn readable_key(row: &Row) -> String {
    row.key.as_deref().unwrap_or_default().trim_start_matches('\u{1e}').replace('\u{1f}', ", ")
}

/// Compares values as people do: 5 is 5.0, and blank is blank.
fn is_same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Number(old), Value::Number(new)) => old == new || old.as_f64() == new.as_f64(),
        _ => old == new || (is_blank(old) && is_blank(new)),
    }
}

/// Returns whether a value says nothing.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}
