//! Writing many rows in one statement; the one place where the two engines' SQL differs.
//!
//! Rows travel as one JSON array, so that a thousand rows cost one trip to the database.

mod postgres;
mod sqlite;

use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use crate::accounts::Stored;
use crate::error::{Error, Result};
use crate::log::Row;
use crate::subjects::Table;
use crate::tx::{Inner, Tx, on};

/// Rows that go into one statement.
pub(crate) const ROWS_MAX: usize = 2_000;

/// The statements of one engine; `$1` is the workspace and `$2` the JSON array of rows.
pub(crate) struct Statements {
    select: &'static str,
    texts: &'static str,
    insert: &'static str,
    update: &'static str,
    delete: &'static str,
}

/// Inserts new documents.
pub(crate) async fn insert(tx: &mut Tx, table: Table, docs: &[Map<String, Value>]) -> Result<u64> {
    run(tx, |tx| statements(tx, table).insert, docs).await
}

/// Replaces existing documents.
pub(crate) async fn update(tx: &mut Tx, table: Table, docs: &[Map<String, Value>]) -> Result<u64> {
    run(tx, |tx| statements(tx, table).update, docs).await
}

/// Deletes documents by id.
pub(crate) async fn delete(tx: &mut Tx, table: Table, ids: &[Uuid]) -> Result<u64> {
    run(tx, |tx| statements(tx, table).delete, ids).await
}

/// Deletes what is derived from accounts that go: scores, predictions, overrides, usage and the times of fields.
pub(crate) async fn delete_derived(tx: &mut Tx, accounts: &[Uuid]) -> Result<()> {
    let statements = if tx.is_sqlite() { sqlite::DERIVED } else { postgres::DERIVED };
    for sql in statements {
        run(tx, |_| sql, accounts).await?;
    }
    Ok(())
}

/// Returns these accounts as the grid shows them, in no particular order.
pub(crate) async fn account_rows(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Stored>> {
    let sql = if tx.is_sqlite() { sqlite::ACCOUNT_ROWS } else { postgres::ACCOUNT_ROWS };
    let (workspace, text) = (tx.workspace(), serde_json::to_string(ids)?);
    Ok(on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(text).fetch_all(c).await)?)
}

/// Returns the statement that reads what reports need of some accounts.
pub(crate) fn report_rows(is_sqlite: bool) -> &'static str {
    if is_sqlite { sqlite::REPORT_ROWS } else { postgres::REPORT_ROWS }
}

/// Returns the accounts below these, each with the one above it.
pub(crate) async fn children(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    let sql = if tx.is_sqlite() { sqlite::CHILDREN } else { postgres::CHILDREN };
    let (workspace, text) = (tx.workspace(), serde_json::to_string(ids)?);
    Ok(on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(text).fetch_all(c).await)?)
}

/// Returns those of these accounts that facts are recorded on.
pub(crate) async fn accounts_with_facts(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let sql = if tx.is_sqlite() { sqlite::WITH_FACTS } else { postgres::WITH_FACTS };
    let (workspace, text) = (tx.workspace(), serde_json::to_string(ids)?);
    Ok(on!(tx, c => sqlx::query_scalar(sql).bind(workspace).bind(text).fetch_all(c).await)?)
}

/// Returns the keys of the custom fields that accounts have values of.
pub(crate) async fn custom_keys(tx: &mut Tx) -> Result<Vec<String>> {
    let sql = if tx.is_sqlite() { sqlite::CUSTOM_KEYS } else { postgres::CUSTOM_KEYS };
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_scalar(sql).bind(workspace).fetch_all(c).await)?)
}

/// Returns how many accounts, not counting archived ones, have a value of each custom field, by its own key.
pub(crate) async fn custom_counts(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    let sql = if tx.is_sqlite() { sqlite::CUSTOM_COUNTS } else { postgres::CUSTOM_COUNTS };
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_as(sql).bind(workspace).fetch_all(c).await)?)
}

