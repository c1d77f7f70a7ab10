//! Health: scorecards, evaluations, overrides, and the reader of the change log that keeps scores up to date.

mod cards;
pub(crate) mod exchange;
mod facts;
mod field_times;
mod overrides;
mod past;
mod preview;
mod reach;
mod reader;
pub(crate) mod records;
mod rollups;
mod scorecards;
mod scorer;
mod seasons;
mod shadow;
#[cfg(test)]
mod tests;

use domain::health::{Band, Evaluation, Points};
use domain::id::{AccountId, ScorecardId};
use domain::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::tx::{Tx, on};

pub use cards::{cards, discard_draft, publish, retire, roll_back, save_draft, shadow, versions};
pub use facts::facts;
pub use overrides::{end_override, overrides, set_override};
pub use past::{Past, backfill};
pub(crate) use preview::next_ids;
pub use preview::{columns, preview_on_server};
pub use reach::reach;
pub(crate) use reader::{mark, set_marks};
pub use records::gather;
pub(crate) use records::{Gathered, gather_for, gather_needed, gather_since};
pub use rollups::{rollup_rule, set_rollup_rule};
pub use scorecards::{publish_default, published, refit_default, version};
pub use scorer::{Scored, catch_up, caught_up, learn_seasons, score_accounts, score_all};
pub(crate) use scorer::{applies, holds};
pub(crate) use seasons::{Profiles, profiles};
pub use shadow::shadow_report;

/// Most evaluations of one account that are returned at once.
const HISTORY_MAX: i64 = 2_000;

#[derive(FromRow)]
struct Row {
    at: i64,
    score: Option<i64>,
    scorecard_id: Uuid,
    version: i64,
    evaluation: String,
}

/// An evaluation as stored, with the scorecard version that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The scorecard.
    pub scorecard: ScorecardId,
    /// Its version.
    pub version: u32,
    /// What it came to.
    pub evaluation: Evaluation,
}

/// Returns the scores of an account since a moment, oldest first; each holds until the next.
pub async fn history(tx: &mut Tx, account: AccountId, since: Timestamp) -> Result<Vec<(Timestamp, Points)>> {
    let workspace = tx.workspace();
    let rows: Vec<(i64, Option<i64>)> = on!(tx, c => sqlx::query_as(
        "SELECT at, score FROM scores WHERE workspace_id = $1 AND account_id = $2 AND at >= $3 ORDER BY at LIMIT $4")
        .bind(workspace).bind(account.0).bind(since.0).bind(HISTORY_MAX).fetch_all(c).await)?;
    Ok(rows.into_iter().filter_map(|(at, score)| Some((Timestamp(at), Points(score?)))).collect())
}

/// Returns the evaluation that held at a moment, if the account had been scored by then.
pub async fn evaluation_at(tx: &mut Tx, account: AccountId, at: Timestamp) -> Result<Option<Stored>> {
    let workspace = tx.workspace();
    let row: Option<Row> = on!(tx, c => sqlx::query_as(
        "SELECT at, score, scorecard_id, version, evaluation FROM scores \
         WHERE workspace_id = $1 AND account_id = $2 AND at <= $3 ORDER BY at DESC LIMIT 1")
        .bind(workspace).bind(account.0).bind(at.0).fetch_optional(c).await)?;
    row.map(stored).transpose()
}

fn stored(row: Row) -> Result<Stored> {
    let evaluation: Evaluation = serde_json::from_str(&row.evaluation)?;
    debug_assert_eq!((evaluation.at.0, evaluation.score.map(|score| score.0)), (row.at, row.score));
    let version =
        u32::try_from(row.version).map_err(|_| Error::Stored(format!("scorecard version {}", row.version)))?;
    Ok(Stored { scorecard: ScorecardId(row.scorecard_id), version, evaluation })
}

/// Returns the stored word of a band.
pub(crate) fn band_key(band: Option<Band>) -> Option<&'static str> {
    band.map(Band::key)
}
