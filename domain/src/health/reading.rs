//! Readings: what a measure sees of its source, by mode and season, before any points are given.

use super::evaluate::Context;
use super::facts::{FactValue, Facts, Observation};
use super::points::Points;
use super::scorecard::{Measure, Mode, Source};
use super::season::SeasonProfile;
use super::standard_facts::keys;
use crate::time::{DAY_MS, Timestamp};

/// A raw value and how old it is.
pub(super) struct Reading {
    /// What the scale is asked about.
    pub raw: FactValue,
    /// When the latest observation behind it was made.
    pub observed_at: Timestamp,
    /// When the value was taken away, if it was.
    pub cleared_at: Option<Timestamp>,
}

/// Reads a measure's source; `None` where there never was a usable value.
pub(super) fn read(measure: &Measure, facts: &Facts, context: &Context<'_>) -> Option<Reading> {
    let Source::Fact(key) = &measure.source;
    let known = facts.get(key)?.as_of(context.now);
    let last = known.iter().rposition(|observation| observation.value.is_present())?;
    let cleared_at = known.get(last + 1).map(|observation| observation.at);
    let known = &known[..=last];
    let latest = &known[last];
    let season = context.season.filter(|_| measure.season).map(|profile| Season { profile, weeks: weeks_of(key) });
    let raw = match measure.mode {
        Mode::Absolute => match season {
            Some(season) => level(latest, Some(season)).map_or_else(|| latest.value.clone(), FactValue::Number),
            None => latest.value.clone(),
        },
        Mode::Growth { days } => {
            let earlier = level_before(known, context.now.plus_days(-i64::from(days)), season)?;
            FactValue::Number(growth_pct(earlier, level(latest, season)?))
        }
        Mode::Trend { days } => FactValue::Number(trend_pct(since(known, context.now, days), season)?),
        Mode::OwnBaseline { days } => {
            let before = since(&known[..last], latest.at, days);
            FactValue::Number(baseline_pct(before, level(latest, season)?, season)?)
        }
    };
    Some(Reading { raw, observed_at: latest.at, cleared_at })
}

/// What the season lets expect of a fact.
#[derive(Clone, Copy)]
struct Season<'a> {
    profile: &'a SeasonProfile,
    /// Over how many weeks each value is a sum.
    weeks: u32,
}

fn weeks_of(key: &str) -> u32 {
    if key == keys::USAGE_28D { 4 } else { 1 }
}

/// Returns points faded towards neutral: half of the distance is gone after each half-life.
pub(super) fn faded(points: Points, age_ms: i64, half_life_days: u32) -> Points {
    let half_life_ms = i64::from(half_life_days) * DAY_MS;
    if half_life_ms == 0 {
        return Points::NEUTRAL;
    }
    let distance = (points - Points::NEUTRAL).as_f64() * half_to_the(age_ms.max(0) as f64 / half_life_ms as f64);
    (Points::NEUTRAL + Points::from_f64(distance)).clamped()
}

/// Returns the level that held at a moment among ordered observations.
fn level_before(known: &[Observation], then: Timestamp, season: Option<Season<'_>>) -> Option<f64> {
    let end = known.partition_point(|observation| observation.at <= then);
    level(known[..end].last()?, season)
}

/// Returns the number observed, divided by what the season of that day lets expect.
fn level(observation: &Observation, season: Option<Season<'_>>) -> Option<f64> {
    let value = observation.value.number()?;
    Some(season.map_or(value, |season| value / season.profile.index_over(observation.at, season.weeks)))
}

/// Returns the observations of the `days` up to and including `end`.
fn since(known: &[Observation], end: Timestamp, days: u32) -> &[Observation] {
    let start = end.plus_days(-i64::from(days));
    &known[known.partition_point(|observation| observation.at < start)..]
}

// From nothing to something is a doubling: an endless growth could not be placed on a scale.
fn growth_pct(earlier: f64, latest: f64) -> f64 {
    if earlier == 0.0 {
        return if latest > 0.0 {
            100.0
        } else if latest < 0.0 {
            -100.0
        } else {
            0.0
        };
    }
    (latest - earlier) / earlier.abs() * 100.0
}

// Nothing against nothing is no sign of life, hence 0 and not "as usual".
fn baseline_pct(before: &[Observation], latest: f64, season: Option<Season<'_>>) -> Option<f64> {
    let (sum, count) = levels(before, season).fold((0.0, 0.0), |(sum, count), (_, level)| (sum + level, count + 1.0));
    if count == 0.0 {
        return None;
    }
    let mean: f64 = sum / count;
    if mean == 0.0 {
        return Some(if latest > 0.0 { 200.0 } else { 0.0 });
    }
    Some(100.0 + (latest - mean) / mean.abs() * 100.0)
}

