//! Feeds: adding, pausing and removing them, taking those that are due, and what came of it.

use domain::changes::{Change, diff};
use domain::fields::Subject;
use domain::id::{AccountId, FeedId};
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::signals::feeds::{FEEDS_MAX, Feed, FeedKind, NewFeed, Outcome, Run, WatchedFeed, next_look};
use domain::time::Timestamp;
use serde_json::{Map, Value, json};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::{lease, require_account, seed};
use crate::error::{Error, Result};
use crate::tx::{NewEntry, Tx, on};

/// Runs of a feed that are kept.
const RUNS_MAX: i64 = 20;

/// A feed that is due, with what its server said last time.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct TakenFeed {
    doc: Json<Feed>,
    /// The tag of the last version.
    pub etag: Option<String>,
    /// When the server said it was last modified.
    pub modified: Option<String>,
}

impl TakenFeed {
    /// Returns the feed.
    #[must_use]
    pub fn feed(&self) -> &Feed {
        &self.doc.0
    }
}

/// What a server said about a feed besides its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// The tag of this version; `None` keeps the last one.
    pub etag: Option<String>,
    /// When it was last modified; `None` keeps the last one.
    pub modified: Option<String>,
    /// How long the server wants to be left alone.
    pub wait_ms: i64,
}

fn writer(kind: FeedKind) -> Role {
    // Whoever works with an account may say where its news is; what all accounts are held against is set up once.
    if kind == FeedKind::Account { Role::Csm } else { Role::Manager }
}

/// Returns all feeds by name; everybody may look.
pub async fn feeds(tx: &mut Tx) -> Result<Vec<WatchedFeed>> {
    let workspace = tx.workspace();
    let rows: Vec<(Json<Feed>,)> = on!(tx, c => sqlx::query_as("SELECT doc FROM feeds WHERE workspace_id = $1 ORDER BY id")
        .bind(workspace).fetch_all(c).await)?;
    let mut feeds: Vec<Feed> = rows.into_iter().map(|(Json(feed),)| feed).collect();
    feeds.sort_by_key(|feed| (feed.kind.key(), feed.name.to_lowercase()));
    let mut watched = Vec::with_capacity(feeds.len());
    for feed in feeds {
        let account = match feed.account_id {
            Some(id) => name_of(tx, id).await?,
            None => None,
        };
        watched.push(WatchedFeed { feed, account });
    }
    Ok(watched)
}

