//! Parts of a ring, from operations that give the same bits natively and in WebAssembly, which sine and cosine do not.

use super::path::tenth;

/// How often a quarter is halved on the way to a direction; finer than a tenth of a pixel on any drawing.
const HALVINGS: u32 = 20;
/// Corners of a whole circle.
const CORNERS: f64 = 96.0;

/// Returns where a share of a turn leads from the middle of a circle of radius one, clockwise from the top.
pub(super) fn direction(share: f64) -> (f64, f64) {
    let turns = (share - share.floor()) * 4.0;
    let quarter = turns.floor();
    let (mut from, mut to) = match quarter as u8 {
        0 => ((0.0, -1.0), (1.0, 0.0)),
        1 => ((1.0, 0.0), (0.0, 1.0)),
        2 => ((0.0, 1.0), (-1.0, 0.0)),
        _ => ((-1.0, 0.0), (0.0, -1.0)),
    };
    let (mut low, mut high) = (0.0, 1.0);
    let wanted = turns - quarter;
    for _ in 0..HALVINGS {
        let half = between(from, to);
        let middle = (low + high) / 2.0;
        if wanted < middle { (to, high) = (half, middle) } else { (from, low) = (half, middle) }
    }
    from
}

fn between(one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    let (x, y) = (one.0 + other.0, one.1 + other.1);
    let length = (x * x + y * y).sqrt();
    (x / length, y / length)
}

/// A ring around a middle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ring {
    pub(super) middle: (f64, f64),
    pub(super) inner: f64,
    pub(super) outer: f64,
}

impl Ring {
    /// Returns the corners of the part between two shares of a turn.
    pub(super) fn part(&self, from: f64, to: f64) -> Vec<(f64, f64)> {
        let steps = ((to - from) * CORNERS).ceil().clamp(1.0, CORNERS) as u32;
        let at = |step: u32, radius: f64| {
            // The very end of a whole turn is its beginning.
            let share = if step == steps { to } else { from + (to - from) * f64::from(step) / f64::from(steps) };
            let (x, y) = direction(share);
            (tenth(self.middle.0 + x * radius), tenth(self.middle.1 + y * radius))
        };
        let outer = (0..=steps).map(|step| at(step, self.outer));
        let inner = (0..=steps).rev().map(|step| at(step, self.inner));
        outer.chain(inner).collect()
    }
}
