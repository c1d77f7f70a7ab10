//! The shadow: what a draft would say, computed beside the live scores and shown to nobody but managers.
//!
//! It is a reader of the change log of its own, after the scorer: the first time it looks at every account, then at
//! those that something happened to.

use std::collections::{BTreeMap, BTreeSet};

use domain::changes::Entry;
use domain::fields::Subject;
use domain::health::{Band, Context, Points, Scorecard, ShadowReport, evaluate};
use domain::id::{AccountId, ScorecardId};
use domain::identity::{Actor, Role};
use domain::money::Currency;
use domain::time::Timestamp;
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::preview::{Draft, next_ids};
use super::records::gather;
use super::{band_key, cards};
use crate::error::Result;
use crate::pool::Db;
use crate::tx::{Tx, on};
use crate::{identity, log};

/// Accounts that are evaluated in one transaction.
const STEP: usize = 500;

/// A draft that is computed.
#[derive(FromRow)]
struct Shadow {
    id: Uuid,
    version: i64,
    card: Json<Scorecard>,
}

/// One account's scores by draft and live version.
#[derive(FromRow)]
struct Row {
    at: i64,
    score: Option<i64>,
    band: Option<String>,
    live_score: Option<i64>,
    live_band: Option<String>,
    arr_minor: Option<i64>,
    currency: Option<String>,
}

/// Returns how the draft in the shadow differs from the live scores, for managers.
/// `None` where the scorecard has no draft in the shadow.
pub async fn shadow_report(tx: &mut Tx, id: ScorecardId) -> Result<Option<ShadowReport>> {
    tx.require(Role::Manager)?;
    let workspace = tx.workspace();
    let since: Option<(i64, i64)> = on!(tx, c => sqlx::query_as(
        "SELECT version, shadow_at FROM scorecards \
         WHERE workspace_id = $1 AND id = $2 AND shadow_at IS NOT NULL AND retired_at IS NULL AND published_at IS NULL")
        .bind(workspace).bind(id.0).fetch_optional(c).await)?;
    let Some((version, since)) = since else { return Ok(None) };
    let (_, currency) = identity::workspace(tx).await?;
    let currency: Currency = currency.parse().unwrap_or(Currency::USD);
    let rows: Vec<Row> = on!(tx, c => sqlx::query_as(
        "SELECT s.at, s.score, s.band, s.live_score, s.live_band, a.annual_minor AS arr_minor, a.currency \
         FROM shadow_scores AS s JOIN accounts AS a ON a.workspace_id = s.workspace_id AND a.id = s.account_id \
         WHERE s.workspace_id = $1 AND s.scorecard_id = $2 AND a.archived_at IS NULL")
        .bind(workspace).bind(id.0).fetch_all(c).await)?;
    let version = u32::try_from(version).unwrap_or_default();
    let mut report = ShadowReport::new(version, Timestamp(since));
    for row in rows {
        let in_currency = row.currency.as_deref() == Some(currency.code());
        report.count(
            Timestamp(row.at),
            (row.live_score.map(Points), row.live_band.as_deref().and_then(Band::from_key)),
            (row.score.map(Points), row.band.as_deref().and_then(Band::from_key)),
            row.arr_minor.filter(|_| in_currency).unwrap_or_default(),
        );
    }
    Ok(Some(report))
}

/// Brings what drafts in the shadow say up to date with the change log.
pub(super) async fn catch_up(db: &Db, actor: &Actor) -> Result<()> {
    let mut tx = db.read(actor).await?;
    let workspace = tx.workspace();
    let shadows: Vec<Shadow> = on!(tx, c => sqlx::query_as(
        "SELECT id, version, card FROM scorecards \
         WHERE workspace_id = $1 AND shadow_at IS NOT NULL AND retired_at IS NULL AND published_at IS NULL ORDER BY id")
        .bind(workspace).fetch_all(c).await)?;
    drop(tx);
    for shadow in &shadows {
        follow(db, actor, shadow).await?;
    }
    Ok(())
}

