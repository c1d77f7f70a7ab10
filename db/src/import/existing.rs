//! What a workspace already has of a subject, by the keys that rows of a file are recognised by.

use std::collections::HashMap;

use domain::fields::Subject;
use domain::import::plan::{Options, Row, name_key, row_key};
use domain::import::value::quoted;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use super::references::{Match, add};
use crate::error::Result;
use crate::subjects::Table;
use crate::tx::{Tx, on};

/// Documents that are read in one step.
const STEP: i64 = 5_000;

/// The rows that exist, by their keys.
#[derive(Debug, Default)]
pub(super) struct Existing {
    keys: HashMap<String, Match>,
    /// The fields that only one row may have a value of, where rows are not matched by them anyway.
    unique: Vec<Unique>,
}

/// One unique key of a table: which row has which value.
#[derive(Debug)]
struct Unique {
    fields: &'static [&'static str],
    rows: HashMap<String, Uuid>,
}

impl Existing {
    /// Loads the keys of all rows that a file could match; nothing where every row is new.
    ///
    /// In a file that was exported from here (`ours`), accounts without an external id and contacts without
    /// an address are known by their name.
    pub(super) async fn load(tx: &mut Tx, options: &Options, ours: bool) -> Result<Self> {
        let Some(table) = Table::of(options.subject) else { return Ok(Self::default()) };
        let mut existing = Self { keys: HashMap::new(), unique: unique(options) };
        let is_by = |keys: &[&str]| options.match_keys == keys;
        if existing.unique.is_empty() && is_by(&["external_id"]) {
            let rows = external_ids(tx, table).await?;
            existing.keys = rows.into_iter().map(|(id, key)| (key, Match::One(id))).collect();
            if ours {
                existing.add_names(tx, options).await?;
            }
            return Ok(existing);
        }
        if existing.unique.is_empty() && options.match_keys.is_empty() {
            return Ok(existing);
        }
        if table == Table::Accounts && options.match_keys.iter().all(|key| KEYS.contains(&key.as_str())) {
            for (id, doc) in account_keys(tx).await? {
                existing.add(&options.match_keys, id, &doc, false);
            }
            return Ok(existing);
        }
        let mut last = Uuid::nil();
        loop {
            let rows = documents(tx, table, last).await?;
            let Some((end, _)) = rows.last() else { return Ok(existing) };
            last = *end;
            for (id, Json(doc)) in rows {
                existing.add(&options.match_keys, id, &doc, ours);
            }
        }
    }

    async fn add_names(&mut self, tx: &mut Tx, options: &Options) -> Result<()> {
        for (id, name) in names_without_id(tx).await? {
            let row = Map::from_iter([("name".to_owned(), Value::String(name))]);
            if let Some(key) = name_key(&options.match_keys, &row) {
                add(&mut self.keys, key, id);
            }
        }
        Ok(())
    }

    fn add(&mut self, match_keys: &[String], id: Uuid, doc: &Map<String, Value>, ours: bool) {
        let named = || name_key(match_keys, doc).filter(|_| ours);
        if let Some(key) = row_key(match_keys, doc).or_else(named) {
            add(&mut self.keys, key, id);
        }
        for unique in &mut self.unique {
            if let Some(key) = unique.key(doc) {
                unique.rows.insert(key, id);
            }
        }
    }

    /// Returns the row that a row of the file is, if it exists.
    pub(super) fn find(&self, row: &Row) -> Option<Match> {
        self.keys.get(row.key.as_deref()?).copied()
    }

    /// Notes the unique values of a row with this id; returns what is wrong where another row has one of them.
    pub(super) fn claim(&mut self, row: &Row, id: Uuid) -> Result<(), String> {
        self.check(row, id)?;
        for unique in &mut self.unique {
            if let Some(key) = unique.key(&row.fields) {
                unique.rows.insert(key, id);
            }
        }
        Ok(())
    }