/// Returns the documents with these ids, in no particular order.
pub(crate) async fn select(tx: &mut Tx, table: Table, ids: &[Uuid]) -> Result<Vec<Map<String, Value>>> {
    let sql = statements(tx, table).select;
    fetch(tx, sql, ids).await
}

/// Returns the documents with these ids as the text that is stored, in no particular order.
pub(crate) async fn select_texts(tx: &mut Tx, table: Table, ids: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    let sql = statements(tx, table).texts;
    let mut docs = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(ROWS_MAX) {
        let (workspace, text) = (tx.workspace(), serde_json::to_string(chunk)?);
        let rows: Vec<(Uuid, String)> =
            on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(text).fetch_all(c).await)?;
        docs.extend(rows);
    }
    Ok(docs)
}

async fn fetch<T: serde::Serialize>(tx: &mut Tx, sql: &'static str, keys: &[T]) -> Result<Vec<Map<String, Value>>> {
    let mut docs = Vec::with_capacity(keys.len());
    for chunk in keys.chunks(ROWS_MAX) {
        let (workspace, text) = (tx.workspace(), serde_json::to_string(chunk)?);
        let rows: Vec<(Json<Map<String, Value>>,)> =
            on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(text).fetch_all(c).await)?;
        docs.extend(rows.into_iter().map(|(Json(doc),)| doc));
    }
    Ok(docs)
}

/// Inserts new documents that are JSON text already.
pub(crate) async fn insert_texts(tx: &mut Tx, table: Table, docs: Vec<(Uuid, String)>) -> Result<u64> {
    let workspace = tx.workspace();
    match &mut tx.inner {
        Inner::Sqlite(c) => sqlite::insert_texts(c, workspace, table, docs).await,
        Inner::Postgres(c) => postgres::insert_texts(c, workspace, table, docs).await,
    }
}

/// Inserts lines of the change log.
pub(crate) async fn insert_changes(tx: &mut Tx, rows: Vec<Row>) -> Result<()> {
    let workspace = tx.workspace();
    match &mut tx.inner {
        Inner::Sqlite(c) => sqlite::insert_changes(c, workspace, rows).await,
        Inner::Postgres(c) => postgres::insert_changes(c, workspace, rows).await,
    }
}

/// One usage fact with its batch, as the statements expect it.
#[derive(serde::Serialize)]
pub(crate) struct UsageRow {
    pub(crate) account_id: Uuid,
    pub(crate) metric: String,
    pub(crate) day: i64,
    pub(crate) value: f64,
}

/// Sets usage days to their values. With a batch, what was there before goes into the undo journal.
pub(crate) async fn set_usage(tx: &mut Tx, rows: &[UsageRow]) -> Result<()> {
    if let Some(batch) = tx.batch() {
        let journal = if tx.is_sqlite() { sqlite::USAGE_JOURNAL } else { postgres::USAGE_JOURNAL };
        for chunk in rows.chunks(ROWS_MAX) {
            let (workspace, text) = (tx.workspace(), serde_json::to_string(chunk)?);
            match &mut tx.inner {
                Inner::Sqlite(c) => {
                    sqlx::query(journal)
                        .bind(workspace)
                        .bind(text)
                        .bind(batch.0)
                        .execute(&mut **c)
                        .await
                        .map(|_| ())?;
                }
                Inner::Postgres(c) => {
                    sqlx::query(journal)
                        .bind(workspace)
                        .bind(text)
                        .bind(batch.0)
                        .execute(&mut **c)
                        .await
                        .map(|_| ())?;
                }
            }
        }
    }
    run(tx, |tx| if tx.is_sqlite() { sqlite::USAGE } else { postgres::USAGE }, rows).await?;
    Ok(())
}

/// Returns the usage rows that exist of these days.
pub(crate) async fn select_usage(tx: &mut Tx, rows: &[UsageRow]) -> Result<Vec<crate::usage::Row>> {
    let sql = if tx.is_sqlite() { sqlite::USAGE_SELECT } else { postgres::USAGE_SELECT };
    let mut found = Vec::new();
    for chunk in rows.chunks(ROWS_MAX) {
        let (workspace, text) = (tx.workspace(), serde_json::to_string(chunk)?);
        let page: Vec<crate::usage::Row> =
            on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(text).fetch_all(c).await)?;
        found.extend(page);
    }
    Ok(found)
}

