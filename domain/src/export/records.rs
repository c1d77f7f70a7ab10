//! What one row of a file is made from, and its values by the keys of their fields.

use serde_json::{Map, Value, json};

use crate::accounts::AccountRow;
use crate::alerts::list::AlertRow;
use crate::contacts::Contact;
use crate::id::{AccountId, UserId};
use crate::money::Currency;
use crate::todos::{Todo, When};
use crate::usage::UsageDay;

/// One row, before it becomes cells.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// An account with its health.
    Account(Box<AccountRow>),
    /// A person at an account.
    Contact(Box<Contact>),
    /// An alert with what is known of its account.
    Alert(Box<AlertRow>),
    /// A task, and who owns its account.
    Task(Box<Todo>, Option<UserId>),
    /// A number of a day.
    Usage(UsageDay),
}

impl Record {
    /// Returns the account that the row refers to: its own, or the one above an account.
    #[must_use]
    pub fn refers_to(&self) -> Option<AccountId> {
        match self {
            Self::Account(row) => row.account.parent_id,
            Self::Contact(contact) => Some(contact.account_id),
            Self::Alert(row) => row.alert.account_id,
            Self::Task(todo, _) => todo.account_id,
            Self::Usage(day) => Some(day.account_id),
        }
    }

    /// Returns the currency of the row's amounts.
    pub(super) fn currency(&self) -> Currency {
        match self {
            Self::Account(row) => row.account.currency,
            Self::Alert(row) => row.annual.map_or(row.alert.worth.currency, |annual| annual.currency),
            Self::Contact(_) | Self::Task(..) | Self::Usage(_) => Currency::USD,
        }
    }

    /// Returns the values by the keys of their fields; `reason` says in words why an alert was raised.
    pub(super) fn values(&self, reason: &dyn Fn(&crate::alerts::Alert) -> String) -> Map<String, Value> {
        match self {
            Self::Account(row) => object(serde_json::to_value(&row.account).ok()),
            Self::Contact(contact) => object(serde_json::to_value(contact).ok()),
            Self::Alert(row) => alert(row, reason(&row.alert)),
            Self::Task(todo, owner) => task(todo, *owner),
            Self::Usage(day) => object(serde_json::to_value(day).ok()),
        }
    }
}

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

fn alert(row: &AlertRow, reason: String) -> Map<String, Value> {
    let alert = &row.alert;
    let notes: Vec<String> = alert.notes.iter().map(|note| format!("{}: {}", note.at.iso_date(), note.text)).collect();
    let mut values = object(serde_json::to_value(alert).ok());
    values.extend(object(Some(json!({
        "rule": alert.rule_name,
        "reason": reason,
        "state": alert.state().key(),
        "person": row.dealt_with_by(),
        "annual_minor": row.annual.map(|annual| annual.minor),
        "currency": row.annual.map(|annual| annual.currency),
        // Tenths are what the screen shows, and as much as a score means.
        "score": row.score.map(|score| score.tenths() as f64 / 10.0),
        "band": row.band.map(crate::health::Band::key),
        "notes": notes.join("\n"),
    }))));
    values
}

fn task(todo: &Todo, owner: Option<UserId>) -> Map<String, Value> {
    let mut values = object(serde_json::to_value(todo).ok());
    values.extend(object(Some(json!({
        "person": todo.assignee.or(owner),
        "state": if todo.done_at.is_some() { "done" } else { "open" },
        "due": todo.due.map(moment),
        "remind": todo.remind.map(moment),
        "repeats": todo.repeat.is_some(),
    }))));
    values
}

/// A time on somebody's wall is no moment, and stays a text.
fn moment(when: When) -> Value {
    match when.minute {
        None => json!(when.day),
        Some(_) => Value::from(format!("{} {}", when.day.iso_date(), when.clock())),
    }
}
