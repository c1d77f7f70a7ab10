//! Where a score is heading: a damped trend with an interval.
//!
//! Exponential smoothing with an additive damped trend (Gardner and McKenzie, 1985; ETS(A,Ad,N) in Hyndman et al.,
//! *Forecasting with Exponential Smoothing*, 2008): level `l`, trend `b`, one-step error `e`:
//!
//! ```text
//! l' = l + φb + αe        b' = φb + βe        forecast(h) = l + (φ + φ² + … + φʰ)·b
//! var(h) = σ²·(1 + Σ c²ⱼ for j = 1 … h−1),    cⱼ = α + β·(φ + φ² + … + φʲ)
//! ```
//!
//! A score holds until the next one, so it is read once a week. α, β and φ are those of a small grid whose squared
//! one-step errors are least, and σ² is the mean of those. A trend that is damped does not promise that a fall of the
//! last weeks goes on for ever.

use serde::{Deserialize, Serialize};

use super::points::Points;
use crate::time::Timestamp;

/// Days between two readings of a score.
const STEP_DAYS: i64 = 7;
/// How many readings are looked at, at most: three quarters of a year.
const READINGS_MAX: i64 = 40;
/// How many readings it takes at least; with fewer, the errors say nothing about the interval.
const READINGS_MIN: usize = 8;
/// The normal deviate that leaves a tenth on either side: the interval holds four values in five.
const DEVIATE: f64 = 1.2816;
/// The least error that is believed, in points: an account whose score has rested is not certain to rest on.
const SIGMA_MIN: f64 = 0.5;

const ALPHAS: [f64; 6] = [0.1, 0.25, 0.4, 0.6, 0.8, 0.95];
/// As shares of α, which keeps the trend steadier than the level.
const BETA_SHARES: [f64; 4] = [0.0, 0.1, 0.25, 0.5];
const PHIS: [f64; 3] = [0.8, 0.9, 0.97];

/// A score expected on a day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expected {
    /// The day.
    pub at: Timestamp,
    /// The expected score, 0 to 100.
    pub score: f64,
    /// Nine scores in ten are above this.
    pub low: f64,
    /// Nine scores in ten are below this.
    pub high: f64,
}

/// Returns the scores expected once a week up to `days` from `now`, with an interval that holds four in five of them.
///
/// `history` holds the scores so far in order of time; each holds until the next. Returns nothing where they reach
/// back less than eight weeks.
#[must_use]
pub fn forecast(history: &[(Timestamp, Points)], now: Timestamp, days: i64) -> Vec<Expected> {
    let readings = weekly(history, now);
    if readings.len() < READINGS_MIN {
        return Vec::new();
    }
    let model = Model::fit(&readings);
    let weeks = days.div_euclid(STEP_DAYS).clamp(0, READINGS_MAX);
    let (mut phi, mut phis, mut variance) = (1.0, 0.0, 1.0);
    let mut expected = Vec::new();
    for week in 1..=weeks {
        phi *= model.phi;
        phis += phi;
        let score = model.level + phis * model.trend;
        let spread = DEVIATE * model.sigma * f64::sqrt(variance);
        // What this week adds to the error of the next.
        let weight = model.alpha + model.beta * phis;
        variance += weight * weight;
        expected.push(Expected {
            at: now.plus_days(week * STEP_DAYS),
            score: score.clamp(0.0, 100.0),
            low: (score - spread).clamp(0.0, 100.0),
            high: (score + spread).clamp(0.0, 100.0),
        });
    }
    expected
}

/// Returns the score once a week up to now, oldest first.
fn weekly(history: &[(Timestamp, Points)], now: Timestamp) -> Vec<f64> {
    let held = |at: Timestamp| {
        let end = history.partition_point(|(scored, _)| *scored <= at);
        end.checked_sub(1).map(|last| history[last].1.as_f64())
    };
    (0..READINGS_MAX).rev().filter_map(|week| held(now.plus_days(-week * STEP_DAYS))).collect()
}

struct Model {
    alpha: f64,
    beta: f64,
    phi: f64,
    level: f64,
    trend: f64,
    sigma: f64,
}

