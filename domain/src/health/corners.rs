//! Shaping a curve by hand: moving, adding and taking away corners, and what the portfolio looks like behind it.

use super::default_card::{AvailableFact, FactKind, default_scorecard};
use super::scale::Scale;
use super::scorecard::{Measure, Source};

/// Most corners of a curve: more cannot be told apart.
pub const CORNERS_MAX: usize = 24;

/// Which way points go as the raw value rises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// More is better.
    Rising,
    /// Less is better.
    Falling,
    /// All values are worth the same.
    Flat,
    /// Now better, now worse.
    Mixed,
}

/// Returns which way the points of a curve go.
#[must_use]
pub fn direction(corners: &[(f64, f64)]) -> Direction {
    let rises = corners.windows(2).any(|pair| pair[1].1 > pair[0].1);
    let falls = corners.windows(2).any(|pair| pair[1].1 < pair[0].1);
    match (rises, falls) {
        (true, true) => Direction::Mixed,
        (true, false) => Direction::Rising,
        (false, true) => Direction::Falling,
        (false, false) => Direction::Flat,
    }
}

/// Returns the curve turned around: what was worth the least is worth the most, at the same raw values.
#[must_use]
pub fn turned(corners: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let points = corners.iter().rev().map(|corner| corner.1);
    corners.iter().zip(points).map(|(corner, points)| (corner.0, points)).collect()
}

/// Returns the least that two corners of this curve should lie apart: a hundredth of its span, as a round number.
#[must_use]
pub fn step(low: f64, high: f64) -> f64 {
    let hundredth = (high - low).abs() / 100.0;
    if !(hundredth.is_finite() && hundredth > 0.0) {
        return 1.0;
    }
    let mut step = 1.0;
    while step > hundredth && step > 1e-6 {
        step /= 10.0;
    }
    while step * 10.0 <= hundredth && step < 1e12 {
        step *= 10.0;
    }
    step
}

/// Returns the curve with a corner moved; points stay between 0 and 100, and a corner does not pass its neighbours.
#[must_use]
pub fn move_corner(corners: &[(f64, f64)], index: usize, raw: f64, points: f64) -> Vec<(f64, f64)> {
    let mut moved = corners.to_vec();
    let before = index.checked_sub(1).and_then(|index| corners.get(index)).map(|corner| corner.0);
    let after = corners.get(index + 1).map(|corner| corner.0);
    let Some(corner) = moved.get_mut(index) else { return moved };
    let fits = raw.is_finite() && before.is_none_or(|before| raw > before) && after.is_none_or(|after| raw < after);
    if fits {
        corner.0 = raw;
    }
    if points.is_finite() {
        corner.1 = points.clamp(0.0, 100.0);
    }
    moved
}

/// Returns the curve with a corner more after the one named, and where it is: halfway to the next, or one span beyond
/// the last. `None` where the curve is full or there is no room between the two.
#[must_use]
pub fn add_corner(corners: &[(f64, f64)], index: usize) -> Option<(Vec<(f64, f64)>, usize)> {
    if corners.len() >= CORNERS_MAX {
        return None;
    }
    let mut more = corners.to_vec();
    let Some(&(raw, points)) = corners.get(index) else {
        more.push((0.0, 50.0));
        return corners.is_empty().then_some((more, 0));
    };
    let (new_raw, new_points) = match (corners.get(index + 1), index.checked_sub(1).and_then(|i| corners.get(i))) {
        (Some(next), _) => (round_to(f64::midpoint(raw, next.0), step(raw, next.0)), f64::midpoint(points, next.1)),
        (None, Some(last)) => (raw + (raw - last.0), points),
        (None, None) => (raw + 1.0, points),
    };
    let fits = new_raw > raw && corners.get(index + 1).is_none_or(|next| new_raw < next.0);
    if !fits {
        return None;
    }
    more.insert(index + 1, (new_raw, new_points.round()));
    Some((more, index + 1))
}

