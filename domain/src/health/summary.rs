//! The present health of an account, as it is kept on the account's row.

use serde::{Deserialize, Serialize};

use super::bands::Band;
use super::evaluation::Evaluation;
use super::points::Points;
use super::trend::{change_over, score_at};
use crate::id::ScorecardId;
use crate::time::Timestamp;

/// The present health of an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HealthSummary {
    /// The score.
    pub score: Points,
    /// Its band.
    pub band: Band,
    /// The share of the scorecard's weight that is present and fresh.
    pub coverage: Points,
    /// The change of the score in 7 days; `None` where there was none then.
    pub trend_7d: Option<Points>,
    /// The change of the score in 30 days.
    pub trend_30d: Option<Points>,
    /// The change of the score in 90 days.
    pub trend_90d: Option<Points>,
    /// When the score was last computed.
    pub evaluated_at: Timestamp,
    /// The scorecard it was computed with.
    pub scorecard: ScorecardId,
    /// The version of that scorecard.
    pub version: u32,
    /// Whether a person's override is in force.
    pub overridden: bool,
}

impl HealthSummary {
    /// Returns the summary of an evaluation, or `None` where nothing is known about the account.
    ///
    /// `history` holds the earlier scores, ordered by time; trends compare this evaluation with them.
    #[must_use]
    pub fn of(
        evaluation: &Evaluation,
        scorecard: ScorecardId,
        version: u32,
        history: &[(Timestamp, Points)],
    ) -> Option<Self> {
        let score = evaluation.score?;
        let trend = |days: u32| {
            let stood = score_at(history, evaluation.at.plus_days(-i64::from(days)))?;
            Some(score - stood)
        };
        Some(Self {
            score,
            band: evaluation.band?,
            coverage: evaluation.coverage,
            trend_7d: trend(7),
            trend_30d: trend(30),
            trend_90d: trend(90),
            evaluated_at: evaluation.at,
            scorecard,
            version,
            overridden: evaluation.override_.is_some(),
        })
    }

    /// Brings the trends up to a later moment at which the score itself did not change.
    pub fn refresh_trends(&mut self, history: &[(Timestamp, Points)], now: Timestamp) {
        self.trend_7d = change_over(history, now, 7);
        self.trend_30d = change_over(history, now, 30);
        self.trend_90d = change_over(history, now, 90);
    }
}