/// Fits a straight line by least squares; at least three moments are needed to call it a trend.
fn trend_pct(known: &[Observation], season: Option<Season<'_>>) -> Option<f64> {
    let (first, last) = (known.first()?.at, known.last()?.at);
    let day = |at: Timestamp| (at.0 - first.0) as f64 / DAY_MS as f64;
    let (mut count, mut days, mut sum) = (0.0, 0.0, 0.0);
    for (at, level) in levels(known, season) {
        (count, days, sum) = (count + 1.0, days + day(at), sum + level);
    }
    if count < 3.0 || first == last {
        return None;
    }
    let (mean_day, mean) = (days / count, sum / count);
    let (mut together, mut spread) = (0.0, 0.0);
    for (at, level) in levels(known, season) {
        let distance = day(at) - mean_day;
        (together, spread) = (together + distance * (level - mean), spread + distance * distance);
    }
    if mean == 0.0 || spread == 0.0 {
        return Some(0.0);
    }
    Some(together / spread * day(last) / mean.abs() * 100.0)
}

fn levels<'a>(known: &'a [Observation], season: Option<Season<'a>>) -> impl Iterator<Item = (Timestamp, f64)> + 'a {
    known.iter().filter_map(move |observation| Some((observation.at, level(observation, season)?)))
}

/// Returns 0.5 to the power of `exponent`, built from square roots.
// The standard power function may differ in the last digit between platforms; roots may not.
fn half_to_the(exponent: f64) -> f64 {
    if exponent >= 64.0 {
        return 0.0;
    }
    let (mut factor, mut root, mut fraction) = (1.0, 0.5, exponent.fract());
    for _ in 0..30 {
        root = f64::sqrt(root);
        fraction *= 2.0;
        if fraction >= 1.0 {
            fraction -= 1.0;
            factor *= root;
        }
    }
    for _ in 0..exponent as u32 {
        factor *= 0.5;
    }
    factor
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::Scale;

    fn read_series(mode: Mode, values: &[f64], season: Option<&SeasonProfile>) -> Option<f64> {
        let now = Timestamp::from_date("2026-11-21".parse().unwrap());
        let first = now.plus_days(1 - values.len() as i64);
        let mut facts = Facts::default();
        facts.observe_series("x", values.iter().enumerate().map(|(day, &value)| (first.plus_days(day as i64), value)));
        let mut measure = Measure::new("x", "X", 1.0, "x", Scale::curve(&[]));
        measure.mode = mode;
        measure.season = season.is_some();
        read(&measure, &facts, &Context { season, ..Context::at(now) }).map(|reading| reading.raw.number().unwrap())
    }

    #[test]
    fn each_mode_looks_at_its_own_side_of_a_series() {
        let rising = [10.0, 12.0, 14.0, 16.0, 18.0];
        assert_eq!(read_series(Mode::Absolute, &rising, None), Some(18.0));
        assert_eq!(read_series(Mode::Growth { days: 4 }, &rising, None), Some(80.0));
        assert_eq!(read_series(Mode::Growth { days: 5 }, &rising, None), None);
        assert_eq!(read_series(Mode::OwnBaseline { days: 4 }, &[10.0, 10.0, 10.0, 5.0], None), Some(50.0));
        assert_eq!(read_series(Mode::OwnBaseline { days: 4 }, &[10.0], None), None);
        let trend = read_series(Mode::Trend { days: 30 }, &rising, None).unwrap();
        assert!((trend - 8.0 / 14.0 * 100.0).abs() < 1e-9, "{trend}");
        assert_eq!(read_series(Mode::Trend { days: 30 }, &rising[..2], None), None);
    }

    #[test]
    fn silence_is_not_as_usual() {
        assert_eq!(read_series(Mode::OwnBaseline { days: 4 }, &[0.0, 0.0, 0.0], None), Some(0.0));
        assert_eq!(read_series(Mode::OwnBaseline { days: 4 }, &[0.0, 0.0, 3.0], None), Some(200.0));
        assert_eq!(read_series(Mode::Growth { days: 2 }, &[0.0, 0.0, 3.0], None), Some(100.0));
        assert_eq!(read_series(Mode::Trend { days: 9 }, &[0.0, 0.0, 0.0], None), Some(0.0));
    }

    #[test]
    fn a_quiet_season_is_no_decline() {
        let mut profile = SeasonProfile::flat("venue");
        // 21 November 2026 lies in ISO week 47, a week earlier in 46.
        profile.weekly[46] = 0.5;
        let halved = [10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0];
        let plain = read_series(Mode::Growth { days: 7 }, &halved, None).unwrap();
        let seasonal = read_series(Mode::Growth { days: 7 }, &halved, Some(&profile)).unwrap();
        assert_eq!((plain, seasonal), (-50.0, 0.0));
        assert_eq!(read_series(Mode::Absolute, &halved, Some(&profile)), Some(10.0));
    }

    #[test]
    fn points_fade_by_half_each_half_life() {
        let day = |days: i64| faded(Points::FULL, days * DAY_MS, 30);
        assert_eq!(day(0), Points::FULL);
        assert_eq!(day(30), Points::from_f64(75.0));
        assert_eq!(day(60), Points::from_f64(62.5));
        assert_eq!(day(15), Points::from_f64(50.0 + 50.0 * 0.5f64.sqrt()));
        assert_eq!(day(9_000), Points::NEUTRAL);
        assert_eq!(faded(Points::ZERO, 1, 0), Points::NEUTRAL);
    }
}
