//! Alerts about many accounts at once: groups of one cause, and rules about the whole portfolio.

use domain::alerts::Alert;
use domain::alerts::engine::{Gathering, Move, Standing, Watch, Whole, gather, look_at_all};
use domain::alerts::facts::{Portfolio, band_probability};
use domain::health::Band;
use domain::id::{AccountId, AlertId};
use domain::identity::Actor;
use domain::money::Currency;
use domain::time::Timestamp;
use serde_json::{Map, Value};
use sqlx::types::Json;
use uuid::Uuid;

use super::desk::{Desk, Looked};
use super::watches;
use crate::error::Result;
use crate::identity;
use crate::pool::Db;
use crate::subjects::from_document;
use crate::tx::{Tx, on};

/// Stands for the portfolio among the accounts that are due.
pub(super) const ID: AccountId = AccountId(Uuid::nil());
/// The built-in rule that gathers groups.
const GROUPS: &str = "many_falling";

/// How soon after scores moved the portfolio is looked at: adding it up takes a walk over all accounts.
const SOON_MS: i64 = 10 * 60_000;

/// Looks at the groups where alerts came or went, and at the portfolio where its time has come.
pub(super) async fn look(
    db: &Db,
    actor: &Actor,
    desk: &Desk,
    (is_due, moved): (bool, bool),
    looked: &mut Looked,
) -> Result<()> {
    if is_due || looked.raised + looked.resolved > 0 {
        look_at_groups(db, actor, desk, looked).await?;
    }
    if !is_due && !moved {
        return Ok(());
    }
    let mut tx = db.read(actor).await?;
    let (known, now) = (watches::stand(&mut tx, &[ID]).await?.watches.remove(&ID), tx.now());
    drop(tx);
    match known {
        Some((watch, due)) if due > now && !is_due => {
            let soon = Timestamp(now.0 + SOON_MS);
            if due > soon {
                write(db, actor, Vec::new(), Some((watch, soon)), looked).await?;
            }
            Ok(())
        }
        known => look_at_portfolio(db, actor, desk, known, looked).await,
    }
}

async fn look_at_groups(db: &Db, actor: &Actor, desk: &Desk, looked: &mut Looked) -> Result<()> {
    let Some(rule) = desk.rules.iter().find(|rule| rule.key.as_deref() == Some(GROUPS)) else { return Ok(()) };
    let mut tx = db.read(actor).await?;
    let open =
        open(&mut tx, "SELECT doc FROM alerts WHERE workspace_id = $1 AND closed_at IS NULL AND cause IS NOT NULL")
            .await?;
    let by = Gathering { rule, typical_minor: desk.engine.typical_minor, now: tx.now() };
    drop(tx);
    let (groups, open): (Vec<Alert>, Vec<Alert>) = open.into_iter().partition(|alert| alert.account_id.is_none());
    let moves = gather(&open, &groups, &by, &mut || AlertId(Uuid::now_v7()));
    write(db, actor, moves, None, looked).await
}

async fn open(tx: &mut Tx, sql: &'static str) -> Result<Vec<Alert>> {
    let workspace = tx.workspace();
    let rows: Vec<(Json<Map<String, Value>>,)> = on!(tx, c => sqlx::query_as(sql).bind(workspace).fetch_all(c).await)?;
    rows.into_iter().map(|(Json(doc),)| from_document(doc)).collect()
}

