//! Appending to the change log and reading it back; the chain makes tampering visible.

use domain::changes::{Change, Entry};
use domain::fields::Subject;
use domain::id::{AccountId, AlertId, BatchId, UserId};
use domain::time::Timestamp;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

use crate::bulk;
use crate::error::{Error, Result};
use crate::tx::{NewEntry, Tx, on};

/// Most rows of the log that one call returns.
pub const PAGE_MAX: i64 = 1_000;

/// One line before it is numbered: what happened, and the states before and after as one JSON text.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) change: Change,
    pub(crate) subject: Subject,
    pub(crate) subject_id: Uuid,
    pub(crate) account: Option<AccountId>,
    pub(crate) data: String,
    /// When it happened, where that is not the moment of the transaction.
    pub(crate) at: Option<Timestamp>,
}

impl Line {
    /// Returns the line of a subject that came into being with this document.
    pub(crate) fn created(subject: Subject, subject_id: Uuid, account: Option<AccountId>, doc: &str) -> Self {
        Self { change: Change::Created, subject, subject_id, account, data: data(doc, "{}"), at: None }
    }

    /// Returns the line of a subject that was deleted with this document.
    pub(crate) fn deleted(subject: Subject, subject_id: Uuid, account: Option<AccountId>, doc: &str) -> Self {
        Self { change: Change::Deleted, subject, subject_id, account, data: data("{}", doc), at: None }
    }
}

impl TryFrom<NewEntry> for Line {
    type Error = Error;
    fn try_from(entry: NewEntry) -> Result<Self> {
        let (after, before) = (serde_json::to_string(&entry.after)?, serde_json::to_string(&entry.before)?);
        let NewEntry { change, subject, subject_id, account, .. } = entry;
        Ok(Self { change, subject, subject_id, account, data: data(&after, &before), at: None })
    }
}

fn data(after: &str, before: &str) -> String {
    let mut data = String::with_capacity(after.len() + before.len() + 21);
    for part in ["{\"after\":", after, ",\"before\":", before, "}"] {
        data.push_str(part);
    }
    data
}

/// Numbers, chains and writes the lines; returns the last number. May be called several times in a transaction:
/// nobody else can write to the log between the first call and the commit.
pub(crate) async fn append(tx: &mut Tx, lines: Vec<Line>) -> Result<i64> {
    let mut end = end(tx).await?;
    let rows = end.chain(lines);
    write(tx, rows, end).await
}

/// The end of a workspace's log, and what all lines of one transaction have in common.
pub(crate) struct End {
    seq: i64,
    hash: Vec<u8>,
    at: i64,
    actor: Option<Uuid>,
    batch: Option<Uuid>,
}

/// Returns where the log ends; it ends there until this transaction writes to it.
pub(crate) async fn end(tx: &mut Tx) -> Result<End> {
    // Every inserted row holds a key share lock on its workspace; a lock that excludes those would deadlock writers.
    let lock = if tx.is_sqlite() {
        "SELECT log_seq, log_hash FROM workspaces WHERE id = $1"
    } else {
        "SELECT log_seq, log_hash FROM workspaces WHERE id = $1 FOR NO KEY UPDATE"
    };
    let workspace = tx.workspace();
    let (seq, hash): (i64, Vec<u8>) = on!(tx, c => sqlx::query_as(lock).bind(workspace).fetch_one(c).await)?;
    let (at, actor, batch) = (tx.now().0, tx.actor().user.map(|user| user.0), tx.batch().map(|batch| batch.0));
    Ok(End { seq, hash, at, actor, batch })
}

impl End {
    /// Numbers and chains the lines. It asks nothing of the database, so that another thread can do it meanwhile.
    pub(crate) fn chain(&mut self, lines: Vec<Line>) -> Vec<Row> {
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            self.seq += 1;
            let mut row = Row {
                seq: self.seq,
                at: line.at.map_or(self.at, |past| past.0),
                actor_id: self.actor,
                change: line.change.key().to_owned(),
                subject: line.subject.key().to_owned(),
                subject_id: line.subject_id,
                account_id: line.account.map(|account| account.0),
                batch_id: self.batch,
                data: line.data,
                hash: Vec::new(),
            };
            self.hash = link(&self.hash, &row);
            row.hash.clone_from(&self.hash);
            rows.push(row);
        }
        rows
    }
}

/// Writes lines that [`End::chain`] put behind the end of this transaction's log; returns the last number.
pub(crate) async fn write(tx: &mut Tx, rows: Vec<Row>, end: End) -> Result<i64> {
    bulk::insert_changes(tx, rows).await?;
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query("UPDATE workspaces SET log_seq = $2, log_hash = $3 WHERE id = $1")
        .bind(workspace).bind(end.seq).bind(&end.hash).execute(c).await.map(|_| ()))?;
    Ok(end.seq)
}

