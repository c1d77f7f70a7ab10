//! From the entries of a feed to headlines: those that are not known yet are matched, read and kept.

use domain::changes::Change;
use domain::fields::Subject;
use domain::id::{AccountId, SignalId};
use domain::identity::Role;
use domain::signals::feeds::{Feed, FeedKind};
use domain::signals::names::{About, Known, Names};
use domain::signals::parse::{Entry, Parsed};
use domain::signals::same::{SAME_DAYS, entry_key, title_key};
use domain::signals::{Matched, Signal, headline};
use domain::time::Timestamp;
use serde_json::Map;
use sqlx::types::Json;
use uuid::Uuid;

use super::headlines::fields;
use crate::error::Result;
use crate::tx::{NewEntry, Tx, on};

/// Older entries are not taken in: a feed that is new here may hold years.
const OLD_DAYS: i64 = 180;

/// Takes in what a feed brought and returns how many headlines are new. An entry that is known by its address or key,
/// or a headline of the same words within a week, is left out; of a market feed so is what is about nobody. Only the
/// server takes in.
pub async fn ingest(tx: &mut Tx, feed: &Feed, parsed: &Parsed) -> Result<u32> {
    tx.require(Role::Admin)?;
    let mut known: Option<Names> = None;
    let mut new = 0;
    for entry in &parsed.entries {
        let (key, title) = (entry_key(&entry.id, entry.url.as_deref(), &entry.title), title_key(&entry.title));
        let published = entry.published_at.unwrap_or(tx.now()).min(tx.now());
        if published < tx.now().plus_days(-OLD_DAYS) || is_known(tx, &key, &title, published).await? {
            continue;
        }
        // The names of a large portfolio are read only where there is something to match.
        if feed.kind == FeedKind::Market && known.is_none() {
            known = Some(Names::of(portfolio(tx).await?));
        }
        let (about, competitor) = about(feed, entry, known.as_ref());
        if about == About::Nobody && competitor.is_none() {
            continue;
        }
        let signal = signal(tx.now(), feed, parsed, (entry, published), (about, competitor));
        insert(tx, &signal, (&key, &title)).await?;
        new += 1;
    }
    Ok(new)
}

/// Returns whom an entry is about: the feed's account, the feed's competitor, or whom the text names.
fn about(feed: &Feed, entry: &Entry, known: Option<&Names>) -> (About, Option<String>) {
    match (feed.kind, feed.account_id) {
        (FeedKind::Account, Some(account)) => (About::One(account, Matched::Feed), None),
        (FeedKind::Competitor, _) => (About::Nobody, Some(feed.name.clone())),
        _ => {
            let found =
                known.map_or(About::Nobody, |known| known.find(&entry.title, &entry.summary, entry.url.as_deref()));
            (found, None)
        }
    }
}

fn signal(
    now: Timestamp,
    feed: &Feed,
    parsed: &Parsed,
    (entry, published_at): (&Entry, Timestamp),
    (about, competitor): (About, Option<String>),
) -> Signal {
    let (account_id, matched, candidates) = match about {
        About::One(account, how) => (Some(account), Some(how), Vec::new()),
        About::Unsure(candidates) => (None, None, candidates),
        About::Nobody => (None, None, Vec::new()),
    };
    Signal {
        id: SignalId(Uuid::now_v7()),
        feed_id: feed.id,
        source: if parsed.title.is_empty() { feed.name.clone() } else { parsed.title.clone() },
        title: entry.title.clone(),
        summary: entry.summary.clone(),
        url: entry.url.clone(),
        published_at,
        seen_at: now,
        account_id,
        matched,
        candidates,
        competitor: competitor.filter(|_| account_id.is_none()),
        reading: headline::read(&entry.title),
        account_set: None,
        event_set: None,
        tone_set: None,
    }
}

async fn is_known(tx: &mut Tx, key: &str, title: &str, published: Timestamp) -> Result<bool> {
    let workspace = tx.workspace();
    let (from, to) = (published.plus_days(-SAME_DAYS).0, published.plus_days(SAME_DAYS).0);
    let row: Option<(i64,)> = on!(tx, c => sqlx::query_as(
        "SELECT published_at FROM signals WHERE workspace_id = $1 AND entry_key = $2 UNION ALL \
         SELECT published_at FROM signals WHERE workspace_id = $1 AND title_key = $3 AND published_at BETWEEN $4 AND $5 \
         LIMIT 1")
        .bind(workspace).bind(key).bind(title).bind(from).bind(to).fetch_optional(c).await)?;
    Ok(row.is_some())
}

async fn portfolio(tx: &mut Tx) -> Result<Vec<Known>> {
    let workspace = tx.workspace();
    let rows: Vec<(Uuid, String, Option<String>)> = on!(tx, c => sqlx::query_as(
        "SELECT id, name, domain FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL")
        .bind(workspace).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id, name, domain)| Known { id: AccountId(id), name, domain }).collect())
}

async fn insert(tx: &mut Tx, signal: &Signal, (key, title): (&str, &str)) -> Result<()> {
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query(
        "INSERT INTO signals (workspace_id, id, feed_id, entry_key, title_key, account_id, competitor, is_open, \
         published_at, seen_at, event, tone, doc) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)")
        .bind(workspace).bind(signal.id.0).bind(signal.feed_id.0).bind(key).bind(title)
        .bind(signal.account().map(|id| id.0)).bind(&signal.competitor).bind(i64::from(signal.is_open()))
        .bind(signal.published_at.0).bind(signal.seen_at.0).bind(signal.event().key()).bind(signal.tone().key())
        .bind(Json(signal)).execute(c).await.map(|_| ()))?;
    tx.record(NewEntry {
        change: Change::Created,
        subject: Subject::Signal,
        subject_id: signal.id.0,
        account: signal.account(),
        before: Map::new(),
        after: fields(signal),
    });
    Ok(())
}
