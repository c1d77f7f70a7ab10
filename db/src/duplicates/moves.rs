//! What hangs on an account and goes with it.

use std::collections::{HashMap, HashSet};

use domain::duplicates::Moves;
use domain::id::AccountId;
use domain::refusal::Refusal;
use domain::time::Timestamp;
use domain::usage::UsageDay;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use super::{counted, text};
use crate::error::Result;
use crate::subjects::Table;
use crate::tx::{Tx, on};
use crate::{bulk, usage};

/// Most records of one kind that move at once.
const RECORDS_MAX: usize = 20_000;
/// Rows that are read to know that there are not more.
pub(super) const ROWS_MAX: i64 = RECORDS_MAX as i64 + 1;
/// Most days of usage that move at once: ten metrics over thirty years.
const DAYS_MAX: i64 = 110_000;

/// A document as it is stored.
pub(super) type Doc = Map<String, Value>;

macro_rules! of_account {
    ($($table:ident $name:literal),+ $(,)?) => {
        /// The tables whose documents hang on an account, with the statement that reads them.
        const TABLES: &[(Table, &str)] = &[$((
            Table::$table,
            concat!("SELECT t.doc FROM ", $name, " AS t WHERE t.workspace_id = $1 AND t.account_id = $2 ORDER BY t.id LIMIT $3"),
        )),+];
    };
}

of_account! {
    Contacts "contacts",
    Tickets "tickets",
    Invoices "invoices",
    Surveys "surveys",
    Activities "activities",
    Overrides "overrides",
    Alerts "alerts",
    Todos "todos",
    Feedback "feedback",
}

/// What moves from one account to another.
#[derive(Default)]
pub(super) struct Luggage {
    /// The documents that move, by table.
    pub(super) docs: Vec<(Table, Vec<Doc>)>,
    /// People who are at the other account, too: the document there, and the one that goes into it.
    pub(super) twins: Vec<(Doc, Doc)>,
    /// Days of usage that the other account has no value of.
    pub(super) usage: Vec<UsageDay>,
    /// Days of which both have one.
    pub(super) usage_kept: usize,
    /// Accounts below the one that goes.
    pub(super) children: Vec<Uuid>,
}

/// Gathers what moves.
pub(super) async fn gather(tx: &mut Tx, keep: AccountId, gone: AccountId) -> Result<Luggage> {
    let mut luggage = Luggage::default();
    for (table, sql) in TABLES {
        let mut docs = docs(tx, sql, gone).await?;
        match table {
            Table::Contacts => {
                let there = self::docs(tx, sql, keep).await?;
                luggage.twins = twins(&there, &mut docs);
            }
            // What somebody said of the same action on the account that stays is what counts; two open alerts of one
            // rule would be one too many.
            Table::Feedback => {
                stay_behind(&self::docs(tx, sql, keep).await?, &mut docs, &["action", "given_by"], |_| true)
            }
            Table::Alerts => {
                let is_open = |doc: &Doc| !doc.contains_key("closed_at");
                stay_behind(&self::docs(tx, sql, keep).await?, &mut docs, &["rule_id"], is_open);
            }
            _ => {}
        }
        luggage.docs.push((*table, docs));
    }
    (luggage.usage, luggage.usage_kept) = days(tx, keep, gone).await?;
    luggage.children = bulk::children(tx, &[gone.0]).await?.into_iter().map(|(child, _)| child).collect();
    luggage.children.retain(|child| *child != keep.0);
    Ok(luggage)
}

/// Returns how much would move.
pub(super) async fn count(tx: &mut Tx, keep: AccountId, gone: AccountId) -> Result<Moves> {
    let luggage = gather(tx, keep, gone).await?;
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(Moves {
        records: luggage.docs.iter().map(|(table, docs)| counted(table.subject(), docs.len())).collect(),
        contacts_joined: number(luggage.twins.len()),
        usage_days: number(luggage.usage.len()),
        usage_kept: number(luggage.usage_kept),
        children: number(luggage.children.len()),
    })
}

async fn docs(tx: &mut Tx, sql: &'static str, account: AccountId) -> Result<Vec<Doc>> {
    let workspace = tx.workspace();
    let rows: Vec<(Json<Doc>,)> =
        on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(account.0).bind(ROWS_MAX).fetch_all(c).await)?;
    unpacked(rows)
}

/// Returns the documents of rows, unless there are too many.
pub(super) fn unpacked(rows: Vec<(Json<Doc>,)>) -> Result<Vec<Doc>> {
    if rows.len() > RECORDS_MAX {
        let message = "There are more than 20,000 records of one kind. They are too many to be moved at once.";
        return Err(Refusal::Conflict(message.to_owned()).into());
    }
    Ok(rows.into_iter().map(|(Json(doc),)| doc).collect())
}

/// Takes the people out who are at the other account, too.
fn twins(there: &[Doc], docs: &mut Vec<Doc>) -> Vec<(Doc, Doc)> {
    let known: HashMap<&str, &Doc> = there.iter().filter_map(|doc| Some((text(doc, "email")?, doc))).collect();
    let mut twins = Vec::new();
    docs.retain(|doc| match text(doc, "email").and_then(|email| known.get(email)) {
        Some(twin) => {
            twins.push(((*twin).clone(), doc.clone()));
            false
        }
        None => true,
    });
    twins
}

/// Leaves those documents behind of which the other account has one of the same kind already.
fn stay_behind(there: &[Doc], docs: &mut Vec<Doc>, keys: &[&str], counts: impl Fn(&Doc) -> bool) {
    let kind = |doc: &Doc| keys.iter().map(|key| text(doc, key).unwrap_or_default().to_owned()).collect::<Vec<_>>();
    let known: HashSet<Vec<String>> = there.iter().filter(|doc| counts(doc)).map(kind).collect();
    docs.retain(|doc| !counts(doc) || !known.contains(&kind(doc)));
}

async fn days(tx: &mut Tx, keep: AccountId, gone: AccountId) -> Result<(Vec<UsageDay>, usize)> {
    let workspace = tx.workspace();
    let rows: Vec<(String, i64, f64)> = on!(tx, c => sqlx::query_as(
        "SELECT metric, day, value FROM usage_days WHERE workspace_id = $1 AND account_id = $2 ORDER BY metric, day LIMIT $3")
        .bind(workspace).bind(gone.0).bind(DAYS_MAX + 1).fetch_all(c).await)?;
    if rows.len() as i64 > DAYS_MAX {
        let message = "There are more than 110,000 days of usage. They are too many to be moved at once.";
        return Err(Refusal::Conflict(message.to_owned()).into());
    }
    let all: Vec<UsageDay> = rows
        .into_iter()
        .map(|(metric, day, value)| UsageDay { account_id: keep, metric, day: Timestamp(day), value })
        .collect();
    let known = usage::values(tx, &all).await?;
    let is_new = |day: &UsageDay| !known.contains_key(&(keep.0, day.metric.clone(), day.day.0));
    let (moving, kept): (Vec<_>, Vec<_>) = all.into_iter().partition(is_new);
    Ok((moving, kept.len()))
}
