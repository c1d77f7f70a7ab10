//! Websites of accounts: which are watched, taking those that are due, and what looks at them found.

use domain::alerts::Alert;
use domain::changes::{Change, diff};
use domain::fields::Subject;
use domain::id::{AccountId, WebsiteId};
use domain::identity::Role;
use domain::refusal::Refusal;
use domain::signals::address;
use domain::signals::feeds::next_look;
use domain::signals::website::{
    AGAIN_MINUTES, CHECKS_DAYS, Check, DAYS_MAX, EVERY_MINUTES_DEFAULT, Verdict, WEBSITES_MAX, WatchedWebsite, Website,
};
use domain::time::DAY_MS;
use serde_json::{Map, Value, json};
use sqlx::types::Json;
use uuid::Uuid;

use super::facts::rank;
use super::{lease, require_account, seed};
use crate::alerts;
use crate::error::{Error, Result};
use crate::tx::{NewEntry, Tx, on};

/// Websites that the settings list, worst first.
const LISTED_MAX: i64 = 500;

/// Returns the website of an account, if it is watched; everybody may look.
pub async fn website(tx: &mut Tx, account: AccountId) -> Result<Option<Website>> {
    let workspace = tx.workspace();
    let row: Option<(Json<Website>,)> = on!(tx, c => sqlx::query_as(
        "SELECT doc FROM websites WHERE workspace_id = $1 AND account_id = $2")
        .bind(workspace).bind(account.0).fetch_optional(c).await)?;
    Ok(row.map(|(Json(website),)| website))
}

/// Returns watched websites, those in trouble first; everybody may look.
pub async fn websites(tx: &mut Tx) -> Result<Vec<WatchedWebsite>> {
    let workspace = tx.workspace();
    let rows: Vec<(Json<Website>, String)> = on!(tx, c => sqlx::query_as(
        "SELECT w.doc, a.name FROM websites AS w JOIN accounts AS a ON a.workspace_id = w.workspace_id \
         AND a.id = w.account_id WHERE w.workspace_id = $1 ORDER BY a.name LIMIT $2")
        .bind(workspace).bind(LISTED_MAX).fetch_all(c).await)?;
    let mut watched: Vec<WatchedWebsite> =
        rows.into_iter().map(|(Json(website), account)| WatchedWebsite { website, account }).collect();
    watched.sort_by_key(|one| std::cmp::Reverse(one.website.verdict));
    Ok(watched)
}

/// Watches the website of an account, or another one in its place; people who work with accounts may.
pub async fn watch_website(tx: &mut Tx, account: AccountId, url: &str) -> Result<Website> {
    tx.require(Role::Csm)?;
    require_account(tx, account).await?;
    let url = address::tidy("url", url)?;
    let before = website(tx, account).await?;
    if let Some(same) = before.clone().filter(|before| before.url == url && before.paused_at.is_none()) {
        return Ok(same);
    }
    if before.is_none() && count(tx).await? >= i64::from(WEBSITES_MAX) {
        return Err(Refusal::Conflict(format!("A workspace has at most {WEBSITES_MAX} websites.")).into());
    }
    let mut site = new(tx, account, url);
    site.id = before.as_ref().map_or(site.id, |before| before.id);
    put(tx, &site).await?;
    let change = if before.is_some() { Change::Updated } else { Change::Created };
    record(tx, change, &site, before.as_ref().map(fields).unwrap_or_default(), fields(&site));
    Ok(site)
}

/// Watches the website of every account that has a domain and is not watched yet; managers may. Returns how many.
pub async fn watch_all(tx: &mut Tx) -> Result<u32> {
    tx.require(Role::Manager)?;
    let workspace = tx.workspace();
    let room = i64::from(WEBSITES_MAX) - count(tx).await?;
    let rows: Vec<(Uuid, String)> = on!(tx, c => sqlx::query_as(
        "SELECT a.id, a.domain FROM accounts AS a LEFT JOIN websites AS w ON w.workspace_id = a.workspace_id \
         AND w.account_id = a.id WHERE a.workspace_id = $1 AND a.archived_at IS NULL AND a.domain IS NOT NULL \
         AND w.account_id IS NULL ORDER BY a.id LIMIT $2")
        .bind(workspace).bind(room.max(0)).fetch_all(c).await)?;
    let mut watched = 0;
    for (id, domain) in rows {
        // What stands in the field of a domain need not be one.
        let Ok(url) = address::tidy("url", &domain) else { continue };
        let mut site = new(tx, AccountId(id), url);
        // Not all in the same minute.
        let spread = seed(id) % (u64::from(EVERY_MINUTES_DEFAULT) * 60_000);
        site.next_at.0 += i64::try_from(spread).unwrap_or(0);
        put(tx, &site).await?;
        record(tx, Change::Created, &site, Map::new(), fields(&site));
        watched += 1;
    }
    Ok(watched)
}

