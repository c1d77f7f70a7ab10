//! The fields of a subject: what filter, grid, import, inline edit and scorecard call a column.
//!
//! A subject is a plain struct that serialises to a flat JSON object; its field keys are the
//! object's keys. Custom fields live in the object `custom` and are named `custom.<key>` outside.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The kind of thing that rows, changes, imports and filters are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A paying organisation.
    Account,
    /// A person at the customer.
    Contact,
    /// A number that a product reported for an account on a day.
    Usage,
    /// A support ticket.
    Ticket,
    /// An invoice.
    Invoice,
    /// An answer to a survey.
    Survey,
    /// A call, mail, meeting or note on the timeline.
    Activity,
    /// A health scorecard version.
    Scorecard,
    /// A manual override of a score.
    Override,
    /// A risk or an opportunity that a rule noticed.
    Alert,
    /// A rule that raises alerts.
    Rule,
    /// A task of a person.
    Todo,
    /// What a person said of a recommendation.
    Feedback,
    /// A headline about an account or a competitor.
    Signal,
    /// A feed of news.
    Feed,
    /// The website of an account.
    Website,
    /// What a person is told; its lines say to whom, and not what.
    Notice,
    /// A saved view.
    View,
    /// A saved report.
    Report,
    /// A file that somebody took out, or has made.
    Export,
    /// A dashboard.
    Dashboard,
    /// A link by which strangers see a report.
    Share,
    /// A report that is sent again and again.
    Schedule,
    /// A file that is imported again and again.
    ImportSchedule,
    /// A custom field.
    Field,
    /// A person who signs in.
    User,
    /// The workspace itself.
    Workspace,
    /// A version of the churn model.
    ChurnModel,
}

impl Subject {
    /// Returns the word used in tables, URLs and on the command line.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Account => "accounts",
            Self::Contact => "contacts",
            Self::Usage => "usage",
            Self::Ticket => "tickets",
            Self::Invoice => "invoices",
            Self::Survey => "surveys",
            Self::Activity => "activities",
            Self::Scorecard => "scorecards",
            Self::Override => "overrides",
            Self::Alert => "alerts",
            Self::Rule => "rules",
            Self::Todo => "todos",
            Self::Feedback => "feedback",
            Self::Signal => "signals",
            Self::Feed => "feeds",
            Self::Website => "websites",
            Self::Notice => "notices",
            Self::View => "views",
            Self::Report => "reports",
            Self::Export => "exports",
            Self::Dashboard => "dashboards",
            Self::Share => "shares",
            Self::Schedule => "schedules",
            Self::ImportSchedule => "import_schedules",
            Self::Field => "fields",
            Self::User => "users",
            Self::Workspace => "workspaces",
            Self::ChurnModel => "churn_models",
        }
    }

    /// Returns the subject with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        const ALL: [Subject; 28] = [
            Subject::Account,
            Subject::Contact,
            Subject::Usage,
            Subject::Ticket,
            Subject::Invoice,
            Subject::Survey,
            Subject::Activity,
            Subject::Scorecard,
            Subject::Override,
            Subject::Alert,
            Subject::Rule,
            Subject::Todo,
            Subject::Feedback,
            Subject::Signal,
            Subject::Feed,
            Subject::Website,
            Subject::Notice,
            Subject::View,
            Subject::Report,
            Subject::Export,
            Subject::Dashboard,
            Subject::Share,
            Subject::Schedule,
            Subject::ImportSchedule,
            Subject::Field,
            Subject::User,
            Subject::Workspace,
            Subject::ChurnModel,
        ];
        ALL.into_iter().find(|subject| subject.key() == key)
    }
}

/// What values a field takes, and so how it is parsed, compared, filtered and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Any text, up to [`TEXT_CHARS_MAX`] characters. JSON string.
    Text,
    /// A 64-bit floating point number. JSON number.
    Number,
    /// An amount in minor units of the row's `currency`. JSON integer.
    Money,
    /// A share between 0 and 100. JSON number.
    Percent,
    /// A moment; dates are midnight UTC. JSON integer of epoch milliseconds.
    Date,
    /// Yes or no. JSON boolean.
    Bool,
    /// One of a closed list of words. JSON string.
    Choice(Vec<String>),
    /// A set of words. JSON array of strings, sorted and without duplicates.
    Tags,
    /// A reference to a user by id; typed and filtered by e-mail or name. JSON string (UUID).
    User,
    /// A reference to an account by id; typed by external id or name. JSON string (UUID).
    Account,
}

