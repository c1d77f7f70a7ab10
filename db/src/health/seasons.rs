//! Season profiles: learned from the workspace's own usage history, one per account category.

use std::collections::{BTreeMap, HashMap};

use domain::health::{SeasonProfile, main_metric};
use domain::id::AccountId;
use domain::identity::Actor;
use domain::time::{DAY_MS, Timestamp};
use sqlx::types::Json;
use uuid::Uuid;

use super::records::{Texts, by_account, fetch};
use crate::error::Result;
use crate::pool::Db;
use crate::tx::{Tx, on};

/// Two years, in whole weeks.
const BACK_DAYS: i64 = 728;
/// Accounts of a category that its season is learned from: the oldest, which have the longest history.
const SAMPLE_MAX: usize = 100;
/// Most categories that can have a season of their own.
const CATEGORIES_MAX: usize = 200;

/// Profiles by category.
pub(crate) type Profiles = HashMap<String, SeasonProfile>;

// Weeks are counted from `$3`; the mean of a week stands for sources that report some days only, too.
pub(super) const WEEKS: Texts = by_account!(
    "account_id, metric, (day - $3) / 604800000 AS week, AVG(value)",
    "usage_days",
    "AND day >= $3 GROUP BY account_id, metric, week"
);

/// Returns the profiles in force.
pub(crate) async fn profiles(tx: &mut Tx) -> Result<Profiles> {
    let workspace = tx.workspace();
    let rows: Vec<(String, Json<SeasonProfile>)> = on!(tx, c => sqlx::query_as("SELECT category, profile FROM seasons WHERE workspace_id = $1")
        .bind(workspace).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(category, Json(profile))| (category, profile)).collect())
}

/// Learns the profiles anew and returns the accounts of categories whose profile moved, came or went.
pub(super) async fn learn(db: &Db, actor: &Actor) -> Result<Vec<AccountId>> {
    let (known, learned) = {
        let mut tx = db.read(actor).await?;
        let known = profiles(&mut tx).await?;
        if known.is_empty() && !is_anything_used(&mut tx).await? {
            return Ok(Vec::new());
        }
        (known, learn_all(&mut tx).await?)
    };
    let mut moved: Vec<&str> =
        known.keys().map(String::as_str).filter(|category| !learned.contains_key(*category)).collect();
    moved.extend(learned.iter().filter_map(|(category, (profile, _))| {
        known.get(category).is_none_or(|old| old.differs(profile)).then_some(category.as_str())
    }));
    if moved.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = db.write(actor).await?;
    let mut touched = Vec::new();
    for category in moved {
        store(&mut tx, category, learned.get(category)).await?;
        touched.extend(accounts_of(&mut tx, category).await?);
    }
    tx.commit().await?;
    Ok(touched)
}

async fn is_anything_used(tx: &mut Tx) -> Result<bool> {
    let workspace = tx.workspace();
    let day: Option<(i64,)> = on!(tx, c => sqlx::query_as("SELECT day FROM usage_days WHERE workspace_id = $1 LIMIT 1")
        .bind(workspace).fetch_optional(c).await)?;
    Ok(day.is_some())
}

async fn learn_all(tx: &mut Tx) -> Result<HashMap<String, (SeasonProfile, usize)>> {
    let now = tx.now();
    let start = now.day_start().plus_days(-BACK_DAYS);
    let mut learned = HashMap::new();
    for (category, ids) in samples(tx).await? {
        let series = series(tx, &ids, start).await?;
        if let Some(profile) = SeasonProfile::learned(&category, &series, now) {
            learned.insert(category, (profile, series.len()));
        }
    }
    Ok(learned)
}

/// Returns the accounts that each category is learned from.
async fn samples(tx: &mut Tx) -> Result<BTreeMap<String, Vec<Uuid>>> {
    let workspace = tx.workspace();
    let rows: Vec<(String, Uuid)> = on!(tx, c => sqlx::query_as(
        "SELECT category, id FROM accounts AS a WHERE workspace_id = $1 AND category IS NOT NULL AND archived_at IS NULL \
         AND EXISTS (SELECT 1 FROM usage_days AS u WHERE u.workspace_id = $1 AND u.account_id = a.id) ORDER BY id")
        .bind(workspace).fetch_all(c).await)?;
    let mut samples: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
    for (category, id) in rows {
        if samples.len() == CATEGORIES_MAX && !samples.contains_key(&category) {
            continue;
        }
        let ids = samples.entry(category).or_default();
        if ids.len() < SAMPLE_MAX {
            ids.push(id);
        }
    }
    Ok(samples)
}

/// Returns the weekly means of each account's main metric.
async fn series(tx: &mut Tx, ids: &[Uuid], start: Timestamp) -> Result<Vec<Vec<(Timestamp, f64)>>> {
    let list = serde_json::to_string(ids)?;
    let mut accounts: BTreeMap<Uuid, BTreeMap<String, Vec<(Timestamp, f64)>>> = BTreeMap::new();
    for (account, metric, week, mean) in fetch!(tx, WEEKS, &list, start.0, (Uuid, String, i64, f64)) {
        let middle = start.plus_days(7 * week + 3);
        accounts.entry(account).or_default().entry(metric).or_default().push((middle, mean));
    }
    let main = |mut metrics: BTreeMap<String, Vec<(Timestamp, f64)>>| {
        let name = main_metric(metrics.keys().map(String::as_str))?.to_owned();
        metrics.remove(&name)
    };
    Ok(accounts.into_values().filter_map(main).collect())
}

async fn store(tx: &mut Tx, category: &str, learned: Option<&(SeasonProfile, usize)>) -> Result<()> {
    let (workspace, now) = (tx.workspace(), tx.now().0);
    let Some((profile, accounts)) = learned else {
        return Ok(on!(tx, c => sqlx::query("DELETE FROM seasons WHERE workspace_id = $1 AND category = $2")
            .bind(workspace).bind(category).execute(c).await.map(|_| ()))?);
    };
    let accounts = i64::try_from(*accounts).unwrap_or(i64::MAX);
    Ok(on!(tx, c => sqlx::query(
        "INSERT INTO seasons (workspace_id, category, profile, accounts, learned_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (workspace_id, category) DO UPDATE SET profile = excluded.profile, accounts = excluded.accounts, \
         learned_at = excluded.learned_at")
        .bind(workspace).bind(category).bind(Json(profile)).bind(accounts).bind(now).execute(c).await.map(|_| ()))?)
}

async fn accounts_of(tx: &mut Tx, category: &str) -> Result<Vec<AccountId>> {
    let workspace = tx.workspace();
    let rows: Vec<(Uuid,)> = on!(tx, c => sqlx::query_as(
        "SELECT id FROM accounts WHERE workspace_id = $1 AND category = $2 AND archived_at IS NULL")
        .bind(workspace).bind(category).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(id,)| AccountId(id)).collect())
}

/// A week in milliseconds, as the statement above spells it.
const _: () = assert!(7 * DAY_MS == 604_800_000);
