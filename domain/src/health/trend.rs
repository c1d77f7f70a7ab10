//! Trends of a score over time, and roll-ups from children to their parent.

use serde::{Deserialize, Serialize};

use super::points::{Points, divide_rounded};
use crate::time::Timestamp;

/// How the health of children becomes the health of their parent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rollup {
    /// All children count the same.
    #[default]
    Mean,
    /// Children count by their recurring revenue; without any revenue they count the same.
    ArrWeighted,
    /// The worst child decides.
    Worst,
}

impl Rollup {
    /// All rules, in the order pickers show them.
    pub const ALL: [Self; 3] = [Self::Mean, Self::ArrWeighted, Self::Worst];

    /// Returns the word stored in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::ArrWeighted => "arr_weighted",
            Self::Worst => "worst",
        }
    }

    /// Returns the rule with this word, if there is one.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.key() == key)
    }
}

/// Returns the change of a score against what it was `days` ago; `None` where there was none then.
///
/// `history` holds each change of the score, ordered by time; a score holds until the next one.
#[must_use]
pub fn change_over(history: &[(Timestamp, Points)], now: Timestamp, days: u32) -> Option<Points> {
    let then = score_at(history, now.plus_days(-i64::from(days)))?;
    Some(score_at(history, now)? - then)
}

/// Returns the slope in points per day of the straight line through a score's last `days`.
///
/// The score is sampled once a day; `None` where less than two days are known.
#[must_use]
pub fn slope_over(history: &[(Timestamp, Points)], now: Timestamp, days: u32) -> Option<f64> {
    let samples: Vec<(f64, f64)> = (0..=days)
        .filter_map(|ago| {
            let score = score_at(history, now.plus_days(-i64::from(ago)))?;
            Some((-f64::from(ago), score.as_f64()))
        })
        .collect();
    if samples.len() < 2 {
        return None;
    }
    let count = samples.len() as f64;
    let mean_day = samples.iter().map(|sample| sample.0).sum::<f64>() / count;
    let mean = samples.iter().map(|sample| sample.1).sum::<f64>() / count;
    let together: f64 = samples.iter().map(|sample| (sample.0 - mean_day) * (sample.1 - mean)).sum();
    let spread: f64 = samples.iter().map(|sample| (sample.0 - mean_day) * (sample.0 - mean_day)).sum();
    Some(together / spread)
}

/// Returns the health of a parent from the scores and the recurring revenue of its children.
#[must_use]
pub fn rollup(children: &[(Points, i64)], how: Rollup) -> Option<Points> {
    if children.is_empty() {
        return None;
    }
    let weight = |arr_minor: i64| i128::from(arr_minor.max(0));
    let revenue: i128 = children.iter().map(|child| weight(child.1)).sum();
    match how {
        Rollup::Worst => children.iter().map(|child| child.0).min(),
        Rollup::ArrWeighted if revenue > 0 => {
            let sum = children.iter().map(|child| i128::from(child.0.0) * weight(child.1)).sum();
            Some(Points(divide_rounded(sum, revenue)))
        }
        Rollup::Mean | Rollup::ArrWeighted => {
            let sum = children.iter().map(|child| i128::from(child.0.0)).sum();
            Some(Points(divide_rounded(sum, children.len() as i128)))
        }
    }
}

/// Returns the score that stood at a moment.
pub(super) fn score_at(history: &[(Timestamp, Points)], moment: Timestamp) -> Option<Points> {
    let end = history.partition_point(|entry| entry.0 <= moment);
    Some(history[..end].last()?.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::DAY_MS;

    fn history(scores: &[(i64, i64)]) -> Vec<(Timestamp, Points)> {
        scores.iter().map(|&(day, score)| (Timestamp(day * DAY_MS), Points(score * Points::MICRO))).collect()
    }

    #[test]
    fn a_change_is_measured_against_the_score_that_stood_then() {
        let history = history(&[(0, 80), (50, 60), (95, 70)]);
        let now = Timestamp(100 * DAY_MS);
        assert_eq!(change_over(&history, now, 7), Some(Points(10 * Points::MICRO)));
        assert_eq!(change_over(&history, now, 90), Some(Points(-10 * Points::MICRO)));
        assert_eq!(change_over(&history, now, 101), None);
        assert_eq!(change_over(&[], now, 7), None);
        assert_eq!(change_over(&history, Timestamp(60 * DAY_MS), 30), Some(Points(-20 * Points::MICRO)));
    }

    #[test]
    fn a_steady_rise_has_its_slope() {
        let rising: Vec<_> = (0..20).map(|day| (day, 40 + day)).collect();
        let slope = slope_over(&history(&rising), Timestamp(19 * DAY_MS), 10).unwrap();
        assert!((slope - 1.0).abs() < 1e-9);
        assert_eq!(slope_over(&history(&[(19, 40)]), Timestamp(19 * DAY_MS), 10), None);
    }

    #[test]
    fn a_parent_is_as_healthy_as_the_rule_says() {
        let children = [(Points::FULL, 300), (Points::ZERO, 100), (Points::NEUTRAL, -5)];
        assert_eq!(rollup(&children, Rollup::Mean), Some(Points::NEUTRAL));
        assert_eq!(rollup(&children, Rollup::ArrWeighted), Some(Points::from_f64(75.0)));
        assert_eq!(rollup(&children, Rollup::Worst), Some(Points::ZERO));
        assert_eq!(rollup(&[(Points::FULL, 0)], Rollup::ArrWeighted), Some(Points::FULL));
        assert_eq!(rollup(&[], Rollup::Worst), None);
    }
}
