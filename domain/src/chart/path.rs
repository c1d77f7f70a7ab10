//! Points as SVG path data.

use std::fmt::Write as _;

/// Returns the path data of an open line, such as `M0.0 1.5L2.0 3.0`; points that are not finite are left out.
#[must_use]
pub fn path_d(points: &[(f64, f64)]) -> String {
    let mut data = String::with_capacity(points.len() * 12);
    for (x, y) in points.iter().filter(|(x, y)| x.is_finite() && y.is_finite()) {
        let command = if data.is_empty() { 'M' } else { 'L' };
        // Writing to a string cannot fail.
        let _ = write!(data, "{command}{:.1} {:.1}", tenth(*x), tenth(*y));
    }
    data
}

/// Returns the path data of a closed shape, such as `M0.0 1.5L2.0 3.0L2.0 0.0Z`.
#[must_use]
pub fn closed_path_d(points: &[(f64, f64)]) -> String {
    let mut data = path_d(points);
    if !data.is_empty() {
        data.push('Z');
    }
    data
}

/// Rounds to a tenth, so that a rounding error never shows; never returns minus zero.
pub(super) fn tenth(value: f64) -> f64 {
    let rounded = (value * 10.0).round() / 10.0;
    // Beyond what ten times fits into, a number has no tenths anyway.
    if rounded.is_finite() { rounded + 0.0 } else { value }
}