fn new(tx: &Tx, account_id: AccountId, url: String) -> Website {
    Website {
        id: WebsiteId(Uuid::now_v7()),
        account_id,
        url,
        every_minutes: EVERY_MINUTES_DEFAULT,
        created_at: tx.now(),
        created_by: tx.actor().user,
        paused_at: None,
        paused_by: None,
        next_at: tx.now(),
        asked: false,
        failures: 0,
        verdict: None,
        since: None,
        findings: Vec::new(),
        last: None,
    }
}

/// Pauses looking at a website, or goes on; people who work with accounts may.
pub async fn pause_website(tx: &mut Tx, account: AccountId, paused: bool) -> Result<()> {
    tx.require(Role::Csm)?;
    let mut site = get(tx, account).await?;
    if site.paused_at.is_some() == paused {
        return Ok(());
    }
    let (before, now) = (fields(&site), tx.now());
    site.paused_at = paused.then_some(now);
    site.paused_by = tx.actor().user.filter(|_| paused);
    site.next_at = now;
    put(tx, &site).await?;
    record(tx, Change::Updated, &site, before, fields(&site));
    Ok(())
}

/// Makes a website due at once; people who work with accounts may.
pub async fn check_website_now(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.require(Role::Csm)?;
    let mut site = get(tx, account).await?;
    if site.paused_at.is_some() {
        return Err(Refusal::Conflict("This website is paused. Let it go on first.".to_owned()).into());
    }
    (site.next_at, site.asked) = (tx.now(), true);
    put(tx, &site).await?;
    let asked = Map::from_iter([("asked_at".to_owned(), Value::from(tx.now().0))]);
    record(tx, Change::Updated, &site, Map::new(), asked);
    Ok(())
}

/// Stops watching a website and forgets what was found; people who work with accounts may.
pub async fn stop_watching(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.require(Role::Csm)?;
    let site = get(tx, account).await?;
    let workspace = tx.workspace();
    for sql in [
        "DELETE FROM website_checks WHERE workspace_id = $1 AND account_id = $2",
        "DELETE FROM websites WHERE workspace_id = $1 AND account_id = $2",
    ] {
        on!(tx, c => sqlx::query(sql).bind(workspace).bind(account.0).execute(c).await.map(|_| ()))?;
    }
    record(tx, Change::Deleted, &site, fields(&site), Map::new());
    Ok(())
}

/// Takes websites that are due, so that no other worker takes them; at most so many. Only the server looks.
pub async fn take_due_websites(tx: &mut Tx, most: i64) -> Result<Vec<Website>> {
    tx.require(Role::Admin)?;
    let (workspace, now) = (tx.workspace(), tx.now());
    let rows: Vec<(Json<Website>,)> = on!(tx, c => sqlx::query_as(
        "UPDATE websites SET next_at = $3 WHERE workspace_id = $1 AND account_id IN (SELECT account_id FROM websites \
         WHERE workspace_id = $1 AND paused_at IS NULL AND next_at <= $2 ORDER BY next_at LIMIT $4) RETURNING doc")
        .bind(workspace).bind(now.0).bind(lease(now)).bind(most).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(Json(website),)| website).collect())
}