impl Model {
    /// Returns the model of the grid whose one-step errors are least.
    fn fit(readings: &[f64]) -> Self {
        let mut best = Self::run(readings, (ALPHAS[0], 0.0, PHIS[0]));
        for alpha in ALPHAS {
            for share in BETA_SHARES {
                for phi in PHIS {
                    let model = Self::run(readings, (alpha, alpha * share, phi));
                    if model.sigma < best.sigma {
                        best = model;
                    }
                }
            }
        }
        Self { sigma: best.sigma.max(SIGMA_MIN), ..best }
    }

    fn run(readings: &[f64], (alpha, beta, phi): (f64, f64, f64)) -> Self {
        let (mut level, mut trend) = (readings.first().copied().unwrap_or_default(), 0.0);
        let mut squares = 0.0;
        for reading in readings.iter().skip(1) {
            let expected = level + phi * trend;
            let error = reading - expected;
            squares += error * error;
            level = expected + alpha * error;
            trend = phi * trend + beta * error;
        }
        // Three numbers were fitted to the errors.
        let free = readings.len().saturating_sub(4).max(1);
        Self { alpha, beta, phi, level, trend, sigma: f64::sqrt(squares / free as f64) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_251_600_000);

    fn history(values: &[f64]) -> Vec<(Timestamp, Points)> {
        let weeks = i64::try_from(values.len()).unwrap();
        let at = |place: usize| NOW.plus_days((i64::try_from(place).unwrap() + 1 - weeks) * STEP_DAYS);
        values.iter().enumerate().map(|(place, value)| (at(place), Points::from_f64(*value))).collect()
    }

    #[test]
    fn a_score_that_rests_is_expected_to_rest() {
        let expected = forecast(&history(&[70.0; 20]), NOW, 60);
        assert_eq!(expected.len(), 8);
        assert!(expected.iter().all(|week| (week.score - 70.0).abs() < 1e-9));
        assert!(expected.iter().all(|week| week.low < 70.0 && week.high > 70.0 && week.high - week.low < 8.0));
    }

    #[test]
    fn a_fall_goes_on_more_slowly_and_stays_on_the_scale() {
        let falling: Vec<f64> = (0..20).map(|week| 90.0 - 3.0 * f64::from(week)).collect();
        let expected = forecast(&history(&falling), NOW, 60);
        let steps: Vec<f64> = expected.windows(2).map(|pair| pair[1].score - pair[0].score).collect();
        assert!(expected[0].score < 33.0 && steps.iter().all(|step| *step < 0.0), "{expected:?}");
        assert!(steps.windows(2).all(|pair| pair[1] > pair[0]), "each week falls less: {steps:?}");
        assert!(expected.iter().all(|week| (0.0..=100.0).contains(&week.low) && week.low <= week.score));
        let widths: Vec<f64> = expected.iter().map(|week| week.high - week.low).collect();
        assert!(widths[7] >= widths[0], "{widths:?}");
    }

    #[test]
    fn too_short_a_history_is_no_forecast() {
        assert_eq!(forecast(&history(&[70.0; 7]), NOW, 60), []);
        assert_eq!(forecast(&[], NOW, 60), []);
        assert_eq!(forecast(&history(&[70.0; 9]), NOW, 60).len(), 8);
    }

    #[test]
    fn the_interval_holds_about_four_values_in_five() {
        // Random walks with a damped drift, as scores are; what comes after the first 30 weeks is not shown.
        let mut state = 7_u64;
        let mut uniform = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let (mut held, mut all) = (0, 0);
        for _ in 0..600 {
            let (mut level, mut drift) = (50.0, 0.0);
            let values: Vec<f64> = (0..38)
                .map(|_| {
                    // Twelve uniform numbers are nearly normal.
                    let noise = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
                    drift = 0.9 * drift + 0.1 * noise;
                    level += drift + 0.8 * noise;
                    level
                })
                .collect();
            let known = &values[..30];
            let expected = forecast(&history(known), NOW, 56);
            for (week, value) in expected.iter().zip(&values[30..]) {
                all += 1;
                held += u32::from((week.low..=week.high).contains(value));
            }
        }
        let share = f64::from(held) / f64::from(all);
        assert!((0.72..0.88).contains(&share), "{share}");
    }
}
