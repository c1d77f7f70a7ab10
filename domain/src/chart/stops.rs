//! What a chart says where somebody points at it, or goes through it key by key.

use serde::{Deserialize, Serialize};

use super::path::tenth;
use super::{Layout, Mark};

/// How far from a mark it is still meant.
const REACH: f64 = 40.0;

/// One place of a chart with what it says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// What stands there.
    pub text: String,
    /// The corners of what is pointed at; one for a dot, none for a moment.
    pub outline: Vec<(f64, f64)>,
    /// Whether it is a moment of lines: it is meant at any height.
    pub is_moment: bool,
}

impl Layout {
    /// Returns the places that say something, in the order in which keys go through them: the moments of lines, else the
    /// marks that stand for something.
    #[must_use]
    pub fn stops(&self) -> Vec<Stop> {
        if self.is_empty() || !self.moments.is_empty() {
            return self.moments.clone();
        }
        let mut stops: Vec<Stop> = Vec::new();
        for stop in self.marks.iter().filter_map(stop) {
            // The key beside a part says the same as the part.
            if stops.iter().all(|known| known.text != stop.text) {
                stops.push(stop);
            }
        }
        stops
    }
}

/// Returns the place among the stops that is meant by a point: the last drawn of those that hold it, else the nearest. A
/// moment is meant from anywhere, a mark from nearby.
#[must_use]
pub fn nearest(stops: &[Stop], x: f64, y: f64) -> Option<usize> {
    let within = stops.iter().rposition(|stop| holds(&stop.outline, x, y));
    let near = || {
        let away = stops.iter().map(|stop| away(stop, x, y)).enumerate().min_by(|(_, a), (_, b)| a.total_cmp(b));
        away.filter(|(place, away)| *away <= REACH * REACH || stops.get(*place).is_some_and(|stop| stop.is_moment))
    };
    within.or_else(|| near().map(|(place, _)| place))
}

/// Returns the square of how far a point is from what the outline spans, or from the height at which a moment is.
fn away(stop: &Stop, x: f64, y: f64) -> f64 {
    let beyond = |value: f64, of: fn(&(f64, f64)) -> f64| {
        let (low, high) = stop
            .outline
            .iter()
            .map(of)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
        (low - value).max(value - high).max(0.0)
    };
    if stop.is_moment {
        return (stop.x - x) * (stop.x - x);
    }
    let (right, down) = (beyond(x, |corner| corner.0), beyond(y, |corner| corner.1));
    right * right + down * down
}

fn stop(mark: &Mark) -> Option<Stop> {
    let (outline, text) = match mark {
        Mark::Rect { x, y, width, height, title, .. } | Mark::Shade { x, y, width, height, title, .. } => {
            (vec![(*x, *y), (x + width, *y), (x + width, y + height), (*x, y + height)], title)
        }
        Mark::Shape { points, title, .. } => (points.clone(), title),
        Mark::Dot { x, y, title, .. } => (vec![(*x, *y)], title),
        _ => return None,
    };
    if text.is_empty() || outline.is_empty() {
        return None;
    }
    let count = outline.len() as f64;
    let (x, y) = outline.iter().fold((0.0, 0.0), |(x, y), corner| (x + corner.0, y + corner.1));
    Some(Stop { x: tenth(x / count), y: tenth(y / count), text: text.clone(), outline, is_moment: false })
}

/// Returns whether a point lies inside, by how often a ray from it to the right crosses the outline.
fn holds(outline: &[(f64, f64)], x: f64, y: f64) -> bool {
    let mut before = outline.last().copied().unwrap_or_default();
    let mut is_inside = false;
    for corner in outline {
        if (corner.1 > y) != (before.1 > y) {
            let crossing = corner.0 + (y - corner.1) / (before.1 - corner.1) * (before.0 - corner.0);
            is_inside ^= x < crossing;
        }
        before = *corner;
    }
    is_inside
}