/// Returns the value as a whole number of steps.
#[must_use]
pub fn round_to(value: f64, step: f64) -> f64 {
    // Multiplying by the inverse of a small step keeps 0.3 from becoming 0.30000000000000004.
    if step < 1.0 { (value / step).round() / (1.0 / step).round() } else { (value / step).round() * step }
}

/// Returns the curve without a corner; the last one stays.
#[must_use]
pub fn remove_corner(corners: &[(f64, f64)], index: usize) -> Vec<(f64, f64)> {
    let mut fewer = corners.to_vec();
    if fewer.len() > 1 && index < fewer.len() {
        fewer.remove(index);
    }
    fewer
}

/// Returns the values that a picture of a curve spans: its corners and the middle nine tenths of the portfolio.
///
/// `values` must be sorted. The span is never empty.
#[must_use]
pub fn span(corners: &[(f64, f64)], values: &[f64]) -> (f64, f64) {
    let place = |share: f64| values.get((share * values.len().saturating_sub(1) as f64).round() as usize).copied();
    let raws = corners.iter().map(|corner| corner.0).chain(place(0.05)).chain(place(0.95));
    let (low, high) = raws
        .filter(|raw| raw.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), raw| (low.min(raw), high.max(raw)));
    match (low, high) {
        (low, high) if low < high => (low, high),
        (low, _) if low.is_finite() => (low - 1.0, low + 1.0),
        _ => (0.0, 100.0),
    }
}

/// Returns how many values fall into each of `bins` equal parts between `low` and `high`; those outside count at the
/// ends, because a curve is flat there.
#[must_use]
pub fn histogram(values: &[f64], (low, high): (f64, f64), bins: usize) -> Vec<u32> {
    let mut counts = vec![0u32; bins.max(1)];
    let last = counts.len() - 1;
    let width = (high - low) / counts.len() as f64;
    for &value in values.iter().filter(|value| value.is_finite()) {
        // The cast saturates: what is below the first part counts there.
        let bin = if width > 0.0 { (((value - low) / width).floor().max(0.0) as usize).min(last) } else { 0 };
        if let Some(count) = counts.get_mut(bin) {
            *count += 1;
        }
    }
    counts
}

/// Returns a measure on a fact with the scale that its name and values suggest, to begin with; its weight is 0.
#[must_use]
pub fn suggested_measure(fact: &AvailableFact) -> Measure {
    let card = default_scorecard(std::slice::from_ref(fact));
    let known = card.groups.into_iter().flat_map(|group| group.measures);
    let mut found = known.filter(|measure| measure.source == Source::Fact(fact.key.clone()));
    let measure = found.next().unwrap_or_else(|| {
        Measure::new(&fact.key.replace('.', "_"), &fact.label, 0.0, &fact.key, suggested_scale(fact))
    });
    Measure { weight: 0.0, ..measure }
}

