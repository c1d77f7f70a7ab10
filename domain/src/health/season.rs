//! Season profiles: what week of the year is busy in a line of business, so that winter is not mistaken for decline.

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Weeks an ISO year can have.
const WEEKS: usize = 53;
/// Weeks of a plain year.
const YEAR: usize = 52;
/// Accounts that must share a season before it is the season of their line of business.
const ACCOUNTS_MIN: usize = 3;
/// Weeks that must be known of the latest year.
const RECENT_WEEKS_MIN: usize = 40;
/// Weeks that must be known in both years, so that one can be held against the other.
const PAIRS_MIN: usize = 20;
/// Least correlation of one year with the other: what does not repeat is no season.
const REPEATS_MIN: f64 = 0.5;
/// Least ratio of the busiest week to the quietest: less is not worth a correction.
const SWING_MIN: f64 = 1.25;
/// Least index, so that dividing by it stays sensible.
const INDEX_MIN: f64 = 0.05;

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
        match self.weekly.get(week_of(at)) {
            Some(&index) if index.is_finite() && index > 0.0 => index,
            _ => 1.0,
        }
    }

    /// Returns the mean index of the `weeks` weeks up to a moment, for values that are themselves sums over them.
    #[must_use]
    pub fn index_over(&self, at: Timestamp, weeks: u32) -> f64 {
        if weeks <= 1 {
            return self.index_at(at);
        }
        // The middle of each week stands for it.
        let sum: f64 = (0..weeks).map(|week| self.index_at(at.plus_days(-3 - 7 * i64::from(week)))).sum();
        sum / f64::from(weeks)
    }

    /// Returns the profile that the accounts of a category share; `None` where there is no season to speak of.
    ///
    /// Each series is one account's usage of the last two years, in any order. An account's level in a week is held
    /// against its own average, moved along by its own growth from one year to the next (the ratio to trend of
    /// classical decomposition). Accounts whose two years are alike (correlation of at least 0.5 over at least 20
    /// weeks) have a season. Where they are at least three and at least half of those that can be judged, the profile
    /// is the median of their ratios per ISO week, smoothed over three weeks, with an average of 1. A swing below
    /// 1.25 between the busiest and the quietest week counts as none.
    #[must_use]
    pub fn learned(category: &str, accounts: &[Vec<(Timestamp, f64)>], now: Timestamp) -> Option<Self> {
        let judged: Vec<(bool, Vec<(usize, f64)>)> = accounts.iter().filter_map(|series| ratios(series, now)).collect();
        let seasonal: Vec<&(usize, f64)> =
            judged.iter().filter(|(repeats, _)| *repeats).flat_map(|(_, ratios)| ratios).collect();
        let count = judged.iter().filter(|(repeats, _)| *repeats).count();
        if count < ACCOUNTS_MIN || count * 2 < judged.len() {
            return None;
        }
        let mut weeks: Vec<Vec<f64>> = vec![Vec::new(); WEEKS];
        for &&(week, ratio) in &seasonal {
            weeks[week].push(ratio);
        }
        let medians: Vec<Option<f64>> = weeks.into_iter().map(median).collect();
        let weekly = levelled(&smoothed(&medians))?;
        let (least, most) = weekly.iter().fold((f64::MAX, 0.0f64), |(a, b), index| (a.min(*index), b.max(*index)));
        (most / least >= SWING_MIN).then(|| Self { category: category.to_owned(), weekly })
    }

    /// Returns whether scores made with one profile are worth making again with the other.
    #[must_use]
    pub fn differs(&self, other: &Self) -> bool {
        const MATTERS: f64 = 0.02;
        let pairs = self.weekly.iter().zip(&other.weekly);
        self.weekly.len() != other.weekly.len() || pairs.into_iter().any(|(a, b)| (a - b).abs() > MATTERS)
    }
}

fn week_of(at: Timestamp) -> usize {
    at.date().map_or(0, |date| date.iso_week().week0() as usize)
}

/// Returns whether an account's two years are alike, and its ratio to its own trend per ISO week; `None` where too
/// little is known of it.
fn ratios(series: &[(Timestamp, f64)], now: Timestamp) -> Option<(bool, Vec<(usize, f64)>)> {
    // Week 0 is the one that ends now.
    let mut sums = [(0.0, 0.0); 2 * YEAR];
    for &(at, value) in series.iter().filter(|(at, value)| *at <= now && value.is_finite()) {
        let ago = usize::try_from(now.days_since(at) / 7).unwrap_or(usize::MAX);
        if let Some(slot) = sums.get_mut(ago) {
            *slot = (slot.0 + value, slot.1 + 1.0);
        }
    }
    let weeks: Vec<Option<f64>> = sums.iter().map(|(sum, count)| (*count > 0.0).then(|| sum / count)).collect();
    let recent: Vec<f64> = weeks[..YEAR].iter().flatten().copied().collect();
    let pairs: Vec<(f64, f64)> = (0..YEAR).filter_map(|week| Some((weeks[week]?, weeks[week + YEAR]?))).collect();
    if recent.len() < RECENT_WEEKS_MIN || pairs.len() < PAIRS_MIN {
        return None;
    }
    let (now_sum, then_sum) = pairs.iter().fold((0.0, 0.0), |(a, b), pair| (a + pair.0, b + pair.1));
    let mean = recent.iter().sum::<f64>() / recent.len() as f64;
    if now_sum <= 0.0 || then_sum <= 0.0 || mean <= 0.0 {
        return None;
    }
    let growth: f64 = now_sum / then_sum;
    let middle = YEAR as f64 / 2.0;
    let level = |ago: usize| mean * growth.powf((middle - ago as f64) / YEAR as f64);
    let ratio = |ago: usize| Some(weeks[ago]? / level(ago));
    // The middle of each week stands for it.
    let week = |ago: usize| week_of(now.plus_days(-3 - 7 * i64::try_from(ago).unwrap_or_default()));
    let years: Vec<(f64, f64)> = (0..YEAR).filter_map(|ago| Some((ratio(ago)?, ratio(ago + YEAR)?))).collect();
    let ratios = (0..weeks.len()).filter_map(|ago| Some((week(ago), ratio(ago)?))).collect();
    Some((correlation(&years) >= REPEATS_MIN, ratios))
}

