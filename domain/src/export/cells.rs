//! What stands in a cell: the value of a field, with people and accounts as files call them.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::columns::Column;
use super::records::Record;
use crate::accounts::{self, AccountRow};
use crate::alerts::Alert;
use crate::fields::{self, Field, FieldType};
use crate::health::{HealthSummary, Points};
use crate::money::Currency;
use crate::time::Timestamp;

/// What stands between two words of a list.
const BETWEEN: &str = "; ";

/// What files call the people and accounts that accounts refer to, by their ids.
pub type Names = HashMap<String, String>;

/// What stands in one cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Blank,
    /// Any text.
    Text(String),
    /// A number, with no more digits than it needs.
    Number(f64),
    /// A whole number.
    Whole(i64),
    /// An amount as digits with a point, exact.
    Amount(String),
    /// A moment; midnight in UTC is a day.
    Moment(Timestamp),
    /// Yes or no.
    Bool(bool),
    /// Words.
    Words(Vec<String>),
}

impl Cell {
    /// Returns the cell as a text that the import reads.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Text(text) | Self::Amount(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Whole(number) => number.to_string(),
            Self::Moment(at) if *at == at.day_start() => at.iso_date(),
            Self::Moment(at) => at.iso(),
            Self::Bool(yes) => yes.to_string(),
            Self::Words(words) => words.join(BETWEEN),
        }
    }
}

/// What files call the things that rows refer to.
#[derive(Clone, Copy)]
pub struct Called<'a> {
    /// People.
    pub people: &'a Names,
    /// The accounts that the rows refer to.
    pub accounts: &'a Names,
    /// Why an alert was raised.
    pub reason: &'a dyn Fn(&Alert) -> String,
}

/// Returns the cells of one row.
#[must_use]
pub fn row(record: &Record, columns: &[Column], called: &Called<'_>) -> Vec<Cell> {
    let (values, currency) = (record.values(called.reason), record.currency());
    columns
        .iter()
        .map(|column| match record {
            Record::Account(row) => of_account(row, &values, column, called),
            _ => cell(&column.field, fields::get(&values, &column.field.key), currency, called),
        })
        .collect()
}

fn of_account(row: &AccountRow, doc: &Map<String, Value>, column: &Column, called: &Called<'_>) -> Cell {
    let key = column.field.key.as_str();
    match key {
        "band" => return row.health.as_ref().map_or(Cell::Blank, |health| Cell::Text(health.band.key().to_owned())),
        "score" | "coverage" | "trend_7d" | "trend_30d" | "trend_90d" | "rollup" | "churn_pct" => {
            // Tenths are what the screen shows, and as much as a score means.
            return points(row, key).map_or(Cell::Blank, |points| Cell::Number(points.tenths() as f64 / 10.0));
        }
        "notice_at" => return plain(&column.field.kind, &accounts::value(doc, key), row.account.currency),
        _ => {}
    }
    // What is stored and not what follows from it: a derived ARR would come back as one that somebody set.
    cell(&column.field, fields::get(doc, key), row.account.currency, called)
}

fn cell(field: &Field, value: &Value, currency: Currency, called: &Called<'_>) -> Cell {
    match (&field.kind, value) {
        (FieldType::User, Value::String(id)) => Cell::Text(called.people.get(id).unwrap_or(id).clone()),
        (FieldType::Account, Value::String(id)) => Cell::Text(called.accounts.get(id).unwrap_or(id).clone()),
        (FieldType::Tags, Value::Array(_)) if field.key == "tags" => words(value),
        (kind, value) => plain(kind, value, currency),
    }
}

fn points(row: &AccountRow, key: &str) -> Option<Points> {
    let of = |read: fn(&HealthSummary) -> Option<Points>| row.health.as_ref().and_then(read);
    match key {
        "score" => of(|health| Some(health.score)),
        "coverage" => of(|health| Some(health.coverage)),
        "trend_7d" => of(|health| health.trend_7d),
        "trend_30d" => of(|health| health.trend_30d),
        "trend_90d" => of(|health| health.trend_90d),
        "rollup" => row.rollup,
        _ => row.churn.map(|churn| churn.pct),
    }
}

fn plain(kind: &FieldType, value: &Value, currency: Currency) -> Cell {
    match (kind, value) {
        (_, Value::Null) => Cell::Blank,
        (FieldType::Money, Value::Number(minor)) => {
            minor.as_i64().map_or(Cell::Blank, |minor| Cell::Amount(amount(minor, currency.digits())))
        }
        (FieldType::Date, Value::Number(ms)) => ms.as_i64().map_or(Cell::Blank, |ms| Cell::Moment(Timestamp(ms))),
        (_, Value::Number(number)) => match number.as_i64() {
            Some(whole) => Cell::Whole(whole),
            None => number.as_f64().map_or(Cell::Blank, Cell::Number),
        },
        (_, Value::Bool(yes)) => Cell::Bool(*yes),
        (_, Value::String(text)) if text.is_empty() => Cell::Blank,
        (_, Value::String(text)) => Cell::Text(text.clone()),
        // A list in a field of one's own is a text elsewhere, since a file does not say that it is a list.
        (_, list @ Value::Array(_)) => match words(list) {
            Cell::Words(words) => Cell::Text(words.join(BETWEEN)),
            blank => blank,
        },
        (_, other) => Cell::Text(other.to_string()),
    }
}

fn words(value: &Value) -> Cell {
    let words = value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    let words: Vec<String> = words.collect();
    if words.is_empty() { Cell::Blank } else { Cell::Words(words) }
}

/// Returns an amount in whole units, without zeros behind that say nothing.
pub(crate) fn amount(minor: i64, digits: u32) -> String {
    let digits = digits as usize;
    let sign = if minor < 0 { "-" } else { "" };
    let all = format!("{:0>width$}", minor.unsigned_abs(), width = digits + 1);
    let (whole, rest) = all.split_at(all.len() - digits);
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}
