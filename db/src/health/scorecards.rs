//! Scorecards and their versions.

use domain::changes::Change;
use domain::fields::Subject;
use domain::health::{Scorecard, ScorecardVersion, available_facts, default_scorecard};
use domain::id::ScorecardId;
use domain::identity::Role;
use domain::time::Timestamp;
use serde_json::{Map, Value, json};
use sqlx::FromRow;
use sqlx::types::Json;
use uuid::Uuid;

use super::records::{gather, sample};
use crate::accounts;
use crate::error::{Error, Result};
use crate::tx::{NewEntry, Tx, on};

#[derive(FromRow)]
struct Row {
    id: Uuid,
    version: i64,
    card: Json<Scorecard>,
    created_by: Option<Uuid>,
    published_at: Option<i64>,
    revision: i64,
}

fn card(row: Row) -> Result<ScorecardVersion> {
    Ok(ScorecardVersion {
        scorecard: ScorecardId(row.id),
        version: u32::try_from(row.version).map_err(|_| Error::Stored("scorecard version".to_owned()))?,
        card: row.card.0,
        published_at: row.published_at.map(Timestamp),
        revision: u32::try_from(row.revision).map_err(|_| Error::Stored("scorecard revision".to_owned()))?,
    })
}

async fn rows(tx: &mut Tx) -> Result<Vec<Row>> {
    let workspace = tx.workspace();
    Ok(on!(tx, c => sqlx::query_as(
        "SELECT id, version, card, created_by, published_at, revision FROM scorecards \
         WHERE workspace_id = $1 AND published_at IS NOT NULL AND retired_at IS NULL ORDER BY id, version")
        .bind(workspace).fetch_all(c).await)?)
}

/// Returns the scorecards in force.
pub async fn published(tx: &mut Tx) -> Result<Vec<ScorecardVersion>> {
    rows(tx).await?.into_iter().map(card).collect()
}

/// Returns the scorecards in force with ids in place of the names of people and accounts in their filters, so that
/// they can be held against one account at a time.
pub(super) async fn in_force(tx: &mut Tx) -> Result<Vec<ScorecardVersion>> {
    let (mut cards, catalogue) = (published(tx).await?, accounts::catalogue(tx).await?);
    for version in &mut cards {
        version.card.applies_to = accounts::resolved_text(tx, &version.card.applies_to, &catalogue).await?;
    }
    Ok(cards)
}

/// Returns one version of a scorecard, also one that is no longer in force.
pub async fn version(tx: &mut Tx, id: ScorecardId, version: u32) -> Result<Option<ScorecardVersion>> {
    let workspace = tx.workspace();
    let row: Option<Row> = on!(tx, c => sqlx::query_as(
        "SELECT id, version, card, created_by, published_at, revision FROM scorecards \
         WHERE workspace_id = $1 AND id = $2 AND version = $3")
        .bind(workspace).bind(id.0).bind(i64::from(version)).fetch_optional(c).await)?;
    row.map(card).transpose()
}

/// Publishes the first scorecard of a new workspace.
pub async fn publish_default(tx: &mut Tx) -> Result<()> {
    tx.require(Role::Admin)?;
    let card = default_scorecard(&[]);
    publish(tx, ScorecardId(Uuid::now_v7()), 1, &card).await
}

/// Returns whether no scorecard measures anything: the first one is made before there is anything to measure.
pub(super) async fn measures_nothing(tx: &mut Tx) -> Result<bool> {
    Ok(rows(tx).await?.iter().all(|row| row.card.0.groups.is_empty()))
}

/// Fits the default scorecard to the columns that the accounts really have; returns whether it changed.
/// A scorecard that a person has edited is left alone.
pub async fn refit_default(tx: &mut Tx) -> Result<bool> {
    tx.require(Role::Admin)?;
    let current = rows(tx).await?;
    let [only] = current.as_slice() else { return Ok(false) };
    // What came with a configuration counts its saves, also where nobody had signed in yet.
    if only.created_by.is_some() || only.revision > 0 {
        return Ok(false);
    }
    let ids = sample(tx).await?;
    let now = tx.now();
    let facts: Vec<_> = gather(tx, &ids).await?.iter().map(|gathered| gathered.record.facts(now)).collect();
    let catalogue = accounts::catalogue(tx).await?;
    let fitted = default_scorecard(&available_facts(&facts, &catalogue, now));
    if fitted == only.card.0 {
        return Ok(false);
    }
    let id = ScorecardId(only.id);
    // Somebody may be working on a draft, which has the next number already.
    let workspace = tx.workspace();
    let (last,): (i64,) = on!(tx, c => sqlx::query_as("SELECT MAX(version) FROM scorecards WHERE workspace_id = $1 AND id = $2")
        .bind(workspace).bind(id.0).fetch_one(c).await)?;
    let version = last + 1;
    publish(tx, id, version, &fitted).await?;
    Ok(true)
}

async fn publish(tx: &mut Tx, id: ScorecardId, version: i64, card: &Scorecard) -> Result<()> {
    let (workspace, now, user) = (tx.workspace(), tx.now().0, tx.actor().user.map(|user| user.0));
    on!(tx, c => sqlx::query(
        "UPDATE scorecards SET retired_at = $3 \
         WHERE workspace_id = $1 AND id = $2 AND published_at IS NOT NULL AND retired_at IS NULL")
        .bind(workspace).bind(id.0).bind(now).execute(c).await.map(|_| ()))?;
    on!(tx, c => sqlx::query(
        "INSERT INTO scorecards (workspace_id, id, version, card, created_at, created_by, published_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $5)")
        .bind(workspace).bind(id.0).bind(version).bind(Json(card)).bind(now).bind(user).execute(c).await.map(|_| ()))?;
    let after = match json!({ "name": card.name, "version": version }) {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    tx.record(NewEntry {
        change: if version == 1 { Change::Created } else { Change::Updated },
        subject: Subject::Scorecard,
        subject_id: id.0,
        account: None,
        before: Map::new(),
        after,
    });
    Ok(())
}