async fn look_at_portfolio(
    db: &Db,
    actor: &Actor,
    desk: &Desk,
    known: Option<(Watch, Timestamp)>,
    looked: &mut Looked,
) -> Result<()> {
    let mut tx = db.read(actor).await?;
    let (portfolio, at_risk_minor) = facts(&mut tx).await?;
    let (_, currency) = identity::workspace(&mut tx).await?;
    let currency: Currency = currency.parse().unwrap_or(Currency::USD);
    let alerts =
        open(&mut tx, "SELECT doc FROM alerts WHERE workspace_id = $1 AND kind = 'portfolio' AND cause IS NULL")
            .await?;
    let back_at = groups_back_at(&mut tx).await?;
    let now = tx.now();
    drop(tx);
    let watch = known.as_ref().map(|(watch, _)| watch.clone()).unwrap_or_default();
    let standing = Standing { alerts: &alerts, watch: &watch };
    let whole = Whole { portfolio: &portfolio, at_risk_minor, currency, typical_minor: desk.engine.typical_minor };
    let mut found = look_at_all(&desk.rules, &whole, standing, now, &mut || AlertId(Uuid::now_v7()));
    found.due = back_at.filter(|at| *at > now).map_or(found.due, |at| found.due.min(at));
    looked.evaluated += found.evaluated;
    let is_same = known.is_some_and(|(watch, due)| watch == found.watch && due == found.due);
    let remembered = (!is_same).then_some((found.watch, found.due));
    write(db, actor, found.moves, remembered, looked).await
}

/// Returns when the first of the groups that are put aside is back.
async fn groups_back_at(tx: &mut Tx) -> Result<Option<Timestamp>> {
    let groups = open(
        tx,
        "SELECT doc FROM alerts WHERE workspace_id = $1 AND kind = 'portfolio' AND cause IS NOT NULL \
         AND closed_at IS NULL AND snoozed_at IS NOT NULL",
    )
    .await?;
    Ok(groups.iter().filter_map(|group| group.snoozed_until).min())
}

async fn write(
    db: &Db,
    actor: &Actor,
    moves: Vec<Move>,
    remembered: Option<(Watch, Timestamp)>,
    looked: &mut Looked,
) -> Result<()> {
    if moves.is_empty() && remembered.is_none() {
        return Ok(());
    }
    let mut tx = db.write(actor).await?;
    let moves = watches::not_raised_yet(&mut tx, moves).await?;
    let before = watches::unchanged(&mut tx, &moves).await?;
    watches::write_moves(&mut tx, &moves, &before).await?;
    if let Some((watch, due)) = &remembered {
        watches::write(&mut tx, &[(ID, watch, *due)]).await?;
    }
    tx.commit().await?;
    moves.iter().for_each(|one| looked.count(one.moved));
    Ok(())
}

/// Returns the facts of the whole portfolio, and its yearly revenue at risk in minor units. Amounts of different
/// currencies are added as they are.
async fn facts(tx: &mut Tx) -> Result<(Portfolio, i64)> {
    let workspace = tx.workspace();
    let rows: Vec<(String, i64, i64, i64)> = on!(tx, c => sqlx::query_as(
        "SELECT band, COUNT(*), CAST(COALESCE(SUM(score), 0) AS BIGINT), CAST(COALESCE(SUM(annual_minor), 0) AS BIGINT) \
         FROM accounts WHERE workspace_id = $1 AND archived_at IS NULL AND band IS NOT NULL \
         AND (stage IS NULL OR stage <> 'churned') GROUP BY band").bind(workspace).fetch_all(c).await)?;
    let (mut accounts, mut leave, mut points, mut risky) = (0.0, 0.0, 0.0, 0.0);
    let (mut revenue, mut at_risk) = (0_i64, 0_i64);
    for (band, count, score, minor) in rows {
        let Some(band) = Band::from_key(&band) else { continue };
        let count = count as f64;
        accounts += count;
        leave += band_probability(band) * count;
        points += score as f64 / 1_000_000.0;
        revenue = revenue.saturating_add(minor);
        if band >= Band::AtRisk {
            risky += count;
            at_risk = at_risk.saturating_add(minor);
        }
    }
    let share = |part: f64| (accounts > 0.0).then(|| part / accounts);
    let portfolio = Portfolio {
        accounts,
        average_churn_probability: share(leave),
        average_score: share(points),
        at_risk_pct: share(risky * 100.0),
        arr_at_risk_pct: (revenue > 0).then(|| at_risk as f64 / revenue as f64 * 100.0),
    };
    Ok((portfolio, at_risk))
}