/// Longest text value in characters (SEC-111 allows cells of 32 KiB; notes have their own limit).
pub const TEXT_CHARS_MAX: usize = 4_000;
/// Most custom fields in a workspace (SEC-111: 500 columns).
pub const CUSTOM_FIELDS_MAX: usize = 500;

/// One field of a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// `arr_minor`, or `custom.<key>` for a custom field.
    pub key: String,
    /// What people see above the column, in English; built-in labels are translated by key.
    pub label: String,
    /// What values it takes.
    pub kind: FieldType,
    /// Whether a row cannot exist without it.
    pub required: bool,
    /// Whether people and imports may write it (scores and times of the system may not).
    pub editable: bool,
    /// Other column headings that mean this field, lower case, for guessing a mapping.
    pub synonyms: Vec<String>,
    /// What the value follows from, for a computed custom field; see [`crate::formula`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
}

impl Field {
    /// Returns a field that people may edit.
    #[must_use]
    pub fn new(key: &str, label: &str, kind: FieldType, synonyms: &[&str]) -> Self {
        Self {
            key: key.to_owned(),
            label: label.to_owned(),
            kind,
            required: false,
            editable: true,
            synonyms: synonyms.iter().map(|word| (*word).to_owned()).collect(),
            formula: None,
        }
    }

    /// Returns the field as required.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Returns the field as written by the system alone.
    #[must_use]
    pub fn computed(mut self) -> Self {
        self.editable = false;
        self
    }

    /// Returns the custom field's own key, without the `custom.` in front.
    #[must_use]
    pub fn custom_key(&self) -> Option<&str> {
        self.key.strip_prefix("custom.")
    }
}

/// All fields of one subject in one workspace: the built-in ones, then the custom ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// In the order in which forms and pickers show them.
    pub fields: Vec<Field>,
}

impl Catalogue {
    /// Returns the field with this key, if there is one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Returns the catalogue with more fields behind.
    #[must_use]
    pub fn with(mut self, custom: impl IntoIterator<Item = Field>) -> Self {
        self.fields.extend(custom);
        self
    }
}

/// Returns the value under a field key of a subject's JSON, `Null` where it is absent.
#[must_use]
pub fn get<'a>(row: &'a Map<String, Value>, key: &str) -> &'a Value {
    let found = match key.strip_prefix("custom.") {
        Some(custom) => row.get("custom").and_then(|fields| fields.get(custom)),
        None => row.get(key),
    };
    found.unwrap_or(&Value::Null)
}

/// Sets the value under a field key; a `Null` custom value removes the custom key.
pub fn set(row: &mut Map<String, Value>, key: &str, value: Value) {
    let Some(custom) = key.strip_prefix("custom.") else {
        row.insert(key.to_owned(), value);
        return;
    };
    let fields = row.entry("custom").or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(fields) = fields {
        if value.is_null() {
            fields.remove(custom);
        } else {
            fields.insert(custom.to_owned(), value);
        }
    }
}

/// Returns a custom field's key for a column heading: lower case words joined by underscores.
#[must_use]
pub fn key_from_heading(heading: &str) -> String {
    let mut key = String::new();
    let mut was_lower = false;
    for c in heading.trim().chars() {
        if c.is_alphanumeric() {
            // A hump such as in MonthlyCharges starts a new word.
            if c.is_uppercase() && was_lower && !key.ends_with('_') {
                key.push('_');
            }
            was_lower = c.is_lowercase() || c.is_numeric();
            key.extend(c.to_lowercase());
        } else {
            was_lower = false;
            if !key.is_empty() && !key.ends_with('_') {
                key.push('_');
            }
        }
    }
    let key = key.trim_end_matches('_');
    let key: String = key.chars().take(60).collect();
    if key.is_empty() { "column".to_owned() } else { key }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_heading_becomes_a_key() {
        for (heading, key) in [
            ("MonthlyCharges", "monthly_charges"),
            ("customerID", "customer_id"),
            ("  Health Score (0-100) ", "health_score_0_100"),
            ("ARR", "arr"),
            ("Größe", "größe"),
            ("!!!", "column"),
        ] {
            assert_eq!(key_from_heading(heading), key, "{heading}");
        }
    }

    #[test]
    fn custom_values_are_read_and_removed_by_their_full_key() {
        let Value::Object(mut row) = json!({"name": "Acme", "custom": {"plan": "pro"}}) else { unreachable!() };
        assert_eq!(get(&row, "custom.plan"), "pro");
        set(&mut row, "custom.plan", Value::Null);
        set(&mut row, "custom.seats", json!(12));
        assert_eq!(Value::Object(row), json!({"name": "Acme", "custom": {"seats": 12}}));
    }
}