/// Notes what a look found, judges it, and says when the next is due. A line of the log is written where the website
/// is now otherwise than before. Only the server looks.
pub async fn note_check(tx: &mut Tx, account: AccountId, check: Check) -> Result<()> {
    tx.require(Role::Admin)?;
    // Somebody may have stopped watching meanwhile.
    let Some(mut site) = website(tx, account).await? else { return Ok(()) };
    let (before, asked) = (fields(&site), site.asked);
    site.asked = false;
    let (at, took_ms) = (check.at, check.took_ms);
    let changed = site.take(check);
    // A look that failed keeps the certificate that was known, so that what hangs on it does not end with it.
    let tls_expires_at = site.last.as_ref().and_then(|last| last.tls_expires_at);
    let is_alerted = alerts::of_account(tx, account).await?.iter().any(|row| reads_websites(&row.alert));
    let every = site.again_minutes(is_alerted);
    let failures = if every == AGAIN_MINUTES { 0 } else { site.failures };
    site.next_at = next_look(tx.now(), every, failures, seed(account.0), 0);
    put(tx, &site).await?;
    let workspace = tx.workspace();
    let verdict = site.verdict.unwrap_or(Verdict::Warning);
    on!(tx, c => sqlx::query(
        "INSERT INTO website_checks (workspace_id, account_id, at, rank, took_ms, tls_expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING")
        .bind(workspace).bind(account.0).bind(at.0).bind(rank(verdict)).bind(i64::from(took_ms))
        .bind(tls_expires_at.map(|at| at.0)).execute(c).await.map(|_| ()))?;
    fold(tx, account).await?;
    if changed || asked {
        let mut after = fields(&site);
        after.insert("looked_at".to_owned(), Value::from(at.0));
        record(tx, Change::Updated, &site, before, after);
    }
    Ok(())
}

/// Returns whether an alert rests on what looks at the website found.
fn reads_websites(alert: &Alert) -> bool {
    ["website_down", "tls_days_left"].into_iter().any(|fact| alert.quoted(fact).is_some())
}

/// Leaves one check of each day that is over a week ago, the worst, and none that is over a year ago.
async fn fold(tx: &mut Tx, account: AccountId) -> Result<()> {
    let (workspace, now) = (tx.workspace(), tx.now());
    on!(tx, c => sqlx::query(
        "DELETE FROM website_checks WHERE workspace_id = $1 AND account_id = $2 AND at < $3 AND (at < $4 OR EXISTS \
         (SELECT 1 FROM website_checks AS other WHERE other.workspace_id = $1 AND other.account_id = $2 \
         AND other.at / $5 = website_checks.at / $5 AND (other.rank > website_checks.rank \
         OR (other.rank = website_checks.rank AND other.at > website_checks.at))))")
        .bind(workspace).bind(account.0).bind(now.plus_days(-CHECKS_DAYS).day_start().0)
        .bind(now.plus_days(-DAYS_MAX).0).bind(DAY_MS).execute(c).await.map(|_| ()))?;
    Ok(())
}

async fn count(tx: &mut Tx) -> Result<i64> {
    let workspace = tx.workspace();
    let (count,): (i64,) = on!(tx, c => sqlx::query_as("SELECT count(*) FROM websites WHERE workspace_id = $1")
        .bind(workspace).fetch_one(c).await)?;
    Ok(count)
}

async fn get(tx: &mut Tx, account: AccountId) -> Result<Website> {
    website(tx, account).await?.ok_or(Error::Refused(Refusal::NotFound))
}

async fn put(tx: &mut Tx, site: &Website) -> Result<()> {
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query(
        "INSERT INTO websites (workspace_id, account_id, paused_at, next_at, doc) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (workspace_id, account_id) DO UPDATE SET paused_at = excluded.paused_at, \
         next_at = excluded.next_at, doc = excluded.doc")
        .bind(workspace).bind(site.account_id.0).bind(site.paused_at.map(|at| at.0)).bind(site.next_at.0)
        .bind(Json(site)).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Returns what the log says of a website.
fn fields(site: &Website) -> Map<String, Value> {
    let fields = json!({
        "url": site.url,
        "verdict": site.verdict.map(Verdict::key),
        "findings": site.findings.len(),
        "tls_expires_at": site.last.as_ref().and_then(|last| last.tls_expires_at),
        "paused_at": site.paused_at,
    });
    let Value::Object(mut fields) = fields else { return Map::new() };
    fields.retain(|_, value| !value.is_null());
    fields
}

fn record(tx: &mut Tx, change: Change, site: &Website, before: Map<String, Value>, after: Map<String, Value>) {
    let (before, after) = if change == Change::Updated { diff(&before, &after) } else { (before, after) };
    let account = Some(site.account_id);
    tx.record(NewEntry { change, subject: Subject::Website, subject_id: site.id.0, account, before, after });
}