/// Returns a scale that fits the values of a fact: more is better, and all words are worth the same.
#[must_use]
pub fn suggested_scale(fact: &AvailableFact) -> Scale {
    match (fact.kind, &fact.quantiles) {
        (FactKind::Text, _) => Scale::Choices {
            choices: fact.choices.iter().map(|(word, _)| (word.clone(), 50.0)).collect(),
            otherwise: Some(50.0),
        },
        (FactKind::Bool, _) => Scale::curve(&[(0.0, 0.0), (1.0, 100.0)]),
        (FactKind::Number, Some([low, _, middle, _, high])) if low < middle && middle < high => {
            Scale::curve(&[(*low, 0.0), (*middle, 50.0), (*high, 100.0)])
        }
        (FactKind::Number, Some([low, _, _, _, high])) if low < high => Scale::curve(&[(*low, 0.0), (*high, 100.0)]),
        (FactKind::Number, _) => Scale::curve(&[(0.0, 0.0), (100.0, 100.0)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURVE: [(f64, f64); 3] = [(0.0, 100.0), (10.0, 50.0), (20.0, 0.0)];

    #[test]
    fn a_corner_stays_between_its_neighbours() {
        assert_eq!(move_corner(&CURVE, 1, 12.0, 140.0)[1], (12.0, 100.0));
        assert_eq!(move_corner(&CURVE, 1, 20.0, 40.0)[1], (10.0, 40.0), "it does not pass the next");
        assert_eq!(move_corner(&CURVE, 1, 0.0, -3.0)[1], (10.0, 0.0));
        assert_eq!(move_corner(&CURVE, 2, 90.0, f64::NAN)[2], (90.0, 0.0));
        assert_eq!(move_corner(&CURVE, 9, 1.0, 1.0), CURVE);
    }

    #[test]
    fn corners_come_and_go() {
        assert_eq!(add_corner(&CURVE, 0), Some((vec![(0.0, 100.0), (5.0, 75.0), (10.0, 50.0), (20.0, 0.0)], 1)));
        assert_eq!(add_corner(&CURVE, 2).unwrap().0[3], (30.0, 0.0));
        assert_eq!(add_corner(&[], 0), Some((vec![(0.0, 50.0)], 0)));
        assert_eq!(add_corner(&[(1.0, 1.0); CORNERS_MAX], 0), None);
        assert_eq!(remove_corner(&CURVE, 1), [(0.0, 100.0), (20.0, 0.0)]);
        assert_eq!(remove_corner(&[(1.0, 2.0)], 0), [(1.0, 2.0)]);
        let added = add_corner(&[(0.0, 0.0), (1.0, 100.0)], 0).unwrap().0;
        assert!(added.windows(2).all(|pair| pair[0].0 < pair[1].0), "{added:?}");
    }

    #[test]
    fn the_slope_is_the_direction() {
        assert_eq!(direction(&CURVE), Direction::Falling);
        assert_eq!(direction(&turned(&CURVE)), Direction::Rising);
        assert_eq!(direction(&[(0.0, 5.0), (1.0, 5.0)]), Direction::Flat);
        assert_eq!(direction(&[(0.0, 0.0), (1.0, 9.0), (2.0, 3.0)]), Direction::Mixed);
    }

    #[test]
    fn every_value_is_in_the_histogram() {
        assert_eq!(histogram(&[-5.0, 0.0, 4.9, 5.0, 10.0, 99.0, f64::NAN], (0.0, 10.0), 2), [3, 3]);
        assert_eq!(histogram(&[1.0], (3.0, 3.0), 0), [1]);
        assert_eq!(span(&CURVE, &[-4.0, 5.0, 40.0]), (-4.0, 40.0));
        assert_eq!(span(&[], &[]), (0.0, 100.0));
        assert_eq!(span(&[(5.0, 1.0)], &[]), (4.0, 6.0));
        for (low, high, expected) in [(0.0, 100.0, 1.0), (0.0, 1.0, 0.01), (0.0, 45_000.0, 100.0), (2.0, 2.0, 1.0)] {
            assert!((step(low, high) - expected).abs() < expected / 1e6, "{low} {high}");
        }
    }

    #[test]
    fn a_new_measure_begins_with_a_scale_that_fits() {
        let fact = |key: &str, kind, quantiles| AvailableFact {
            key: key.to_owned(),
            kind,
            label: "It".to_owned(),
            quantiles,
            choices: vec![("gold".to_owned(), 0.5)],
            share_present: 1.0,
        };
        let number = suggested_measure(&fact("custom.widgets", FactKind::Number, Some([1.0, 2.0, 3.0, 4.0, 9.0])));
        assert_eq!((number.key.as_str(), number.weight), ("custom_widgets", 0.0));
        assert_eq!(number.scale, Scale::curve(&[(1.0, 0.0), (3.0, 50.0), (9.0, 100.0)]));
        let words = suggested_measure(&fact("custom.metal", FactKind::Text, None));
        assert_eq!(words.scale, Scale::choices(&[("gold", 50.0)], Some(50.0)));
        let known = suggested_measure(&fact("open_tickets", FactKind::Number, Some([0.0, 1.0, 2.0, 3.0, 9.0])));
        assert!(matches!(known.scale, Scale::Curve(corners) if direction(&corners) == Direction::Falling));
    }
}