/// Reads the log from where this shadow stopped, and evaluates the accounts that something happened to.
async fn follow(db: &Db, actor: &Actor, shadow: &Shadow) -> Result<()> {
    let mut tx = db.read(actor).await?;
    let end = log::last_seq(&mut tx).await?;
    let touched = match cursor(&mut tx, shadow.id).await? {
        Some(seq) => touched(&mut tx, seq, end).await?,
        None => None,
    };
    drop(tx);
    match touched {
        Some(accounts) => {
            let accounts: Vec<AccountId> = accounts.into_iter().collect();
            for step in accounts.chunks(STEP) {
                evaluate_step(db, actor, shadow, step).await?;
            }
        }
        None => {
            let mut last = Uuid::nil();
            loop {
                let ids = next_ids(&mut db.read(actor).await?, last).await?;
                let Some(end) = ids.last() else { break };
                last = end.0;
                evaluate_step(db, actor, shadow, &ids).await?;
            }
        }
    }
    let mut tx = db.write(actor).await?;
    set_cursor(&mut tx, shadow, end).await?;
    tx.commit().await?;
    Ok(())
}

/// Returns the accounts that lines of the log belong to; `None` where other cards or fields concern all of them.
async fn touched(tx: &mut Tx, mut seq: i64, end: i64) -> Result<Option<BTreeSet<AccountId>>> {
    let mut accounts = BTreeSet::new();
    while seq < end {
        let entries = log::after(tx, seq, log::PAGE_MAX).await?;
        let Some(last) = entries.last() else { break };
        seq = last.seq;
        if entries.iter().any(|entry| {
            entry.subject == Subject::Field
                || (entry.subject == Subject::Scorecard && cards::asks_for_scores(&entry.after))
        }) {
            return Ok(None);
        }
        let counts = |entry: &Entry| !matches!(entry.subject, Subject::Alert | Subject::Todo | Subject::Feedback);
        accounts.extend(entries.into_iter().filter(counts).filter_map(|entry| entry.account));
    }
    Ok(Some(accounts))
}

