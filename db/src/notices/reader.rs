//! The reader of the change log that makes notices of it, and of what time alone brings.

use domain::accounts::Account;
use domain::alerts::Alert;
use domain::changes::Change;
use domain::fields::Subject;
use domain::id::{BatchId, WorkspaceId};
use domain::identity::Actor;
use domain::notices::{Audience, News, RENEWAL_DAYS, What, news_of, renewal_news, todo_news};
use domain::time::{DAY_MS, Timestamp};
use domain::todos::Todo;
use serde_json::{Map, Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::deliveries::Reach;
use super::{digests, told};
use crate::error::Result;
use crate::log;
use crate::pool::Db;
use crate::tx::{NewEntry, Tx, on};
use crate::{batches, subjects};

/// How far the reader has come in the log.
const LOG: &str = "notices";
/// The last day on which renewals were looked at, counted from the epoch.
const DAY: &str = "notices.day";
/// The moment up to which tasks have been told to be due.
const TODOS: &str = "notices.todos";
/// Tasks that are told at one look, with all of the same moment as the last; the others follow at the next.
const TODOS_MAX: i64 = 1_000;
/// Lines of the log that one statement reads.
const STEP: i64 = 1_000;

// Only these lines can be news: an import of a hundred thousand accounts is as many documents.
const LINES: &str = "SELECT seq, at, actor_id, change, subject, subject_id, account_id, batch_id, data, hash FROM changes \
    WHERE workspace_id = $1 AND seq > $2 AND seq <= $3 AND (change = 'scored' \
    OR (subject IN ('tickets', 'activities', 'alerts', 'todos') AND change <> 'deleted') OR subject = 'scorecards' \
    OR (subject = 'accounts' AND change IN ('created', 'updated') AND actor_id IS NOT NULL AND data LIKE '%\"owner_id\":\"%')) \
    ORDER BY seq LIMIT $4";

/// What has come since the last look.
#[derive(Default)]
struct Found {
    news: Vec<News>,
    marks: Vec<(&'static str, i64)>,
    awake: bool,
    digests: Vec<digests::Due>,
}

/// Reads the log from where it stopped, looks at what time has brought, and tells people; returns how many notices
/// that made. The first time, what happened before is no news.
pub async fn catch_up(db: &Db, workspace: WorkspaceId, reach: Reach) -> Result<u32> {
    let actor = Actor::system(workspace);
    let found = look(&mut db.read(&actor).await?, reach).await?;
    if found.marks.is_empty() && !found.awake && found.digests.is_empty() {
        return Ok(0);
    }
    let mut tx = db.write(&actor).await?;
    let told = told::tell(&mut tx, found.news, reach).await?;
    for (name, value) in found.marks {
        set_mark(&mut tx, name, value).await?;
    }
    if found.awake {
        wake(&mut tx).await?;
    }
    for due in found.digests {
        digests::place(&mut tx, due).await?;
    }
    tx.commit().await?;
    Ok(told)
}

/// Looks back at what the log tells since a moment, for demo data: what is older than a day counts as read, and
/// nothing is sent.
pub async fn look_back(db: &Db, workspace: WorkspaceId, since: Timestamp) -> Result<u32> {
    let actor = Actor::system(workspace);
    let mut tx = db.write(&actor).await?;
    let id = tx.workspace();
    let seq: i64 = on!(tx, c => sqlx::query_scalar(
        "SELECT COALESCE(MAX(seq), 0) FROM changes WHERE workspace_id = $1 AND at < $2")
        .bind(id).bind(since.0).fetch_one(c).await)?;
    set_mark(&mut tx, LOG, seq).await?;
    tx.commit().await?;
    let told = catch_up(db, workspace, Reach::default()).await?;
    let mut tx = db.write(&actor).await?;
    let old = tx.now().plus_days(-1).0;
    on!(tx, c => sqlx::query("UPDATE notices SET read_at = at WHERE workspace_id = $1 AND at < $2 AND read_at IS NULL")
        .bind(id).bind(old).execute(c).await.map(|_| ()))?;
    tx.commit().await?;
    Ok(told)
}

async fn look(tx: &mut Tx, reach: Reach) -> Result<Found> {
    let mut found = Found::default();
    let end = log::last_seq(tx).await?;
    match mark(tx, LOG).await? {
        Some(from) if from < end => {
            found.news = news_between(tx, from, end).await?;
            found.marks.push((LOG, end));
        }
        Some(_) => {}
        None => found.marks.push((LOG, end)),
    }
    let today = tx.now().0.div_euclid(DAY_MS);
    if mark(tx, DAY).await? != Some(today) {
        found.news.extend(renewals(tx).await?);
        found.marks.push((DAY, today));
    }
    due_todos(tx, &mut found).await?;
    found.awake = is_anybody_awake(tx).await?;
    if reach.mail {
        found.digests = digests::due(tx).await?;
    }
    Ok(found)
}

async fn news_between(tx: &mut Tx, from: i64, end: i64) -> Result<Vec<News>> {
    let (workspace, mut seq, mut news) = (tx.workspace(), from, imports(tx, from, end).await?);
    loop {
        let rows: Vec<log::Row> = on!(tx, c => sqlx::query_as(LINES)
            .bind(workspace).bind(seq).bind(end).bind(STEP).fetch_all(c).await)?;
        let Some(last) = rows.last() else { return Ok(news) };
        seq = last.seq;
        for row in rows {
            let Some(one) = news_of(&log::entry(row)?) else { continue };
            news.extend(look_up(tx, one).await?);
        }
    }
}

/// Fills in what a line of the log leaves out because it did not change. An alert that a group has gathered meanwhile
/// is no news: the group tells of it.
async fn look_up(tx: &mut Tx, mut news: News) -> Result<Option<News>> {
    match &mut news.what {
        What::AlertAssigned { alert, rule } | What::AlertEscalated { alert, rule } => {
            if let Some(found) = subjects::find::<Alert>(tx, alert.0).await? {
                *rule = found.rule_name;
            }
        }
        What::AlertRaised { alert, .. } => {
            let found = subjects::find::<Alert>(tx, alert.0).await?;
            if found.is_some_and(|alert| alert.group.is_some()) {
                return Ok(None);
            }
        }
        What::TodoAssigned { todo, title, .. } => {
            if let Some(found) = subjects::find::<Todo>(tx, todo.0).await? {
                *title = found.title;
            }
        }
        _ => {}
    }
    Ok(Some(news))
}

/// Returns the imports that the log has between two lines.
async fn imports(tx: &mut Tx, from: i64, end: i64) -> Result<Vec<News>> {
    let workspace = tx.workspace();
    // Not every batch is written down as one: the deletion of a saved view can be taken back by its lines alone.
    let ids: Vec<Uuid> = on!(tx, c => sqlx::query_scalar(
        "SELECT DISTINCT c.batch_id FROM changes AS c JOIN batches AS b ON b.workspace_id = c.workspace_id \
         AND b.id = c.batch_id AND b.kind = 'import' WHERE c.workspace_id = $1 AND c.seq > $2 AND c.seq <= $3")
        .bind(workspace).bind(from).bind(end).fetch_all(c).await)?;
    let mut news = Vec::new();
    for id in ids {
        let batch = batches::get(tx, BatchId(id)).await?;
        news.push(News {
            what: What::ImportFinished { file: batch.label },
            audience: Audience::Managers,
            account: None,
            at: batch.created_at,
            actor: batch.created_by,
            fingerprint: format!("import/{id}"),
        });
    }
    Ok(news)
}

async fn renewals(tx: &mut Tx) -> Result<Vec<News>> {
    let (workspace, now) = (tx.workspace(), tx.now());
    let from = now.day_start();
    let to = from.plus_days(RENEWAL_DAYS.into_iter().max().unwrap_or_default() + 1);
    let docs: Vec<(Json<Account>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL AND renewal_at BETWEEN $2 AND $3 \
         AND owner_id IS NOT NULL ORDER BY renewal_at, id")
        .bind(workspace).bind(from.0).bind(to.0).fetch_all(c).await)?;
    Ok(docs.into_iter().filter_map(|(doc,)| renewal_news(&doc.0, now)).collect())
}

/// Adds the tasks whose day or reminder has come since the last look; the first time, there was none before.
async fn due_todos(tx: &mut Tx, found: &mut Found) -> Result<()> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let Some(from) = mark(tx, TODOS).await? else {
        found.marks.push((TODOS, now));
        return Ok(());
    };
    let due = "SELECT doc, ring_at FROM todos WHERE workspace_id = $1 AND done_at IS NULL AND ring_at > $2 \
        AND ring_at <= COALESCE((SELECT ring_at FROM todos WHERE workspace_id = $1 AND done_at IS NULL AND ring_at > $2 \
        AND ring_at <= $3 ORDER BY ring_at LIMIT 1 OFFSET $4), $3) ORDER BY ring_at";
    let remind = "SELECT doc, remind_at FROM todos WHERE workspace_id = $1 AND done_at IS NULL AND remind_at > $2 \
        AND remind_at <= COALESCE((SELECT remind_at FROM todos WHERE workspace_id = $1 AND done_at IS NULL \
        AND remind_at > $2 AND remind_at <= $3 ORDER BY remind_at LIMIT 1 OFFSET $4), $3) ORDER BY remind_at";
    let mut until = now;
    for (sql, is_reminder) in [(due, false), (remind, true)] {
        let rows: Vec<(Json<Map<String, Value>>, i64)> = on!(tx, c => sqlx::query_as(sql)
            .bind(workspace).bind(from).bind(until).bind(TODOS_MAX - 1).fetch_all(c).await)?;
        if rows.len() as i64 >= TODOS_MAX {
            until = rows.last().map_or(until, |(_, at)| *at);
        }
        for (doc, at) in rows {
            let todo: Todo = subjects::from_document(doc.0)?;
            found.news.extend(todo_news(&todo, Timestamp(at), is_reminder));
        }
    }
    // Looked at again they would be no news; with nothing to tell, nothing is written.
    if found.news.iter().any(|one| matches!(one.what, What::TodoDue { .. })) {
        found.marks.push((TODOS, until));
    }
    Ok(())
}

/// Returns whether a snooze is over.
async fn is_anybody_awake(tx: &mut Tx) -> Result<bool> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let row: Option<(i64,)> = on!(tx, c => sqlx::query_as(
        "SELECT snoozed_until FROM notices WHERE workspace_id = $1 AND snoozed_until IS NOT NULL AND snoozed_until <= $2 LIMIT 1")
        .bind(workspace).bind(now).fetch_optional(c).await)?;
    Ok(row.is_some())
}

