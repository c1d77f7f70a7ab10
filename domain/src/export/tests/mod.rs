//! Tests of the export: what is written, and that the import reads the same back.

mod payloads;
mod round;
mod subjects;
mod writing;

use serde_json::json;
use uuid::Uuid;

use super::cells::{self, Called, Cell, Names};
use super::columns::{Column, columns};
use super::text::TextWriter;
use super::{Format, Record};
use crate::accounts::{Account, AccountRow, catalogue};
use crate::fields::{Catalogue, Field, FieldType};
use crate::id::AccountId;
use crate::time::Timestamp;

/// The catalogue of a workspace with fields of its own.
fn workspace() -> Catalogue {
    let own = [("plan", "Plan", FieldType::Text), ("tier", "Tier", FieldType::Text), ("nps", "NPS", FieldType::Number)];
    let mut computed = Field::new("custom.gap", "Gap", FieldType::Number, &[]).computed();
    computed.formula = Some("seats - 1".to_owned());
    catalogue()
        .with(own.map(|(key, label, kind)| Field::new(&format!("custom.{key}"), label, kind, &[])))
        .with([computed])
}

fn account(place: u128, name: &str) -> AccountRow {
    let mut account = Account::new(AccountId(Uuid::from_u128(place)), name.to_owned(), Timestamp(0));
    account.external_id = Some(format!("A-{place}"));
    AccountRow { account, health: None, rollup: None, churn: None }
}

/// An account with a value in every field.
fn full() -> AccountRow {
    let mut row = account(1, "Northwind, \"the\" traders");
    let account = &mut row.account;
    account.domain = Some("northwind.example".into());
    account.parent_id = Some(AccountId(Uuid::from_u128(2)));
    account.tier = Some("12 months".into());
    account.stage = Some("adoption".into());
    account.category = Some("Größe; 日本\nzwei".into());
    account.country = Some("49".into());
    account.owner_id = Some(crate::id::UserId(Uuid::from_u128(3)));
    account.currency = "JPY".parse().unwrap();
    account.arr_minor = Some(-1_200);
    account.mrr_minor = Some(5);
    account.contract_start = Some(Timestamp(1_600_000_000_123));
    account.renewal_at = Some(Timestamp::from_date("2027-03-01".parse().unwrap()));
    account.notice_days = Some(30);
    account.seats = Some(2.5);
    account.risk_level = Some("high".into());
    account.sentiment = Some(0.5);
    account.engagement_score = Some(33.333_333_3);
    account.tags = vec!["=b".into(), "a".into()];
    account.custom = [
        ("plan".to_owned(), json!("yes")),
        ("tier".to_owned(), json!("-12")),
        ("nps".to_owned(), json!(-7)),
        ("gap".to_owned(), json!(1.5)),
    ]
    .into();
    row
}

fn names() -> Names {
    let id = |place| Uuid::from_u128(place).to_string();
    [(id(2), "A-2".to_owned()), (id(3), "sam@northwind.example".to_owned())].into()
}

fn all(catalogue: &Catalogue) -> Vec<Column> {
    columns(catalogue, &[]).unwrap()
}

/// Returns the cells of a row; alerts are raised because the bell rang.
fn cells_of(record: &Record, columns: &[Column]) -> Vec<Cell> {
    let names = names();
    cells::row(record, columns, &Called { people: &names, accounts: &names, reason: &|_| "=The bell rang.".to_owned() })
}

/// Returns the file with these accounts.
fn file(format: Format, columns: &[Column], rows: &[AccountRow]) -> String {
    let rows: Vec<Record> = rows.iter().map(|row| Record::Account(Box::new(row.clone()))).collect();
    file_of(format, columns, &rows)
}

/// Returns the file with these rows.
fn file_of(format: Format, columns: &[Column], rows: &[Record]) -> String {
    let mut writer = TextWriter::new(format, columns);
    let mut out = String::new();
    writer.begin(false, &mut out);
    for row in rows {
        writer.row(&cells_of(row, columns), &mut out);
    }
    writer.end(&mut out);
    out
}