    /// Returns what is wrong where another row has one of the unique values of a row with this id.
    pub(super) fn check(&self, row: &Row, id: Uuid) -> Result<(), String> {
        for unique in &self.unique {
            let Some(key) = unique.key(&row.fields) else { continue };
            if unique.rows.get(&key).is_some_and(|holder| *holder != id) {
                let last = unique.fields.last().and_then(|field| row.fields.get(*field));
                let value = last.and_then(Value::as_str).unwrap_or_default();
                return Err(format!(
                    "Another row has {} already, and only one can. Correct it, or match rows by it.",
                    quoted(value)
                ));
            }
        }
        Ok(())
    }
}

impl Unique {
    fn key(&self, row: &Map<String, Value>) -> Option<String> {
        let parts: Option<Vec<&str>> = self.fields.iter().map(|field| row.get(*field)?.as_str()).collect();
        Some(parts?.join("\u{1f}"))
    }
}

fn unique(options: &Options) -> Vec<Unique> {
    let fields: &'static [&'static str] = match options.subject {
        Subject::Contact => &["account_id", "email"],
        _ => &["external_id"],
    };
    let is_mapped = fields.iter().all(|field| options.mapping.has(field));
    if is_mapped && options.match_keys != fields { vec![Unique { fields, rows: HashMap::new() }] } else { Vec::new() }
}

async fn external_ids(tx: &mut Tx, table: Table) -> Result<Vec<(Uuid, String)>> {
    let sql = match table {
        Table::Accounts => "SELECT id, external_id FROM accounts WHERE workspace_id = $1 AND external_id IS NOT NULL",
        Table::Tickets => "SELECT id, external_id FROM tickets WHERE workspace_id = $1 AND external_id IS NOT NULL",
        Table::Invoices => "SELECT id, external_id FROM invoices WHERE workspace_id = $1 AND external_id IS NOT NULL",
        Table::Surveys => "SELECT id, external_id FROM surveys WHERE workspace_id = $1 AND external_id IS NOT NULL",
        _ => return Ok(Vec::new()),
    };
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_as(sql).bind(workspace).fetch_all(c).await)?)
}

async fn names_without_id(tx: &mut Tx) -> Result<Vec<(Uuid, String)>> {
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_as(
        "SELECT id, name FROM accounts WHERE workspace_id = $1 AND external_id IS NULL AND archived_at IS NULL")
        .bind(workspace).fetch_all(c).await)?)
}

/// The keys of accounts that are columns, so that no document need be read.
const KEYS: [&str; 3] = ["external_id", "domain", "name"];

async fn account_keys(tx: &mut Tx) -> Result<Vec<(Uuid, Map<String, Value>)>> {
    type Row = (Uuid, Option<String>, Option<String>, Option<String>);
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT id, external_id, domain, name FROM accounts WHERE workspace_id = $1")
        .bind(workspace).fetch_all(c).await)?;
    let keys = |(id, external_id, domain, name): Row| {
        let values = KEYS.iter().zip([external_id, domain, name]);
        (id, values.filter_map(|(key, value)| Some(((*key).to_owned(), Value::String(value?)))).collect())
    };
    Ok(rows.into_iter().map(keys).collect())
}

type Document = (Uuid, Json<Map<String, Value>>);

async fn documents(tx: &mut Tx, table: Table, after: Uuid) -> Result<Vec<Document>> {
    macro_rules! page {
        ($table:literal) => {
            concat!("SELECT id, doc FROM ", $table, " WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3")
        };
    }
    let sql = match table {
        Table::Accounts => page!("accounts"),
        Table::Contacts => page!("contacts"),
        Table::Tickets => page!("tickets"),
        Table::Invoices => page!("invoices"),
        Table::Surveys => page!("surveys"),
        _ => return Ok(Vec::new()),
    };
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(after).bind(STEP).fetch_all(c).await)?)
}
