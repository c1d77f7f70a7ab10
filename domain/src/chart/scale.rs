//! Which values a chart spans, and the round numbers along the way.

use super::Size;

/// The largest magnitude that is drawn to scale; what is beyond it is drawn at the edge.
const LARGEST: f64 = 1e15;

/// Values closer together than this share of their magnitude are drawn as equal.
const SMALLEST_SHARE: f64 = 1e-9;

/// The largest side of a drawing.
const LARGEST_SIDE: f64 = 10_000.0;

/// Which values the vertical axis spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// From 0 to 100, as scores and percentages have it.
    Hundred,
    /// From the smallest to the largest value, widened to round numbers.
    Automatic,
}

/// The span of an axis with its ticks, lowest first; `low < high` always holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Steps {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) ticks: Vec<f64>,
}

impl Steps {
    /// Returns the span for these values with about `wanted` steps; values that are not finite are ignored.
    pub(super) fn of(scale: Scale, values: impl Iterator<Item = f64>, wanted: f64) -> Self {
        if scale == Scale::Hundred {
            return Self { low: 0.0, high: 100.0, ticks: vec![0.0, 25.0, 50.0, 75.0, 100.0] };
        }
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()).map(tame) {
            low = low.min(value);
            high = high.max(value);
        }
        let (low, high) = widen(low, high);
        Self::nice(low, high, wanted)
    }

    /// Returns where a value lies between the ends, from 0 to 1.
    pub(super) fn share(&self, value: f64) -> f64 {
        let value = tame(value).clamp(self.low, self.high);
        (value - self.low) / (self.high - self.low)
    }

    fn nice(low: f64, high: f64, wanted: f64) -> Self {
        let step = RoundStep::at_least((high - low) / wanted.max(1.0));
        let width = step.times(1.0);
        // The small share keeps a rounding error from adding an empty step.
        let first = (low / width + SMALLEST_SHARE).floor();
        let last = (high / width - SMALLEST_SHARE).ceil().max(first + 1.0);
        let count = (last - first) as u32;
        let ticks: Vec<f64> = (0..=count).map(|position| step.times(first + f64::from(position))).collect();
        Self { low: step.times(first), high: step.times(last), ticks }
    }
}

/// One, two or five times a power of ten.
struct RoundStep {
    factor: f64,
    power: f64,
    /// Whether the power divides, which keeps 3 × 0.1 from becoming 0.30000000000000004.
    divides: bool,
}

impl RoundStep {
    /// Returns the smallest round step that is not smaller than `width`.
    fn at_least(width: f64) -> Self {
        // Logarithms differ in their last bit between platforms; multiplying does not.
        let (mut power, divides) = (1.0, width < 1.0);
        if divides {
            while 1.0 / power > width && power < 1e18 {
                power *= 10.0;
            }
        } else {
            while power * 10.0 <= width && power < 1e18 {
                power *= 10.0;
            }
        }
        let share = if divides { width * power } else { width / power };
        let mut factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| share <= *factor).unwrap_or(10.0);
        if factor >= 10.0 && divides {
            factor = 1.0;
            power /= 10.0;
        }
        Self { factor, power, divides }
    }

    fn times(&self, count: f64) -> f64 {
        let whole = count * self.factor;
        // Adding zero turns minus zero into zero.
        (if self.divides { whole / self.power } else { whole * self.power }) + 0.0
    }
}

/// Makes sure that the ends differ; equal values are shown against zero.
fn widen(low: f64, high: f64) -> (f64, f64) {
    if low > high {
        return (0.0, 1.0);
    }
    if high - low > SMALLEST_SHARE * low.abs().max(high.abs()).max(1.0) {
        return (low, high);
    }
    let (low, high) = (low.min(0.0), high.max(0.0));
    if high - low > SMALLEST_SHARE { (low, high) } else { (0.0, 1.0) }
}

/// Brings a value to where arithmetic with it stays finite.
pub(super) fn tame(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value.clamp(-LARGEST, LARGEST) }
}

/// Brings a size to where a drawing makes sense.
pub(super) fn tame_size(size: Size) -> Size {
    let side = |side: f64| if side.is_nan() { 0.0 } else { side.clamp(0.0, LARGEST_SIDE) };
    Size { width: side(size.width), height: side(size.height) }
}

/// Returns whether words have room in a drawing at all.
pub(super) fn has_room(size: Size) -> bool {
    size.width >= 60.0 && size.height >= 40.0
}