/// One row as stored.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Row {
    pub(crate) seq: i64,
    pub(crate) at: i64,
    pub(crate) actor_id: Option<Uuid>,
    pub(crate) change: String,
    pub(crate) subject: String,
    pub(crate) subject_id: Uuid,
    pub(crate) account_id: Option<Uuid>,
    pub(crate) batch_id: Option<Uuid>,
    pub(crate) data: String,
    pub(crate) hash: Vec<u8>,
}

impl Row {
    /// Returns whether the line says that a subject came into being with exactly this document.
    pub(crate) fn is_created_with(&self, doc: &str) -> bool {
        let after = self.data.strip_prefix("{\"after\":").and_then(|rest| rest.strip_prefix(doc));
        self.change == Change::Created.key() && after == Some(",\"before\":{}}")
    }

    /// Returns the kind of thing that the line is about.
    pub(crate) fn subject(&self) -> Result<Subject> {
        let unknown = || Error::Stored(format!("unknown subject in change {}", self.seq));
        Subject::from_key(&self.subject).ok_or_else(unknown)
    }
}

/// Returns SHA-256 over the previous link and every column of the row, each with its length in front.
fn link(previous: &[u8], row: &Row) -> Vec<u8> {
    let mut hasher = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    };
    part(previous);
    part(&row.seq.to_be_bytes());
    part(&row.at.to_be_bytes());
    for id in [row.actor_id, Some(row.subject_id), row.account_id, row.batch_id] {
        part(id.as_ref().map_or(&[], |id| id.as_bytes().as_slice()));
    }
    part(row.change.as_bytes());
    part(row.subject.as_bytes());
    part(row.data.as_bytes());
    hasher.finalize().to_vec()
}

const COLUMNS_AFTER: &str = "SELECT seq, at, actor_id, change, subject, subject_id, account_id, batch_id, data, hash \
    FROM changes WHERE workspace_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";

/// Returns up to `limit` lines after `seq`, oldest first.
pub async fn after(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Entry>> {
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(COLUMNS_AFTER)
        .bind(workspace).bind(seq).bind(limit.min(PAGE_MAX)).fetch_all(c).await)?;
    rows.into_iter().map(entry).collect()
}

/// Returns the newest lines of one account before `seq`, newest first: its change history.
pub async fn of_account(tx: &mut Tx, account: AccountId, before: i64, limit: i64) -> Result<Vec<Entry>> {
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT seq, at, actor_id, change, subject, subject_id, account_id, batch_id, data, hash FROM changes \
         WHERE workspace_id = $1 AND account_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4")
        .bind(workspace).bind(account.0).bind(before).bind(limit.min(PAGE_MAX)).fetch_all(c).await)?;
    rows.into_iter().map(entry).collect()
}

/// Statements over a list of accounts look each one up by the index. SQLite is told to: without statistics it would
/// rather walk over everything that the workspace has.
const OF_ACCOUNTS_SINCE: (&str, &str) = (
    "SELECT seq, at, actor_id, change, subject, subject_id, account_id, batch_id, data, hash \
     FROM (SELECT unhex(value, '-') AS wanted FROM json_each($2)) AS ids \
     CROSS JOIN changes INDEXED BY changes_account WHERE workspace_id = $1 AND account_id = ids.wanted AND at > $3 AND change <> 'scored' ORDER BY seq DESC",
    "SELECT seq, at, actor_id, change, subject, subject_id, account_id, batch_id, data, hash FROM changes \
     WHERE workspace_id = $1 AND account_id IN (SELECT j::uuid FROM jsonb_array_elements_text($2::text::jsonb) AS j) \
     AND at > $3 AND change <> 'scored' ORDER BY seq DESC",
);

/// Returns what happened to these accounts after a moment, newest first, without their scores.
pub async fn of_accounts_since(tx: &mut Tx, ids: &[AccountId], since: Timestamp) -> Result<Vec<Entry>> {
    let sql = if tx.is_sqlite() { OF_ACCOUNTS_SINCE.0 } else { OF_ACCOUNTS_SINCE.1 };
    let (workspace, ids) = (tx.workspace(), serde_json::to_string(ids)?);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(sql).bind(workspace).bind(ids).bind(since.0).fetch_all(c).await)?;
    rows.into_iter().map(entry).collect()
}

/// Returns what happened to the accounts themselves after a moment, newest first, without their scores. What they
/// were created with is left out: before, there was nothing.
pub(crate) async fn of_all_accounts_since(tx: &mut Tx, since: Timestamp) -> Result<Vec<Row>> {
    let workspace = tx.workspace();
    // Asked for in order, SQLite would walk over the whole log for the sake of it.
    let mut rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT seq, at, actor_id, change, subject, subject_id, account_id, batch_id, \
         CASE WHEN change = 'created' THEN '{}' ELSE data END AS data, hash FROM changes \
         WHERE workspace_id = $1 AND subject = 'accounts' AND change <> 'scored' AND at > $2")
        .bind(workspace).bind(since.0).fetch_all(c).await)?;
    rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.seq));
    Ok(rows)
}