/// Brings back the notices whose snooze is over.
async fn wake(tx: &mut Tx) -> Result<()> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let mut users: Vec<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "UPDATE notices SET snoozed_until = NULL WHERE workspace_id = $1 AND snoozed_until IS NOT NULL \
         AND snoozed_until <= $2 RETURNING user_id")
        .bind(workspace).bind(now).fetch_all(c).await)?;
    users.sort_unstable();
    users.dedup();
    for (user,) in users {
        tx.record(NewEntry {
            change: Change::Updated,
            subject: Subject::Notice,
            subject_id: user,
            account: None,
            before: Map::new(),
            after: Map::from_iter([("notices".to_owned(), json!(0))]),
        });
    }
    Ok(())
}

async fn mark(tx: &mut Tx, name: &str) -> Result<Option<i64>> {
    let workspace = tx.workspace();
    let seq: Option<(i64,)> = on!(tx, c => sqlx::query_as(
        "SELECT seq FROM cursors WHERE workspace_id = $1 AND reader = $2")
        .bind(workspace).bind(name).fetch_optional(c).await)?;
    Ok(seq.map(|(seq,)| seq))
}

async fn set_mark(tx: &mut Tx, name: &str, seq: i64) -> Result<()> {
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query(
        "INSERT INTO cursors (workspace_id, reader, seq) VALUES ($1, $2, $3) \
         ON CONFLICT (workspace_id, reader) DO UPDATE SET seq = excluded.seq")
        .bind(workspace).bind(name).bind(seq).execute(c).await.map(|_| ()))?;
    Ok(())
}