/// Returns the correlation of two series after Pearson, from -1 to 1; 0 where one of them never changes.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len() as f64;
    let (a, b) = pairs.iter().fold((0.0, 0.0), |(a, b), pair| (a + pair.0 / count, b + pair.1 / count));
    let (mut together, mut spread_a, mut spread_b) = (0.0, 0.0, 0.0);
    for pair in pairs {
        let (x, y) = (pair.0 - a, pair.1 - b);
        (together, spread_a, spread_b) = (together + x * y, spread_a + x * x, spread_b + y * y);
    }
    let spread = f64::sqrt(spread_a * spread_b);
    if spread > 0.0 { together / spread } else { 0.0 }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    Some(if values.len() % 2 == 1 { upper } else { f64::midpoint(values[middle - 1], upper) })
}

/// Returns the mean of each week and its neighbours, around the turn of the year.
fn smoothed(weeks: &[Option<f64>]) -> Vec<Option<f64>> {
    let count = weeks.len();
    (0..count)
        .map(|week| {
            let near = [(week + count - 1) % count, week, (week + 1) % count];
            let known: Vec<f64> = near.iter().filter_map(|week| weeks[*week]).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
        })
        .collect()
}

/// Returns the weeks with an average of 1; those of which nothing is known count as the average.
fn levelled(weeks: &[Option<f64>]) -> Option<Vec<f64>> {
    let known: Vec<f64> = weeks.iter().flatten().copied().collect();
    let mean = known.iter().sum::<f64>() / known.len() as f64;
    (mean > 0.0).then(|| weeks.iter().map(|week| week.map_or(1.0, |level| (level / mean).max(INDEX_MIN))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Timestamp {
        Timestamp::from_date(text.parse().unwrap())
    }

    /// Two years of days up to 21 November 2026, as `level` says for a month and a day's number.
    fn two_years(level: impl Fn(u32, i64) -> f64) -> Vec<(Timestamp, f64)> {
        let first = day("2026-11-21").plus_days(-730);
        (0..730)
            .map(|offset| (first.plus_days(offset), offset))
            .map(|(at, offset)| (at, level(at.date().unwrap().month(), offset)))
            .collect()
    }

    fn summer(month: u32, _: i64) -> f64 {
        if (6..=8).contains(&month) { 30.0 } else { 10.0 }
    }

    fn learned(accounts: &[Vec<(Timestamp, f64)>]) -> Option<SeasonProfile> {
        SeasonProfile::learned("venue", accounts, day("2026-11-21"))
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
        assert_eq!(profile.index_over(day("2026-01-08"), 2), 0.75, "a sum over weeks has their mean index");
    }

    #[test]
    fn a_busy_summer_that_repeats_is_learned() {
        let profile = learned(&vec![two_years(summer); 3]).unwrap();
        assert!(profile.index_at(day("2026-07-15")) > 1.8);
        assert!(profile.index_at(day("2026-02-15")) < 0.8);
        let mean = profile.weekly.iter().sum::<f64>() / 53.0;
        assert!((mean - 1.0).abs() < 1e-9, "{mean}");
    }

    #[test]
    fn growth_is_no_season() {
        let growing = two_years(|month, offset| summer(month, offset) * (1.0 + offset as f64 / 365.0));
        let (plain, grown) = (learned(&vec![two_years(summer); 3]).unwrap(), learned(&vec![growing; 3]).unwrap());
        for week in 0..53 {
            assert!((plain.weekly[week] - grown.weekly[week]).abs() < 0.25, "week {week}");
        }
        assert_eq!(learned(&vec![two_years(|_, offset| 10.0 + offset as f64); 3]), None, "nothing but growth");
    }

    #[test]
    fn what_does_not_repeat_is_no_season() {
        let fell = two_years(|_, offset| if offset > 600 { 2.0 } else { 10.0 });
        assert_eq!(learned(&vec![fell; 5]), None, "a fall in one year");
        assert_eq!(learned(&vec![two_years(|_, _| 10.0); 5]), None, "all weeks alike");
        assert_eq!(learned(&vec![two_years(|month, _| if month > 6 { 11.0 } else { 10.0 }); 5]), None, "hardly");
    }

    #[test]
    fn too_few_accounts_or_too_little_history_teach_nothing() {
        assert_eq!(learned(&vec![two_years(summer); 2]), None);
        assert_eq!(learned(&[]), None);
        let year: Vec<_> = two_years(summer).split_off(365);
        assert_eq!(learned(&vec![year; 9]), None, "one year cannot repeat");
        let mut mixed = vec![two_years(summer); 3];
        mixed.extend(vec![two_years(|_, _| 10.0); 4]);
        assert_eq!(learned(&mixed), None, "most have no season");
        mixed.pop();
        assert!(learned(&mixed).is_some(), "half of them is enough");
    }

    #[test]
    fn a_profile_that_moved_a_little_is_the_same() {
        let (flat, mut moved) = (SeasonProfile::flat("x"), SeasonProfile::flat("x"));
        moved.weekly[3] = 1.01;
        assert!(!flat.differs(&moved));
        moved.weekly[3] = 1.1;
        assert!(flat.differs(&moved));
    }
}