/// Returns the kinds of things that were touched after `seq`, and the accounts among them; callers know that it is
/// not long ago.
pub(crate) async fn touched(tx: &mut Tx, seq: i64) -> Result<Vec<(String, Uuid)>> {
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_as(
        "SELECT DISTINCT subject, subject_id FROM changes WHERE workspace_id = $1 AND seq > $2")
        .bind(workspace).bind(seq).fetch_all(c).await)?)
}

/// Returns all that ever happened to the accounts themselves, oldest first, without their scores.
pub(crate) async fn of_all_accounts(tx: &mut Tx) -> Result<Vec<Row>> {
    let workspace = tx.workspace();
    // Asked for in order, SQLite would walk over the whole log for the sake of it.
    let mut rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT seq, at, actor_id, change, subject, subject_id, account_id, batch_id, data, hash FROM changes \
         WHERE workspace_id = $1 AND subject = 'accounts' AND change <> 'scored' AND at >= 0")
        .bind(workspace).fetch_all(c).await)?;
    rows.sort_unstable_by_key(|row| row.seq);
    Ok(rows)
}

/// Returns what happened to an alert, oldest first.
pub(crate) async fn of_alert(tx: &mut Tx, alert: AlertId, limit: i64) -> Result<Vec<Entry>> {
    let workspace = tx.workspace();
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT seq, at, actor_id, change, subject, subject_id, account_id, batch_id, data, hash FROM changes \
         WHERE workspace_id = $1 AND subject = 'alerts' AND subject_id = $2 ORDER BY seq LIMIT $3")
        .bind(workspace).bind(alert.0).bind(limit).fetch_all(c).await)?;
    rows.into_iter().map(entry).collect()
}

/// Returns lines of a batch before `seq`, newest first, in the order in which undo takes them back.
pub(crate) async fn of_batch(tx: &mut Tx, batch: BatchId, before: i64, limit: i64) -> Result<Vec<Row>> {
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_as(
        "SELECT seq, at, actor_id, change, subject, subject_id, account_id, batch_id, data, hash FROM changes \
         WHERE workspace_id = $1 AND batch_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4")
        .bind(workspace).bind(batch.0).bind(before).bind(limit).fetch_all(c).await)?)
}

/// Returns the batch that this batch took back, if it is an undo.
pub(crate) async fn undone_by(tx: &mut Tx, batch: BatchId) -> Result<Option<BatchId>> {
    let workspace = tx.workspace();
    let undone: Option<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "SELECT subject_id FROM changes WHERE workspace_id = $1 AND batch_id = $2 AND change = 'undone' \
         ORDER BY seq DESC LIMIT 1")
        .bind(workspace).bind(batch.0).fetch_optional(c).await)?;
    Ok(undone.map(|(id,)| BatchId(id)))
}

/// Returns the last sequence number of the workspace's log.
pub async fn last_seq(tx: &mut Tx) -> Result<i64> {
    let workspace = tx.workspace();
    Ok(
        on!(tx, c => sqlx::query_scalar("SELECT log_seq FROM workspaces WHERE id = $1").bind(workspace).fetch_one(c).await)?,
    )
}

/// Recomputes the whole chain; returns the number of rows, or the first row that does not fit.
pub async fn verify(tx: &mut Tx) -> Result<Result<i64, i64>> {
    let workspace = tx.workspace();
    let (end, end_hash): (i64, Vec<u8>) = on!(tx, c => sqlx::query_as("SELECT log_seq, log_hash FROM workspaces WHERE id = $1").bind(workspace).fetch_one(c).await)?;
    let (mut seq, mut hash) = (0, Vec::new());
    loop {
        let rows: Vec<Row> = on!(tx, c => sqlx::query_as(COLUMNS_AFTER)
            .bind(workspace).bind(seq).bind(PAGE_MAX).fetch_all(c).await)?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let expected = link(&hash, &row);
            if row.seq != seq + 1 || row.hash != expected {
                return Ok(Err(seq + 1));
            }
            (seq, hash) = (row.seq, expected);
        }
    }
    Ok(if seq == end && hash == end_hash { Ok(seq) } else { Err(seq + 1) })
}

/// Returns a stored line with its states taken apart.
pub(crate) fn entry(row: Row) -> Result<Entry> {
    let unknown = |what: &str| Error::Stored(format!("unknown {what} in change {}", row.seq));
    let mut data: Map<String, Value> = serde_json::from_str(&row.data)?;
    let mut part = |key: &str| match data.remove(key) {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    Ok(Entry {
        seq: row.seq,
        at: Timestamp(row.at),
        actor: row.actor_id.map(UserId),
        change: Change::from_key(&row.change).ok_or_else(|| unknown("change"))?,
        subject: row.subject()?,
        subject_id: row.subject_id,
        account: row.account_id.map(AccountId),
        before: part("before"),
        after: part("after"),
        batch: row.batch_id.map(BatchId),
    })
}
