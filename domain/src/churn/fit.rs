//! A fitted model, and what it says of one account: a sum that is exact to the last digit.

use serde::{Deserialize, Serialize};

use super::drift::Spread;
use crate::health::{Context, Evaluation, Facts, Group, Measure, Points, Scorecard, evaluate};
use crate::lab::probability;
use crate::time::Timestamp;

/// What was learnt: a logistic regression over standardised points of measures, and its calibration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// Within how many days a loss counts.
    pub horizon_days: u32,
    /// How many months it was learnt from.
    pub months: u32,
    /// The logarithm of the odds of an account that is average in everything, before calibration.
    pub intercept: f64,
    /// Intercept and slope that make the odds honest (Platt, 1999), learnt from predictions for accounts that the
    /// regression had not seen.
    pub calibration: (f64, f64),
    /// How strongly weights were held back.
    pub penalty: f64,
    /// What it looks at.
    pub inputs: Vec<Input>,
}

/// One thing that a model looks at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// How it is read and placed between 0 and 100, as it was when the model learnt: the corners of its scale are
    /// the knots of the model.
    pub measure: Measure,
    /// Mean of its points over the moments that were learnt from.
    pub mean: f64,
    /// Their deviation.
    pub deviation: f64,
    /// What one deviation more adds to the logarithm of the odds, before calibration.
    pub weight: f64,
    /// What its absence adds; 0 where it was hardly ever absent.
    pub blank: f64,
    /// How far it moves the logarithm of the odds from moment to moment: the deviation of its part.
    pub effect: f64,
    /// How its points were spread over the moments that were learnt from.
    pub trained: Spread,
}

/// What a model says of one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prediction {
    /// The logarithm of the odds of an average account, in millionths.
    pub base: Points,
    /// What each input adds, in the order of the model; together with `base` exactly `log_odds`.
    pub drivers: Vec<Driver>,
    /// The logarithm of the odds of a loss within the horizon, in millionths.
    pub log_odds: Points,
    /// The probability that belongs to it, in per cent.
    pub pct: Points,
}

/// What one input adds to a prediction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Driver {
    /// The measure's key in the model.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// Its points for this account; `None` where it is not known.
    pub points: Option<Points>,
    /// What it adds to the logarithm of the odds, in millionths: above zero it raises the probability.
    pub part: Points,
}

/// Returns a scorecard whose measures are these and nothing else, by which the inputs of an account are read.
///
/// What is missing stays missing, and no season is taken out: the past is read without seasons, too.
#[must_use]
pub fn card<'a>(measures: impl Iterator<Item = &'a Measure>) -> Scorecard {
    let plain = |measure: &Measure| Measure {
        weight: 1.0,
        null_policy: crate::health::NullPolicy::Exclude,
        season: false,
        ..measure.clone()
    };
    let group =
        Group { key: "inputs".into(), label: String::new(), weight: 1.0, measures: measures.map(plain).collect() };
    Scorecard { groups: vec![group], ..Scorecard::default() }
}

/// Returns the points of a card's measures by what was known at a moment.
#[must_use]
pub fn points(card: &Scorecard, facts: &Facts, now: Timestamp) -> Vec<Option<Points>> {
    let evaluation: Evaluation = evaluate(card, facts, &Context::at(now));
    evaluation.measures().map(|measure| measure.points).collect()
}

impl Fit {
    /// Returns the scorecard by which the inputs of an account are read.
    #[must_use]
    pub fn card(&self) -> Scorecard {
        card(self.inputs.iter().map(|input| &input.measure))
    }

    /// Returns what the model says of an account with these points, in the order of the inputs.
    ///
    /// Each part is rounded to a millionth of a logarithm of odds before it is added, so the sum is exact.
    #[must_use]
    pub fn predict(&self, points: &[Option<Points>]) -> Prediction {
        let (shift, slope) = self.calibration;
        let base = Points::from_f64(shift + slope * self.intercept);
        let known = points.iter().copied().chain(std::iter::repeat(None));
        let drivers: Vec<Driver> = self
            .inputs
            .iter()
            .zip(known)
            .map(|(input, points)| Driver {
                key: input.measure.key.clone(),
                label: input.measure.label.clone(),
                points,
                part: Points::from_f64(slope * input.part(points.map(Points::as_f64))),
            })
            .collect();
        let log_odds = base + drivers.iter().map(|driver| driver.part).sum();
        let pct = Points::from_f64(100.0 * probability(log_odds.as_f64()));
        Prediction { base, drivers, log_odds, pct }
    }
}

impl Input {
    /// Returns what its points add to the logarithm of the odds, before calibration.
    pub(super) fn part(&self, points: Option<f64>) -> f64 {
        points.map_or(self.blank, |points| self.weight * (points - self.mean) / self.deviation)
    }
}
