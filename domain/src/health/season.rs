//! Season profiles: what week of the year is busy in a line of business, so that winter is not mistaken for decline.

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Weeks an ISO year can have.
const WEEKS: usize = 53;

/// The expected level of each ISO week in one line of business, 1 being the year's average.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeasonProfile {
    /// The account category it belongs to.
    pub category: String,
    /// The index of ISO weeks 1 to 53; weeks that are missing count as 1.
    pub weekly: Vec<f64>,
}

impl SeasonProfile {
    /// Returns a profile in which all weeks are alike.
    #[must_use]
    pub fn flat(category: &str) -> Self {
        Self { category: category.to_owned(), weekly: vec![1.0; WEEKS] }
    }

    /// Returns the index of the ISO week that a moment falls in; 1 where the profile says nothing usable.
    #[must_use]
    pub fn index_at(&self, at: Timestamp) -> f64 {
        let week = at.date().map_or(0, |date| date.iso_week().week0() as usize);
        match self.weekly.get(week) {
            Some(&index) if index.is_finite() && index > 0.0 => index,
            _ => 1.0,
        }
    }

    /// Returns the profile that a series of a whole portfolio shows: each week's mean against the year's.
    ///
    /// Weeks without a value count as 1. Returns `None` where fewer than 26 weeks are known or
    /// there was no activity at all.
    #[must_use]
    pub fn learned(category: &str, series: &[(Timestamp, f64)]) -> Option<Self> {
        let mut sums = [(0.0, 0.0); WEEKS];
        for &(at, value) in series.iter().filter(|(_, value)| value.is_finite()) {
            if let Some(slot) = at.date().and_then(|date| sums.get_mut(date.iso_week().week0() as usize)) {
                *slot = (slot.0 + value, slot.1 + 1.0);
            }
        }
        let means: Vec<Option<f64>> =
            sums.iter().map(|&(sum, count)| if count > 0.0 { Some(sum / count) } else { None }).collect();
        let known: Vec<f64> = means.iter().flatten().copied().collect();
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        if known.len() < WEEKS / 2 || mean <= 0.0 {
            return None;
        }
        let weekly = means.iter().map(|week| week.map_or(1.0, |level| (level / mean).max(0.05))).collect();
        Some(Self { category: category.to_owned(), weekly })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Timestamp {
        Timestamp::from_date(text.parse().unwrap())
    }

    #[test]
    fn a_moment_takes_the_index_of_its_iso_week() {
        let mut profile = SeasonProfile::flat("catering");
        profile.weekly[0] = 0.5;
        profile.weekly[52] = 2.0;
        profile.weekly[10] = 0.0;
        assert_eq!(profile.index_at(day("2026-01-01")), 0.5);
        assert_eq!(profile.index_at(day("2027-01-01")), 2.0);
        assert_eq!(profile.index_at(day("2026-03-10")), 1.0, "an index of zero cannot be divided by");
        assert_eq!(SeasonProfile { category: String::new(), weekly: vec![] }.index_at(day("2026-05-01")), 1.0);
    }

    #[test]
    fn a_busy_summer_is_learned() {
        let series: Vec<_> = (0..730)
            .map(|offset| day("2024-01-01").plus_days(offset))
            .map(|at| (at, if (5..=7).contains(&at.date().unwrap().month0()) { 30.0 } else { 10.0 }))
            .collect();
        let profile = SeasonProfile::learned("venue", &series).unwrap();
        assert!(profile.index_at(day("2026-07-15")) > 1.8);
        assert!(profile.index_at(day("2026-02-15")) < 0.8);
        assert_eq!(SeasonProfile::learned("venue", &series[..60]), None);
    }
}