async fn evaluate_step(db: &Db, actor: &Actor, shadow: &Shadow, ids: &[AccountId]) -> Result<()> {
    // Reading and evaluating need no lock.
    let mut tx = db.read(actor).await?;
    let (draft, now) = (Draft::new(&mut tx, Some(ScorecardId(shadow.id)), &shadow.card.0).await?, tx.now());
    let previous = bands(&mut tx, shadow.id, ids).await?;
    let mut rows = Vec::new();
    for one in gather(&mut tx, ids).await? {
        let account = one.record.account.id;
        if !draft.is_for(&one, &tx) {
            continue;
        }
        let live = one.health.as_ref();
        let previous_band = previous.get(&account.0).copied().or(live.map(|health| health.band));
        let context = Context { now, override_: one.override_.as_ref(), previous_band, season: draft.season(&one) };
        let evaluation = evaluate(&shadow.card.0, &one.record.facts(now), &context);
        let live = (live.map(|health| health.score.0), live.map(|health| health.band));
        rows.push((account.0, evaluation.score.map(|score| score.0), evaluation.band, live));
    }
    drop(tx);
    let mut tx = db.write(actor).await?;
    if is_in_shadow(&mut tx, shadow).await? {
        let scored: BTreeSet<Uuid> = rows.iter().map(|row| row.0).collect();
        for id in ids.iter().filter(|id| !scored.contains(&id.0)) {
            remove(&mut tx, shadow.id, id.0).await?;
        }
        for (account, score, band, (live_score, live_band)) in rows {
            let workspace = tx.workspace();
            on!(tx, c => sqlx::query(
                "INSERT INTO shadow_scores (workspace_id, scorecard_id, version, account_id, at, score, band, live_score, live_band) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                 ON CONFLICT (workspace_id, scorecard_id, account_id) DO UPDATE SET version = excluded.version, at = excluded.at, \
                 score = excluded.score, band = excluded.band, live_score = excluded.live_score, live_band = excluded.live_band")
                .bind(workspace).bind(shadow.id).bind(shadow.version).bind(account).bind(now.0).bind(score)
                .bind(band_key(band)).bind(live_score).bind(band_key(live_band)).execute(c).await.map(|_| ()))?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Returns whether the draft is still in the shadow: a person may have taken it out meanwhile.
async fn is_in_shadow(tx: &mut Tx, shadow: &Shadow) -> Result<bool> {
    let workspace = tx.workspace();
    let found: Option<(i64,)> = on!(tx, c => sqlx::query_as(
        "SELECT version FROM scorecards WHERE workspace_id = $1 AND id = $2 AND version = $3 \
         AND shadow_at IS NOT NULL AND retired_at IS NULL AND published_at IS NULL")
        .bind(workspace).bind(shadow.id).bind(shadow.version).fetch_optional(c).await)?;
    Ok(found.is_some())
}

async fn remove(tx: &mut Tx, scorecard: Uuid, account: Uuid) -> Result<()> {
    let workspace = tx.workspace();
    on!(tx, c => sqlx::query("DELETE FROM shadow_scores WHERE workspace_id = $1 AND scorecard_id = $2 AND account_id = $3")
        .bind(workspace).bind(scorecard).bind(account).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Returns the bands that the draft gave these accounts before, which it leaves only by the hysteresis.
async fn bands(tx: &mut Tx, scorecard: Uuid, ids: &[AccountId]) -> Result<BTreeMap<Uuid, Band>> {
    let (Some(first), Some(last)) = (ids.iter().min(), ids.iter().max()) else { return Ok(BTreeMap::new()) };
    let workspace = tx.workspace();
    let rows: Vec<(Uuid, Option<String>)> = on!(tx, c => sqlx::query_as(
        "SELECT account_id, band FROM shadow_scores \
         WHERE workspace_id = $1 AND scorecard_id = $2 AND account_id BETWEEN $3 AND $4")
        .bind(workspace).bind(scorecard).bind(first.0).bind(last.0).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(id, band)| Some((id, band.as_deref().and_then(Band::from_key)?))).collect())
}

/// Returns the name under which a shadow's place in the log is kept.
fn reader(scorecard: Uuid) -> String {
    format!("shadow {scorecard}")
}

async fn cursor(tx: &mut Tx, scorecard: Uuid) -> Result<Option<i64>> {
    let (workspace, reader) = (tx.workspace(), reader(scorecard));
    let seq: Option<(i64,)> = on!(tx, c => sqlx::query_as("SELECT seq FROM cursors WHERE workspace_id = $1 AND reader = $2")
        .bind(workspace).bind(&reader).fetch_optional(c).await)?;
    Ok(seq.map(|(seq,)| seq))
}

async fn set_cursor(tx: &mut Tx, shadow: &Shadow, seq: i64) -> Result<()> {
    if !is_in_shadow(tx, shadow).await? {
        return Ok(());
    }
    let (workspace, reader) = (tx.workspace(), reader(shadow.id));
    on!(tx, c => sqlx::query(
        "INSERT INTO cursors (workspace_id, reader, seq) VALUES ($1, $2, $3) \
         ON CONFLICT (workspace_id, reader) DO UPDATE SET seq = excluded.seq")
        .bind(workspace).bind(&reader).bind(seq).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Forgets what the draft of a scorecard came to.
pub(super) async fn forget(tx: &mut Tx, id: ScorecardId) -> Result<()> {
    let (workspace, reader) = (tx.workspace(), reader(id.0));
    on!(tx, c => sqlx::query("DELETE FROM shadow_scores WHERE workspace_id = $1 AND scorecard_id = $2")
        .bind(workspace).bind(id.0).execute(c).await.map(|_| ()))?;
    on!(tx, c => sqlx::query("DELETE FROM cursors WHERE workspace_id = $1 AND reader = $2")
        .bind(workspace).bind(&reader).execute(c).await.map(|_| ()))?;
    Ok(())
}
