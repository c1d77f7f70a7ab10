//! Drift: whether the accounts of today look like what a model learnt from, and whether as many are lost as it says.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Below this the spread of an input is stable (Siddiqi, *Credit Risk Scorecards*, 2006).
pub const SHIFTING: f64 = 0.1;
/// From here on it has changed.
pub const SHIFTED: f64 = 0.25;
/// How many parts of equal size a spread begins with.
const PARTS: usize = 10;
/// Added to every count, so that an empty part has a share.
const HALF: f64 = 0.5;
/// Half the width of a 95 % interval in standard errors.
const SIGMAS: f64 = 1.959_964;

/// How values between 0 and 100 are spread.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Where one part ends and the next begins, ascending; a value at an edge belongs to the lower part.
    pub edges: Vec<f64>,
    /// How many values are in each part; one more than edges.
    pub counts: Vec<u32>,
    /// How many were not known.
    pub blank: u32,
}

impl Spread {
    /// Learns the edges from values, as tenths of those that are known, and counts them.
    #[must_use]
    pub fn learn(values: &[Option<f64>]) -> Self {
        let mut known: Vec<f64> = values.iter().flatten().copied().collect();
        known.sort_unstable_by(f64::total_cmp);
        let last = known.last().copied().unwrap_or_default();
        let edge = |part: usize| known.get(known.len() * part / PARTS).copied();
        let mut edges: Vec<f64> = (1..PARTS).filter_map(edge).filter(|edge| *edge < last).collect();
        edges.dedup();
        Self { edges, ..Self::default() }.count(values.iter().copied())
    }

    /// Counts other values by the same edges.
    #[must_use]
    pub fn count(&self, values: impl Iterator<Item = Option<f64>>) -> Self {
        let mut spread = Self { edges: self.edges.clone(), counts: vec![0; self.edges.len() + 1], blank: 0 };
        for value in values {
            match value {
                Some(value) => spread.counts[self.edges.partition_point(|edge| *edge < value)] += 1,
                None => spread.blank += 1,
            }
        }
        spread
    }

    /// Returns how many values there are.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.counts.iter().sum::<u32>() + self.blank
    }

    /// Returns the share of each part, from 0 to 1, with that of what is not known behind.
    fn shares(&self) -> Vec<f64> {
        let parts = self.counts.len() as f64 + 1.0;
        let whole = f64::from(self.total()) + HALF * parts;
        self.counts.iter().chain([&self.blank]).map(|count| (f64::from(*count) + HALF) / whole).collect()
    }
}

/// Returns the population stability index: the sum of (now − then) × ln(now ÷ then) over the shares of the parts.
///
/// Half a row is added to every part. `None` where there is nothing to compare.
#[must_use]
pub fn stability(then: &Spread, now: &Spread) -> Option<f64> {
    if then.total() == 0 || now.total() == 0 || then.counts.len() != now.counts.len() {
        return None;
    }
    let pairs = then.shares().into_iter().zip(now.shares());
    Some(pairs.map(|(then, now)| (now - then) * (now / then).ln()).sum())
}

/// What a stability index means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shift {
    /// Below 0.1: as it was.
    Stable,
    /// Below 0.25: on the move.
    Shifting,
    /// From 0.25 on: not what was learnt from.
    Changed,
}

/// Returns what a stability index means.
#[must_use]
pub fn shift(index: f64) -> Shift {
    match index {
        _ if index < SHIFTING => Shift::Stable,
        _ if index < SHIFTED => Shift::Shifting,
        _ => Shift::Changed,
    }
}

/// How one input is spread now, against the moments that were learnt from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputDrift {
    /// The measure's key in the model.
    pub key: String,
    /// What people call it.
    pub label: String,
    /// The stability index; `None` where there is nothing to compare.
    pub index: Option<f64>,
    /// Mean points of what was learnt from.
    pub mean_then: f64,
    /// Mean points now; `None` where nothing is known.
    pub mean_now: Option<f64>,
    /// The share that was not known then, from 0 to 1.
    pub blank_then: f64,
    /// The share that is not known now, from 0 to 1.
    pub blank_now: f64,
}

/// Losses since a model came into force, beside those that it expected.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// Since when.
    pub since: Timestamp,
    /// Accounts that it spoke of.
    pub accounts: u32,
    /// Losses that its predictions let expect in that time.
    pub expected: f64,
    /// Losses that happened.
    pub observed: u32,
}

/// Whether as many accounts were lost as expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// The difference is no larger than chance makes it.
    AsExpected,
    /// More were lost.
    More,
    /// Fewer were lost.
    Fewer,
}

impl Held {
    /// Returns whether observed and expected agree, by the 95 % interval of a Poisson count around what was expected.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let (miss, reach) = (f64::from(self.observed) - self.expected, SIGMAS * self.expected.sqrt());
        match miss {
            _ if miss.abs() <= reach.max(1.0) => Verdict::AsExpected,
            _ if miss > 0.0 => Verdict::More,
            _ => Verdict::Fewer,
        }
    }
}

/// Returns how many losses a probability (0 to 1, within `horizon_days`) lets expect over some days, at a constant
/// rate: −ln(1 − p) × days ÷ horizon.
///
/// Summed over the time that accounts were under risk this is what a right model expects (the compensator; Therneau
/// and Grambsch, *Modeling Survival Data*, 2000, 2.1).
#[must_use]
pub fn hazard(probability: f64, days: f64, horizon_days: u32) -> f64 {
    -(1.0 - probability.clamp(0.0, 0.999_999)).ln() * days.max(0.0) / f64::from(horizon_days.max(1))
}

/// How far the present has moved from what the model in force learnt from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// Accounts that the model speaks of now.
    pub accounts: u32,
    /// The inputs, the most changed first.
    pub inputs: Vec<InputDrift>,
    /// Losses beside what was expected.
    pub held: Held,
}

impl InputDrift {
    /// Compares how an input's points are spread now with how they were; `now` holds one value for each account.
    #[must_use]
    pub fn of(input: &super::Input, now: &[Option<f64>]) -> Self {
        let spread = input.trained.count(now.iter().copied());
        let known: Vec<f64> = now.iter().flatten().copied().collect();
        let share = |spread: &Spread| f64::from(spread.blank) / f64::from(spread.total().max(1));
        Self {
            key: input.measure.key.clone(),
            label: input.measure.label.clone(),
            index: stability(&input.trained, &spread),
            mean_then: input.mean,
            mean_now: (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64),
            blank_then: share(&input.trained),
            blank_now: share(&spread),
        }
    }
}
