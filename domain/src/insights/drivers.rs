//! Drivers: what lifts a score above the middle and what pulls it below, in short.

use serde::{Deserialize, Serialize};

use crate::health::{AppliedException, AppliedOverride, Band, Cause, Evaluation, MeasureResult, Points, StepKind};
use crate::time::Timestamp;

/// Most drivers that are named each way.
pub const DRIVERS_MAX: usize = 3;

/// What lifts a score and what lowers it, against a score of 50, and what rules and people made of that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drivers {
    /// When the score was computed.
    pub at: Timestamp,
    /// The score.
    pub score: Option<Points>,
    /// Its band.
    pub band: Option<Band>,
    /// The share of the scorecard's weight that is present and fresh.
    pub coverage: Points,
    /// The measures that lift it most.
    pub up: Vec<Cause>,
    /// The measures that lower it most.
    pub down: Vec<Cause>,
    /// The sum of all other measures: 50 and everything adds up to the score before exceptions.
    pub rest: Points,
    /// The exceptions that changed the score, in the order in which they did.
    pub exceptions: Vec<AppliedException>,
    /// The score without a person's own, where one stands in its place.
    pub computed: Option<Points>,
    /// What a person set in its place.
    pub by_hand: Option<AppliedOverride>,
    /// The scorecard's name.
    pub card: String,
    /// The scorecard's version.
    pub version: u32,
}

/// Returns what lifts a score and what lowers it: each measure by weight × (points − 50). An exception and a score that a
/// person set decide instead of weighing in, so that neither is among these. The name of the scorecard is the caller's to
/// fill in.
#[must_use]
pub fn drivers(evaluation: &Evaluation) -> Drivers {
    let mut causes: Vec<Cause> = evaluation.measures().filter(|measure| measure.counts()).map(of_measure).collect();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.delta.abs()));
    let way = |up: bool| {
        let same = causes.iter().filter(|cause| if up { cause.delta.tenths() > 0 } else { cause.delta.tenths() < 0 });
        same.take(DRIVERS_MAX).cloned().collect::<Vec<_>>()
    };
    let (up, down) = (way(true), way(false));
    let named: Points = up.iter().chain(&down).map(|cause| cause.delta).sum();
    Drivers {
        at: evaluation.at,
        score: evaluation.score,
        band: evaluation.band,
        coverage: evaluation.coverage,
        up,
        down,
        rest: evaluation.base.map(|base| base - Points::NEUTRAL - named).unwrap_or_default(),
        exceptions: evaluation.exceptions.iter().filter(|one| one.before != one.after).cloned().collect(),
        computed: evaluation.computed.filter(|_| evaluation.override_.is_some()),
        by_hand: evaluation.override_.clone(),
        card: String::new(),
        version: 0,
    }
}

fn of_measure(measure: &MeasureResult) -> Cause {
    Cause {
        key: measure.key.clone(),
        label: measure.label.clone(),
        kind: StepKind::Measure,
        delta: measure.effective.share_of(measure.points.unwrap_or_default() - Points::NEUTRAL),
    }
}
