//! Curves made from what a portfolio looks like.

use crate::health::scale::Scale;

/// Points at the 10th, 25th, 50th, 75th and 90th percentile where more is better.
const HIGHER_IS_BETTER: [f64; 5] = [15.0, 35.0, 60.0, 85.0, 100.0];
/// The same where less is better.
const LOWER_IS_BETTER: [f64; 5] = [100.0, 85.0, 60.0, 35.0, 15.0];

/// Returns a curve that places an account among the others; more is better.
pub(super) fn higher(quantiles: &[f64; 5]) -> Option<Scale> {
    // Where many share a value, they are all in the middle of the places they take.
    relative(quantiles, &HIGHER_IS_BETTER, |points| points.iter().sum::<f64>() / points.len() as f64)
}

/// Returns a curve that places an account among the others; less is better.
pub(super) fn lower(quantiles: &[f64; 5]) -> Option<Scale> {
    // Where many share the least value, none of them can do better.
    relative(quantiles, &LOWER_IS_BETTER, |points| points[0])
}

/// Returns a curve for a rating whose range is recognised by its values: 0–1, 1–5, 0–10 or 0–100.
pub(super) fn rating(quantiles: &[f64; 5]) -> Option<Scale> {
    let (least, most) = (quantiles[0], quantiles[4]);
    if !(least >= 0.0 && most <= 100.0 && least < most) {
        return higher(quantiles);
    }
    Some(Scale::curve(match most {
        _ if most <= 1.0 => &[(0.0, 0.0), (0.6, 40.0), (0.8, 80.0), (1.0, 100.0)],
        _ if most <= 5.0 => &[(1.0, 0.0), (3.0, 45.0), (4.0, 75.0), (5.0, 100.0)],
        _ if most <= 10.0 => &[(0.0, 0.0), (6.0, 35.0), (8.0, 75.0), (10.0, 100.0)],
        _ => &[(0.0, 0.0), (50.0, 40.0), (80.0, 85.0), (100.0, 100.0)],
    }))
}

/// Returns a curve for a share, written 0–1 or 0–100.
pub(super) fn share(quantiles: &[f64; 5]) -> Option<Scale> {
    let (least, most) = (quantiles[0], quantiles[4]);
    if !(least >= 0.0 && most <= 100.0 && least < most) {
        return higher(quantiles);
    }
    let whole = if most <= 1.0 { 1.0 } else { 100.0 };
    Some(Scale::Curve(vec![(0.0, 0.0), (whole, 100.0)]))
}

/// Joins equal quantiles to one corner; a column in which all are alike says nothing.
fn relative(quantiles: &[f64; 5], points: &[f64; 5], joined: impl Fn(&[f64]) -> f64) -> Option<Scale> {
    if !quantiles.iter().all(|value| value.is_finite()) {
        return None;
    }
    let mut corners: Vec<(f64, f64)> = Vec::new();
    let mut start = 0;
    for end in 1..=quantiles.len() {
        if end == quantiles.len() || quantiles[end] > quantiles[start] {
            corners.push((quantiles[start], joined(&points[start..end])));
            start = end;
        }
    }
    (corners.len() > 1).then_some(Scale::Curve(corners))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_quantiles_become_one_corner() {
        assert_eq!(higher(&[0.0, 0.0, 0.0, 4.0, 9.0]), {
            Some(Scale::curve(&[(0.0, (15.0 + 35.0 + 60.0) / 3.0), (4.0, 85.0), (9.0, 100.0)]))
        });
        assert_eq!(lower(&[0.0, 0.0, 0.0, 1.0, 3.0]), Some(Scale::curve(&[(0.0, 100.0), (1.0, 35.0), (3.0, 15.0)])));
        assert_eq!(higher(&[7.0; 5]), None);
        assert_eq!(lower(&[f64::NAN; 5]), None);
    }

    #[test]
    fn a_rating_is_recognised_by_its_range() {
        let top = |quantiles| match rating(&quantiles) {
            Some(Scale::Curve(corners)) => corners.last().unwrap().0,
            _ => panic!("no curve"),
        };
        assert_eq!(top([2.0, 3.0, 4.0, 4.5, 5.0]), 5.0);
        assert_eq!(top([2.0, 5.0, 7.0, 8.0, 9.0]), 10.0);
        assert_eq!(top([20.0, 50.0, 70.0, 80.0, 90.0]), 100.0);
        assert_eq!(top([-40.0, 0.0, 10.0, 30.0, 60.0]), 60.0);
    }
}
