//! The frame around the data: margins, the value axis with its grid, and labels that keep clear of each other.

use super::path::tenth;
use super::scale::{Scale, Steps, tame_size};
use super::{Anchor, Mark, Role, Size};

/// The estimated width of one letter.
const LETTER_WIDTH: f64 = 6.2;

/// The least height between the base lines of two labels.
const LABEL_HEIGHT: f64 = 14.0;

/// The least space between two labels side by side.
const LABEL_GAP: f64 = 8.0;

/// How far letters reach below half their height, to centre a label on its grid line.
const LETTER_DROP: f64 = 4.0;

/// The space above the plot, which the label of a full bar needs.
const TOP: f64 = 16.0;

/// The space below the plot for the labels of the horizontal axis.
const BOTTOM: f64 = 22.0;

/// The space beside the plot.
const SIDE: f64 = 8.0;

/// The plot inside a drawing, with the value axis to its left.
pub(super) struct Frame {
    pub(super) size: Size,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    pub(super) steps: Steps,
    labels: Vec<(f64, String)>,
}

impl Frame {
    /// Measures the frame for these values.
    pub(super) fn new(
        size: Size,
        scale: Scale,
        values: impl Iterator<Item = f64>,
        format: &dyn Fn(f64) -> String,
    ) -> Self {
        let size = tame_size(size);
        let top = TOP.min(size.height / 4.0);
        let bottom = (size.height - BOTTOM).max(top);
        let steps = Steps::of(scale, values, ((bottom - top) / 32.0).floor().clamp(1.0, 6.0));
        let stride = vertical_stride(steps.ticks.len(), bottom - top);
        let mut labels: Vec<(f64, String)> =
            steps.ticks.iter().step_by(stride).map(|tick| (*tick, format(*tick))).collect();
        let mut left = labels.iter().map(|(_, text)| text_width(text)).fold(0.0, f64::max) + SIDE + 2.0;
        if left > size.width * 0.4 {
            // Data matters more than the labels beside it.
            left = SIDE.min(size.width / 4.0);
            for (_, text) in &mut labels {
                text.clear();
            }
        }
        let right = (size.width - SIDE).max(left);
        Self { size, left, right, top, bottom, steps, labels }
    }

    /// Returns the height at which a value is drawn.
    pub(super) fn y(&self, value: f64) -> f64 {
        tenth(self.bottom - self.steps.share(value) * (self.bottom - self.top))
    }

    /// Returns the value that areas and bars stand on: zero, or the end nearest to it.
    pub(super) fn base(&self) -> f64 {
        0.0_f64.clamp(self.steps.low, self.steps.high)
    }

    /// Returns the plot's width.
    pub(super) fn plot_width(&self) -> f64 {
        self.right - self.left
    }

    /// Draws the grid with its labels, then the base line.
    pub(super) fn grid(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (tick, text) in &self.labels {
            let y = self.y(*tick);
            if *tick != self.base() {
                marks.push(self.rule(y, Role::Grid));
            }
            if !text.is_empty() {
                let (x, y) = (tenth(self.left - SIDE + 2.0), tenth(y + LETTER_DROP));
                marks.push(Mark::Text { x, y, anchor: Anchor::End, text: text.clone(), strong: false });
            }
        }
        marks.push(self.rule(self.y(self.base()), Role::Axis));
        marks
    }

    /// Draws labels below the plot; when they would collide, only every second, third… stays.
    pub(super) fn labels_below(&self, labels: Vec<(f64, String)>) -> Vec<Mark> {
        let y = tenth(self.size.height - 6.0);
        if self.size.height < LABEL_HEIGHT {
            return Vec::new();
        }
        spaced(labels, self.size.width)
            .into_iter()
            .map(|(x, text)| Mark::Text { x: tenth(x), y, anchor: Anchor::Middle, text, strong: false })
            .collect()
    }

    fn rule(&self, y: f64, role: Role) -> Mark {
        Mark::Rule { x1: tenth(self.left), y1: y, x2: tenth(self.right), y2: y, role }
    }
}

/// Estimates how wide a text will be.
pub(super) fn text_width(text: &str) -> f64 {
    text.chars().count() as f64 * LETTER_WIDTH
}

/// Shortens a text to a width; nothing is left when not even two letters and the ellipsis fit.
pub(super) fn shortened(text: &str, width: f64) -> String {
    if text_width(text) <= width {
        return text.to_owned();
    }
    let letters = (width / LETTER_WIDTH).floor() as usize;
    if letters < 3 {
        return String::new();
    }
    let kept: String = text.chars().take(letters - 1).collect();
    format!("{}\u{2026}", kept.trim_end())
}

/// Keeps labels inside the drawing and thins them evenly until none touches the next.
fn spaced(labels: Vec<(f64, String)>, width: f64) -> Vec<(f64, String)> {
    let placed: Vec<(f64, f64, String)> = labels
        .into_iter()
        .map(|(x, text)| (x, text_width(&text) / 2.0, text))
        .filter(|(_, half, _)| *half > 0.0 && *half * 2.0 <= width)
        .map(|(x, half, text)| (x.clamp(half, width - half), half, text))
        .collect();
    let collides = |stride: usize| {
        let kept = placed.iter().step_by(stride);
        kept.clone().zip(kept.skip(1)).any(|(one, next)| one.0 + one.1 + LABEL_GAP > next.0 - next.1)
    };
    let stride = (1..=placed.len()).find(|stride| !collides(*stride)).unwrap_or(1);
    placed.into_iter().step_by(stride).map(|(x, _, text)| (x, text)).collect()
}

/// Returns how many ticks apart stacked labels are, so that they keep clear of each other.
fn vertical_stride(count: usize, height: f64) -> usize {
    let gaps = count.saturating_sub(1).max(1);
    (1..=gaps).find(|stride| height / gaps as f64 * *stride as f64 >= LABEL_HEIGHT).unwrap_or(gaps + 1)
}