pub(super) async fn name_of(tx: &mut Tx, id: AccountId) -> Result<Option<String>> {
    let workspace = tx.workspace();
    let row: Option<(String,)> = on!(tx, c => sqlx::query_as("SELECT name FROM accounts WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(|(name,)| name))
}

/// Returns the last runs of a feed, newest first; everybody may look.
pub async fn feed_runs(tx: &mut Tx, id: FeedId) -> Result<Vec<Run>> {
    let workspace = tx.workspace();
    let rows: Vec<(Json<Run>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM feed_runs WHERE workspace_id = $1 AND feed_id = $2 ORDER BY at DESC LIMIT $3")
        .bind(workspace).bind(id.0).bind(RUNS_MAX).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(Json(run),)| run).collect())
}

/// Adds a feed; it is due at once. People who work with accounts may add an account's, managers any.
pub async fn add_feed(tx: &mut Tx, new: NewFeed) -> Result<FeedId> {
    tx.require(writer(new.kind))?;
    let new = new.tidy()?;
    if let Some(account) = new.account_id {
        require_account(tx, account).await?;
    }
    let workspace = tx.workspace();
    let (count,): (i64,) = on!(tx, c => sqlx::query_as("SELECT count(*) FROM feeds WHERE workspace_id = $1")
        .bind(workspace).fetch_one(c).await)?;
    if count >= i64::from(FEEDS_MAX) {
        return Err(Refusal::Conflict(format!("A workspace has at most {FEEDS_MAX} feeds. Remove one first.")).into());
    }
    let known: Option<(Uuid,)> = on!(tx, c => sqlx::query_as("SELECT id FROM feeds WHERE workspace_id = $1 AND url = $2")
        .bind(workspace).bind(&new.url).fetch_optional(c).await)?;
    if known.is_some() {
        return Err(Refusal::field("url", "This feed is watched already.").into());
    }
    let feed = Feed {
        id: FeedId(Uuid::now_v7()),
        kind: new.kind,
        name: new.name,
        url: new.url,
        account_id: new.account_id,
        every_minutes: new.every_minutes,
        created_at: tx.now(),
        created_by: tx.actor().user,
        paused_at: None,
        paused_by: None,
        next_at: tx.now(),
        asked: true,
        failures: 0,
        last: None,
    };
    on!(tx, c => sqlx::query("INSERT INTO feeds (workspace_id, id, url, next_at, doc) VALUES ($1, $2, $3, $4, $5)")
        .bind(workspace).bind(feed.id.0).bind(&feed.url).bind(feed.next_at.0).bind(Json(&feed))
        .execute(c).await.map(|_| ()))?;
    record(tx, Change::Created, &feed, Map::new(), fields(&feed));
    Ok(feed.id)
}

/// Pauses a feed, or lets it go on; who may add it may.
pub async fn pause_feed(tx: &mut Tx, id: FeedId, paused: bool) -> Result<()> {
    let mut feed = get_own(tx, id).await?;
    if feed.paused_at.is_some() == paused {
        return Ok(());
    }
    let before = fields(&feed);
    let now = tx.now();
    feed.paused_at = paused.then_some(now);
    feed.paused_by = tx.actor().user.filter(|_| paused);
    feed.next_at = now;
    store(tx, &feed).await?;
    record(tx, Change::Updated, &feed, before, fields(&feed));
    Ok(())
}

/// Makes a feed due at once; who may add it may.
pub async fn run_feed_now(tx: &mut Tx, id: FeedId) -> Result<()> {
    let mut feed = get_own(tx, id).await?;
    if feed.paused_at.is_some() {
        return Err(Refusal::Conflict("This feed is paused. Let it go on first.".to_owned()).into());
    }
    (feed.next_at, feed.asked) = (tx.now(), true);
    store(tx, &feed).await?;
    record(tx, Change::Updated, &feed, Map::new(), asked(tx.now()));
    Ok(())
}

/// Stops watching a feed; its headlines stay. Who may add it may.
pub async fn remove_feed(tx: &mut Tx, id: FeedId) -> Result<()> {
    let feed = get_own(tx, id).await?;
    let workspace = tx.workspace();
    for sql in [
        "DELETE FROM feed_runs WHERE workspace_id = $1 AND feed_id = $2",
        "DELETE FROM feeds WHERE workspace_id = $1 AND id = $2",
    ] {
        on!(tx, c => sqlx::query(sql).bind(workspace).bind(id.0).execute(c).await.map(|_| ()))?;
    }
    record(tx, Change::Deleted, &feed, fields(&feed), Map::new());
    Ok(())
}

/// Takes feeds that are due, so that no other worker takes them; at most so many. Only the server looks.
pub async fn take_due_feeds(tx: &mut Tx, most: i64) -> Result<Vec<TakenFeed>> {
    tx.require(Role::Admin)?;
    let (workspace, now) = (tx.workspace(), tx.now());
    let taken: Vec<TakenFeed> = on!(tx, c => sqlx::query_as(
        "UPDATE feeds SET next_at = $3 WHERE workspace_id = $1 AND id IN (SELECT id FROM feeds \
         WHERE workspace_id = $1 AND paused_at IS NULL AND next_at <= $2 ORDER BY next_at LIMIT $4) \
         RETURNING doc, etag, modified")
        .bind(workspace).bind(now.0).bind(lease(now)).bind(most).fetch_all(c).await)?;
    Ok(taken)
}

/// Notes what came of a look at a feed and when the next is due. Only the server looks.
pub async fn note_run(tx: &mut Tx, id: FeedId, run: Run, fetched: Fetched) -> Result<()> {
    tx.require(Role::Admin)?;
    // Somebody may have removed it meanwhile.
    let Some(mut feed) = find(tx, id).await? else { return Ok(()) };
    let (before, asked) = (feed.last.as_ref().map(|last| last.outcome), feed.asked);
    feed.asked = false;
    let failed = matches!(run.outcome, Outcome::Failed(_));
    feed.failures = if failed { feed.failures.saturating_add(1) } else { 0 };
    feed.next_at = next_look(tx.now(), feed.every_minutes, feed.failures, seed(id.0), fetched.wait_ms);
    feed.last = Some(run.clone());
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query(
        "UPDATE feeds SET next_at = $3, doc = $4, etag = COALESCE($5, etag), modified = COALESCE($6, modified) \
         WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).bind(feed.next_at.0).bind(Json(&feed)).bind(&fetched.etag).bind(&fetched.modified)
        .execute(c).await.map(|_| ()))?;
    on!(tx, c => sqlx::query(
        "INSERT INTO feed_runs (workspace_id, feed_id, at, doc) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
        .bind(workspace).bind(id.0).bind(run.at.0).bind(Json(&run)).execute(c).await.map(|_| ()))?;
    on!(tx, c => sqlx::query(
        "DELETE FROM feed_runs WHERE workspace_id = $1 AND feed_id = $2 AND at < (SELECT MIN(at) FROM \
         (SELECT at FROM feed_runs WHERE workspace_id = $1 AND feed_id = $2 ORDER BY at DESC LIMIT $3) AS kept)")
        .bind(workspace).bind(id.0).bind(RUNS_MAX).execute(c).await.map(|_| ()))?;
    // An hour in which nothing happened is no line of the log; the first look, and another outcome, is.
    let is_news = match (before, run.outcome) {
        _ if asked => true,
        (Some(before), now) if before == now => false,
        (Some(Outcome::Read { .. } | Outcome::Unchanged), Outcome::Read { new: 0, .. } | Outcome::Unchanged) => false,
        _ => true,
    };
    if is_news {
        let was = before.map(|outcome| json!(outcome)).unwrap_or_default();
        let mut after = outcome(json!(run.outcome));
        after.insert("looked_at".to_owned(), run.at.0.into());
        record(tx, Change::Updated, &feed, outcome(was), after);
    }
    Ok(())
}

pub(super) async fn find(tx: &mut Tx, id: FeedId) -> Result<Option<Feed>> {
    let workspace = tx.workspace();
    let row: Option<(Json<Feed>,)> = on!(tx, c => sqlx::query_as("SELECT doc FROM feeds WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).fetch_optional(c).await)?;
    Ok(row.map(|(Json(feed),)| feed))
}

/// Returns a feed that the person may change, or refuses.
async fn get_own(tx: &mut Tx, id: FeedId) -> Result<Feed> {
    tx.require(Role::Csm)?;
    let feed = find(tx, id).await?.ok_or(Error::Refused(Refusal::NotFound))?;
    tx.require(writer(feed.kind))?;
    Ok(feed)
}

async fn store(tx: &mut Tx, feed: &Feed) -> Result<()> {
    let workspace = tx.workspace();
    let paused = feed.paused_at.map(|at| at.0);
    on!(tx, c => sqlx::query("UPDATE feeds SET paused_at = $3, next_at = $4, doc = $5 WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(feed.id.0).bind(paused).bind(feed.next_at.0).bind(Json(feed)).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Returns what the log says of a feed.
fn fields(feed: &Feed) -> Map<String, Value> {
    let Value::Object(mut fields) = json!({
        "name": feed.name, "kind": feed.kind.key(), "url": feed.url, "every_minutes": feed.every_minutes,
    }) else {
        return Map::new();
    };
    if let Some(at) = feed.paused_at {
        fields.insert("paused_at".to_owned(), at.0.into());
    }
    fields
}

fn outcome(value: Value) -> Map<String, Value> {
    Map::from_iter([("outcome".to_owned(), value)])
}

fn asked(now: Timestamp) -> Map<String, Value> {
    Map::from_iter([("asked_at".to_owned(), Value::from(now.0))])
}

fn record(tx: &mut Tx, change: Change, feed: &Feed, before: Map<String, Value>, after: Map<String, Value>) {
    let (before, after) = if change == Change::Updated { diff(&before, &after) } else { (before, after) };
    // No account: a feed that is looked at is nothing that happened to the account.
    tx.record(NewEntry { change, subject: Subject::Feed, subject_id: feed.id.0, account: None, before, after });
}