/// One evaluation, ready to be written.
pub(crate) struct ScoreRow {
    pub(crate) account: Uuid,
    pub(crate) at: i64,
    pub(crate) score: Option<i64>,
    pub(crate) band: Option<&'static str>,
    pub(crate) coverage: i64,
    pub(crate) scorecard: Uuid,
    pub(crate) version: i64,
    pub(crate) evaluation: String,
}

/// Writes scores into the history.
pub(crate) async fn insert_scores(tx: &mut Tx, scores: Vec<ScoreRow>) -> Result<()> {
    let workspace = tx.workspace();
    match &mut tx.inner {
        Inner::Sqlite(c) => sqlite::insert_scores(c, workspace, scores).await,
        Inner::Postgres(c) => postgres::insert_scores(c, workspace, scores).await,
    }
}

/// Sets the present health of accounts; rows are `{"id", "health"}`.
pub(crate) async fn set_health(tx: &mut Tx, rows: &[Value]) -> Result<()> {
    run(tx, |tx| if tx.is_sqlite() { sqlite::HEALTH } else { postgres::HEALTH }, rows).await?;
    Ok(())
}

/// Sets the roll-up of accounts; rows are `{"id", "rollup"}`.
pub(crate) async fn set_rollups(tx: &mut Tx, rows: &[Value]) -> Result<()> {
    run(tx, |tx| if tx.is_sqlite() { sqlite::ROLLUP } else { postgres::ROLLUP }, rows).await?;
    Ok(())
}

/// Sets what is said of the future of accounts; rows are `{"id", "churn"}`.
pub(crate) async fn set_churn(tx: &mut Tx, rows: &[Value]) -> Result<()> {
    run(tx, |tx| if tx.is_sqlite() { sqlite::CHURN } else { postgres::CHURN }, rows).await?;
    Ok(())
}

/// Writes predictions into the history; rows are `{"id", "at", "model", "version", "pct", "inputs"}`.
pub(crate) async fn insert_predictions(tx: &mut Tx, rows: &[Value]) -> Result<()> {
    run(tx, |tx| if tx.is_sqlite() { sqlite::PREDICTIONS } else { postgres::PREDICTIONS }, rows).await?;
    Ok(())
}

/// Sets when the fields of accounts got their values; rows are `{"id", "times"}`.
pub(crate) async fn set_field_times(tx: &mut Tx, rows: &[Value]) -> Result<()> {
    run(tx, |tx| if tx.is_sqlite() { sqlite::FIELD_TIMES } else { postgres::FIELD_TIMES }, rows).await?;
    Ok(())
}

async fn run<T: serde::Serialize>(tx: &mut Tx, sql: impl Fn(&Tx) -> &'static str, rows: &[T]) -> Result<u64> {
    let (sql, workspace) = (sql(tx), tx.workspace());
    let mut written = 0;
    for chunk in rows.chunks(ROWS_MAX) {
        let text = serde_json::to_string(chunk)?;
        written += match &mut tx.inner {
            Inner::Sqlite(c) => sqlx::query(sql).bind(workspace).bind(text).execute(&mut **c).await?.rows_affected(),
            Inner::Postgres(c) => sqlx::query(sql).bind(workspace).bind(text).execute(&mut **c).await?.rows_affected(),
        };
    }
    Ok(written)
}

fn statements(tx: &Tx, table: Table) -> Statements {
    if tx.is_sqlite() { sqlite::statements(table) } else { postgres::statements(table) }
}

/// Checks that a bulk write touched every row it was given.
pub(crate) fn expect_rows(written: u64, expected: usize) -> Result<()> {
    if usize::try_from(written) == Ok(expected) {
        Ok(())
    } else {
        Err(Error::Stored(format!("{written} of {expected} rows were written")))
    }
}
