//! What stands of the alerts of accounts, and what the engine remembers of them.

use std::collections::{BTreeSet, HashMap};

use domain::alerts::Alert;
use domain::alerts::engine::{Move, Moved, Watch};
use domain::changes::Change;
use domain::fields::Subject;
use domain::id::AccountId;
use domain::time::Timestamp;
use serde_json::{Map, Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use crate::bulk;
use crate::error::Result;
use crate::subjects::{Table, document, from_document, updated};
use crate::tx::{NewEntry, Tx, on};

/// How far back closed alerts matter: longer than the longest pause after one.
const CLOSED_DAYS: i64 = 366;

/// How some accounts stand.
#[derive(Debug, Default)]
pub(super) struct Stand {
    /// By account, its open alerts and those that were closed within a year.
    pub alerts: HashMap<AccountId, Vec<Alert>>,
    /// By account, what the engine remembers and when it is due.
    pub watches: HashMap<AccountId, (Watch, Timestamp)>,
}

// SQLite is told to begin with the ids, as everywhere a list of accounts is looked up.
const ALERTS: (&str, &str) = (
    "SELECT doc FROM (SELECT unhex(value, '-') AS wanted FROM json_each($2)) AS ids CROSS JOIN alerts \
     WHERE workspace_id = $1 AND account_id = ids.wanted AND (closed_at IS NULL OR closed_at >= $3)",
    "SELECT doc FROM alerts WHERE workspace_id = $1 \
     AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j) \
     AND (closed_at IS NULL OR closed_at >= $3)",
);
const WATCHES: (&str, &str) = (
    "SELECT account_id, due_at, watch FROM (SELECT unhex(value, '-') AS wanted FROM json_each($2)) AS ids \
     CROSS JOIN watches WHERE workspace_id = $1 AND account_id = ids.wanted",
    "SELECT account_id, due_at, watch FROM watches WHERE workspace_id = $1 \
     AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j)",
);
const WRITE: (&str, &str) = (
    "INSERT INTO watches (workspace_id, account_id, due_at, watch) \
     SELECT $1, unhex(value ->> '$.id', '-'), value ->> '$.due', value -> '$.watch' FROM json_each($2) WHERE true \
     ON CONFLICT (workspace_id, account_id) DO UPDATE SET due_at = excluded.due_at, watch = excluded.watch",
    "INSERT INTO watches (workspace_id, account_id, due_at, watch) \
     SELECT $1, (j ->> 'id')::uuid, (j ->> 'due')::bigint, j -> 'watch' FROM jsonb_array_elements($2::text::jsonb) AS j \
     ON CONFLICT (workspace_id, account_id) DO UPDATE SET due_at = excluded.due_at, watch = excluded.watch",
);

const OPEN: (&str, &str) = (
    "SELECT json_extract(doc, '$.fingerprint') FROM alerts WHERE workspace_id = $1 AND closed_at IS NULL \
     AND json_extract(doc, '$.fingerprint') IN (SELECT value FROM json_each($2))",
    "SELECT doc ->> 'fingerprint' FROM alerts WHERE workspace_id = $1 AND closed_at IS NULL \
     AND doc ->> 'fingerprint' IN (SELECT jsonb_array_elements_text($2::text::jsonb))",
);

/// Returns how these accounts stand.
pub(super) async fn stand(tx: &mut Tx, ids: &[AccountId]) -> Result<Stand> {
    let (workspace, list) = (tx.workspace(), serde_json::to_string(ids)?);
    let (alerts, watches) = if tx.is_sqlite() { (ALERTS.0, WATCHES.0) } else { (ALERTS.1, WATCHES.1) };
    let since = tx.now().plus_days(-CLOSED_DAYS).0;
    let mut stand = Stand::default();
    let rows: Vec<(Json<Map<String, Value>>,)> =
        on!(tx, c => sqlx::query_as(alerts).bind(workspace).bind(&list).bind(since).fetch_all(c).await)?;
    for (Json(doc),) in rows {
        let alert: Alert = from_document(doc)?;
        if let Some(account) = alert.account_id {
            stand.alerts.entry(account).or_default().push(alert);
        }
    }
    let rows: Vec<(Uuid, i64, Json<Watch>)> =
        on!(tx, c => sqlx::query_as(watches).bind(workspace).bind(&list).fetch_all(c).await)?;
    for (account, due, Json(watch)) in rows {
        stand.watches.insert(AccountId(account), (watch, Timestamp(due)));
    }
    Ok(stand)
}

/// Returns some accounts that are due, those longest due first.
pub(super) async fn due(tx: &mut Tx, limit: i64) -> Result<Vec<AccountId>> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let rows: Vec<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "SELECT account_id FROM watches WHERE workspace_id = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3")
        .bind(workspace).bind(now).bind(limit).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

/// Returns when the next account is due.
pub(super) async fn next_due(tx: &mut Tx) -> Result<Option<Timestamp>> {
    let workspace = tx.workspace();
    let due: Option<i64> = on!(tx, c => sqlx::query_scalar("SELECT MIN(due_at) FROM watches WHERE workspace_id = $1")
        .bind(workspace).fetch_one(c).await)?;
    Ok(due.map(Timestamp))
}

/// Returns the accounts of alerts that are put aside.
pub(super) async fn waiting(tx: &mut Tx) -> Result<BTreeSet<AccountId>> {
    let workspace = tx.workspace();
    let rows: Vec<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "SELECT account_id FROM alerts WHERE workspace_id = $1 AND closed_at IS NULL AND snoozed_at IS NOT NULL \
         AND account_id IS NOT NULL").bind(workspace).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

/// Remembers what the engine will need the next time.
pub(super) async fn write(tx: &mut Tx, rows: &[(AccountId, &Watch, Timestamp)]) -> Result<()> {
    let sql = if tx.is_sqlite() { WRITE.0 } else { WRITE.1 };
    for chunk in rows.chunks(bulk::ROWS_MAX) {
        let rows: Vec<Value> =
            chunk.iter().map(|(id, watch, due)| json!({"id": id, "due": due, "watch": watch})).collect();
        let (workspace, text) = (tx.workspace(), serde_json::to_string(&rows)?);
        on!(tx, c => sqlx::query(sql).bind(workspace).bind(text).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Forgets accounts that are no more.
pub(super) async fn forget(tx: &mut Tx, account: AccountId) -> Result<()> {
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query("DELETE FROM watches WHERE workspace_id = $1 AND account_id = $2")
        .bind(workspace).bind(account.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Returns the alerts with these ids that are still at the version that was looked at.
pub(super) async fn unchanged(tx: &mut Tx, moves: &[Move]) -> Result<HashMap<Uuid, Map<String, Value>>> {
    let ids: Vec<Uuid> = moves.iter().filter(|one| one.moved != Moved::Raised).map(|one| one.alert.id.0).collect();
    let mut found = HashMap::with_capacity(ids.len());
    for doc in bulk::select(tx, Table::Alerts, &ids).await? {
        let id = doc.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok());
        let version = doc.get("version").and_then(Value::as_i64);
        let seen = moves.iter().find(|one| Some(one.alert.id.0) == id).map(|one| one.alert.version);
        if let (Some(id), true) = (id, version == seen) {
            found.insert(id, doc);
        }
    }
    Ok(found)
}

/// Returns the moves without the alerts that are open already: another process may have looked at the same moment, or
/// a person may have opened one again.
pub(super) async fn not_raised_yet(tx: &mut Tx, moves: Vec<Move>) -> Result<Vec<Move>> {
    let names: Vec<&str> =
        moves.iter().filter(|one| one.moved == Moved::Raised).map(|one| one.alert.fingerprint.as_str()).collect();
    if names.is_empty() {
        return Ok(moves);
    }
    let open = open_of(tx, &names).await?;
    let is_open = |alert: &Alert| open.contains(&alert.fingerprint);
    Ok(moves.into_iter().filter(|one| one.moved != Moved::Raised || !is_open(&one.alert)).collect())
}

/// Returns whether there is an open alert for the same thing.
pub(super) async fn is_open(tx: &mut Tx, fingerprint: &str) -> Result<bool> {
    Ok(!open_of(tx, &[fingerprint]).await?.is_empty())
}

/// Returns the fingerprints among these of which an alert is open.
async fn open_of(tx: &mut Tx, names: &[&str]) -> Result<BTreeSet<String>> {
    let (workspace, names) = (tx.workspace(), serde_json::to_string(names)?);
    let sql = if tx.is_sqlite() { OPEN.0 } else { OPEN.1 };
    let open: Vec<(String,)> = on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(names).fetch_all(c).await)?;
    Ok(open.into_iter().map(|(name,)| name).collect())
}

/// Writes what became of alerts, each with its line in the log. `before` holds those that were there already.
pub(super) async fn write_moves(tx: &mut Tx, moves: &[Move], before: &HashMap<Uuid, Map<String, Value>>) -> Result<()> {
    let (mut new, mut changed, mut entries) = (Vec::new(), Vec::new(), Vec::new());
    for Move { moved, alert } in moves {
        let mut doc = document(alert)?;
        if *moved == Moved::Raised {
            entries.push(NewEntry {
                change: Change::Created,
                subject: Subject::Alert,
                subject_id: alert.id.0,
                account: alert.account_id,
                before: Map::new(),
                after: doc.clone(),
            });
            new.push(doc);
        } else if let Some(old) = before.get(&alert.id.0)
            && let Some(entry) = updated(Table::Alerts, old, &mut doc, tx.now().0, alert.account_id)
        {
            entries.push(entry);
            changed.push(doc);
        }
    }
    bulk::expect_rows(bulk::insert(tx, Table::Alerts, &new).await?, new.len())?;
    bulk::expect_rows(bulk::update(tx, Table::Alerts, &changed).await?, changed.len())?;
    entries.into_iter().for_each(|entry| tx.record(entry));
    Ok(())
}
